// The tree of units by keyboard, as the ARIA pattern has it: up and down go through the rows, right opens a branch or goes into
// it, left closes it or goes to what it belongs to, Home and End to the ends. Opening is the branch's own link, whose address
// has what is open and where the focus goes on; so nothing works by keyboard alone.
(() => {
  'use strict';
  const table = document.querySelector('table.units');
  const rows = table ? [...table.tBodies[0].rows] : [];
  const level = row => +(/\blv(\d)\b/.exec(row.cells[0].className) || [0, 0])[1];
  const toggle = row => row.querySelector('a.tw');
  const name = row => row.querySelector('th a:not(.tw)');
  const isOpen = row => toggle(row) && toggle(row).getAttribute('aria-expanded') === 'true';
  const above = at => rows.slice(0, at).reverse().find(row => level(row) < level(rows[at]));
  if (!rows.some(toggle)) return; // what a search found is a list
  table.setAttribute('role', 'treegrid');
  rows.forEach(row => {
    row.setAttribute('aria-level', level(row) + 1);
    if (toggle(row)) row.setAttribute('aria-expanded', isOpen(row));
  });
  document.querySelectorAll('[data-treekeys]').forEach(el => { el.hidden = false; });
  const target = { // undefined: not ours; null: nothing to go to
    ArrowDown: at => rows[at + 1] || null,
    ArrowUp: at => rows[at - 1] || null,
    Home: () => rows[0],
    End: () => rows[rows.length - 1],
    ArrowRight: at => isOpen(rows[at]) ? rows[at + 1] : toggle(rows[at]) || null,
    ArrowLeft: at => isOpen(rows[at]) ? toggle(rows[at]) : above(at) || null,
  };
  table.addEventListener('keydown', e => {
    if (e.isComposing || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey || !target[e.key]) return;
    const at = rows.indexOf(e.target.closest('tbody tr'));
    if (at < 0) return;
    const next = target[e.key](at);
    e.preventDefault();
    if (!next) return;
    if (next.matches('a')) next.click();
    else name(next).focus();
  });
})();

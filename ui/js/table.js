// Lists by keyboard and without a press too many: j and k go through the rows, x ticks one, Enter opens it (the row's link
// has the focus); a choice in a filter asks at once; a line counts what is ticked. Without it the page's own links, fields
// and buttons do all of this.
(() => {
  'use strict';
  const rows = () => [...document.querySelectorAll('.tb tbody tr')];
  const current = () => document.querySelector('.tb tbody tr[aria-current]');
  const go = step => {
    const all = rows(), at = all.indexOf(current());
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))];
    if (!next) return;
    all.forEach(r => r.removeAttribute('aria-current'));
    next.setAttribute('aria-current', 'true');
    const link = next.querySelector('th a, a');
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  };
  const count = () => {
    const bar = document.querySelector('.bulk [data-picked]');
    if (!bar) return;
    const word = bar.dataset.word || (bar.dataset.word = bar.textContent);
    bar.textContent = `${word} ${document.querySelectorAll('.tb [name=pick]:checked').length}`;
  };
  const ready = () => {
    document.querySelectorAll('[data-rowkeys]').forEach(el => { el.hidden = false; });
    count();
  };

  let last = null; // box that was ticked before: Shift-x ticks up to here
  const tick = through => {
    const row = current(), box = row && row.querySelector('[name=pick]');
    if (!box) return;
    box.checked = !box.checked;
    if (through && last) {
      const all = rows().map(r => r.querySelector('[name=pick]')).filter(Boolean);
      const [a, b] = [all.indexOf(last), all.indexOf(box)].sort((m, n) => m - n);
      if (a >= 0) all.slice(a, b + 1).forEach(x => { x.checked = box.checked; });
    }
    last = box;
    count();
  };
  document.addEventListener('keydown', e => {
    if (e.isComposing || e.altKey || e.ctrlKey || e.metaKey || e.defaultPrevented) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && e.target.type !== 'checkbox') return;
    if (document.querySelector('dialog[open], details.menu[open]')) return;
    if (e.key === 'j' || e.key === 'ArrowDown' && current()) go(1);
    else if (e.key === 'k' || e.key === 'ArrowUp' && current()) go(-1);
    else if (e.key === 'x' || e.key === 'X') tick(e.shiftKey);
    else return;
    e.preventDefault();
  });
  document.addEventListener('change', e => {
    if (e.target.name === 'pick') { last = e.target; count(); }
    const form = e.target.matches('select') && e.target.closest('[data-filters]');
    if (form && !form.querySelector('.fold[open]')) form.requestSubmit(); // on a phone the button asks, when all is chosen
  });
  document.addEventListener('reset', () => setTimeout(count));
  document.addEventListener('DOMContentLoaded', ready);
  document.addEventListener('htmx:after:swap', ready);
})();

// Forms made from declarations. Rows of a table inside a form are added and taken out here; without script the same buttons ask the server,
// which sends the form back with everything typed. And where somebody is: asked of the browser, which asks them, when they press the button.
(() => {
  'use strict';
  const MOST_ROWS = 60;

  // ---- rows ----
  const again = s => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // Names, ids and what points to them, by the place of the row.
  const number = (rows, field) => rows.forEach((row, i) => {
    const old = new RegExp(`^((?:f|e|h|l)-)?${again(field)}\\.\\d+\\.`);
    for (const el of row.querySelectorAll('*'))
      for (const name of ['name', 'id', 'for', 'aria-describedby'])
        if (el.hasAttribute(name)) el.setAttribute(name, el.getAttribute(name).replace(old, `$1${field}.${i}.`));
    row.querySelector('button[name=do]').value = `drop:${field}:${i}`;
  });
  const empty = row => {
    for (const el of row.querySelectorAll('input, select, textarea')) {
      if (el.type === 'checkbox' || el.type === 'radio') el.checked = false;
      else if (el.tagName === 'SELECT') el.selectedIndex = 0;
      else if (el.type !== 'hidden') el.value = '';
      el.removeAttribute('aria-invalid');
    }
  };
  document.addEventListener('click', e => {
    const button = e.target.closest('.form button[name=do]');
    const [what, field] = button ? button.value.split(':') : [];
    if (what !== 'add' && what !== 'drop') return;
    const box = button.closest('fieldset'), rows = [...box.querySelectorAll('.sys-row')];
    if (what === 'add' && (!rows.length || rows.length >= MOST_ROWS)) return; // the server says so
    e.preventDefault();
    if (what === 'add') {
      const row = rows[rows.length - 1].cloneNode(true);
      empty(row);
      rows[rows.length - 1].after(row);
      number([...rows, row], field);
      row.querySelector('.in, input').focus();
    } else if (rows.length === 1) {
      empty(rows[0]);
      rows[0].querySelector('.in, input').focus();
    } else {
      const row = button.closest('.sys-row'), at = rows.indexOf(row);
      row.remove();
      rows.splice(at, 1);
      number(rows, field);
      rows[Math.min(at, rows.length - 1)].querySelector('.in, input').focus();
    }
  });

  // ---- a sheet on its way: the next portion by itself, as long as it is looked at ----
  const way = document.querySelector('form[data-goes-on]');
  const on = () => { if (way && !document.hidden) setTimeout(() => way.requestSubmit(way.querySelector('[value=go]')), 250); };
  document.addEventListener('visibilitychange', on, { once: true });
  on();

  // ---- one's position ----
  const can = window.isSecureContext && navigator.geolocation;
  for (const box of document.querySelectorAll('[data-place]')) {
    const part = name => box.querySelector(`[data-part="${name}"]`);
    const at = box.querySelector('input'), says = part('at');
    const show = words => { says.textContent = words; part('drop').hidden = !at.value; part('find').hidden = !can || at.value !== ''; };
    show(at.value);
    part('drop').addEventListener('click', () => { at.value = ''; show(''); (can ? part('find') : box.previousElementSibling).focus(); });
    part('find').addEventListener('click', () => {
      says.textContent = says.dataset.wait;
      navigator.geolocation.getCurrentPosition(
        p => { at.value = `${p.coords.latitude.toFixed(5)},${p.coords.longitude.toFixed(5)}`; show(at.value); part('drop').focus(); },
        () => show(says.dataset.none), { enableHighAccuracy: true, timeout: 15000 });
    });
  }
})();

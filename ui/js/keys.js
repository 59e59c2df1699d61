// Keys of a page. Every key stands on a visible control: <a data-key="j">, <button data-key="Enter">; pressing the key
// presses the control. So a page says in its own HTML which keys it has, and nothing works by keyboard alone.
// Keys rest while a field has the focus or an input method composes; Ctrl-Enter and Escape work inside fields too.
// While an answer of the server is under way an act is not done a second time; a step waits for the new page.
(() => {
  'use strict';

  const inField = el => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(checkbox|radio|submit|button)$/.test(el.type));
  const name = e => (e.ctrlKey || e.metaKey ? 'Ctrl-' : '') + (e.key.length === 1 ? e.key.toLowerCase() : e.key);
  const visible = el => el.getClientRects().length > 0;

  // A dialog in front takes the keys for itself.
  const front = () => document.querySelector('dialog[open]') || document;
  // The page's own control comes before that of the frame around it.
  const control = key => [...front().querySelectorAll('[data-key]')].sort((a, b) => !!b.closest('main') - !!a.closest('main')).find(
    el => el.dataset.key.split(' ').includes(key) && !el.disabled && (visible(el) || el.dataset.hidden !== undefined));
  const press = el => {
    if (!el.matches('input, textarea, select')) return el.click();
    el.focus();
    if (el.select) el.select();
    el.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  };

  // ---- menus: Escape, a click beside them and a choice close them; arrows go through them ----
  const menu = () => document.querySelector('details.menu[open]');
  const closeMenus = except => document.querySelectorAll('details.menu[open]').forEach(m => { if (m !== except) m.open = false; });
  const inMenu = (e, open) => {
    const links = [...open.querySelectorAll('.menu-list a')], at = links.indexOf(document.activeElement);
    const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[e.key];
    if (e.key === 'Escape') { open.open = false; open.querySelector('summary').focus(); }
    else if (go === undefined || !links.length) return false;
    else links[(go + links.length) % links.length].focus();
    e.preventDefault();
    return true;
  };

  // ---- one act at a time ----
  let busy = false, waiting = '', again = '';
  const act = el => el.matches('button, input') && el.form && el.type === 'submit';
  document.addEventListener('htmx:before:request', () => { busy = true; });
  document.addEventListener('htmx:finally:request', () => { busy = false; });
  document.addEventListener('htmx:error', () => { busy = false; });
  document.addEventListener('submit', e => { if (busy && e.target.closest('#review')) { e.preventDefault(); e.stopImmediatePropagation(); } }, true);
  document.addEventListener('htmx:after:swap', () => {
    busy = false;
    closeMenus();
    setTimeout(follow);
  });
  const follow = () => {
    const key = again || waiting, el = key && control(key);
    if (again && el && !el.matches('input, textarea, select')) return; // its form comes with a later swap
    if (el) press(el);
    again = waiting = '';
    sessionStorage.removeItem('again');
  };
  // A link pressed before the page's own script took it up loads a whole page: the key goes on there.
  again = sessionStorage.getItem('again') || '';
  if (again) setTimeout(follow);

  document.addEventListener('keydown', e => {
    if (e.isComposing || e.altKey || e.defaultPrevented) return;
    const key = name(e), field = inField(e.target), open = menu();
    if (open && inMenu(e, open)) return;
    if (field && key !== 'Ctrl-Enter' && key !== 'Escape') return;
    // Enter on a link or button that has the focus is that link's own.
    if (key === 'Enter' && e.target.closest && e.target.closest('a, button, summary')) return;
    const el = control(key);
    if (!el) {
      if (key === 'Escape' && field) e.target.blur();
      return;
    }
    e.preventDefault();
    again = '';
    if (act(el) && (busy || e.repeat)) return;
    if (busy) { waiting = key; return; }
    if (key === 'e' && el.matches('a')) sessionStorage.setItem('again', again = key); // opens a form first; then goes into it
    press(el);
  });

  document.addEventListener('click', e => {
    closeMenus(e.target.closest('details.menu'));
    if (e.target.closest('.menu-list a')) closeMenus();
    // Dialogs: <button data-dialog="keys"> opens <dialog id="keys">; without script it is a link to a page.
    const opener = e.target.closest('[data-dialog]');
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (!dialog || !dialog.showModal) return;
    e.preventDefault();
    dialog.showModal();
    const field = dialog.querySelector('input');
    if (field) field.select();
  });
})();

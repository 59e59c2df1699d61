// Keys of a page. Every key stands on a visible control: <a data-key="j">, <button data-key="Enter">; pressing the key
// presses the control. So a page says in its own HTML which keys it has, and nothing works by keyboard alone.
// Keys rest while a field has the focus or an input method composes; Ctrl-Enter and Escape work inside fields too.
(() => {
  'use strict';

  const inField = el => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
  const name = e => (e.ctrlKey || e.metaKey ? 'Ctrl-' : '') + (e.key.length === 1 ? e.key.toLowerCase() : e.key);
  const visible = el => el.getClientRects().length > 0;

  // A dialog in front takes the keys for itself.
  const front = () => document.querySelector('dialog[open]') || document;
  const control = key => [...front().querySelectorAll('[data-key]')].find(
    el => el.dataset.key.split(' ').includes(key) && !el.disabled && (visible(el) || el.dataset.hidden !== undefined));

  document.addEventListener('keydown', e => {
    if (e.isComposing || e.altKey || e.defaultPrevented) return;
    const key = name(e), field = inField(e.target);
    if (field && key !== 'Ctrl-Enter' && key !== 'Escape') return;
    // Enter on a link or button that has the focus is that link's own.
    if (key === 'Enter' && e.target.closest && e.target.closest('a, button, summary')) return;
    const el = control(key);
    if (!el) {
      if (key === 'Escape' && field) e.target.blur();
      return;
    }
    e.preventDefault();
    if (el.matches('input, textarea, select')) el.focus();
    else el.click();
  });

  // Dialogs: <button data-dialog="keys"> opens <dialog id="keys">; without script it is a link to a page.
  document.addEventListener('click', e => {
    const opener = e.target.closest('[data-dialog]');
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (!dialog || !dialog.showModal) return;
    e.preventDefault();
    dialog.showModal();
  });
})();

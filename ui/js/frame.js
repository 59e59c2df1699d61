// What every page has. The palette: Ctrl-K opens it, what is typed is asked for while typing, arrows go through what was found, Enter opens it,
// with Ctrl in a new tab. Without script the same link leads to the search page. And the count of notices while the page is
// looked at: events of the server; a page that is not looked at has no stream.
(() => {
  'use strict';
  const box = document.getElementById('palette');
  const input = box && box.querySelector('input');
  let asked = '', clock = 0, flight = null;

  const ask = async () => {
    const words = input.value.trim();
    if (words === asked) return;
    asked = words;
    if (flight) flight.abort();
    const place = box.querySelector('#found');
    if (!words) { place.replaceChildren(); return; }
    flight = new AbortController();
    try {
      const answer = await fetch('/search?q=' + encodeURIComponent(words), { headers: { 'HX-Request': 'true' }, signal: flight.signal });
      if (!answer.ok || asked !== words) return;
      const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('found');
      if (parsed) place.replaceWith(parsed);
    } catch (e) { /* a newer question took its place, or there is no connection: what was found stays */ }
  };
  if (box) {
    input.addEventListener('input', e => {
      if (e.isComposing) return;
      clearTimeout(clock);
      clock = setTimeout(ask, 120);
    });
    input.addEventListener('compositionend', () => { clearTimeout(clock); clock = setTimeout(ask, 60); });
    box.addEventListener('keydown', e => {
      const links = [...box.querySelectorAll('#found a')], at = links.indexOf(document.activeElement);
      if (e.isComposing || !/^(ArrowDown|ArrowUp|Enter|Escape)$/.test(e.key)) return;
      if (e.key === 'Escape') { // at once, also with words in the field
        e.preventDefault();
        e.stopPropagation();
        box.close();
        return;
      }
      if (e.key === 'Enter') {
        const link = at >= 0 ? links[at] : asked === input.value.trim() && links[0];
        if (!link) return; // the form leads to the page
        e.preventDefault();
        if (e.ctrlKey || e.metaKey) open(link.href, '_blank', 'noopener');
        else location.assign(link.href);
        return;
      }
      e.preventDefault();
      const next = at + (e.key === 'ArrowDown' ? 1 : -1);
      if (next < 0 || !links.length) input.focus();
      else links[Math.min(next, links.length - 1)].focus();
    });
    box.addEventListener('click', e => { if (e.target === box) box.close(); });
  }

  // ---- the count of notices ----
  let events = null;
  const show = n => document.querySelectorAll('[data-unread]').forEach(el => {
    el.hidden = !n;
    el.querySelector('[data-n]').textContent = n >= 99 ? '99+' : n;
  });
  const listen = () => {
    if (events || document.hidden || !window.EventSource || !document.querySelector('[data-unread]')) return;
    events = new EventSource('/notices/stream');
    events.addEventListener('notices', e => show(JSON.parse(e.data).unread));
    events.addEventListener('leave', rest);
    events.addEventListener('error', rest);
  };
  const rest = () => {
    if (!events) return;
    events.close();
    events = null;
  };
  document.addEventListener('visibilitychange', () => { if (document.hidden) rest(); else listen(); });
  window.addEventListener('pagehide', rest);
  window.addEventListener('load', () => setTimeout(listen, 300));

  // A notice that is opened is read.
  document.addEventListener('click', e => {
    const row = e.target.closest('table.notices tbody th a') && e.target.closest('tr');
    const pick = row && row.querySelector('[name=pick]'), form = row && row.closest('form');
    if (!pick || !form) return;
    const fields = new URLSearchParams({ pick: pick.value, token: form.elements.token.value });
    fetch('/api/v1/notices/read', { method: 'POST', body: fields, headers: { 'X-Token': form.elements.token.value }, keepalive: true });
  });

  // A question that has a page of its own is asked in a dialog: <a data-dialog-page href="...">. Esc and its way back close it.
  document.addEventListener('click', async e => {
    const link = e.target.closest('a[data-dialog-page]');
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    e.preventDefault();
    try {
      const answer = await fetch(link.href);
      const form = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('form.dlg');
      if (!answer.ok || !form) { location.assign(link.href); return; }
      const dialog = document.createElement('dialog');
      dialog.className = 'dlg';
      dialog.setAttribute('aria-label', form.querySelector('h1, h3').textContent);
      dialog.append(document.adoptNode(form));
      dialog.addEventListener('close', () => { dialog.remove(); link.focus(); });
      document.body.append(dialog);
      dialog.addEventListener('click', x => { if (x.target === dialog || x.target.closest('footer a')) { x.preventDefault(); dialog.close(); } });
      dialog.showModal();
    } catch (x) { location.assign(link.href); }
  });
  // The summary of errors takes the focus; its links lead into the fields.
  const errors = document.querySelector('[data-errors]');
  if (errors) errors.focus();
  document.addEventListener('click', e => {
    const link = e.target.closest('[data-errors] a'), field = link && document.querySelector(link.hash);
    if (!field) return;
    e.preventDefault();
    field.focus();
    field.scrollIntoView({ block: 'center', behavior: 'instant' });
  });
  // A tip closes with Escape and when another opens.
  document.addEventListener('keydown', e => {
    const tip = e.key === 'Escape' && e.target.closest && e.target.closest('details.tip[open]');
    if (!tip) return;
    tip.open = false;
    tip.querySelector('summary').focus();
  });
  document.addEventListener('click', e => document.querySelectorAll('details.tip[open]').forEach(t => { if (!t.contains(e.target)) t.open = false; }));
})();

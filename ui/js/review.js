// The review page: keeps the current item and fact in view after a part of the page was exchanged, and lets words of the
// source be chosen as a new fact. All acts are links and forms of the page itself; this only helps the eye and the hand.
(() => {
  'use strict';
  // What of a pane can be seen: on a narrow screen the page scrolls and the structure lies over its foot.
  const seen = pane => {
    const a = pane.getBoundingClientRect(), sheet = document.querySelector('.st');
    const over = sheet && sheet !== pane && getComputedStyle(sheet).position === 'sticky' ? sheet.getBoundingClientRect().top : innerHeight;
    return { top: Math.max(a.top, 0), bottom: Math.min(a.bottom, over) };
  };
  // Scrolls a pane only when the thing is out of sight: what a person sees stays where it is.
  const reveal = (selector, paneSelector, block) => {
    const pane = document.querySelector(paneSelector), el = pane && pane.querySelector(selector);
    if (!el) return;
    const at = el.getBoundingClientRect(), view = seen(pane);
    if (at.top < view.top + 8 || at.bottom > view.bottom - 8) el.scrollIntoView({ block, behavior: 'instant' });
  };
  const show = () => {
    const block = matchMedia('(max-width: 60rem)').matches ? 'start' : 'center';
    reveal('.src-row[aria-current]', '.src', block);
    reveal('.m[aria-current]', '.src', block);
    reveal('.fact[aria-current]', '.st', 'nearest');
    // The strip scrolls by itself: scrollIntoView would take the page back up to it.
    const strip = document.querySelector('.strip'), cell = strip && strip.querySelector('.cell[aria-current]');
    if (cell && strip.scrollWidth > strip.clientWidth) {
      const a = cell.getBoundingClientRect(), b = strip.getBoundingClientRect();
      if (a.left < b.left + 8 || a.right > b.right - 8) strip.scrollLeft += a.left - b.left - b.width / 2;
    }
    const bad = document.querySelector('.st [aria-invalid], .st [autofocus]');
    if (bad) bad.focus();
    receipt();
  };

  // The receipt of an act: six seconds, longer while someone is on it. Without script it stands in the foot alone.
  let clock = 0;
  const receipt = () => {
    const toast = document.querySelector('[data-toast]');
    clearTimeout(clock);
    if (location.search.includes('did=')) {
      const at = new URL(location.href);
      at.searchParams.delete('did');
      history.replaceState(history.state, '', at.pathname + at.search);
    }
    if (!toast) return;
    toast.hidden = false;
    const leave = () => { if (toast.matches(':hover, :focus-within')) clock = setTimeout(leave, 2000); else toast.hidden = true; };
    clock = setTimeout(leave, 6000);
  };
  document.addEventListener('DOMContentLoaded', show);
  document.addEventListener('htmx:after:swap', show);

  // Words chosen in the text of the current item go into the form "add a fact".
  document.addEventListener('selectionchange', () => {
    const words = document.querySelector('.st input[name="words"]');
    const chosen = document.getSelection();
    if (!words || !chosen || chosen.isCollapsed) return;
    const row = chosen.anchorNode && chosen.anchorNode.parentElement && chosen.anchorNode.parentElement.closest('.src-row[aria-current]');
    const text = chosen.toString().trim();
    if (row && text && text.length <= 200) words.value = text;
  });
})();

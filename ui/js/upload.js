// Upload with progress. Without script the form works as it is; with it the bytes sent are shown, the upload can be
// broken off, and a refusal appears in place with everything typed still there.
(() => {
  'use strict';
  const form = document.querySelector('form[data-upload]');
  if (!form) return;
  const part = name => form.querySelector(`[data-part="${name}"]`);
  const file = form.querySelector('input[type=file]');
  const drop = part('drop'), progress = part('progress'), bar = part('bar'), done = part('done'), stop = part('stop');
  const most = Number(form.dataset.most);
  const megabytes = n => (n / 1048576).toFixed(1) + ' MB';
  let request = null;

  const refuse = html => {
    part('refusal').innerHTML = '';
    part('refusal').append(html);
    part('refusal').hidden = false;
    part('refusal').focus();
  };
  const say = key => { const p = document.createElement('p'); p.textContent = form.dataset[key]; return p; };
  const idle = () => { request = null; progress.hidden = true; form.removeAttribute('aria-busy'); };

  form.addEventListener('submit', e => {
    const f = file.files[0];
    if (!f || request) return;
    e.preventDefault();
    if (f.size > most) {
      const p = say('tooLarge');
      p.textContent = p.textContent.replace('{size}', megabytes(f.size));
      return refuse(p);
    }
    part('refusal').hidden = true;
    progress.hidden = false;
    form.setAttribute('aria-busy', 'true');
    request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('X-Requested-With', 'script');
    request.upload.addEventListener('progress', p => {
      if (!p.lengthComputable) return;
      bar.setAttribute('value', p.loaded / p.total);
      done.textContent = p.loaded < p.total
        ? `${megabytes(p.loaded)} / ${megabytes(p.total)}` : form.dataset.reading;
    });
    request.addEventListener('load', () => {
      const at = request.responseURL, page = new DOMParser().parseFromString(request.responseText, 'text/html');
      const refusal = page.querySelector('[data-part="refusal"]:not([hidden])');
      if (request.status < 400 && !refusal) { location.href = at; return; }
      const text = refusal ? document.importNode(refusal, true) : null;
      idle();
      refuse(text ? (() => { const f2 = document.createDocumentFragment(); f2.append(...text.childNodes); return f2; })() : say('failed'));
    });
    request.addEventListener('error', () => { idle(); refuse(say('failed')); });
    request.addEventListener('abort', idle);
    request.send(new FormData(form));
  });
  stop.addEventListener('click', () => request && request.abort());

  drop.addEventListener('dragover', e => { e.preventDefault(); drop.classList.add('over'); });
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', e => {
    e.preventDefault();
    drop.classList.remove('over');
    if (e.dataTransfer.files.length) file.files = e.dataTransfer.files;
    file.dispatchEvent(new Event('change'));
  });
})();

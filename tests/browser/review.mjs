// A clerk's whole way: upload, list, review by keyboard alone, correct, answer, accept, undo, export, compare.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, browse, check, run, serve } from './kit.mjs';

const PLAN = join(ROOT, 'demo/plans/yunlan-2026.txt'), LAST_YEAR = join(ROOT, 'demo/plans/yunlan-2025.txt');
const server = await serve();
const browser = await browse({}, server);
const page = await browser.open();

const upload = async (p, file) => {
  await p.goto(server.base + '/plans/new');
  await p.setInputFiles('input[type=file]', file);
  await Promise.all([p.waitForURL(/\/plans\/[^/?]+\?did=upload/), p.click('button[type=submit]')]);
  return p.url().match(/plans\/([^/?]+)/)[1];
};
// Waits until a key's act has been taken in: the address or the panel has changed.
const press = async (p, key, wait) => {
  await p.keyboard.press(key);
  await p.waitForFunction(wait.fn, wait.arg, { timeout: 5000 });
};
const current = p => p.locator('.strip .cell[aria-current]').getAttribute('title');
const title = p => p.locator('.st-head h2').innerText();

await run(async () => {
  // ---- empty list, upload, list ----
  await page.goto(server.base + '/');
  check(page.url().endsWith('/plans'), 'the first page is the list of plans', page.url());
  check(await page.locator('.empty').count() === 1, 'an empty list says what to do');
  const id2025 = await upload(page, LAST_YEAR);
  const id = await upload(page, PLAN);
  check(await page.locator('.strip .cell').count() === 37, 'all 37 items stand in the strip', await page.locator('.strip .cell').count());
  check((await page.locator('h1').innerText()).includes('云岚市教育局2026年工作要点'), 'the title is that of the plan');
  await page.goto(server.base + '/plans');
  check(await page.locator('table.plans tbody tr').count() === 2, 'both plans are listed');
  await page.fill('#q', '2025年');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=/);
  check(await page.locator('table.plans tbody tr').count() === 1, 'search finds one of them');

  // ---- both ways between text and structure ----
  await page.goto(`${server.base}/plans/${id}?item=2.8`);
  check((await title(page)).includes('加快学校建设'), 'the item of the address is open', await title(page));
  const fact = page.locator('.fact', { hasText: '41' }).first();
  await fact.click();
  await page.waitForSelector('.src .m[aria-current]');
  const marked = (await page.locator('.src .m[aria-current]').allInnerTexts()).join('');
  check(marked.includes('41所'), 'a click on the target lights up its words', marked);
  await page.locator('.src-row[aria-current] .m', { hasText: '64所' }).first().click();
  await page.waitForFunction(() => (document.querySelector('.fact[aria-current]') || {}).innerText?.includes('64'));
  check(true, 'a click on the words opens their fact');
  check(await page.locator('.mn-g').count() > 0, 'sums that add up are said in the margin');
  check(await page.locator('.mn-r').count() > 0, 'a sum that does not is said too');

  // ---- correction with a reason, kept over a reload ----
  await page.locator('.fbody-on input[name=value]').fill('65');
  await page.locator('.fbody-on input[name=reason]').fill('按市政府批复调整');
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => (document.querySelector('.fact[aria-current] .q') || {}).innerText?.includes('65'));
  await page.reload();
  check((await page.locator('.fact[aria-current] .q').innerText()).includes('65'), 'the correction survives a reload');
  check((await page.locator('.fact[aria-current]').innerText()).includes('64'), 'what the compiler had is still said');
  await page.locator('.fbody-on input[name=value]').fill('六十几');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.st .err');
  check(await page.locator('.fbody-on input[name=value]').inputValue() === '六十几', 'a refused form keeps what was typed');
  await page.goto(`${server.base}/plans/${id}/history`);
  check((await page.locator('.hist').innerText()).includes('按市政府批复调整'), 'the history says why');

  // ---- by keyboard alone ----
  await page.goto(`${server.base}/plans/${id}?item=1.1`);
  const first = await current(page);
  await press(page, 'j', { fn: t => document.querySelector('.strip .cell[aria-current]').title !== t, arg: first });
  const second = await current(page);
  check(second !== first, 'j goes to the next item', second);
  await press(page, 'k', { fn: t => document.querySelector('.strip .cell[aria-current]').title === t, arg: first });
  check(true, 'k goes back');
  await press(page, 'ArrowDown', { fn: () => document.querySelector('.fact[aria-current]') });
  check(await page.locator('.fact[aria-current] .no').innerText() === '1', 'arrow down opens the first fact');
  await page.keyboard.press('e');
  check(await page.evaluate(() => document.activeElement.closest('.fbody-on') !== null), 'e goes to the form');
  await page.keyboard.press('j');
  check((await title(page)).includes('讲好身边的思政课'), 'letters typed in a field are letters');
  await page.goto(`${server.base}/plans/${id}?item=1.1`);
  await press(page, 'Enter', { fn: () => document.querySelector('.cell-ok') });
  check(await page.locator('.cell-ok').count() === 1, 'Enter accepts and goes on');
  check(!(await title(page)).includes('讲好身边的思政课'), 'the next item is open', await title(page));
  await press(page, 'u', { fn: () => !document.querySelector('.cell-ok') });
  check(await page.locator('.cell-ok').count() === 0, 'u takes the acceptance back');
  await press(page, 'n', { fn: () => /cell-[qe]/.test(document.querySelector('.strip .cell[aria-current]').className) });
  check(true, 'n goes to the next doubt');
  await page.keyboard.press('?');
  check(await page.locator('dialog[open]').count() === 1, '? shows the keys');
  await page.keyboard.press('Escape');

  // ---- answering a doubt ----
  await page.goto(`${server.base}/plans/${id}?item=2.9`);
  const questions = await page.locator('.fbody-doubt').count();
  check(questions > 0, 'the range of 3—5所 is a question');
  await press(page, '1', { fn: n => document.querySelectorAll('.fbody-doubt').length < n, arg: questions });
  check(await page.locator('.fbody-doubt').count() < questions, '1 answers it');

  // ---- adding and taking out ----
  await page.goto(`${server.base}/plans/${id}?item=2.10`);
  check(await page.locator('.fbody-error, .fbody-doubt').count() > 0, 'an item without unit says so');
  await page.goto(`${server.base}/plans/${id}?item=2.10&add=party`);
  await page.locator('.addfact input[name=name]').fill('安全处');
  await page.locator('.addfact input[name=reason]').fill('局长办公会明确');
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => [...document.querySelectorAll('.fact')].some(f => f.innerText.includes('安全处')));
  check(true, 'a unit can be added by hand');

  // ---- accept all that is clear ----
  await Promise.all([page.waitForURL(/did=accept-clear/), page.keyboard.press('a')]);
  check(await page.locator('.cell-ok').count() > 5, 'all clear items are accepted at once', await page.locator('.cell-ok').count());

  // ---- filters ----
  await page.goto(`${server.base}/plans/${id}?show=doubt`);
  const cells = await page.locator('.strip .cell').count(), doubtful = await page.locator('.strip .cell-q, .strip .cell-e').count();
  check(cells > 0 && cells === doubtful, 'the filter shows doubtful items only', `${cells} ${doubtful}`);

  // ---- exports ----
  const heads = { xlsx: 'PK', docx: 'PK', csv: '\uFEFF', markdown: '#', text: '', json: '{' };
  for (const [format, head] of Object.entries(heads)) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.evaluate(href => { const a = document.createElement('a'); a.href = href; a.download = ''; a.setAttribute('hx-ignore', ''); document.body.append(a); a.click(); }, `/plans/${id}/export/${format}`)]);
    const bytes = readFileSync(await download.path());
    check(bytes.length > 500 && bytes.toString('utf8').startsWith(head), `export ${format}`, bytes.length);
    if (format === 'json') check(JSON.parse(bytes).documents[0].sections.length === 6, 'the JSON holds six sections');
  }

  // ---- comparison ----
  await page.goto(`${server.base}/compare?a=${id2025}&b=${id}`);
  const tally = await page.locator('.tally').innerText();
  check(/\d/.test(tally) && await page.locator('.cmp tbody tr').count() >= 37, 'the two years are aligned', tally);
  check((await page.locator('.cmp', { hasText: '加快学校建设' }).first().innerText()).includes('33 → 41'), 'a target that moved is said');
  const row = page.locator('.cmp tr', { hasText: '加快学校建设' }).first(), place = await row.getAttribute('id');
  await row.locator('summary').click();
  await row.locator('button[value=confirm]').click();
  await page.waitForURL(/did=link/);
  check(await page.locator('.said').count() === 1, 'a link can be confirmed');
  check(page.url().endsWith('#' + place), 'and the page comes back to the same row', page.url());

  check((await page.locator('#' + place + ' .made').innerText()).includes('已由人工确认对应'), 'which says that a person confirmed it');
  await Promise.all([page.waitForURL(/did=undo/), page.keyboard.press('u')]);
  check(await page.locator('.made').count() === 0 && page.url().endsWith('#' + place), 'u takes it back, on the same page', page.url());
  await page.locator('#' + place + ' summary').click();
  await Promise.all([page.waitForURL(/did=cut/), page.locator('#' + place + ' button[value=cut]').click()]);
  check(await page.locator('.made').count() === 2, 'a cut pair says so at both its items');
  await page.goto(`${server.base}/compare?a=${id2025}&b=${id}`);
  await page.locator('.made button').last().focus();
  await Promise.all([page.waitForURL(/did=undo/), page.keyboard.press('Enter')]);
  check(await page.locator('.made').count() === 0, 'and is put together again there, later too');

  // ---- refusals ----
  await page.goto(server.base + '/plans/new');
  await page.setInputFiles('input[type=file]', { name: '空.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
  await page.fill('#year', '2026');
  await page.click('button[type=submit]');
  await page.waitForSelector('[data-part=refusal]:not([hidden])');
  check((await page.locator('[data-part=refusal]').innerText()).includes('空'), 'an empty file is refused in words');
  check(await page.inputValue('#year') === '2026', 'and what was typed is still there');
  await page.setInputFiles('input[type=file]', PLAN);
  await page.click('button[type=submit]');
  await page.waitForSelector('[data-part=refusal] a');
  check((await page.locator('[data-part=refusal] a').getAttribute('href')).includes(id), 'a file that is here already leads to its plan');

  // ---- without script ----
  const plain = await browser.open({ javaScriptEnabled: false });
  const other = join(ROOT, 'demo/plans/dongshan-2026.txt');
  await plain.goto(server.base + '/plans/new');
  await plain.setInputFiles('input[type=file]', other);
  await plain.click('button[type=submit]');
  check(/plans\/[^/]+\?did=upload/.test(plain.url()), 'upload works without script', plain.url());
  await plain.locator('.strip .cell').nth(1).click();
  await plain.locator('.fact').first().click();
  check(await plain.locator('.fact[aria-current]').count() === 1, 'a fact opens without script');
  await plain.locator('.st-head button').click();
  check(await plain.locator('.cell-ok').count() === 1, 'an item is accepted without script');

  const noise = page.trouble.filter(t => !/status of 4\d\d/.test(t));
  check(noise.length === 0, 'no error and no CSP violation in the console', noise.join(' | '));
});

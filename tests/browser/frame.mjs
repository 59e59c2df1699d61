// The frame and the parts: palette, dialogs, live count of notices, help by keyboard, language; the gallery of all parts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, browse, check, clean, run, serve } from './kit.mjs';

const server = await serve(['--demo']);
const browser = await browse({ bypassCSP: true }, server);

await run(async () => {
  const page = await browser.open();

  // ---- the palette ----
  await page.goto(server.base + '/help');
  await page.keyboard.press('Control+k');
  check(await page.evaluate(() => document.activeElement.id) === 'palette-q', 'Ctrl-K opens the palette, the field has the focus');
  await page.keyboard.insertText('竣工');
  await page.waitForSelector('#palette #found mark');
  check((await page.locator('#palette mark').first().innerText()) === '竣工', 'results come while typing, marked');
  await clean(page, 'palette');
  await page.keyboard.press('ArrowDown');
  check(await page.evaluate(() => document.activeElement.closest('#found') !== null), 'arrows go through them');
  await page.keyboard.press('ArrowUp');
  check(await page.evaluate(() => document.activeElement.id) === 'palette-q', 'and back to the field');
  await Promise.all([page.waitForURL(/\/plans\/[^/]+\?item=/), page.keyboard.press('Enter')]);
  check(true, 'Enter opens the first');
  await page.goto(server.base + '/compare');
  await page.keyboard.press('/');
  check(await page.locator('dialog#palette[open]').count() === 1, '/ opens it where a page has no search of its own');
  await page.keyboard.insertText('竣');
  await page.keyboard.press('Escape');
  check(await page.locator('dialog#palette[open]').count() === 0, 'Escape closes it');

  // ---- a question in a dialog ----
  await page.goto(server.base + '/plans');
  const opener = page.locator('table.rows .ac a').first();
  await opener.click();
  await page.waitForSelector('dialog.dlg[open]');
  check(await page.locator('table.rows tbody tr').count() >= 4, 'the list stays behind the dialog');
  await clean(page, 'a question in a dialog');
  await page.keyboard.press('Escape');
  await page.locator('dialog.dlg').waitFor({ state: 'detached' }); /* its close event comes a moment later */
  check(await page.locator('dialog.dlg').count() === 0 && await opener.evaluate(a => a === document.activeElement), 'Escape gives the focus back');
  await opener.click();
  await page.fill('dialog [name=reason]', '传错了');
  await Promise.all([page.waitForURL(/did=void/), page.locator('dialog button[type=submit]').click()]);
  check((await page.locator('.said').innerText()).length > 0, 'the act is done from the dialog');

  // ---- notices: live, and read when opened ----
  const upload = async (p, words) => {
    await p.goto(server.base + '/plans/new');
    await p.setInputFiles('input[type=file]', { name: 'n.txt', mimeType: 'text/plain', buffer: Buffer.from(readFileSync(join(ROOT, 'demo/plans/yunlan-2026.txt'), 'utf8') + words) });
    await Promise.all([p.waitForURL(/did=upload/), p.click('button[type=submit]')]);
  };
  await upload(page, '（九十八）新建学校若干所。\n');
  await page.goto(server.base + '/plans');
  const unread = () => page.locator('.rail [data-n]').innerText().then(Number);
  const before = await unread();
  const other = await browser.open();
  await upload(other, '（九十九）新建学校若干所。\n');
  await other.context().close();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.waitForFunction(n => Number(document.querySelector('.rail [data-n]').textContent) > n, before, { timeout: 10000 });
  check(await unread() === before + 1, 'the count grows on an open page', `${before} ${await unread()}`);
  await page.goto(server.base + '/notices');
  await clean(page, 'notices');
  await Promise.all([page.waitForURL(/\/plans\/[^/]+\?show=doubt/), page.locator('table.notices tbody th a').first().click()]);
  await page.goto(server.base + '/notices');
  check(await unread() === before, 'what was opened is read', `${before} ${await unread()}`);

  // ---- help by keyboard; the language is remembered ----
  await page.goto(server.base + '/plans');
  await page.locator('details.tip summary').focus();
  await page.keyboard.press('Enter');
  check(await page.locator('details.tip p').isVisible(), 'help opens by keyboard');
  await page.keyboard.press('Escape');
  check(!await page.locator('details.tip p').isVisible(), 'and closes');
  await page.locator('.nav a', { hasText: 'English' }).click();
  await page.waitForSelector('html[lang=en]');
  await page.goto(server.base + '/compare');
  check(await page.locator('html[lang=en]').count() === 1, 'the language chosen stays');
  await clean(page, 'in English');
  await page.goto(server.base + '/compare?lang=zh');

  // ---- the gallery ----
  for (const [scheme, width] of [['light', 1440], ['dark', 1440], ['light', 360], ['dark', 360]]) {
    const p = await browser.open({ colorScheme: scheme, viewport: { width, height: 800 }, hasTouch: width < 400, isMobile: width < 400 });
    for (const place of ['/help/parts', '/help/parts?sent=1&ask=1', '/search?q=%E5%AD%A6%E6%A0%A1', '/notices']) {
      await p.goto(server.base + place);
      check(await p.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `nothing sticks out: ${scheme} ${width} ${place}`);
      await clean(p, `${scheme} ${width} ${place}`);
    }
    if (width < 400) {
      await p.goto(server.base + '/plans');
      check(await p.locator('.tabbar a').count() >= 3 && await p.locator('.tabbar a').evaluateAll(list => list.every(a => a.getBoundingClientRect().height >= 44)), 'a phone has its bar');
      const foot = await p.locator('.tabbar').evaluate(bar => Math.round(bar.getBoundingClientRect().bottom - innerHeight));
      check(foot === 0 && await p.evaluate(() => document.documentElement.scrollHeight > innerHeight), 'at the foot of the screen, also of a long page', foot);
      await p.goto(server.base + '/me');
      const ways = await p.locator('.tabbar a, .narrow-only a').evaluateAll(list => list.map(a => a.getAttribute('href')));
      const rail = await p.locator('.rail .nav a').evaluateAll(list => list.map(a => a.getAttribute('href')));
      check(ways.includes('/me') && rail.every(href => ways.includes(href)) && await p.locator('.narrow-only').isVisible(), 'what has no place on it stands under one\'s own page', [rail, ways]);
    }
    await p.context().close();
  }
  await page.goto(server.base + '/help/parts?sent=1&project=abc');
  check(await page.evaluate(() => document.activeElement.dataset.errors !== undefined), 'the summary of errors has the focus');
  await page.locator('[data-errors] a').first().click();
  check(await page.evaluate(() => document.activeElement.id) === 'f-day' && await page.inputValue('#f-project') === 'abc', 'its links lead into the fields, what was typed stays');

  // ---- without script ----
  const plain = await browser.open({ javaScriptEnabled: false });
  await plain.goto(server.base + '/help/parts');
  await plain.locator('a[data-dialog-page]').click();
  check(await plain.locator('form.dlg').count() === 1, 'a question is a page without script');
  await plain.goto(server.base + '/plans');
  await plain.locator('.rail .find').click();
  await plain.fill('#q', '竣工');
  await plain.locator('.findbtn').click();
  check(await plain.locator('.found mark').count() > 0, 'search is a page without script');
  await plain.goto(server.base + '/notices');
  await plain.locator('[name=pick]').first().check();
  await Promise.all([plain.waitForURL(/did=notice-read/), plain.locator('.bulk button[type=submit]').click()]);
  check(true, 'notices are marked without script');
  check(page.trouble.length === 0, 'no error in the console', page.trouble.join(' | '));
});

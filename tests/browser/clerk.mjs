// A sitting of a clerk: 37 items with one key, receipts that can be undone, forms that open by a key, menus, a phone.
import { browse, check, run, serve } from './kit.mjs';

const server = await serve(['--demo']);
const browser = await browse({}, server);
const page = await browser.open();
const settled = (p, was) => p.waitForFunction(u => location.href !== u && !document.querySelector('.htmx-request'), was, { timeout: 8000 });
const press = async (p, key) => { const was = p.url(); await p.keyboard.press(key); await settled(p, was); };

await run(async () => {
  await page.goto(server.base + '/plans');
  const id = (await page.locator('table.plans tbody tr', { hasText: '云岚市教育局2026年工作要点' }).locator('th a').getAttribute('href')).split('/').pop();
  const at = `${server.base}/plans/${id}`;

  // ---- a receipt, and undoing from it ----
  await page.goto(at + '?item=1.1');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-toast]:not([hidden])');
  check((await page.locator('[data-toast]').innerText()).includes('撤销'), 'an act leaves a receipt with undo');
  check(!page.url().includes('did='), 'a reload does not repeat the receipt', page.url());
  await page.locator('[data-toast] button').click();
  await page.waitForFunction(() => !document.querySelector('.cell-ok'));
  check(await page.locator('[data-toast] button').count() === 0, 'the receipt of an undo offers no undo');

  // ---- e opens the first fact and goes into its form ----
  await page.goto(at + '?item=2.8');
  await page.keyboard.press('e');
  await page.waitForFunction(() => document.activeElement.closest('.fbody-on'));
  check(true, 'e opens the first fact and goes into its form');
  check(await page.locator('datalist#units option').count() > 100, 'known units are offered where a unit is typed');
  await page.keyboard.press('Escape');
  await page.goto(at + '?item=2.8');
  await page.locator('.fact', { hasText: '64' }).first().click();
  await page.waitForSelector('.fbody-on input[name=value]');
  await page.keyboard.press('e');
  check(await page.evaluate(() => document.activeElement.name) === 'value', 'in a target e goes to the number');
  check(await page.evaluate(() => getSelection().toString() === '64' || document.activeElement.selectionEnd === 2), 'which typing replaces');

  // ---- digits answer one question; a reason stands folded ----
  await page.goto(at + '?item=2.9');
  check(await page.locator('.ans kbd', { hasText: '1' }).count() === 1, 'only one question answers to the digits');
  check(await page.locator('.ans-why .in:visible').count() === 0, 'a reason that is not needed is folded');
  await page.goto(at + '?show=doubt');

  // ---- menus ----
  await page.goto(at);
  await page.locator('summary.chip').first().click();
  await page.keyboard.press('ArrowDown');
  check(await page.evaluate(() => document.activeElement.closest('.menu-list') !== null), 'arrows go through a menu');
  await page.keyboard.press('Escape');
  check(await page.locator('details.menu[open]').count() === 0, 'Escape closes it');
  check(await page.evaluate(() => document.activeElement.matches('summary')), 'and the focus stays on its button');

  // ---- the whole plan with one key ----
  await page.goto(at + '?item=1.1');
  const errors = await page.locator('.strip .cell-e').count();
  let presses = 0;
  for (; presses < 45; presses++) {
    const key = await page.locator('.st-head button[data-key=Enter]').count() ? 'Enter' : 'j';
    if (key === 'j' && !await page.locator('.rv-foot a[data-key=j]').count()) break;
    const before = await page.locator('.strip .cell[aria-current]').getAttribute('title');
    await page.keyboard.press(key);
    await page.waitForFunction(t => document.querySelector('.strip .cell[aria-current]').title !== t, before, { timeout: 8000 });
  }
  check(await page.locator('.cell-ok').count() === 37 - errors, 'all items without error are accepted by keyboard alone', `${await page.locator('.cell-ok').count()} after ${presses} keys`);
  check(await page.locator('.strip .cell').count() === 37, 'and all still stand in the strip');

  // ---- a phone: the text of the item is in sight above its structure; menus are not cut off ----
  const phone = await browser.open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await phone.goto(at + '?item=4.2');
  await phone.waitForTimeout(200);
  const [top, sheet] = await phone.evaluate(() => [document.querySelector('.src-row[aria-current]').getBoundingClientRect().top, document.querySelector('.st').getBoundingClientRect().top]);
  check(top >= 40 && top < sheet, 'on a phone the words of the item are in sight', `${top} ${sheet}`);
  await phone.evaluate(() => scrollTo(0, 0));
  await phone.locator('summary.chip').first().tap();
  const list = await phone.locator('details.menu[open] .menu-list').boundingBox();
  check(list.x >= 0 && list.x + list.width <= 390 && list.y + list.height <= 844.5, 'a menu stands whole on the screen', JSON.stringify(list));
  check(phone.trouble.length === 0 && page.trouble.length === 0, 'no error in the console', [...page.trouble, ...phone.trouble].join(' | '));

  // ---- one line of 5 MB ----
  const line = Buffer.from('云岚市教育局2026年工作要点\n' + '一、推进学校建设，新建学校12所。'.repeat(100000));
  await page.goto(server.base + '/plans/new');
  await page.setInputFiles('input[type=file]', { name: 'line.txt', mimeType: 'text/plain', buffer: line });
  await page.click('button[type=submit]');
  await page.waitForFunction(() => location.search.includes('did=upload') || location.pathname !== '/plans/new' || document.querySelector('[data-part=refusal]:not([hidden])'), null, { timeout: 20000 });
  check(true, 'a line of 5 MB is answered');
});

// Records of a system in a list by keyboard, and the same on a board, in a calendar and on a map: what is asked for stays.
import { browse, check, clean, run, serve } from './kit.mjs';

const server = await serve(['--demo']);
const browser = await browse({}, server, 'qinshan');
const PLACE = '/s/hazard/hazard';

await run(async () => {
  const page = await browser.open({ bypassCSP: true });
  await page.goto(server.base + PLACE);
  const rows = page.locator('table.rows tbody tr');
  const all = await rows.count();
  check(all >= 2, 'the demo has records', all);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const second = await rows.nth(1).locator('th a').innerText();
  check(await page.evaluate(() => document.activeElement.textContent) === second, 'j goes down the rows', second);
  await page.keyboard.press('Enter');
  await page.waitForURL(/hazard\/hazard\/[0-9a-z]{20}/);
  check((await page.locator('main .head').innerText()).includes(second), 'Enter opens the record');
  await page.goBack();

  // ---- what is asked for is carried from one way to another ----
  await page.selectOption('#f-state', { index: 1 });
  await page.waitForURL(/state=/);
  const state = new URL(page.url()).searchParams.get('state');
  for (const way of ['board', 'calendar', 'map']) {
    await page.locator('.ways a').nth(['board', 'calendar', 'map'].indexOf(way) + 1).click();
    await page.waitForURL(new RegExp('by=' + way));
    check(new URL(page.url()).searchParams.get('state') === state, 'the filter stays: ' + way, page.url());
  }
  for (const width of [1440, 390])
    for (const scheme of ['light', 'dark']) {
      const other = await browser.open({ bypassCSP: true, viewport: { width, height: 844 }, colorScheme: scheme });
      for (const way of ['', '?by=board', '?by=calendar', '?by=map']) {
        await other.goto(server.base + PLACE + way);
        await clean(other, `${way || 'list'} ${width} ${scheme}`);
      }
    }

  // ---- without script ----
  const plain = await browser.open({ javaScriptEnabled: false });
  await plain.goto(server.base + PLACE + '?by=board');
  await plain.locator('.board h2 a').first().click();
  check(/state=/.test(plain.url()) && !/by=/.test(plain.url()), 'a column leads into the list', plain.url());
  check(page.trouble.length === 0, 'the console stays empty', page.trouble.join('; '));
});

// A list by keyboard, by touch and without script: filters, order, columns, rows, views, pages.
import { browse, check, clean, run, serve } from './kit.mjs';

const server = await serve(['--demo']);
const browser = await browse({}, server);
const rows = page => page.locator('table.rows tbody tr');
const title = page => page.evaluate(() => document.activeElement.textContent);

await run(async () => {
  const page = await browser.open({ bypassCSP: true });
  await page.goto(server.base + '/plans');
  const all = await rows(page).count();
  const loads = await page.evaluate(() => performance.getEntriesByType('navigation').length && (window.stays = true));
  check(all >= 4 && loads, 'the demo is listed', all);

  // ---- filters and order exchange the list alone ----
  await page.selectOption('#f-year', '2025');
  await page.waitForURL(/year=2025/);
  await page.waitForFunction(n => document.querySelectorAll('table.rows tbody tr').length < n, all);
  check(await rows(page).count() === 1 && await page.evaluate(() => window.stays), 'a choice asks at once, the page stays');
  await page.goBack();
  await page.waitForFunction(n => document.querySelectorAll('table.rows tbody tr').length === n, all);
  check(true, 'the way back leads back');
  await page.locator('th a', { hasText: '标题' }).click();
  await page.waitForSelector('th[aria-sort=ascending]');
  const rising = await rows(page).locator('th a').allInnerTexts();
  await page.locator('th a', { hasText: '标题' }).click();
  await page.waitForSelector('th[aria-sort=descending]');
  check(JSON.stringify(await rows(page).locator('th a').allInnerTexts()) === JSON.stringify(rising.reverse()), 'a head sorts, and turns');

  // ---- columns ----
  await page.locator('summary', { hasText: '列' }).click();
  await page.locator('.menu-form input[value=issuer]').check();
  await page.locator('.menu-form button', { hasText: '显示所选' }).click();
  await page.waitForSelector('th:has-text("发文机关")');
  check(page.url().includes('col=issuer') && page.url().includes('sort=-title'), 'columns are chosen, the order stays', page.url());

  // ---- height of rows ----
  const tall = await rows(page).first().evaluate(r => r.getBoundingClientRect().height);
  await page.locator('summary', { hasText: '列' }).click();
  await page.locator('.menu-form a', { hasText: '改为紧凑行距' }).click();
  await page.waitForSelector('table.rows.compact');
  const low = await rows(page).first().evaluate(r => r.getBoundingClientRect().height);
  check(low < tall && page.url().includes('rows=compact') && page.url().includes('col=issuer'), 'rows are lower, the columns stay', [tall, low, page.url()]);
  await page.locator('th a', { hasText: '标题' }).click();
  await page.waitForSelector('th[aria-sort=ascending]');
  check(page.url().includes('rows=compact') && await page.locator('table.rows.compact').count() === 1, 'and stay low in another order', page.url());

  // ---- rows by keyboard ----
  await page.goto(server.base + '/plans');
  await page.keyboard.press('j');
  const first = await title(page);
  await page.keyboard.press('j');
  check(await title(page) !== first && await page.locator('tr[aria-current]').count() === 1, 'j goes to the next row');
  await page.keyboard.press('x');
  await page.keyboard.press('k');
  await page.keyboard.press('X');
  check(await page.locator('[name=pick]:checked').count() === 2 && (await page.locator('.bulk').innerText()).includes('已选 2'), 'x ticks, the bar counts');
  await Promise.all([page.waitForURL(/\/compare\?/), page.locator('.bulk button[type=submit]').click()]);
  check(true, 'two plans are compared from the list');
  await page.goto(server.base + '/plans');
  await page.keyboard.press('/');
  check(await page.evaluate(() => document.activeElement.id) === 'q', '/ goes to the search');
  await page.keyboard.type('岚海');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=/);
  await page.waitForFunction(() => document.querySelectorAll('table.rows tbody tr').length === 1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await Promise.all([page.waitForURL(/\/plans\/[0-9a-z]+$/), page.keyboard.press('Enter')]);
  await page.waitForSelector('.strip');
  check(await page.locator('h1').innerText() !== '计划', 'Enter opens the row');

  // ---- a view of one's own ----
  await page.goto(server.base + '/plans?year=2026&sort=title');
  await page.locator('summary', { hasText: '存为视图' }).click();
  await page.fill('.menu-form [name=name]', '今年');
  await Promise.all([page.waitForURL(/did=view-save/), page.locator('.menu-form button', { hasText: '存为视图' }).click()]);
  check(await page.locator('.tabs .own[aria-current]', { hasText: '今年' }).count() === 1 && (await page.locator('.said').innerText()).includes('已保存'), 'a view is saved and stands as a tab');
  await page.selectOption('#f-year', '2025');
  await page.waitForSelector('.tb-view:has-text("已修改")');
  check(await page.locator('.tb-view button[value=save]').count() === 1, 'a changed view offers to be saved');
  await clean(page, 'a changed view');
  await page.goto(server.base + '/views');
  check(await rows(page).count() === 1, 'the views are listed');
  await clean(page, 'views');

  // ---- people: what no column holds is chosen the same way ----
  const people = await browser.open({ bypassCSP: true }, 'hefang');
  await people.goto(server.base + '/people');
  const everybody = await rows(people).count();
  await people.evaluate(() => { window.stays = true; });
  await people.selectOption('#f-role', 'school_head');
  await people.waitForFunction(n => document.querySelectorAll('table.rows tbody tr').length < n, everybody);
  const posts = await rows(people).locator('td:first-of-type').allInnerTexts();
  check(posts.every(t => /校长|园长/.test(t)) && await people.evaluate(() => window.stays), 'a role is chosen, the page stays', posts.join(' '));
  check(await people.locator('.pager span').first().innerText() === posts.length + '项', 'and they are counted');
  await people.keyboard.press('j');
  await Promise.all([people.waitForURL(/\/people\/[0-9a-z]+$/), people.keyboard.press('Enter')]);
  check(true, 'Enter opens a person');
  await people.keyboard.press('Control+k');
  await people.fill('#palette-q', 'hf');
  await people.waitForSelector('#found a[href^="/people/"]');
  check((await people.locator('#found').innerText()).includes('何芳'), 'people are suggested by first letters');
  await people.goto(server.base + '/people?role=school_head&col=role');
  await clean(people, 'people');

  // ---- a phone ----
  const phone = await browser.open({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, bypassCSP: true });
  for (const place of ['/plans', '/plans?doubts_from=1', '/plans?q=nichts', '/views', '/people', '/people?q=nichts']) {
    await phone.goto(server.base + place);
    check(await phone.evaluate(() => document.documentElement.scrollWidth <= 360), 'nothing is wider than a phone: ' + place);
    await clean(phone, 'phone ' + place);
  }
  await phone.goto(server.base + '/plans');
  check(await phone.evaluate(() => getComputedStyle(document.querySelector('.rows thead')).display === 'none' && document.querySelector('.tb-sort').getClientRects().length === 0), 'rows are cards, the filters stand behind a button');
  await phone.locator('.fold summary').click();
  check(await phone.locator('.tb-sort').isVisible() && await phone.locator('#f-year').isVisible(), 'it opens them, the order is one of them');
  await phone.selectOption('#f-year', '2025');
  await phone.waitForTimeout(200);
  check(!phone.url().includes('year='), 'several are chosen before the list is asked');
  await Promise.all([phone.waitForURL(/year=2025/), phone.locator('.findbtn').click()]);
  await phone.waitForFunction(() => document.querySelector('.fold summary').textContent.includes('1'));
  check(await rows(phone).count() === 1 && !await phone.locator('#f-year').isVisible(), 'the button says how many conditions there are');
  const sizes = await phone.locator('.tb-menus summary, .pager .btn:visible, .rows .ac .btn').evaluateAll(list => list.map(x => x.getBoundingClientRect().height));
  check(sizes.every(h => h >= 44), 'what is touched is large enough', sizes.join(' '));

  // ---- without script ----
  const plain = await browser.open({ javaScriptEnabled: false });
  await plain.goto(server.base + '/plans');
  await plain.selectOption('#f-year', '2025');
  await Promise.all([plain.waitForURL(/year=2025/), plain.locator('.findbtn').click()]);
  check(await rows(plain).count() === 1, 'filters work without script');
  const bare = await browser.open({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  await bare.goto(server.base + '/plans?year=2025');
  await bare.locator('.fold summary').click();
  await bare.selectOption('#f-year', '');
  await Promise.all([bare.waitForURL(/year=(&|$)/), bare.locator('.findbtn').click()]);
  check(await rows(bare).count() === all, 'on a phone too');
  await plain.locator('.rows [name=pick]').check();
  check(await plain.locator('.bulk').isVisible(), 'the bar appears without script');
  await plain.goto(server.base + '/plans');
  await plain.locator('summary', { hasText: '列' }).click();
  await plain.locator('.menu-form input[value=level]').check();
  await Promise.all([plain.waitForURL(/col=level/), plain.locator('.menu-form button', { hasText: '显示所选' }).click()]);
  check(await plain.locator('th', { hasText: '层级' }).count() === 1, 'columns are chosen without script');
  check(page.trouble.length === 0 && phone.trouble.length === 0, 'no error in the console', [...page.trouble, ...phone.trouble].join(' | '));

  // ---- paper ----
  await page.goto(server.base + '/plans');
  await page.emulateMedia({ media: 'print' });
  check(await page.locator('.printhead').isVisible() && !await page.locator('.tb-tools').isVisible() && !await page.locator('.rail').isVisible(), 'paper shows the rows and what they are');
});

// Corrections whose place is gone in a newer draft: found, hung up again and dropped by keyboard alone; on a phone; without script.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, browse, check, clean, run, serve } from './kit.mjs';

const server = await serve();
const browser = await browse({}, server);
const page = await browser.open();
const first = readFileSync(join(ROOT, 'demo/plans/yunlan-2026.txt'), 'utf8');
const later = first.replace('竣工学校41所', '竣工学校44所').replace('（七）优化学校布局', '（七）完善学校布局').replace('二、扩大资源供给', '二、增加资源供给');

const upload = async (text, name, query) => {
  await page.goto(server.base + '/plans/new' + query);
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  await Promise.all([page.waitForURL(/did=upload/), page.click('button[type=submit]')]);
  return page.url().match(/plans\/([^/?]+)/)[1];
};
const set = async (address, field, value) => {
  await page.goto(address);
  await page.fill(`.fbody-on [name=${field}]`, value);
  await page.fill('.fbody-on [name=reason]', '以批复为准');
  await page.locator(`.fbody-on [name=${field}]`).focus();
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('[data-toast]:not([hidden])');
};

await run(async () => {
  const id = await upload(first, '要点.txt', ''), at = `${server.base}/plans/${id}`;
  await page.goto(at + '?item=2.8');
  await set(at + '?' + (await page.locator('.fact', { hasText: '竣工学校' }).getAttribute('href')).split('?')[1], 'value', '42');
  await set(at + '?item=2.7&edit=section', 'title', '扩大供给');
  check((await page.locator('.st-head .meta').first().innerText()).includes('扩大供给'), 'the title of a section is corrected on the page');
  await set(at + '?item=2.7&edit=item', 'title', '优化布局');
  await upload(later, '第二稿.txt', '?replaces=' + id);
  check((await page.locator('.rv-head .note-y').innerText()).includes('3次修改'), 'the newer draft has no place for three acts', await page.locator('.rv-head .note-y').allInnerTexts());

  // ---- by keyboard alone ----
  await page.keyboard.press('o');
  await page.waitForURL(/\/orphans$/);
  check(await page.locator('.orphan').count() === 3, 'o leads to them');
  const card = page.locator('.orphan').first();
  check((await card.innerText()).includes('竣工学校41所') && (await card.innerText()).includes('以批复为准'), 'each says what it was and why');
  check((await card.locator('select option:checked').innerText()).includes('44'), 'the likeliest place is chosen', await card.locator('select option:checked').innerText());
  await page.keyboard.press('e');
  check(await page.evaluate(() => document.activeElement.name) === 'key', 'e goes to the choice');
  await page.keyboard.press('Tab');
  await page.keyboard.type('同一目标');
  await Promise.all([page.waitForURL(/did=reattach/), page.keyboard.press('Control+Enter')]);
  check(await page.locator('.orphan').count() === 2 && (await page.locator('.said').innerText()).includes('已重新挂接'), 'Ctrl-Enter hangs it up, the next follows');
  await Promise.all([page.waitForURL(u => !u.href.includes('/orphans')), page.keyboard.press('u')]);
  check((await page.locator('.rv-head .note-y').innerText()).includes('3次修改'), 'u takes it back');
  await page.keyboard.press('o');
  await page.waitForURL(/\/orphans$/);
  await Promise.all([page.waitForURL(/did=reattach/), page.keyboard.press('Control+Enter')]);
  await page.goto(at + '?item=2.8');
  check((await page.locator('.fact', { hasText: '学校' }).filter({ hasText: '42' }).count()) > 0, 'the target has the value of the person');

  // ---- a choice must be made; dropping ----
  await page.goto(at + '/orphans');
  await page.locator('.orphan').first().locator('select').evaluate(s => { s.insertAdjacentHTML('afterbegin', '<option value="">—</option>'); s.value = ''; });
  await page.locator('.orphan button[value=hang]').first().click();
  await page.waitForSelector('.orphan [role=alert]');
  check((await page.locator('.orphan [role=alert]').innerText()).includes('请先选择'), 'nowhere is no place');
  await page.locator('.orphan button[value=drop]').first().focus();
  await Promise.all([page.waitForURL(/did=discard/), page.keyboard.press('Enter')]);
  check(await page.locator('.orphan').count() === 1, 'one is dropped');

  // ---- a phone, and without script ----
  const phone = await browser.open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, bypassCSP: true });
  await phone.goto(at + '/orphans');
  check(await phone.evaluate(() => document.documentElement.scrollWidth <= 390), 'nothing is wider than a phone');
  const sizes = await phone.locator('.orphan button, .orphan select').evaluateAll(all => all.map(x => x.getBoundingClientRect().height));
  check(sizes.every(h => h >= 44), 'what is touched is large enough', sizes.join(' '));
  await phone.evaluate(() => { document.querySelector('.tabbar').style.position = 'static'; }); // what lies under it can be scrolled to
  await clean(phone, 'on a phone');
  const plain = await browser.open({ javaScriptEnabled: false });
  await plain.goto(at + '/orphans');
  await plain.locator('.orphan button[value=drop]').click();
  check(plain.url().endsWith(id + '?did=discard'), 'the last one is dropped without script', plain.url());
  await plain.goto(at + '/orphans');
  check(await plain.locator('.empty').count() === 1, 'then nothing waits');
  await page.goto(at + '/history');
  check((await page.locator('.hist').innerText()).includes('放弃修改'), 'the history keeps it');
  const noise = page.trouble.filter(t => !/status of 4\d\d/.test(t));
  check(noise.length === 0, 'no error in the console', noise.join(' | '));
});

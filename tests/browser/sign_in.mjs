// Signing in by keyboard; the forced change of a one-time password; a second factor; without script; on a phone; axe.
import { createHmac } from 'node:crypto';
import { browse, check, clean, run, serve, signIn } from './kit.mjs';

const GOOD = 'Ganglifen-2026';
const code = secret => {
  const bits = [...secret].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = createHmac('sha1', key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
};

const server = await serve([], { bare: true });
const demo = await serve(['--demo']);
const vouched = await serve(['--demo', '--proxy', '127.0.0.1', '--sign-in-header', 'Remote-User']);
const browser = await browse({ bypassCSP: true });
await run(async () => {
  // ---- the first sign-in of an administrator, by keyboard alone ----
  for (let i = 0; i < 50 && !/audit\s+\S{24}/.test(server.said()); i++) await new Promise(r => setTimeout(r, 100));
  const first = /system\s+(\S{24})/.exec(server.said())[1];
  const page = await browser.open();
  await page.goto(server.base + '/admin/accounts');
  check(page.url().endsWith('/sign-in?next=%2Fadmin%2Faccounts'), 'who is not signed in comes to the door', page.url());
  check(await page.locator('.demo').count() === 0, 'where no demo is offered');
  await clean(page, 'the door');
  await page.keyboard.press('Tab');
  check(await page.evaluate(() => document.activeElement.className) === 'skip', 'the first key leads past the head');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('system');
  await page.keyboard.press('Tab');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=alert]');
  check(await page.inputValue('#login') === 'system' && await page.inputValue('#password') === '', 'a refusal keeps the account that was typed, not the password');
  await clean(page, 'the door after a refusal');
  await page.fill('#password', first);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/me\/password/);
  check(true, 'a one-time password leads to its change');
  await clean(page, 'the change of a password');
  await page.goto(server.base + '/admin/accounts');
  check(page.url().endsWith('/me/password'), 'and nowhere else');
  await page.fill('#old', first);
  await page.fill('#password', 'Password123!');
  await page.fill('#again', 'Password123!');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.bad [aria-invalid]');
  check((await page.locator('.bad .err').innerText()).includes('常见'), 'a common password is refused at its field');
  await clean(page, 'a password that was refused');
  await page.fill('#old', first);
  await page.fill('#password', GOOD);
  await page.fill('#again', GOOD);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/me\?/);
  check((await page.locator('[role=status]').innerText()).includes('密码已修改'), 'then it is changed');
  await clean(page, 'one\'s own account');

  // ---- a second factor ----
  await page.locator('form[action="/me/second"] button').click();
  await page.waitForSelector('svg.qr path');
  const secret = await page.locator('code.secret').first().innerText();
  await clean(page, 'setting up a second factor');
  await page.fill('#code', code(secret));
  await page.keyboard.press('Enter');
  await page.waitForSelector('.once li');
  const recovery = await page.locator('.once li').allInnerTexts();
  check(recovery.length === 10, 'ten recovery codes are shown once');
  await clean(page, 'recovery codes');
  await page.goto(server.base + '/me');
  await Promise.all([page.waitForURL(/sign-in/), page.locator('.who button').click()]);
  check((await page.locator('[role=status]').innerText()).includes('退出'), 'signed out');
  await page.fill('#login', 'system');
  await page.fill('#password', GOOD);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/sign-in\/second/);
  await clean(page, 'the second step');
  await page.fill('#code', recovery[0]);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/admin\/accounts/);
  check(true, 'the second step opens the administrator\'s page');
  await clean(page, 'accounts');
  check(page.trouble.filter(t => !/40[139]|422/.test(t)).length === 0, 'no error in the console', page.trouble.join(' | '));

  // ---- the demo's door, on a phone and without script ----
  const phone = await browser.open({ viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
  await phone.goto(demo.base + '/sign-in?next=/compare');
  check(await phone.locator('.demo button').count() === 11, 'the demo\'s people are offered');
  await phone.locator('.demo button[value=zhoumin]').click();
  await phone.waitForURL(/\/compare/);
  check(true, 'one click, and where one was going');
  for (const scheme of ['light', 'dark']) {
    for (const [width, height] of [[1440, 900], [360, 740]]) {
      const p = await browser.open({ colorScheme: scheme, viewport: { width, height } });
      await p.goto(demo.base + '/sign-in');
      await clean(p, `the demo's door, ${scheme} ${width}`);
      await signIn(p, demo.base, 'zhoumin');
      for (const place of ['/me', '/me/tokens/new']) {
        await p.goto(demo.base + place);
        await clean(p, `${place} ${scheme} ${width}`);
      }
      await p.goto(demo.base + '/admin/roles');
      check((await p.locator('main').innerText()).includes('计划管理员'), 'who may not is told who they are');
      await clean(p, `refused ${scheme} ${width}`);
      const q = await browser.open({ colorScheme: scheme, viewport: { width, height } });
      await signIn(q, demo.base, 'demo-security');
      await q.goto(demo.base + '/admin/roles');
      await clean(q, `/admin/roles ${scheme} ${width}`);
      await p.context().close();
      await q.context().close();
    }
  }

  // ---- by a proxy that names the person: bound by one, used by the other; without script, on a phone, both colours ----
  const keeper = await browser.open();
  await signIn(keeper, vouched.base, 'demo-system');
  await keeper.goto(vouched.base + '/admin/accounts');
  await keeper.fill('#login', 'lilei');
  await keeper.fill('#name', '李磊');
  await keeper.locator('.formfoot .btn-main').click();
  await keeper.waitForSelector('.once');
  const guard = await browser.open();
  await signIn(guard, vouched.base, 'demo-security');
  await guard.goto(vouched.base + '/admin/roles');
  const mine = () => guard.locator('.accounts li', { hasText: 'lilei' });
  await mine().locator('button', { hasText: '审核通过' }).click();
  await mine().locator('[name=subject]').fill('li.lei');
  await mine().locator('button', { hasText: '绑定' }).click();
  await guard.waitForURL(/did=/);
  check(await mine().locator('[name=subject]').inputValue() === 'li.lei', 'the security administrator binds an account');
  await clean(guard, 'a bound account');
  for (const colorScheme of ['light', 'dark']) {
    const door = await browser.open({ colorScheme, viewport: { width: 360, height: 740 }, extraHTTPHeaders: { 'Remote-User': 'li.lei' } });
    await door.goto(vouched.base + '/sign-in?next=/me');
    await clean(door, 'the door with a name ' + colorScheme);
    await Promise.all([door.waitForURL(/\/me$/), door.locator('button', { hasText: '以此身份登录' }).click()]);
    check((await door.locator('main').innerText()).includes('已绑定身份 li.lei'), 'one press and the person is in ' + colorScheme);
    await clean(door, 'a bound account of one\'s own ' + colorScheme);
  }
});

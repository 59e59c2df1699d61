// One case from end to end: a parent without script fills in the public form on a phone, a clerk with nothing but the keyboard takes it in
// and passes it on, an office answers, it is approved, called back and closed; the parent reads the answer. Once on a screen, once on a phone.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, browse, check, clean, run, serve } from './kit.mjs';

const BUILD = process.env.BUILD || join(ROOT, 'build');
const server = await serve();
const browser = await browse({}, null);
const SIZES = [['1440', { viewport: { width: 1440, height: 900 } }], ['390', { viewport: { width: 390, height: 844 } }]];
const POSTS = [['zhoumin', 'hotline.agent', '办公室'], ['zhoumin', 'hotline.visitor', '办公室'], ['chenyu', 'hotline.handler', '基础教育处'], ['luohai', 'hotline.chief', '基础教育处']];
const NAMES = { zhoumin: '周敏', chenyu: '陈雨', luohai: '罗海' };

// Signed in and everything else by keys alone: the focus goes on until it is where it should be.
async function tab(page, what, most = 140) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(w => {
      const x = document.activeElement;
      const label = x.labels?.[0]?.textContent || x.textContent || '';
      return x !== document.body && !x.closest('.rail, .topbar, .tabbar') && (x.name === w || label.trim() === w || (w.endsWith('…') && label.trim().startsWith(w.slice(0, -1))));
    }, what)) return true;
  }
  check(false, 'the focus comes to ' + what, page.url());
  return false;
}
async function enter(page) {
  await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
  await page.waitForLoadState();
}
// Goes down a list of choices, or of round buttons, to the one of this name.
async function choose(page, field, label) {
  await tab(page, field);
  for (let i = 0; i < 12; i++) {
    const [is, kind] = await page.evaluate(() => { const x = document.activeElement; return [x.selectedOptions ? x.selectedOptions[0].textContent : x.labels[0].textContent, x.type]; });
    if (is.trim() === label) return kind === 'radio' ? page.keyboard.press('Space') : undefined;
    await page.keyboard.press('ArrowDown');
  }
  check(false, 'the choice ' + label + ' is reached');
}
async function write(page, field, text) {
  await tab(page, field);
  await page.keyboard.insertText(text);
}
// The act's button on the record's page, its form, sent by Enter on its button.
async function act(page, name, fill = async () => {}) {
  await tab(page, name);
  const at = page.url();
  await enter(page);
  if (page.url().includes('/acts/')) {
    await fill(page);
    await tab(page, name);
    await enter(page);
  }
  check(!page.url().includes('/acts/'), name + ' is done by keys alone', `${page.url()} ${at} ${await page.locator('.err, .note-r').allInnerTexts()}`);
}
async function person(options, who) {
  const page = await browser.open(options);
  await page.goto(server.base + '/sign-in');
  await Promise.all([page.waitForURL(u => !u.pathname.startsWith('/sign-in')), page.click(`.demo button[value="${who}"]`)]);
  return page;
}

await run(async () => {
  const made = spawnSync(join(BUILD, 'gangmu'), ['keys', 'new', '--keys', join(server.dir, 'test.db.keys'), '--compartment', 'voice'], { encoding: 'utf8' });
  check(made.status === 0, 'what the caller says of themselves has a key', made.stderr);
  const security = await person({}, 'demo-security');
  for (const [login, role, unit] of POSTS) {
    await security.goto(`${server.base}/people?q=${encodeURIComponent(NAMES[login])}`);
    await security.locator('table tbody th a', { hasText: NAMES[login] }).first().click();
    await security.locator('a', { hasText: '增加任职' }).first().click();
    await security.fill('#f-unit', unit);
    await security.selectOption('#f-role', role);
    await security.locator('main form button.btn-1, main form button[type=submit], main form button').first().click();
    await security.waitForURL(u => /\/people\/\w+$/.test(u.pathname));
  }
  for (const [size, options] of SIZES) await wholeCase(size, options);
});

async function wholeCase(size, options) {
  // ---- the parent: a phone, no script ----
  const parent = await browser.open({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  await parent.goto(server.base + '/p/hotline/ask');
  await parent.fill('[name=title]', '课后服务收费不清楚' + size);
  await parent.fill('[name=body]', '每周三天还是五天收一样的钱，想知道依据');
  await parent.fill('[name=caller_name]', '家长甲');
  await parent.locator('main form button[type=submit]:visible').first().click();
  await parent.waitForLoadState();
  const said = await parent.locator('main').innerText();
  const [number, lookup] = [/RX\d{8}-\d{4}/.exec(said)?.[0], /\b[0-9a-z]{12}\b/.exec(said)?.[0]];
  check(number && lookup, `${size}: the parent gets a number and a word without script`, said);

  // ---- the clerk: keys alone ----
  const clerk = await person(options, 'zhoumin');
  await clerk.goto(server.base + '/s/hotline/order');
  await tab(clerk, number);
  await enter(clerk);
  const order = clerk.url();
  check(/\/s\/hotline\/order\/\w{20}/.test(order), `${size}: the case is opened from the list`, order);
  await act(clerk, '受理', p => choose(p, 'class', '咨询'));
  await act(clerk, '派单', p => write(p, 'lead', '基础教育处'));
  await clean(clerk, `${size}: the clerk's page`);
  check(!(await clerk.locator('main').innerText()).includes('家长甲'), `${size}: and it does not say who asked`);

  // ---- the office, its head, the call back ----
  const handler = await person(options, 'chenyu');
  await handler.goto(order);
  await act(handler, '签收');
  await act(handler, '提交办理结果', async p => {
    await write(p, 'reply', '已核对收费公示');
    await write(p, 'public_reply', '按每课时三元计，三天和五天收费不同，依据见学校公示栏。');
  });
  const chief = await person(options, 'luohai');
  await chief.goto(order);
  await act(chief, '审核并答复');
  await clerk.goto(order);
  await act(clerk, '回访评价', async p => {
    await choose(p, 'reached', '是');
    await write(p, 'visit_note', '家长表示清楚了');
    await choose(p, 'result', '已解决');
    await choose(p, 'verdict', '满意');
  });
  check((await clerk.locator('main').innerText()).includes('已办结'), `${size}: the case is closed`);
  await clean(clerk, `${size}: the closed case`);

  // ---- the parent reads the answer ----
  await parent.goto(server.base + '/p/hotline/progress');
  await parent.fill('[name=number]', number);
  await parent.fill('[name=lookup]', lookup);
  await parent.locator('main form button[type=submit]:visible').first().click();
  await parent.waitForLoadState();
  const answer = await parent.locator('main').innerText();
  check(answer.includes('已办结') && answer.includes('每课时三元') && !answer.includes('已核对收费公示'), `${size}: the parent reads the answer, and nothing that was meant for the office`, answer);
  const trouble = [clerk, handler, chief].flatMap(p => p.trouble);
  check(trouble.length === 0, `${size}: no error in the console`, trouble.join(' | '));
  for (const p of [parent, clerk, handler, chief]) await p.context().close();
}

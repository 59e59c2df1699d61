// Forms made from a declaration, with script: rows are added and taken out in place, the key Enter sends the form and takes nothing out, a telephone's
// position is filled in when somebody asks for it, and left out again. The same form without script.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browse, check, clean, run, serve } from './kit.mjs';

const FOLDER = mkdtempSync(join(tmpdir(), 'gangmu-forms-'));
mkdirSync(join(FOLDER, 'notice'));
writeFileSync(join(FOLDER, 'notice/system.yaml'), `gangmu: 1
system: notice
label: 校园隐患随手报
version: 1
summary: 看到隐患写一下在哪里、几处，学校来查。
roles:
  office: {label: 经办处室, at: [department], sees: {matter: all}}
records:
  matter:
    label: 事项
    number: YH{yyyy}-{seq:4}
    fields:
      spot: {is: place, label: 地点, need: yes}
      what: {is: text(60), label: 事项, need: yes}
      parts:
        is: rows
        label: 问题清单
        fields:
          part:  {is: text(60), label: 部位, need: yes}
          count: {is: count(处), label: 数量}
      closed_on: {is: date, label: 办结日期}
    states:
      open: 待查
      done: {label: 已查, end: yes}
    acts:
      send:  {label: 上报, from: start, to: open, who: [public], asks: [spot, what], may: [parts]}
      close: {label: 办结, from: open, to: done, who: [office], does: [set: {closed_on: today}]}
public:
  forms:
    send: {label: 随手报, act: matter.send, identity: none, limit: {each: 20, per: day}}
privacy:
  rule: none
  why: 只记录隐患，不记录个人
  keep:
    matter: {for: 3 years, after: closed_on, then: delete}
`);
writeFileSync(join(FOLDER, 'notice/scenario.yaml'), `scenario: 报一件
system: notice
demo: yunlan
start: 2026-03-02 09:00
actors:
  li: {public: yes}
steps:
  - {as: li, form: notice/send, with: {spot: 北教学楼, what: 裂缝}}
`);
const server = await serve(['--systems', FOLDER]);
const browser = await browse();
const FORM = server.base + '/p/notice/send';
const HERE = { permissions: ['geolocation'], geolocation: { latitude: 31.230411, longitude: 121.473702 } };
const PHONE = { viewport: { width: 360, height: 780 } };
const parts = page => page.locator('.sys-row input').evaluateAll(all => all.map(x => [x.name, x.value, x.id]));

await run(async () => {
  const page = await browser.open({ ...PHONE, ...HERE });
  await page.goto(FORM);
  await clean(page, 'the form on a phone');

  // ---- rows ----
  let asked = 0;
  page.on('request', () => asked++);
  await page.fill('[name="parts.0.part"]', '东山墙');
  await page.fill('[name="parts.0.count"]', '2');
  await page.click('button[value="add:parts"]');
  check(await page.evaluate(() => document.activeElement.name) === 'parts.1.part', 'a row more, with the focus in it');
  await page.keyboard.insertText('屋面');
  await page.click('button[value="add:parts"]');
  await page.keyboard.insertText('楼梯间');
  await page.click('button[value="drop:parts:1"]');
  check(JSON.stringify(await parts(page)) === JSON.stringify([['parts.0.part', '东山墙', 'f-parts.0.part'], ['parts.0.count', '2', 'f-parts.0.count'], ['parts.1.part', '楼梯间', 'f-parts.1.part'], ['parts.1.count', '', 'f-parts.1.count']]),
    'one taken out, the others numbered again', JSON.stringify(await parts(page)));
  check(await page.locator('label[for="f-parts.1.part"]').count() === 1, 'their labels with them');
  await page.click('button[value="drop:parts:1"]');
  await page.click('button[value="drop:parts:0"]');
  check(JSON.stringify((await parts(page)).map(x => x[1])) === '["",""]' && asked === 0, 'the last one is emptied; the server was not asked', asked);

  // ---- where one is ----
  const at = page.locator('[name="spot.at"]');
  check(await at.inputValue() === '' && await page.isVisible('[data-part="find"]'), 'nothing is told before somebody asks');
  await page.click('[data-part="find"]');
  await page.waitForFunction(() => document.querySelector('[name="spot.at"]').value !== '');
  check(await at.inputValue() === '31.23041,121.47370' && await page.isVisible('[data-part="drop"]') && !await page.isVisible('[data-part="find"]'), 'filled in when it is asked for, and shown', await at.inputValue());
  await page.click('[data-part="drop"]');
  check(await at.inputValue() === '' && await page.isVisible('[data-part="find"]'), 'and left out again');
  await page.click('[data-part="find"]');
  await page.waitForFunction(() => document.querySelector('[name="spot.at"]').value !== '');

  // ---- Enter sends, and takes nothing out ----
  await page.fill('[name="parts.0.part"]', '东山墙');
  await page.focus('[name="spot"]');
  await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
  await page.waitForLoadState();
  check(await page.locator('.err').count() > 0 && await page.inputValue('[name="parts.0.part"]') === '东山墙' && await at.inputValue() === '31.23041,121.47370', 'Enter sends it; refused, everything is still there', page.url());
  await clean(page, 'the form with what is missing');
  await page.fill('[name="spot"]', '北教学楼三层');
  await page.fill('[name="what"]', '裂缝');
  await page.click('.formfoot button');
  await page.waitForLoadState();
  check(await page.locator('.err').count() === 0 && !(await page.textContent('h1')).includes('404'), 'sent', await page.locator('.err, .note-r').allInnerTexts());
  check(page.trouble.filter(t => !t.includes('422')).length === 0, 'nothing goes wrong on the way', page.trouble.join('; '));

  // ---- who says no, and who has no script ----
  const shy = await browser.open({ ...PHONE });
  await shy.goto(FORM);
  await shy.click('[data-part="find"]');
  await shy.waitForFunction(() => document.querySelector('[data-part="at"]').textContent.includes('写清地址'));
  check(await shy.locator('[name="spot.at"]').inputValue() === '', 'whoever does not give it is asked for the address alone');
  const plain = await browser.open({ ...PHONE, javaScriptEnabled: false });
  await plain.goto(FORM);
  check(!await plain.isVisible('[data-part="find"]'), 'without script the button is not there');
  await plain.fill('[name="spot"]', '操场');
  await plain.fill('[name="parts.0.part"]', '单杠');
  await plain.click('button[value="add:parts"]');
  check(await plain.inputValue('[name="parts.0.part"]') === '单杠' && await plain.inputValue('[name="parts.1.part"]') === '' && await plain.inputValue('[name="spot"]') === '操场', 'the server adds the row, with everything typed');
  await browser.close();
  await server.stop();
});

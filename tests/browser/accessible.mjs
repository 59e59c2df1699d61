// axe (A, AA, best practice) finds nothing on any page, light and dark, wide and narrow; nothing overflows sideways.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { browse, check, finish, serve } from './kit.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const server = await serve(['--demo']);
const browser = await browse({}, server);
try {
  for (const scheme of ['light', 'dark']) {
    for (const [width, height] of [[1440, 900], [390, 844]]) {
      const look = { colorScheme: scheme, viewport: { width, height }, bypassCSP: true };
      const plans = await browser.open(look);
      await plans.goto(server.base + '/plans');
      const ids = await plans.locator('table.plans tbody th a').evaluateAll(list => list.map(a => a.pathname));
      await plans.context().close();
      const [a, b] = [ids.find(Boolean), ids[1]].map(x => x.split('/').pop());
      const keeper = await browser.open(look, 'demo-system');
      const first = async list => (await (await keeper.request.get(server.base + '/api/v1/' + list)).json()).rows[0].id;
      const unit = await first('units?q=dsbx'), person = await first('people?q=xsj');
      await keeper.context().close();
      const all = {
        zhoumin: ['/plans', '/plans/new', ids[0], ids[1] + '?show=doubt', ids[1] + '?edit=document', `/compare?a=${a}&b=${b}`, '/compare', ids[0] + '/history', ids[0] + '/void', '/help', '/nowhere'],
        'demo-system': ['/units', '/units?at=2020-1-1&q=ds', '/units/' + unit, `/units/${unit}/do?act=split`, '/units/new', '/org/import?what=pupils', '/people', '/people/' + person, `/people/${person}/history`, `/people/${person}/numbers`],
        'demo-audit': ['/audit', '/audit?from=soon', '/audit/anchors', '/audit/people/' + person],
        'demo-security': ['/people/' + person, `/people/${person}/do?act=post`, '/rights/person/' + person, '/rights/record/pupil/' + person],
      };
      for (const [who, places] of Object.entries(all)) {
        const page = await browser.open(look, who);
        for (const place of places) {
          await page.goto(server.base + place);
          await page.evaluate(axe);
          const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
          const says = found.violations.map(v => `${v.id} (${v.nodes.length}) ${v.nodes[0].html.slice(0, 160)}`).join('; ');
          const name = place.replace(/[0-9a-z]{12,}/g, 'ID');
          check(found.violations.length === 0, `axe ${scheme} ${width} ${name}`, says);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          check(over <= 0, `no sideways scroll ${scheme} ${width} ${name}`, over);
        }
        await page.context().close();
      }
    }
  }
} catch (e) {
  check(false, 'the test ran to its end', e.stack);
} finally {
  await browser.close();
  await server.stop();
  finish();
}

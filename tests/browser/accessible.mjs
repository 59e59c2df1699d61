// axe (A, AA, best practice) finds nothing on any page, light and dark, wide and narrow; nothing overflows sideways.
import { browse, check, clean, run, serve } from './kit.mjs';

const server = await serve(['--demo']);
const browser = await browse({}, server);
await run(async () => {
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
        'demo-audit': ['/audit', '/audit?at_from=soon', '/audit/anchors', '/audit/people/' + person],
        'demo-security': ['/people?role=class_adviser', '/org/import', '/people/' + person, `/people/${person}/do?act=post`, '/rights/person/' + person, '/rights/record/pupil/' + person],
      };
      for (const [who, places] of Object.entries(all)) {
        const page = await browser.open(look, who);
        for (const place of places) {
          await page.goto(server.base + place);
          await clean(page, `${scheme} ${width} ${place.replace(/[0-9a-z]{12,}/g, 'ID')}`);
        }
        await page.context().close();
      }
    }
  }
});

// What the list of plans may cost a browser: bytes, requests, time to the first paint, and nothing that moves after it.
import { browse, check, run, serve } from './kit.mjs';

const BYTES = 120 << 10, REQUESTS = 7, FIRST_PAINT_MS = 1500; // bytes as sent; the paint on a busy machine
const SHIFT = 0.0005; // what Lighthouse writes as 0.000: parts of a pixel
const server = await serve(['--demo']);
const browser = await browse({}, server);
await run(async () => {
  const page = await browser.open({ viewport: { width: 412, height: 823 } });
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(e => { window.shift += e.value; })).observe({ type: 'layout-shift', buffered: true });
  });
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  let bytes = 0, requests = 0;
  wire.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; requests++; });
  await page.goto(server.base + '/plans', { waitUntil: 'load' });
  await page.waitForTimeout(1500);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  check(bytes > 1000 && bytes <= BYTES, `at most ${BYTES} bytes`, bytes);
  check(requests <= REQUESTS, `at most ${REQUESTS} requests`, requests);
  check(paint > 0 && paint <= FIRST_PAINT_MS, 'the first paint comes at once', paint);
  check(await page.evaluate(() => window.shift) < SHIFT, 'nothing moves after it', await page.evaluate(() => window.shift));
  check(page.trouble.length === 0, 'no error in the console', page.trouble.join(' | '));
  console.log(`# ${bytes} bytes, ${requests} requests, first paint ${Math.round(paint)} ms`);
});

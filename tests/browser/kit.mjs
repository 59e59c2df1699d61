// What every browser test shares: a server of its own on a free port, a page that reports every error, TAP lines.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const BUILD = process.env.BUILD || join(ROOT, 'build');
const PORT_LINE = /127\.0\.0\.1:(\d+)/;

let count = 0, failed = 0;
export function check(condition, name, found) {
  count++;
  if (condition) console.log(`ok ${count} - ${name}`);
  else { failed++; console.log(`not ok ${count} - ${name}${found === undefined ? '' : ': ' + String(found).slice(0, 300)}`); }
  return condition;
}
function finish() {
  console.log(`1..${count}`);
  process.exitCode = failed ? 1 : 0;
}

// What is started is stopped at the end of the test, whatever happened.
const running = new Set();
const pages = [];
export async function run(test) {
  try {
    await test();
  } catch (e) {
    check(false, 'the test ran to its end', e.stack);
    for (const page of pages) if (!page.isClosed()) console.log('# ' + page.url() + '\n# ' + page.trouble.join('\n# '));
  } finally {
    for (const stop of [...running].reverse()) await stop();
    finish();
  }
}

// axe (A, AA, best practice) finds nothing, and nothing sticks out sideways. What lies under the bar of a phone can be scrolled to.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export async function clean(page, name) {
  await page.evaluate(axe);
  await page.evaluate(() => { const bar = document.querySelector('.tabbar'); if (bar) bar.style.position = 'static'; });
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  check(found.violations.length === 0, 'axe finds nothing: ' + name, found.violations.map(v => `${v.id} (${v.nodes.length}) ${v.nodes[0].html.slice(0, 160)}`).join('; '));
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(over <= 0, 'no sideways scroll: ' + name, over);
}

// With the demo's people; with its plans too when '--demo' is asked for. bare: an empty database, nobody's demo.
export async function serve(args = [], { bare = false } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'gangmu-browser-'));
  if (!bare && !args.includes('--demo')) {
    const made = spawnSync(join(BUILD, 'gangmu'), ['demo', '--people', '--db', join(dir, 'test.db')], { encoding: 'utf8' });
    if (made.status) throw new Error('the people of the demo could not be made: ' + made.stderr);
    args = [...args, '--demo'];
  }
  const child = spawn(join(BUILD, 'gangmu'), ['serve', '--db', join(dir, 'test.db'), '--listen', '127.0.0.1:0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const port = await new Promise((resolve, reject) => {
    const read = data => {
      text += data;
      const m = PORT_LINE.exec(text);
      if (m && m[1] !== '0') resolve(Number(m[1]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', code => reject(new Error(`the server ended with ${code}: ${text.slice(-600)}`)));
    setTimeout(() => reject(new Error('the server did not start: ' + text.slice(-600))), 30000).unref();
  });
  const stop = () => new Promise(resolve => {
    running.delete(stop);
    child.removeAllListeners('exit');
    child.on('exit', code => { rmSync(dir, { recursive: true, force: true }); resolve(code); });
    child.kill('SIGTERM');
  });
  running.add(stop);
  return { base: `http://127.0.0.1:${port}`, stop, dir, said: () => text };
}

// Signs a page in as a person of the demo, as the button on the sign-in page does.
export async function signIn(page, base, who = 'zhoumin') {
  await page.goto(base + '/sign-in');
  await Promise.all([page.waitForURL(u => !u.pathname.startsWith('/sign-in')), page.click(`.demo button[value="${who}"]`)]);
}

// server: every page that is opened is signed in there, as `who` or as whom it names; without one nobody is.
export async function browse(options = {}, server = null, who = 'zhoumin') {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  const open = async (more = {}, as = who) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', acceptDownloads: true, ...options, ...more });
    const page = await context.newPage();
    page.trouble = [];
    pages.push(page);
    page.on('console', m => { if (m.type() === 'error') page.trouble.push(m.text()); });
    page.on('pageerror', e => page.trouble.push(String(e)));
    if (server) await signIn(page, server.base, as);
    return page;
  };
  const close = () => { running.delete(close); return browser.close(); };
  running.add(close);
  return { open, close };
}

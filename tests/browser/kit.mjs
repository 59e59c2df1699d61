// What every browser test shares: a server of its own on a free port, a page that reports every error, TAP lines.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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
export function finish() {
  console.log(`1..${count}`);
  process.exitCode = failed ? 1 : 0;
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
    child.removeAllListeners('exit');
    child.on('exit', code => { rmSync(dir, { recursive: true, force: true }); resolve(code); });
    child.kill('SIGTERM');
  });
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
    page.on('console', m => { if (m.type() === 'error') page.trouble.push(m.text()); });
    page.on('pageerror', e => page.trouble.push(String(e)));
    if (server) await signIn(page, server.base, as);
    return page;
  };
  return { open, close: () => browser.close() };
}

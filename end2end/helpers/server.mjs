// Servers of the tests' own: each on a free port, with a data folder that goes away with it.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = resolve(import.meta.dirname, '../..');
export const LESSON_ORDERS = join(ROOT, 'server/tests/data/lesson_orders.jsonl');
export const LESSON = JSON.parse(
  await readFile(join(ROOT, 'server/tests/data/lesson_orders_expected.json'), 'utf8'),
);

const BINARY = resolve(ROOT, process.env.SERVER || 'target/release/server');
const READY_WITHIN_MS = 20_000;

/**
 * Starts a server.
 *
 * `orders`: a file of orders to import first; without it the server starts on a fresh folder, that
 * is, on synthetic orders. `asOf`: the instant at which
 * its clock stands still. `empty`: leave a store without orders empty. `env`: further variables.
 */
export async function startServer({ orders, asOf, empty = false, env = {} } = {}) {
  // Run from a folder of its own, where no developer's .env lies.
  const folder = await mkdtemp(join(tmpdir(), 'dashboard-e2e-'));
  const own = { cwd: folder, env: environment({ DATA_DIR: 'data', LISTEN_ADDR: '127.0.0.1:0', ...env }) };
  const importOrders = (file) => run(own, ['import', file]);
  try {
    if (orders) await importOrders(orders);
    const args = ['serve', ...(asOf ? ['--as-of', asOf] : []), ...(empty ? ['--no-demonstration'] : [])];
    const child = spawn(BINARY, args, { ...own, stdio: ['ignore', 'pipe', 'pipe'] });
    const url = await ready(child).catch((error) => { child.kill('SIGKILL'); throw error; });
    const stop = async () => {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    };
    return { url, dataDir: join(folder, 'data'), importOrders, command: (args) => run(own, args), stop };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A server on the lesson's 500 orders, its clock standing at the instant of their figures. */
export function startLesson(options = {}) {
  return startServer({ orders: LESSON_ORDERS, asOf: LESSON.now, ...options });
}

// The developer's own stores must not become the tests' stores.
function environment(extra) {
  const own = { ...process.env };
  for (const name of Object.keys(own)) {
    if (/^(MONGODB_|REDIS_|GCS_|STORAGE_|BUSINESS_|LISTEN_|PUBLIC_|MAX_CONNECTIONS$|DATA_|RUST_LOG$)/.test(name)) delete own[name];
  }
  return { ...own, ...extra };
}

/** What the program says. */
async function run(own, args) {
  const done = await promisify(execFile)(BINARY, args, own).catch((error) => {
    throw new Error(`server ${args.join(' ')} failed: ${error.stderr || error.message}`);
  });
  return done.stdout;
}

function ready(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`the server was not ready:\n${output}`)), READY_WITHIN_MS);
    const settle = (settler, value) => { clearTimeout(timer); settler(value); };
    const read = (text) => {
      output += text;
      const address = output.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (address) settle(resolve, address[0]);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', (text) => { output += text; });
    child.on('error', (error) => settle(reject, error));
    child.on('exit', (code) => settle(reject, new Error(`the server ended with ${code}:\n${output}`)));
  });
}

// As a supervisor would end it; a server that does not heed SIGTERM in time is a failure.
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
  if (child.signalCode === 'SIGKILL') throw new Error('the server did not end within 10 s of SIGTERM');
}

// Playwright's `test` with servers of our own and an ear for everything the browser complains of.

import { test as base, expect } from '@playwright/test';
import { startGate } from './gate.mjs';
import { startBehindNginx } from './nginx.mjs';
import { startLesson, startServer } from './server.mjs';
import { startSlowMongo } from './slow_mongo.mjs';
import { missingStores, onPath, startStores } from './stores.mjs';

export { expect };

export const test = base.extend({
  /** The lesson's orders, shared by all tests of a worker that change nothing. */
  lesson: [async ({}, use) => {
    const server = await startLesson();
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],

  /** Starts servers for tests that change something; they end with the test. */
  serve: async ({}, use) => {
    const started = [];
    const start = async (server) => { started.push(await server); return started.at(-1); };
    await use({
      lesson: (options) => start(startLesson(options)),
      other: (options) => start(startServer(options)),
      stores: () => {
        const missing = missingStores();
        if (missing && process.env.CI === 'true') throw new Error(`needs ${missing}`);
        base.skip(missing !== '', `needs ${missing}: make servers`);
        return start(startStores());
      },
      behindNginx: (location, options) => {
        if (!onPath('nginx') && process.env.CI === 'true') throw new Error('needs nginx');
        base.skip(!onPath('nginx'), 'needs nginx: make nginx');
        return start(startBehindNginx(location, options));
      },
      gate: (upstream) => start(startGate(upstream)),
      slowMongo: (port) => start(startSlowMongo(port)),
    });
    // The newest first, since servers use stores; and all of them, whatever becomes of one.
    const problems = [];
    for (const server of started.reverse()) await server.stop().catch((problem) => problems.push(problem));
    if (problems.length > 0) throw problems[0];
  },

  /** Complaints that a test provokes on purpose: regular expressions. */
  allowed: async ({}, use) => use([]),

  /**
   * Fails the test for any console message, page error, failed request or foreign host. It needs
   * `serve` only to end before it: what a page asks of a server that the test has ended is no fault.
   */
  complaints: [async ({ context, allowed, javaScriptEnabled, serve: _ }, use) => {
    const heard = [];
    const plain = javaScriptEnabled === false;
    context.on('console', (message) => {
      if (plain && /was preloaded using link preload but not used/.test(message.text())) return;
      heard.push(`console ${message.type()}: ${message.text()}`);
    });
    context.on('weberror', ({ error }) => heard.push(`page error: ${error().stack ?? error()}`));
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // Leaving a page ends its event stream, the loading of its icon, and that of the page itself,
      // which it fetches each second while something is being computed.
      const left = /\/(events|favicon\.svg)?$/.test(new URL(request.url()).pathname);
      // And, where nothing waits for it, that of the WebAssembly which the page only announces.
      const announced = plain && /\/pkg\/.*\.wasm$/.test(request.url());
      if ((left || announced) && reason === 'net::ERR_ABORTED') return;
      // A browser without JavaScript does not fetch the scripts that the page names: it says "csp".
      if (plain && /\/pkg\/.*\.js$/.test(request.url()) && reason === 'csp') return;
      heard.push(`request failed: ${request.method()} ${request.url()} ${reason}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 400) heard.push(`response: ${response.status()} ${response.url()}`);
    });
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.hostname !== '127.0.0.1') {
        heard.push(`foreign host: ${url.href}`);
      }
    });
    await use(heard);
    expect(heard.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([]);
  }, { auto: true }],

  /** Whether the page renews itself. A test that compares what Refresh does has it paused. */
  live: [false, { option: true }],

  /** Opens the page; with JavaScript it is handed over once it has been brought to life. */
  open: async ({ page, live, javaScriptEnabled }, use) => use(async (server, path = '/') => {
    if (!live && javaScriptEnabled !== false) await page.addInitScript(() => localStorage.setItem('paused', '10:42'));
    await page.goto(server.url + path);
    if (javaScriptEnabled !== false) await hydrated(page);
    return page;
  }),
});

/** Waits until the WebAssembly has taken over. */
export async function hydrated(page) {
  await expect(page.locator('html[data-hydrated]')).toHaveCount(1);
}

/** Runs the same tests on the page brought to life and on the plain HTML. */
export function bothWays(define) {
  for (const script of [true, false]) {
    test.describe(script ? 'hydrated' : 'JavaScript off', () => {
      test.use({ javaScriptEnabled: script });
      define(script);
    });
  }
}

// The page renews itself, and leaves alone what somebody is using.

import { hydrated, expect, test } from '../helpers/test.mjs';
import { LOCATIONS } from '../helpers/nginx.mjs';
import { importOrders, order } from '../helpers/orders.mjs';
import { panel, status } from '../helpers/page.mjs';
import { LESSON, LESSON_ORDERS } from '../helpers/server.mjs';

test.use({ live: true });

const { orders: ORDERS } = LESSON.today.today;
// An event comes within three seconds, and the page within one more; a busy machine takes longer.
const SOON = { timeout: 30_000 };
/** Long enough for a change to arrive, if it would. */
const MEANWHILE_MS = 6_000;

function ordersToday(page) {
  return panel(page, 'Orders today').locator('.big');
}

function liveButton(page) {
  return page.getByRole('button', { name: 'Live', exact: true });
}

const one = (number) => order({ order_id: `ORD_9000${number}`, total: 10 });

/** As browsers do it for a tab behind another one: a test's pages are all seen at once. */
function hide(page, hidden) {
  return page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, hidden);
}

/** Opens one more tab, whose clock only the test moves on, and whose streams it can see. */
async function openTab(context, server) {
  const page = await context.newPage();
  await page.clock.install();
  await page.addInitScript(() => {
    window.streams = [];
    window.EventSource = class extends EventSource {
      constructor(address) {
        super(address);
        window.streams.push(this);
      }
    };
  });
  await page.goto(server.url);
  await hydrated(page);
  return page;
}

/** Hides the page until it has ended its stream. */
async function hideForLong(page) {
  const states = () => page.evaluate(() => window.streams.map((stream) => stream.readyState));
  await expect.poll(states).toEqual([1]);
  await hide(page, true);
  await page.clock.runFor(31_000);
  await expect.poll(states).toEqual([2]);
}

test('an order of another program appears by itself, moves nothing, and nobody is told', async ({ open, serve }) => {
  const server = await serve.lesson();
  const page = await open(server);
  await expect(liveButton(page)).toHaveAttribute('aria-pressed', 'true');
  await page.evaluate(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: 'layout-shift' });
    window.said = [];
    for (const node of document.querySelectorAll('[role=status], [role=alert], [aria-live]')) {
      new MutationObserver(() => window.said.push(node.textContent))
        .observe(node, { childList: true, characterData: true, subtree: true });
    }
  });
  await importOrders(server, [one(1)]);
  await expect(ordersToday(page)).toHaveText(String(ORDERS + 1), SOON);
  await expect(panel(page, 'Recent orders')).toContainText('ORD_90001');
  await expect(status(page)).toHaveText('');
  expect(await page.evaluate(() => window.said)).toEqual([]);
  expect(await page.evaluate(() => window.shift)).toBeLessThan(0.01);
});

test('a paused page stays as it is, also when it is loaded again', async ({ open, serve }) => {
  const server = await serve.lesson();
  const page = await open(server);
  await page.keyboard.press('l');
  await expect(liveButton(page)).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByText(/^paused \d\d:\d\d$/)).toBeVisible();
  await importOrders(server, [one(1)]);
  await page.waitForTimeout(MEANWHILE_MS);
  await expect(ordersToday(page)).toHaveText(String(ORDERS));
  await page.reload();
  await hydrated(page);
  await expect(liveButton(page)).toHaveAttribute('aria-pressed', 'false');
  const shown = await ordersToday(page).textContent();
  await importOrders(server, [one(2)]);
  await page.waitForTimeout(MEANWHILE_MS);
  await expect(ordersToday(page)).toHaveText(shown);
  await liveButton(page).click();
  await expect(ordersToday(page)).toHaveText(String(ORDERS + 2), SOON);
});

test('selected text stays selected, and comes up to date afterwards', async ({ open, serve }) => {
  const server = await serve.lesson();
  const page = await open(server);
  const products = panel(page, 'Recent orders');
  await products.locator('tbody code').first().evaluate((node) => getSelection().selectAllChildren(node));
  const selected = await page.evaluate(() => getSelection().toString());
  await importOrders(server, [one(1)]);
  // The other cards go on.
  await expect(ordersToday(page)).toHaveText(String(ORDERS + 1), SOON);
  expect(await page.evaluate(() => getSelection().toString())).toBe(selected);
  await expect(products).not.toContainText('ORD_90001');
  await page.evaluate(() => getSelection().removeAllRanges());
  await expect(products).toContainText('ORD_90001', SOON);
});

test('what is open stays open, and the focus where it is', async ({ open, serve }) => {
  const server = await serve.lesson();
  const page = await open(server);
  const summary = panel(page, 'Recent orders').locator('.table > summary');
  await summary.focus();
  await page.keyboard.press('Enter');
  await importOrders(server, [one(1)]);
  await expect(panel(page, 'Recent orders').locator('.table table')).toContainText('ORD_90001', SOON);
  await expect(panel(page, 'Recent orders').locator('.table table')).toBeVisible();
  await expect(summary).toBeFocused();
});

test('a hidden page ends its stream, and has the newest numbers when it is seen again', async ({ open, serve, context }) => {
  const server = await serve.lesson();
  const page = await openTab(context, server);
  await expect(liveButton(page)).toHaveAttribute('aria-pressed', 'true');
  await hideForLong(page);
  const seen = await open(server);
  await importOrders(server, [one(1)]);
  await expect(ordersToday(seen)).toHaveText(String(ORDERS + 1), SOON);
  await expect(ordersToday(page)).toHaveText(String(ORDERS));
  await hide(page, false);
  await expect(async () => {
    // Its clock stands still otherwise, and with it the pause before it loads the page.
    await page.clock.runFor(1_000);
    await expect(ordersToday(page)).toHaveText(String(ORDERS + 1), { timeout: 1_000 });
  }).toPass(SOON);
});

test('seven tabs of one browser load, and the one that is seen is live', async ({ open, serve, context }) => {
  const server = await serve.lesson();
  for (let tab = 0; tab < 6; tab++) await hideForLong(await openTab(context, server));
  const page = await open(server);
  await importOrders(server, [one(1)]);
  await expect(ordersToday(page)).toHaveText(String(ORDERS + 1), SOON);
});

test('a server that comes back has its pages back', async ({ open, serve, allowed }) => {
  allowed.push(/net::ERR_/);
  const first = await serve.lesson();
  const page = await open(first);
  await first.stop();
  await expect(page.getByText('reconnecting')).toBeVisible(SOON);
  const env = { LISTEN_ADDR: new URL(first.url).host };
  const second = await serve.other({ orders: LESSON_ORDERS, asOf: LESSON.now, env });
  await importOrders(second, [one(1)]);
  await expect(ordersToday(page)).toHaveText(String(ORDERS + 1), SOON);
  await expect(page.getByText('reconnecting')).toBeHidden(SOON);
});

test('ages are right on a computer whose clock is an hour ahead', async ({ open, lesson, page }) => {
  await page.clock.install({ time: Date.parse(LESSON.now) + 3_600_000 });
  await page.clock.resume();
  await open(lesson);
  const ages = page.getByRole('list', { name: 'Ages of the numbers' });
  await expect(ages.getByText(/^computed \d+ s ago$/)).toBeVisible(SOON);
});

for (const [how, location] of Object.entries(LOCATIONS)) {
  test(`the page renews itself behind nginx ${how}`, async ({ open, serve, allowed }) => {
    allowed.push(/^foreign host: http:\/\/dash\.lan:/, /Cross-Origin-Opener-Policy header has been ignored/);
    const server = await serve.behindNginx(location);
    const page = await open(server);
    await expect(liveButton(page)).toHaveAttribute('aria-pressed', 'true');
    await importOrders(server, [one(1)]);
    await expect(ordersToday(page)).toHaveText(String(ORDERS + 1), SOON);
  });
}

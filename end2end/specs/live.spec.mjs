// The page renews itself, and leaves alone what somebody is using.

import { hydrated, expect, test } from '../helpers/test.mjs';
import { importOrders, order } from '../helpers/orders.mjs';
import { panel, status } from '../helpers/page.mjs';
import { LESSON } from '../helpers/server.mjs';

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

test('an order of another program appears by itself, and nobody is told', async ({ open, serve }) => {
  const server = await serve.lesson();
  const page = await open(server);
  await expect(liveButton(page)).toHaveAttribute('aria-pressed', 'true');
  await page.evaluate(() => {
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

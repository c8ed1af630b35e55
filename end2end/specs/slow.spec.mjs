// MongoDB is slow, and not dead.

import { OCTOBER, archive } from '../helpers/archive.mjs';
import { importOrders, order } from '../helpers/orders.mjs';
import { metrics, panel, refreshButton, status } from '../helpers/page.mjs';
import { LESSON, LESSON_ORDERS } from '../helpers/server.mjs';
import { bothWays, expect, test } from '../helpers/test.mjs';

test.describe.configure({ timeout: 120_000 });

const LATE_MS = 3_000;
const FILLED = { timeout: 40_000 };
const PANELS = 9;

/** The cards that wait for an answer. */
function computing(page) {
  return page.locator('[data-computing]');
}

/** Waits until every card has its answer: with JavaScript it comes by itself. */
async function filled(page, script) {
  if (script) return expect(computing(page)).toHaveCount(0, FILLED);
  return expect(async () => {
    await page.reload();
    await expect(computing(page)).toHaveCount(0, { timeout: 100 });
  }).toPass(FILLED);
}

async function isNotCalledDead(page) {
  await expect(page.locator('#notice')).not.toContainText('does not answer');
  await expect(page.locator('#sources')).not.toContainText('down');
}

async function sizes(page) {
  return page.locator('section:is(.card, .figure):not(#archive)').evaluateAll((cards) => cards.map((card) => {
    const { width, height } = card.getBoundingClientRect();
    return { id: card.id, width: Math.round(width), height: Math.round(height) };
  }));
}

bothWays((script) => {
  async function started(serve) {
    const stores = await serve.stores();
    const way = await serve.slowMongo(stores.mongo.port);
    const server = await serve.lesson({ env: { ...stores.env, ...way.env } });
    return { stores, way, server };
  }

  test('a first page says since when it is being computed, and keeps its size', async ({ open, serve }) => {
    const { way, server } = await started(serve);
    way.hold();
    const page = await open(server);
    const card = panel(page, 'Top products');
    await expect(card).toContainText('computing since 10:37:21');
    await isNotCalledDead(page);
    const before = await sizes(page);
    way.release();
    await filled(page, script);
    await expect(card.locator('.mark, tbody tr').first()).toBeAttached();
    expect(await sizes(page)).toEqual(before);
  });

  test('an older answer is shown until the next one is there', async ({ open, serve }) => {
    const { stores, way, server } = await started(serve);
    const page = await open(server);
    await filled(page, script);
    const shown = await metrics(page);
    await importOrders(server, [order({ order_id: 'ORD_90001', status: 'pending', created_at: '2026-11-22 10:30:00' })]);
    way.hold();
    await stores.askRedis('FLUSHALL');
    await page.reload();
    const card = panel(page, 'Active orders');
    await expect(card.locator('.why')).toContainText('being computed since 10:37:21');
    expect(await metrics(page)).toEqual(shown);
    await isNotCalledDead(page);
    way.release();
    await filled(page, script);
    const { pending } = LESSON.active_orders;
    await expect(card.locator('.delta')).toContainText(`${pending + 1} pending`);
  });

  test('Refresh says how many panels are still being computed, and shows them when they are there', async ({ open, serve }) => {
    const { way, server } = await started(serve);
    const page = await open(server);
    await filled(page, script);
    await importOrders(server, [order({ order_id: 'ORD_90001', status: 'pending', created_at: '2026-11-22 10:30:00' })]);
    way.hold();
    await refreshButton(page).click();
    await expect(status(page)).toHaveText(`${PANELS} of ${PANELS} panels are still being computed`);
    await expect(panel(page, 'Active orders')).toContainText('being computed since');
    way.release();
    await filled(page, script);
    await expect(panel(page, 'Recent orders')).toContainText('ORD_90001');
    if (script) await expect(status(page)).toHaveText('Refreshed');
  });

  for (const slow of ['queries', 'everything']) {
    test(`with ${slow} 3 s late the page fills, and Archive works`, async ({ open, serve }) => {
      const { way, server } = await started(serve);
      way[slow](LATE_MS);
      const page = await open(server);
      await isNotCalledDead(page);
      await filled(page, script);
      await isNotCalledDead(page);
      await archive(page, script, OCTOBER.month);
      await expect(async () => {
        if (!script) await page.reload();
        const receipt = panel(page, 'Archive').locator('dl.receipt');
        await expect(receipt).toContainText(OCTOBER.object, { timeout: 500 });
        await expect(receipt).toContainText('verified', { timeout: 500 });
      }).toPass({ timeout: 80_000 });
    });
  }
});

test('the clock runs while a card is being computed', async ({ open, serve }) => {
  const stores = await serve.stores();
  const way = await serve.slowMongo(stores.mongo.port);
  // On the time of now, which goes on.
  const server = await serve.other({ orders: LESSON_ORDERS, env: { ...stores.env, ...way.env } });
  way.hold();
  const page = await open(server);
  const clock = panel(page, 'Top products').locator('[data-clock]');
  await expect.poll(async () => parseInt(await clock.textContent(), 10)).toBeGreaterThan(4);
  way.release();
  await filled(page, true);
});

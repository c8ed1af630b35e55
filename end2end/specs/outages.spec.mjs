import { importOrders, order } from '../helpers/orders.mjs';
import { about, metrics, money, panel } from '../helpers/page.mjs';
import { LESSON } from '../helpers/server.mjs';
import { bothWays, expect, test } from '../helpers/test.mjs';

test.describe.configure({ timeout: 90_000 });

const { today } = LESSON.today;

/** Loads the page again until it says so, as a person would. */
async function says(page, words) {
  await expect(async () => {
    await page.reload();
    await expect(page.locator('#notice')).toContainText(words, { timeout: 500 });
  }).toPass({ timeout: 30_000 });
}

/** The same, until it says nothing of any store. */
async function healed(page) {
  await expect(async () => {
    await page.reload();
    await expect(page.locator('#notice')).not.toContainText('does not answer', { timeout: 500 });
    await expect(page.locator('#sources .dn')).toHaveCount(0, { timeout: 500 });
    await expect(page.locator('[data-computing]')).toHaveCount(0, { timeout: 500 });
  }).toPass({ timeout: 30_000 });
}

bothWays(() => {
  test('without MongoDB the last figures stay, and the page says why', async ({ open, serve }) => {
    const stores = await serve.stores();
    const page = await open(await serve.lesson({ env: stores.env }));
    await expect(async () => {
      // A record of runs that takes longer than a page waits is not known yet.
      await page.reload();
      await expect(panel(page, 'Archive')).toContainText('Nothing has been archived yet.', { timeout: 500 });
    }).toPass({ timeout: 20_000 });
    const shown = await metrics(page);
    const away = async () => {
      // What Redis still has would hide that nobody can compute it.
      await stores.askRedis('FLUSHALL');
      await says(page, 'MongoDB does not answer. Each card shows its last known figures');
      await expect(page.locator('#sources summary')).toHaveText(/1 of 3 stores down/);
      await expect(panel(page, 'Revenue today').locator('.why')).toContainText('as of 10:37:21');
      await expect(async () => {
        await page.reload();
        await expect(panel(page, 'Archive')).toContainText('The earlier archives are not known: MongoDB does not answer.', { timeout: 500 });
      }).toPass({ timeout: 30_000 });
      expect(await metrics(page)).toEqual(shown);
    };
    stores.mongo.pause();
    await away();
    stores.mongo.goOn();
    await healed(page);
    expect(await metrics(page)).toEqual(shown);
    await stores.mongo.end();
    await away();
  });

  test('without Redis the figures are right, and the page says where they come from', async ({ open, serve }) => {
    const stores = await serve.stores();
    const server = await serve.lesson({ env: stores.env });
    const page = await open(server);
    let orders = today.orders, cents = today.revenue_cents;
    const away = async () => {
      await says(page, 'Redis does not answer. The figures come straight from MongoDB and are right.');
      await expect(page.locator('#sources summary')).toHaveText(/1 of 3 stores down/);
      await importOrders(server, [order({ order_id: `ORD_9${orders}`, total: 10 })]);
      orders += 1;
      cents += 1_000;
      // One computation serves all readers for some seconds.
      await expect(async () => {
        await page.reload();
        await expect(panel(page, 'Orders today').locator('.big')).toHaveText(String(orders), { timeout: 500 });
      }).toPass({ timeout: 20_000 });
      await expect(panel(page, 'Revenue today').locator('.big')).toHaveText(money(cents));
      await expect(about(page, 'Revenue today')).toContainText('database, ');
    };
    stores.redis.pause();
    await away();
    stores.redis.goOn();
    await healed(page);
    await stores.redis.end();
    await away();
    await stores.startRedisAgain();
    await healed(page);
    await expect(async () => {
      // The page before may still have been answered without Redis; only what is read is cached.
      await page.reload();
      const days = JSON.parse(await stores.askRedis('GET', 'dashboard:daily_order_count'));
      expect(days.at(-1).count).toBe(orders);
    }).toPass({ timeout: 10_000 });
  });
});

import { LESSON } from '../helpers/server.mjs';
import { bothWays, expect, test } from '../helpers/test.mjs';
import { importOrders, order } from '../helpers/orders.mjs';
import { money, panel, refreshButton, status } from '../helpers/page.mjs';

const NEW = [
  order({ order_id: 'ORD_90001', total: 100.1, status: 'pending' }),
  order({ order_id: 'ORD_90002', total: 200.2, status: 'shipped', created_at: '2026-11-22 10:31:00' }),
  order({ order_id: 'ORD_90003', total: 300.3, status: 'returned', created_at: '2026-11-22 10:32:00' }),
];
// The returned order counts as an order and brings no revenue.
const SENTENCE = '+3 orders, +$300.30 since 10:37:21';
const { today } = LESSON.today;

async function expectNewFigures(page) {
  await expect(panel(page, 'Revenue today').locator('.big')).toHaveText(money(today.revenue_cents + 30_030));
  await expect(panel(page, 'Orders today').locator('.big')).toHaveText(String(today.orders + 3));
  await expect(panel(page, 'Orders per day').locator('.mark').last().locator('.value')).toHaveText(String(today.orders + 3));
  await expect(panel(page, 'Active orders').locator('.delta')).toContainText('30 pending');
  await expect(panel(page, 'Active orders').locator('.delta')).toContainText('85 shipped');
  await expect(panel(page, 'Recent orders').locator('.body tbody tr').first()).toContainText('ORD_90003');
}

bothWays((script) => {
  test('says what changed, shows it, and then that nothing did', async ({ open, serve }) => {
    const server = await serve.lesson();
    const page = await open(server);
    await importOrders(server, NEW);
    await refreshButton(page).click();
    await expect(status(page)).toHaveText(SENTENCE);
    await expectNewFigures(page);
    await refreshButton(page).click();
    await expect(status(page)).toHaveText('Nothing changed since 10:37:21');
    await expectNewFigures(page);
  });

  test('reloading does not refresh again', async ({ open, serve }) => {
    const server = await serve.lesson();
    const page = await open(server);
    await importOrders(server, NEW);
    await refreshButton(page).click();
    await expect(status(page)).toHaveText(SENTENCE);
    const posts = [];
    page.on('request', (request) => { if (request.method() === 'POST') posts.push(request.url()); });
    await page.reload();
    await expectNewFigures(page);
    expect(posts).toEqual([]);
    expect(new URL(page.url()).pathname).toBe('/');
  });

  test('pressing twice does no harm', async ({ open, serve, allowed }) => {
    // Without JavaScript the second press takes the place of the first one's answer.
    if (!script) allowed.push(/request failed: POST .*\/api\/refresh net::ERR_ABORTED/);
    const server = await serve.lesson();
    const page = await open(server);
    await importOrders(server, NEW);
    await refreshButton(page).dblclick({ noWaitAfter: true });
    await expect(status(page)).toHaveText(/^(\+3 orders, \+\$300\.30|Nothing changed) since 10:37:21$/);
    await expectNewFigures(page);
  });

  if (script) {
    test('a page that was not reloaded keeps counting from what it shows', async ({ open, serve }) => {
      const server = await serve.lesson();
      const page = await open(server);
      for (const one of NEW.slice(0, 2)) {
        await importOrders(server, [one]);
        await refreshButton(page).click();
        await expect(status(page)).toHaveText(`+1 order, +${money(Math.round(one.total * 100))} since 10:37:21`);
      }
    });
  }
});

test.describe('JavaScript off', () => {
  test.use({ javaScriptEnabled: false });
  test('the form is answered with 303 back to the page', async ({ open, serve }) => {
    const page = await open(await serve.lesson());
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await refreshButton(page).click();
    const response = await answered;
    expect(new URL(response.url()).pathname).toBe('/api/refresh');
    expect(response.status()).toBe(303);
  });
});

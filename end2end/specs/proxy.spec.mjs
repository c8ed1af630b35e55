import { MONTHS, archive, earlierRuns, receiptOf } from '../helpers/archive.mjs';
import { LOCATIONS, fromAnotherMachine } from '../helpers/nginx.mjs';
import { importOrders, order } from '../helpers/orders.mjs';
import { TABLES, panel, refreshButton, status } from '../helpers/page.mjs';
import { bothWays, expect, test } from '../helpers/test.mjs';

const [OCTOBER] = MONTHS;
const NEW = [order({ order_id: 'ORD_90001', total: 100.1, status: 'pending' })];

test.beforeEach(({ allowed }) => {
  allowed.push(/^foreign host: http:\/\/dash\.lan:/);
  // Over plain http a browser ignores this header of ours, and says so.
  allowed.push(/Cross-Origin-Opener-Policy header has been ignored/);
});

/** Refreshes twice, archives, verifies, and takes each table as a file. */
async function expectEverythingWorks(page, script, server) {
  await importOrders(server, NEW);
  await refreshButton(page).click();
  await expect(status(page)).toHaveText('+1 order, +$100.10 since 10:37:21');
  await refreshButton(page).click();
  await expect(status(page)).toHaveText('Nothing changed since 10:37:21');
  await archive(page, script, OCTOBER.month);
  await receiptOf(page, script, OCTOBER.object);
  const runs = await earlierRuns(page);
  await runs.first().getByRole('button', { name: /^Verify/ }).click();
  await expect(runs.first()).toContainText('✓ intact');
  for (const [title, endpoint] of Object.entries(TABLES)) {
    const link = panel(page, title).locator('a.csv');
    // By the browser, which alone knows the host.
    const asked = await link.evaluate(async ({ href }) => ({ href, status: (await fetch(href)).status }));
    expect(asked).toEqual({ href: `${server.url}/panels/${endpoint}.csv`, status: 200 });
  }
  expect(page.url().split('#')[0]).toBe(`${server.url}/`);
}

bothWays((script) => {
  for (const [how, location] of Object.entries(LOCATIONS)) {
    test(`everything works behind nginx ${how}`, async ({ open, serve }) => {
      const server = await serve.behindNginx(location);
      await expectEverythingWorks(await open(server), script, server);
    });
  }

  test('everything works over plain http from another machine', async ({ open, serve }) => {
    const server = fromAnotherMachine(await serve.lesson());
    await expectEverythingWorks(await open(server), script, server);
  });

  test('without PUBLIC_URL a form is refused, and the page says what to set', async ({ open, serve, allowed }) => {
    allowed.push(/403/);
    const server = await serve.behindNginx(LOCATIONS['with its default proxy_pass'], { told: false });
    const page = await open(server);
    await refreshButton(page).click();
    await expect(page.getByText(/set PUBLIC_URL to its address/)).toBeVisible();
  });
});

import { LESSON } from '../helpers/server.mjs';
import { expect, test } from '../helpers/test.mjs';
import { breakTopProducts, repair } from '../helpers/failing.mjs';
import { importOrders, order } from '../helpers/orders.mjs';
import { panel, refreshButton } from '../helpers/page.mjs';

test('a panel that fails says so in its place, the others go on, and it can be tried again', async ({ open, serve }) => {
  const server = await serve.lesson();
  const page = await open(server);
  await breakTopProducts(page);
  await importOrders(server, [order({ total: 50 })]);
  await refreshButton(page).click();

  const broken = panel(page, 'Top products');
  await expect(broken).toHaveClass(/\berror\b/);
  await expect(broken).toContainText('The order store does not answer');
  const again = broken.getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible();
  await expect(page.locator('.card.error, .figure.error')).toHaveCount(1);
  await expect(panel(page, 'Orders today').locator('.big')).toHaveText(String(LESSON.today.today.orders + 1));

  await Promise.all([page.waitForResponse(`${server.url}/`), again.click()]);
  await expect(again).toBeVisible(); // still broken, still there

  await repair(page);
  await again.click();
  await expect(broken).not.toHaveClass(/\berror\b/);
  await expect(broken.locator('.body tbody tr')).toHaveCount(5);
  await expect(again).toHaveCount(0);
});

test('a server that is gone leaves the figures on the page and says so', async ({ open, serve, allowed }) => {
  allowed.push(/./); // every request fails here, and that is the point
  const server = await serve.lesson();
  const page = await open(server);
  await page.route('**/*', (route) => route.abort('connectionrefused'));
  await refreshButton(page).click();
  await expect(page.getByText(/does not answer/).first()).toBeVisible();
  await expect(panel(page, 'Archive')).toBeVisible();
  await page.unroute('**/*');
  await refreshButton(page).click();
  await expect(panel(page, 'Revenue today').locator('.big')).toHaveText('$1,622.74');
  await expect(page.locator('.card.error')).toHaveCount(0);
});

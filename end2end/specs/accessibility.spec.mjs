import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../helpers/test.mjs';
import { OCTOBER, archive, receiptOf } from '../helpers/archive.mjs';
import { importOrders, order } from '../helpers/orders.mjs';
import { panel, refreshButton } from '../helpers/page.mjs';
import { breakTopProducts } from '../helpers/failing.mjs';

/** The rules that are broken, where, and why: short enough to read in a report. */
async function violations(page) {
  const { violations: broken } = await new AxeBuilder({ page }).analyze();
  return broken.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`));
}

// axe needs scripts of its own, so the page without JavaScript is one whose scripts do not arrive.
async function openPlain(page, server) {
  await page.route(`${server.url}/`, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/<script[^]*?<\/script>|<link[^>]*preload[^>]*>/g, '');
    await route.fulfill({ response, body });
  });
  await page.goto(server.url);
  return page;
}

const THEMES = ['light', 'dark'];

for (const colorScheme of THEMES) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    for (const script of [true, false]) {
      test.describe(script ? 'hydrated' : 'no scripts', () => {
        const show = (open, page, server) => (script ? open(server) : openPlain(page, server));

        test('no violation, tables shut and open', async ({ open, page, lesson }) => {
          await show(open, page, lesson);
          expect(await violations(page)).toEqual([]);
          for (const summary of await page.locator('summary').all()) await summary.click();
          expect(await violations(page)).toEqual([]);
        });

        for (const [where, height] of [['on a phone', 640], ['at 400 % zoom', 256]]) {
          test(`no violation ${where}`, async ({ open, page, lesson }) => {
            await page.setViewportSize({ width: 320, height });
            await show(open, page, lesson);
            for (const summary of await page.locator('summary').all()) await summary.click();
            expect(await violations(page)).toEqual([]);
          });
        }

        test('no violation with the notice of demonstration data', async ({ open, page, serve }) => {
          await show(open, page, await serve.other());
          expect(await violations(page)).toEqual([]);
        });
      });
    }

    test('no violation while a panel shows its error, nor with a receipt', async ({ open, serve }) => {
      const server = await serve.lesson();
      const page = await open(server);
      await archive(page, true, OCTOBER.month);
      await receiptOf(page, true, OCTOBER.object);
      await breakTopProducts(page);
      await importOrders(server, [order({})]);
      await refreshButton(page).click();
      await expect(panel(page, 'Top products')).toHaveClass(/\berror\b/);
      expect(await violations(page)).toEqual([]);
    });

    test('no violation on the page for what is not there', async ({ page, lesson, allowed }) => {
      allowed.push(/404/);
      await page.goto(`${lesson.url}/nowhere`);
      expect(await violations(page)).toEqual([]);
    });
  });
}

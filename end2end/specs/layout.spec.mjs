import { LESSON } from '../helpers/server.mjs';
import { bothWays, expect, test } from '../helpers/test.mjs';
import { order, withFile } from '../helpers/orders.mjs';
import { panel } from '../helpers/page.mjs';

const WIDTHS = [320, 375, 768, 1280, 1920];

/** By how much the page, or a card's body, is too wide for its place. */
function tooWide(page) {
  return page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.card .body, .card .table')]
    .filter((node) => node.scrollWidth > node.clientWidth + 1)
    .map((node) => `${node.closest('section')?.querySelector('h2').textContent ?? 'page'}: ${node.scrollWidth} > ${node.clientWidth}`));
}

/** Texts of a chart that overlap each other. */
function collisions(chart) {
  return chart.evaluate((svg) => {
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().width > 0);
    return texts.flatMap((one, at) => texts.slice(at + 1).filter((other) => {
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
    }).map((other) => `${one.textContent} / ${other.textContent}`));
  });
}

// Long names, long ids and more money than any shop takes, in as many categories as fold into "other".
const LONG = Array.from({ length: 12 }, (_, at) => order({
  order_id: `ORD_${'0'.repeat(30)}${at}`,
  product_id: `PROD_${'x'.repeat(30)}${at}`,
  category: `a_category_with_a_name_that_does_not_end_${at}`,
  total: 9_999_999.99 - at,
  quantity: 1_234_567,
  status: at % 2 ? 'pending' : 'waiting_for_somebody_to_decide_what_to_do',
}));

for (const width of WIDTHS) {
  test.describe(`${width} pixels wide`, () => {
    test.use({ viewport: { width, height: 900 } });

    bothWays(() => {
      test('nothing is wider than the screen, tables shut and open', async ({ open, lesson }) => {
        const page = await open(lesson);
        expect(await tooWide(page)).toEqual([]);
        for (const summary of await page.locator('summary').all()) await summary.click();
        expect(await tooWide(page)).toEqual([]);
      });
    });

    test('no texts of a chart overlap', async ({ open, lesson }) => {
      const page = await open(lesson);
      for (const title of ['Today by hour', 'Orders per day', 'Revenue by category']) {
        expect(await collisions(panel(page, title).locator('svg.chart')), title).toEqual([]);
      }
    });

    test('long names and large amounts do not widen the page', async ({ open, serve }) => {
      await withFile(LONG, async (orders) => {
        const page = await open(await serve.other({ orders, asOf: LESSON.now }));
        const scroll = () => page.evaluate(() => document.documentElement.scrollWidth);
        expect(await scroll()).toBeLessThanOrEqual(width);
        for (const summary of await page.locator('summary').all()) await summary.click();
        expect(await scroll()).toBeLessThanOrEqual(width);
        const chart = panel(page, 'Revenue by category').locator('svg.chart');
        await expect(chart.locator('.mark')).toHaveCount(8);
        await expect(chart.locator('.mark').last()).toContainText('other');
        expect(await collisions(chart)).toEqual([]);
      });
    });
  });
}

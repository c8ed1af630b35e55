import { LESSON } from '../helpers/server.mjs';
import { bothWays, expect, hydrated, test } from '../helpers/test.mjs';
import { PANELS, about, cells, change, figures, money, panel } from '../helpers/page.mjs';

bothWays(() => {
  test('every panel is there, in order, with its title', async ({ open, lesson }) => {
    const page = await open(lesson);
    const titles = await page.locator('main section:is(.card, .figure) > h2, main section.card > header h2').allInnerTexts();
    expect(titles.map((title) => PANELS.find((panel) => title.startsWith(panel)))).toEqual(PANELS);
  });

  test('today against the same time yesterday', async ({ open, lesson }) => {
    const page = await open(lesson);
    const { today, yesterday_same_time: yesterday } = LESSON.today;
    const revenue = panel(page, 'Revenue today');
    await expect(revenue.locator('.big')).toHaveText(money(today.revenue_cents));
    await expect(revenue.locator('.delta')).toContainText(money(yesterday.revenue_cents - today.revenue_cents));
    await expect(revenue.locator('.delta')).toContainText(change(yesterday.revenue_cents, today.revenue_cents));
    const orders = panel(page, 'Orders today');
    await expect(orders.locator('.big')).toHaveText(String(today.orders));
    await expect(orders.locator('.delta .dn')).toContainText(String(yesterday.orders - today.orders));
    await expect(orders.locator('.delta')).toContainText(change(yesterday.orders, today.orders));
  });

  test('active orders', async ({ open, lesson }) => {
    const active = panel(await open(lesson), 'Active orders');
    const { pending, shipped } = LESSON.active_orders;
    await expect(active.locator('.big')).toHaveText(new RegExp(`^${pending + shipped} \\d+ pending over 24 h$`));
    await expect(active.locator('.delta')).toContainText(`${pending} pending`);
    await expect(active.locator('.delta')).toContainText(`${shipped} shipped`);
  });

  test('top products, in order', async ({ open, lesson }) => {
    const table = panel(await open(lesson), 'Top products').locator('.body table');
    const rows = await cells(table);
    expect(rows).toHaveLength(LESSON.top_products.length);
    LESSON.top_products.forEach((product, at) => {
      expect(rows[at][0]).toContain(product.product_id);
      expect(rows[at]).toContain(String(product.units));
      expect(rows[at]).toContain(money(product.revenue_cents));
    });
  });

  test('the five newest orders, newest first', async ({ open, lesson }) => {
    const recent = panel(await open(lesson), 'Recent orders').locator('.body table');
    const times = await recent.locator('tbody time').evaluateAll((all) => all.map((time) => time.dateTime));
    expect(times.map((time) => new Date(time).toISOString()))
      .toEqual(LESSON.newest_order_times.map((time) => new Date(time).toISOString()));
    await expect(recent.locator('tbody .chip')).toHaveCount(5);
  });

  test('every card says its window, when it was computed and from where', async ({ open, lesson }) => {
    const page = await open(lesson);
    for (const title of PANELS.filter((title) => title !== 'Archive')) {
      const facts = about(page, title);
      await expect(facts, title).toContainText('Computed10:37:21');
      await expect(facts, title).toContainText(/database|cache/);
    }
    for (const [title, from] of [['Revenue by category', '23 Oct 10:37'], ['Orders per day', '16 Nov 00:00']]) {
      const window = panel(page, title).locator('footer .window');
      await expect(window).toContainText(from);
      await expect(window.locator('time[datetime]').first()).toBeAttached();
    }
    await expect(page.locator('#figures-foot .window')).toContainText('22 Nov 00:00 – 10:37');
  });

  test('times and days are those of the business time zone', async ({ open, serve }) => {
    const page = await open(await serve.lesson({ env: { BUSINESS_TIMEZONE: 'America/New_York' } }));
    await expect(page.getByText('America/New_York')).toBeVisible();
    await expect(panel(page, 'Today by hour')).toContainText('Sun 22 Nov');
    const foot = page.locator('#figures-foot');
    await expect(foot.locator('.window')).toContainText('22 Nov 00:00 – 05:37');
    await expect(about(page, 'Revenue today')).toContainText('Computed05:37:21');
    await expect(foot.locator('time').first()).toHaveAttribute('datetime', '2026-11-22T00:00:00.000-05:00');
  });

  test('imported orders are not called demonstration data', async ({ open, lesson }) => {
    const page = await open(lesson);
    await expect(page.locator('#notice li:not(.due)')).toHaveCount(0);
    await expect(page.getByText('Demonstration')).toHaveCount(0);
  });

  test('a store without any configuration says that it is demonstration data', async ({ open, serve }) => {
    const page = await open(await serve.other());
    await expect(page.locator('.notices')).toContainText('Demonstration data');
    await expect(panel(page, 'Orders per day').locator('svg.chart')).toBeVisible();
  });
});

test('the HTML alone holds every figure', async ({ request, lesson }) => {
  const html = await (await request.get(lesson.url)).text();
  const wanted = [
    ...LESSON.category_revenue.map((row) => money(row.revenue_cents)),
    ...LESSON.top_products.flatMap((row) => [row.product_id, money(row.revenue_cents)]),
    money(LESSON.today.today.revenue_cents),
  ];
  expect(wanted.filter((figure) => !html.includes(figure))).toEqual([]);
});

test('hydration changes no figure and moves nothing', async ({ browser, page, lesson }) => {
  const plain = await browser.newPage({ javaScriptEnabled: false });
  await plain.goto(lesson.url);
  const before = await figures(plain);
  await plain.close();

  await page.addInitScript(() => {
    window.changes = [];
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    const seen = new MutationObserver((records) => {
      for (const record of records) {
        const node = record.target.nodeType === 1 ? record.target : record.target.parentElement;
        const words = [...record.addedNodes, ...record.removedNodes].some((one) => one.textContent.trim());
        if (node?.closest('.card .body, .figure') && !node.closest('time') && (record.type === 'characterData' || words)) {
          window.changes.push(node.outerHTML.slice(0, 200));
        }
      }
    });
    document.addEventListener('DOMContentLoaded', () => {
      seen.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  });
  await page.goto(lesson.url);
  await hydrated(page);
  await page.waitForTimeout(500); // what would still come, comes now
  expect(await page.evaluate(() => window.changes)).toEqual([]);
  expect(await page.evaluate(() => window.shift)).toBeLessThan(0.01);
  expect(await figures(page)).toEqual(before);
});

import { LESSON } from '../helpers/server.mjs';
import { bothWays, expect, test } from '../helpers/test.mjs';
import { TABLES, cells, money, panel, parseCsv } from '../helpers/page.mjs';

const number = (text) => Number(text.replace(/[$,]/g, '').replace('−', '-'));

bothWays((script) => {
  test('orders per day: bars from zero, as high as their numbers', async ({ open, lesson }) => {
    const chart = panel(await open(lesson), 'Orders per day').locator('svg.chart');
    const ticks = (await chart.locator('> .tick, > g:not(.mark) .tick').allTextContents()).map(number);
    expect(ticks[0]).toBe(0);
    expect(new Set(ticks.slice(1).map((tick, at) => tick - ticks[at])).size).toBe(1);

    const bars = await chart.locator('.mark').evaluateAll((marks) => marks.map((mark) => {
      const bar = mark.querySelector('rect');
      const [y, height] = ['y', 'height'].map((name) => Number(bar.getAttribute(name)));
      return { value: Number(mark.querySelector('.value').textContent), height, foot: y + height };
    }));
    expect(bars.map((bar) => bar.value)).toEqual(LESSON.daily_orders.map((day) => day.orders));
    const axis = Number(await chart.locator('.axis').first().getAttribute('y1'));
    const scale = bars[0].height / bars[0].value;
    for (const bar of bars) {
      expect(Math.abs(bar.foot - axis)).toBeLessThan(0.6);
      expect(Math.abs(bar.height - bar.value * scale)).toBeLessThan(0.6);
    }
    await expect(chart.locator('.mark').last().locator('rect[fill^="url("]')).toHaveCount(1);
    await expect(chart.locator('.mark').last()).toContainText('Today');
  });

  test('revenue by category: bars as long as their amounts, amounts in words', async ({ open, lesson }) => {
    const chart = panel(await open(lesson), 'Revenue by category').locator('svg.chart');
    const marks = await chart.locator('.mark').evaluateAll((all) => all.map((mark) => ({
      title: mark.querySelector('title').textContent,
      label: mark.querySelector('.label').textContent,
      value: mark.querySelector('.value').textContent,
      width: parseFloat(mark.querySelector('.bar').getAttribute('width')),
    })));
    const rows = LESSON.category_revenue;
    expect(marks.map((mark) => mark.label)).toEqual(rows.map((row) => row.category));
    expect(marks.map((mark) => mark.value)).toEqual(rows.map((row) => money(row.revenue_cents)));
    rows.forEach((row, at) => {
      expect(marks[at].title).toContain(row.category);
      expect(marks[at].title).toContain(`${row.orders} orders`);
      expect(Math.abs(marks[at].width - (100 * row.revenue_cents) / rows[0].revenue_cents)).toBeLessThan(0.1);
    });
  });

  test('charts are named and described for people who do not see them', async ({ open, lesson }) => {
    const page = await open(lesson);
    for (const [title, words] of [['Orders per day', /7/], ['Revenue by category', /\$50,117\.73/]]) {
      const chart = panel(page, title).locator('svg.chart');
      await expect(chart).toHaveAttribute('role', 'img');
      const ids = (await chart.getAttribute('aria-labelledby')).split(' ');
      await expect(page.locator(`title#${ids[0]}`)).toHaveText(title);
      await expect(page.locator(`desc#${ids[1]}`)).toHaveText(words);
    }
  });

  for (const [title, endpoint] of Object.entries(TABLES)) {
    test(`${title}: chart, table and CSV agree`, async ({ open, lesson, request, page, allowed }) => {
      await open(lesson);
      const card = panel(page, title);
      await card.locator('.table > summary').click();
      const table = card.locator('.table table');
      await expect(table).toBeVisible();
      const rows = await cells(table);

      const link = card.getByRole('link', { name: /CSV/ });
      await expect(link).toHaveAttribute('href', `/panels/${endpoint}.csv`);
      const response = await request.get(`${lesson.url}/panels/${endpoint}.csv`);
      expect(response.headers()['content-type']).toMatch(/^text\/csv/);
      const [header, ...lines] = parseCsv(await response.text());
      expect(lines).toHaveLength(rows.length);
      for (const line of lines) expect(line).toHaveLength(header.length);
      // Every number of the table stands in the same line of the file, without its decoration.
      rows.forEach((row, at) => {
        const inFile = lines[at].map((cell) => (Number.isNaN(number(cell)) ? cell : number(cell)));
        for (const cell of row.filter((text) => /^[$−\d,.]+$/.test(text))) expect(inFile).toContain(number(cell));
      });

      if (!script) return;
      allowed.push(/request failed: GET .*\.csv net::ERR_ABORTED/); // a download is no page
      const download = page.waitForEvent('download');
      await link.click();
      expect((await download).suggestedFilename()).toMatch(/\.csv$/);
    });
  }

  test('the tables hold the expected figures', async ({ open, lesson }) => {
    const page = await open(lesson);
    const table = (title) => cells(panel(page, title).locator('.table table'));
    const categories = await table('Revenue by category');
    LESSON.category_revenue.forEach((row, at) => {
      expect(categories[at][0]).toBe(row.category);
      expect(categories[at]).toContain(money(row.revenue_cents));
      expect(categories[at]).toContain(String(row.orders));
    });
    const days = await table('Orders per day');
    expect(days.map((row) => number(row[1]))).toEqual(LESSON.daily_orders.map((day) => day.orders));
  });
});

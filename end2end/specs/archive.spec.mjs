import { readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LESSON } from '../helpers/server.mjs';
import { bothWays, expect, test } from '../helpers/test.mjs';
import { MONTHS, archive, earlierRuns, receiptOf } from '../helpers/archive.mjs';
import { crc32c } from '../helpers/orders.mjs';
import { panel } from '../helpers/page.mjs';

bothWays((script) => {
  for (const { month, name, object } of MONTHS) {
    test(`${name} is archived to the order, with a receipt`, async ({ open, serve }) => {
      const server = await serve.lesson();
      const page = await open(server);
      await archive(page, script, month);
      const receipt = await receiptOf(page, script, object);

      const content = await readFile(join(server.dataDir, 'archive', object));
      const orders = content.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
      expect(orders).toHaveLength(LESSON.months[month]);
      expect(orders.filter((order) => !order.created_at.startsWith(month))).toEqual([]);
      expect(orders.filter((order) => '_id' in order)).toEqual([]);
      expect(new Set(orders.map((order) => order.order_id)).size).toBe(orders.length);

      await expect(receipt).toContainText(`Orders${orders.length}`);
      await expect(receipt).toContainText(`${content.length.toLocaleString('en-US')} bytes`);
      await expect(receipt).toContainText(crc32c(content));

      const info = JSON.parse(await readFile(join(server.dataDir, 'archive/shopstream/metadata/run_info.json')));
      expect(info.orders_exported).toBe(orders.length);
      expect(info.date).toMatch(/^2026-\d\d-\d\d$/);

      const run = (await earlierRuns(page)).first();
      await expect(run).toContainText(name);
      await expect(run).toContainText(String(orders.length));
      await expect(run).toContainText('verified');
    });
  }

  test('pressing twice archives once more or joins, and is right either way', async ({ open, serve, allowed }) => {
    // Without JavaScript the second press takes the place of the first one's answer.
    if (!script) allowed.push(/request failed: POST .*\/api\/archive_start net::ERR_ABORTED/);
    const server = await serve.lesson();
    const page = await open(server);
    await archive(page, script, '2026-10', (button) => button.dblclick({ noWaitAfter: true }));
    const { object } = MONTHS[0];
    await receiptOf(page, script, object);
    const content = await readFile(join(server.dataDir, 'archive', object), 'utf8');
    expect(content.trimEnd().split('\n')).toHaveLength(LESSON.months['2026-10']);
  });

  test('runs are still known after the page was reloaded', async ({ open, serve }) => {
    const page = await open(await serve.lesson());
    for (const { month, object } of MONTHS) {
      await archive(page, script, month);
      await receiptOf(page, script, object);
    }
    await page.reload();
    const runs = await earlierRuns(page);
    await expect(runs).toHaveCount(2);
    await expect(runs.nth(0)).toContainText('November 2026');
    await expect(runs.nth(1)).toContainText('October 2026');
  });
});

test('the end of a run is announced once, in a sentence', async ({ open, serve }) => {
  const page = await open(await serve.lesson());
  await archive(page, true, '2026-10');
  const said = panel(page, 'Archive').getByRole('status').first();
  await expect(said).toHaveText(`October 2026 is archived: ${LESSON.months['2026-10']} orders, verified`);
});

test('an archive card that failed comes back with its buttons by "Try again"', async ({ open, page, serve }) => {
  const server = await serve.lesson();
  // Once, the page arrives as the server renders it where the archive does not answer.
  let broken = true;
  await page.route(`${server.url}/`, async (route) => {
    const response = await route.fetch();
    let body = await response.text();
    if (broken) {
      body = body.replace(/(id="archive-content"[^>]*>)[^]*?<\/div>(?=<p id="archive-said")/, '$1<div class="body">'
        + '<form method="get" action="/" data-reload=""><button>Try again</button></form></div></div>');
    }
    await route.fulfill({ response, body });
  });
  await open(server);
  const card = panel(page, 'Archive');
  await expect(card.locator('.months')).toHaveCount(0);
  broken = false;
  await card.getByRole('button', { name: 'Try again' }).click();
  await expect(card.locator('.months li')).toHaveCount(2);
  await archive(page, true, '2026-10');
  await receiptOf(page, true, MONTHS[0].object);
});

test('only months that the store still holds are offered, the running one first', async ({ open, lesson }) => {
  const months = panel(await open(lesson), 'Archive').locator('input[name=month]');
  expect(await months.evaluateAll((all) => all.map((one) => one.value))).toEqual(['2026-11', '2026-10']);
});

const RESULTS = [
  { what: 'untouched', damage: () => {}, says: /^✓ intact on 22 Nov 10:37: /, safe: true },
  { what: 'changed', damage: async (file) => writeFile(file, (await readFile(file, 'utf8')).replace('footwear', 'footwarE')), says: /^✗ changed /, result: '✗ changed on 22 Nov 2026 10:37' },
  { what: 'cut short', damage: (file) => truncate(file, 1_000), says: /^✗ truncated /, result: '✗ truncated on 22 Nov 2026 10:37' },
  { what: 'deleted', damage: (file) => rm(file), says: /^✗ missing /, result: '✗ missing on 22 Nov 2026 10:37' },
];

bothWays((script) => {
  for (const { what, damage, says, safe = false, result = '✓ verified' } of RESULTS) {
    test(`"verify again" says in words that an archive is ${what}`, async ({ open, serve }) => {
      const server = await serve.lesson();
      const page = await open(server);
      await archive(page, script, '2026-10');
      const { object } = MONTHS[0];
      const receipt = await receiptOf(page, script, object);
      const runs = join(server.dataDir, 'archive/shopstream/orders/runs');
      const [own] = await readdir(runs);
      await damage(join(runs, own));
      const renewed = page.waitForResponse((response) => new URL(response.url()).pathname === '/');
      await receipt.getByRole('button', { name: 'Verify again' }).click();
      await expect(receipt.locator('[data-checked]')).toHaveText(says);
      await expect((await earlierRuns(page)).locator('[data-checked]')).toHaveText(says);
      await renewed;
      if (script) {
        await expect(page.locator('#said')).toHaveText(says);
        await expect(receipt.getByRole('button', { name: 'Verify again' })).toBeFocused();
        // What was found stays while the page is renewed.
        await page.keyboard.press('r');
        await expect(page.getByRole('status').first()).toHaveText(/since 10:37:21$/);
        await expect(receipt.locator('[data-checked]')).toHaveText(says);
      } else {
        expect(new URL(page.url()).hash).toBe('#archive');
        await page.reload();
        await expect(page.locator('[data-checked]').first()).toBeEmpty();
      }
      await expect(async () => {
        // A guard that takes longer than a page waits is on the next page.
        await page.reload();
        const october = panel(page, 'Archive').locator('.months li').filter({ hasText: 'October 2026' });
        await expect(october).toContainText(safe ? 'archived, verified' : 'not archived', { timeout: 500 });
        await expect(page.locator('#notice')).toBeVisible({ visible: !safe, timeout: 500 });
        await expect(receipt).toContainText(result, { timeout: 500 });
      }).toPass();
    });
  }

  test('an earlier run is verified beside its own row', async ({ open, serve }) => {
    const page = await open(await serve.lesson());
    for (const { month, object } of MONTHS) {
      await archive(page, script, month);
      await receiptOf(page, script, object);
    }
    const rows = await earlierRuns(page);
    await rows.nth(1).getByRole('button', { name: 'Verify again October 2026, to 1 Nov 00:00, run 10:37:21' }).click();
    await expect(rows.nth(1).locator('[data-checked]')).toHaveText(/^✓ intact/);
    await expect(rows.nth(0).locator('[data-checked]')).toBeEmpty();
    const november = panel(page, 'Archive').locator('dl.receipt').filter({ hasText: MONTHS[1].object });
    await expect(november.locator('[data-checked]')).toBeEmpty();
  });

  test('a month about to be lost is a warning, until it is archived', async ({ open, serve }) => {
    const page = await open(await serve.lesson());
    const notice = page.locator('#notice');
    const month = panel(page, 'Archive').locator('.months li').filter({ hasText: 'October 2026' });
    await expect(notice).toContainText('October 2026 is not archived');
    await expect(month.locator('.warn use')).toHaveAttribute('href', '#i-warning');
    await archive(page, script, '2026-10');
    await receiptOf(page, script, MONTHS[0].object);
    await expect(month).toContainText('archived, verified');
    await expect(notice).toBeHidden();
  });

  test('copying is offered to those alone who can', async ({ open, serve }) => {
    const page = await open(await serve.lesson());
    await archive(page, script, '2026-10');
    const receipt = await receiptOf(page, script, MONTHS[0].object);
    await expect(receipt.getByRole('button', { name: /^Copy/ })).toHaveCount(script ? 10 : 0);
  });
});

test('every figure of the receipt is copied as programs read it, and that is said', async ({ open, context, serve }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const server = await serve.lesson();
  const page = await open(server);
  await archive(page, true, '2026-10');
  const { object } = MONTHS[0];
  const receipt = await receiptOf(page, true, object);
  const content = await readFile(join(server.dataDir, 'archive', object));
  for (const [name, value] of [
    ['Orders', String(LESSON.months['2026-10'])], ['Size', String(content.length)], ['CRC32C', crc32c(content)],
    ['Object', object], ['Window', '2026-10-01T00:00:00.000+00:00/2026-11-01T00:00:00.000+00:00'],
  ]) {
    await receipt.getByRole('button', { name: `Copy ${name}` }).click();
    await expect(page.locator('#said')).toHaveText(`${name} copied`);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(value);
  }
});

test('a figure is selected where the clipboard is refused', async ({ open, page, serve }) => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));
  });
  const server = await serve.lesson();
  await open(server);
  await archive(page, true, '2026-10');
  const { object } = MONTHS[0];
  const receipt = await receiptOf(page, true, object);
  await receipt.getByRole('button', { name: 'Copy Object' }).click();
  await expect(page.locator('#said')).toHaveText('Object could not be copied; it is selected instead');
  expect(await page.evaluate(() => getSelection().toString())).toBe(object);
});

test('synthetic orders raise no alarm', async ({ open, serve }) => {
  const page = await open(await serve.other());
  await expect(page.locator('#notice')).toContainText('Demonstration data.');
  await expect(page.locator('#archive .warn, #notice .due')).toHaveCount(0);
});

for (const width of [320, 375, 1280]) {
  test(`receipt and runs fit a screen of ${width} pixels`, async ({ open, page, serve }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(await serve.lesson());
    await archive(page, true, '2026-10');
    const receipt = await receiptOf(page, true, MONTHS[0].object);
    await receipt.getByRole('button', { name: 'Verify again' }).click();
    await expect(receipt.locator('[data-checked]')).toHaveText(/^✓ intact/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await earlierRuns(page);
    const table = panel(page, 'Archive').locator('#archive-content > .body');
    expect(await table.evaluate((node) => node.scrollWidth - node.clientWidth)).toBeLessThanOrEqual(1);
  });
}

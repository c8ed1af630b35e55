import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MONTHS, NOVEMBER, OCTOBER, archive, receiptOf } from '../helpers/archive.mjs';
import { crc32c, importOrders, order } from '../helpers/orders.mjs';
import { about, metrics, panel, refreshButton, status } from '../helpers/page.mjs';
import { LESSON } from '../helpers/server.mjs';
import { bothWays, expect, test } from '../helpers/test.mjs';

const RUN_INFO = 'shopstream/metadata/run_info.json';

// Three servers start first, one of them in Java.
test.describe.configure({ timeout: 90_000 });

bothWays((script) => {
  test('the whole dashboard on MongoDB, Redis and Cloud Storage', async ({ open, page, lesson, serve }) => {
    const stores = await serve.stores();
    const server = await serve.lesson({ env: stores.env });
    await open(lesson);
    const expected = await metrics(page);

    await test.step('the page shows what it shows on SQLite', async () => {
      // MongoDB's first answers may take longer than a page waits.
      await expect(async () => {
        await open(server);
        expect(await page.locator('[data-computing]').count()).toBe(0);
      }).toPass();
      expect(await metrics(page)).toEqual(expected);
      for (const name of ['MongoDB', 'Redis', 'Cloud Storage']) await expect(page.locator('#sources')).toContainText(name);
      const rows = JSON.parse(await stores.askRedis('GET', 'dashboard:category_revenue'));
      expect(rows.map(({ _id, revenue, orders }) => [_id, Math.round(revenue * 100), orders]))
        .toEqual(LESSON.category_revenue.map((row) => [row.category, row.revenue_cents, row.orders]));
      await page.reload();
      await expect(about(page, 'Revenue by category')).toContainText('cache, ');
      expect(await metrics(page)).toEqual(expected);
    });

    await test.step('Refresh says what another program has changed', async () => {
      await importOrders(server, [order({ total: 50 })]);
      await refreshButton(page).click();
      await expect(status(page)).toHaveText('+1 order, +$50.00 since 10:37:21');
      await expect(panel(page, 'Orders today').locator('.big')).toHaveText(String(LESSON.today.today.orders + 1));
      // A slow cache is written after the page is there.
      const newest = async () => JSON.parse(await stores.askRedis('GET', 'dashboard:daily_order_count')).at(-1);
      await expect.poll(newest).toEqual({ _id: '2026-11-22', count: LESSON.today.today.orders + 1 });
    });

    const archived = {};
    await test.step('an archive is in the bucket, to the order', async () => {
      for (const { month, object } of MONTHS) {
        await archive(page, script, month);
        const receipt = await receiptOf(page, script, object);
        const content = archived[month] = await stores.bucket.read(object);
        const orders = LESSON.months[month] + (month === NOVEMBER.month ? 1 : 0);
        const lines = content.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
        expect(lines).toHaveLength(orders);
        expect(lines.filter((line) => !line.created_at.startsWith(month) || '_id' in line)).toEqual([]);
        await expect(receipt).toContainText(`Orders${orders}`);
        await expect(receipt).toContainText(`${content.length.toLocaleString('en-US')} bytes`);
        await expect(receipt).toContainText(crc32c(content));
        const info = JSON.parse(await stores.bucket.read(RUN_INFO));
        expect([info.orders_exported, info.date]).toEqual([orders, object.match(/\d{4}\/\d\d\/\d\d/)[0].replaceAll('/', '-')]);
        const manifest = JSON.parse(await stores.bucket.read(`shopstream/metadata/runs/${info.run_id}.json`));
        expect([manifest.state, manifest.crc32c]).toEqual(['succeeded', crc32c(content)]);
        const own = await stores.bucket.metadata(manifest.stored_as);
        await expect(receipt).toContainText(`gs://${stores.bucket.name}/${manifest.stored_as}`);
        await expect(receipt).toContainText(`Generation${own.generation}`);
      }
      const names = (await stores.bucket.names()).filter((name) => !name.includes('/runs/'));
      expect(names).toEqual([RUN_INFO, OCTOBER.object, NOVEMBER.object]);
    });

    await test.step('"verify again" reads it back', async () => {
      const receipt = await receiptOf(page, script, NOVEMBER.object);
      await receipt.getByRole('button', { name: 'Verify again' }).click();
      await expect(receipt.locator('[data-checked]')).toHaveText(/^✓ intact on 22 Nov 10:37: /);
    });

    await test.step('what is restored from it is the same shop', async () => {
      const shown = await metrics(page);
      const folder = await mkdtemp(join(tmpdir(), 'dashboard-restore-'));
      try {
        const file = join(folder, 'orders.jsonl');
        await writeFile(file, Buffer.concat(Object.values(archived)));
        const restored = await serve.lesson({ orders: file });
        await open(restored);
        expect(await metrics(page)).toEqual(shown);
        const run = JSON.parse(await restored.command(['archive', '--month', OCTOBER.month, '--json']));
        expect([run.orders, run.crc32c]).toEqual([LESSON.months[OCTOBER.month], crc32c(archived[OCTOBER.month])]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
});

test('"verify again" says in words what has become of an object', async ({ open, serve }) => {
  const stores = await serve.stores();
  const page = await open(await serve.lesson({ env: stores.env }));
  await archive(page, true, OCTOBER.month);
  const receipt = await receiptOf(page, true, OCTOBER.object);
  const { stored_as: own } = JSON.parse(await stores.bucket.read(RUN_INFO));
  const content = await stores.bucket.read(own);
  for (const [written, says] of [
    [content.toString().replace('footwear', 'footwarE'), /^✗ changed .*, CRC32C .* instead of .*, CRC32C /],
    [content.subarray(0, 1_000), /^✗ truncated .*, 1,000 bytes, .* instead of /],
    [content, /^✓ intact /],
  ]) {
    await stores.bucket.write(own, written);
    await receipt.getByRole('button', { name: 'Verify again' }).click();
    await expect(receipt.locator('[data-checked]')).toHaveText(says);
  }
});

test('each step of an archive can be seen', async ({ open, serve }) => {
  const stores = await serve.stores();
  const gate = await serve.gate(stores.env.STORAGE_EMULATOR_HOST);
  const page = await open(await serve.lesson({ env: { ...stores.env, STORAGE_EMULATOR_HOST: gate.url } }));
  const upload = gate.hold(({ method, url }) => method === 'POST' && url.includes('/upload/'));
  const back = gate.hold(({ method, url }) => method === 'GET' && url.includes('alt=media'));
  await archive(page, true, OCTOBER.month);
  await upload.arrived;
  const latest = panel(page, 'Archive').locator('.months li').filter({ hasText: 'October 2026' });
  const all = LESSON.months[OCTOBER.month];
  await expect(latest.getByRole('progressbar')).toHaveAccessibleName(`Orders written: ${all} of about ${all}`);
  await expect(latest).toContainText(new RegExp(`October 2026 · writing · ${all} of about ${all} orders · \\d+\\.\\d kB`));

  upload.release();
  await back.arrived;
  await expect(latest).toContainText(`October 2026 · reading back what was stored · ${all} orders`);
  await expect(latest.locator('dl.receipt')).toHaveCount(0);
  back.release();
  const receipt = await receiptOf(page, true, OCTOBER.object);
  await expect(receipt).toContainText(`Orders${all}`);
  const said = panel(page, 'Archive').getByRole('status').first();
  await expect(said).toHaveText(`October 2026 is archived: ${all} orders, verified`);
});

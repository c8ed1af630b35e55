import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../helpers/server.mjs';
import { expect, test } from '../helpers/test.mjs';
import { OCTOBER, archive, receiptOf } from '../helpers/archive.mjs';
import { panel } from '../helpers/page.mjs';

const RESULTS = join(ROOT, 'end2end/results');
const PICTURES = join(ROOT, 'end2end/pictures');

const VIEWS = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 375, height: 800 } },
];

// To look at after a run. With KEEP_PICTURES=1 they become the pictures that the README shows.
for (const { name, ...view } of VIEWS) {
  test.describe(name, () => {
    test.use(view);

    test('picture', async ({ open, serve }) => {
      const page = await open(await serve.lesson());
      const card = panel(page, 'Archive');
      await archive(page, true, OCTOBER.month);
      const receipt = await receiptOf(page, true, OCTOBER.object);
      // The folder of a test is nobody's business; the picture shows what a first run would.
      await card.locator('h2 .quiet').evaluate((sub) => { sub.textContent = 'by month, to data/archive'; });
      await receipt.locator('dt:text-is("Location") + dd .figure').evaluate((figure) => {
        figure.textContent = figure.textContent.replace(/^.*(?=data\/archive)/, '');
      });
      await page.evaluate(() => scrollTo(0, 0));
      const path = join(RESULTS, `${name}.png`);
      await page.screenshot({ path, fullPage: true });
      expect((await stat(path)).size).toBeLessThan(400_000);
      if (process.env.KEEP_PICTURES !== '1') return;
      await mkdir(PICTURES, { recursive: true });
      await copyFile(path, join(PICTURES, `${name}.png`));
    });
  });
}

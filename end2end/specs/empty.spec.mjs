import { LESSON } from '../helpers/server.mjs';
import { bothWays, expect, test } from '../helpers/test.mjs';
import { panel, refreshButton, status } from '../helpers/page.mjs';

bothWays(() => {
  test('no orders at all is said in sentences, not drawn as empty charts', async ({ open, serve }) => {
    const page = await open(await serve.other({ empty: true, asOf: LESSON.now }));
    await expect(page.locator('svg.chart .mark')).toHaveCount(0);
    await expect(page.locator('.card.error')).toHaveCount(0);
    for (const title of ['Today by hour', 'Orders per day', 'Revenue by category', 'Top products', 'Recent orders']) {
      await expect(panel(page, title).locator('.body .empty'), title).toHaveText(/^(No|Nothing|There are no) .*\.$/);
    }
    await expect(panel(page, 'Revenue today').locator('.big')).toHaveText('$0.00');
    await expect(panel(page, 'Orders today').locator('.big')).toHaveText('0');
    await expect(panel(page, 'Active orders').locator('.big')).toHaveText('0');
    await expect(page.locator('body')).not.toContainText(/NaN|Infinity|undefined|∞/);
    // Nothing is there that could be called demonstration data.
    await expect(page.locator('#notice li')).toHaveCount(0);
    await refreshButton(page).click();
    await expect(status(page)).toHaveText('Nothing changed since 10:37:21');
  });
});

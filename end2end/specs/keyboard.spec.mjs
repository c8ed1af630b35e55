import { bothWays, expect, test } from '../helpers/test.mjs';
import { archiveButton } from '../helpers/archive.mjs';
import { TABLES, panel, refreshButton, status } from '../helpers/page.mjs';

/** What has the focus: its role in words, and whether one can see that it has. */
function focused(page) {
  return page.evaluate(() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    const card = node.closest('section')?.querySelector('h2').firstChild.textContent.trim();
    return {
      name: `${card ? `${card}: ` : ''}${(node.name || node.innerText || node.ariaLabel || '').replace(/\s+/g, ' ').trim()}`,
      outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      inView: box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth && box.left >= 0,
      large: Math.min(box.width, box.height) >= 24 || getComputedStyle(node).display === 'inline',
    };
  });
}

async function tabThrough(page) {
  const stops = [];
  for (let presses = 0; presses < 90; presses++) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (!stop) break;
    stops.push(stop);
  }
  return stops;
}

bothWays((script) => {
  test('Tab reaches everything, in reading order, and one sees where it is', async ({ open, lesson }) => {
    const page = await open(lesson);
    const stops = await tabThrough(page);
    const names = stops.map((stop) => stop.name);
    expect(names[0]).toMatch(/^Skip to/);
    const wanted = [
      /^Refresh$/,
      ...Object.keys(TABLES).flatMap((title) => [new RegExp(`^${title}: Table`), new RegExp(`^${title}: CSV`)]),
      /^Archive: Archive November 2026$/, /^Archive: Archive October 2026$/,
    ];
    const places = wanted.map((pattern) => names.findIndex((name) => pattern.test(name)));
    expect(places.filter((place) => place < 0), `of ${names.join(' | ')}`).toEqual([]);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (const stop of stops) expect(stop).toMatchObject({ outlined: true, inView: true, large: true });
  });

  test('the skip link leads to the numbers', async ({ open, lesson }) => {
    const page = await open(lesson);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#main$/);
    await page.keyboard.press('Tab');
    expect((await focused(page)).name).toBe('Table of the four figures');
  });

  test('Enter and Space open tables and press buttons', async ({ open, serve }) => {
    const page = await open(await serve.lesson());
    const card = panel(page, 'Orders per day');
    await card.locator('.table > summary').focus();
    await page.keyboard.press('Enter');
    await expect(card.locator('.table table')).toBeVisible();
    await page.keyboard.press('Space');
    await expect(card.locator('.table table')).toBeHidden();
    await refreshButton(page).focus();
    await page.keyboard.press('Enter');
    await expect(status(page)).toHaveText('Nothing changed since 10:37:21');
    await archiveButton(page, 'October 2026').focus();
    const loaded = script ? null : page.waitForEvent('load');
    await page.keyboard.press('Space');
    await loaded;
    await expect(async () => {
      if (!script) await page.reload();
      await expect(panel(page, 'Archive').locator('dl.receipt')).toContainText('verified', { timeout: 1_000 });
    }).toPass();
  });
});

test('a refresh leaves open what is open, and the focus where it is', async ({ open, serve }) => {
  const page = await open(await serve.lesson());
  const card = panel(page, 'Top products');
  await card.locator('.table > summary').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('r');
  await expect(status(page)).toHaveText('Nothing changed since 10:37:21');
  await expect(card.locator('.table table')).toBeVisible();
  await expect(card.locator('.table > summary')).toBeFocused();
});

test('r refreshes, but not while something is being typed or chosen', async ({ open, serve }) => {
  const page = await open(await serve.lesson());
  const refreshes = [];
  page.on('request', (request) => { if (request.url().endsWith('/api/refresh')) refreshes.push(request); });
  await page.evaluate(() => document.body.append(document.createElement('textarea')));
  await page.locator('textarea').focus();
  await page.keyboard.press('r');
  await page.evaluate(() => document.activeElement.blur());
  for (const chord of ['Control+r', 'Alt+r', 'Meta+r', 'Shift+R']) {
    // The browser's own shortcuts stay the browser's.
    await page.evaluate((keys) => {
      const [modifier, key] = keys.split('+');
      document.body.dispatchEvent(new KeyboardEvent('keydown', {
        key, bubbles: true, ctrlKey: modifier === 'Control', altKey: modifier === 'Alt', metaKey: modifier === 'Meta',
        shiftKey: modifier === 'Shift',
      }));
    }, chord);
  }
  await page.waitForTimeout(300);
  expect(refreshes).toHaveLength(0);
  await page.keyboard.press('r');
  await expect(status(page)).toHaveText('Nothing changed since 10:37:21');
  expect(refreshes.length).toBeLessThanOrEqual(1);
});

import { expect, test } from '../helpers/test.mjs';

const LIGHT = 'rgb(245, 246, 248)';
const DARK = 'rgb(13, 16, 20)';

for (const [colorScheme, own, other, colour] of [['light', LIGHT, 'dark', DARK], ['dark', DARK, 'light', LIGHT]]) {
  test.describe(`a ${colorScheme} system`, () => {
    test.use({ colorScheme });

    test('is followed, until the page is told otherwise', async ({ open, lesson }) => {
      const page = await open(lesson);
      await expect(page.locator('body')).toHaveCSS('background-color', own);
      await page.locator('html').evaluate((html, theme) => { html.dataset.theme = theme; }, other);
      await expect(page.locator('body')).toHaveCSS('background-color', colour);
    });
  });
}

test.describe('paper', () => {
  test.use({ colorScheme: 'dark' });

  test('is white whatever the theme, and has no buttons', async ({ open, lesson }) => {
    const page = await open(lesson);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
    await expect(page.getByRole('button')).toHaveCount(0);
  });
});

for (const [reducedMotion, animation] of [['reduce', 'none'], ['no-preference', 'slide']]) {
  test(`motion while refreshing: ${reducedMotion}`, async ({ open, lesson }) => {
    const page = await open(lesson);
    await page.emulateMedia({ reducedMotion });
    const line = () => page.locator('.card').first().evaluate((card) => {
      const style = getComputedStyle(card, '::before');
      return { content: style.content, animation: style.animationName };
    });
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.locator('html').evaluate((html) => html.toggleAttribute('data-refreshing', true));
    expect(await line()).toEqual({ content: '""', animation });
  });
}

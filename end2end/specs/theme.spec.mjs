import { expect, test } from '../helpers/test.mjs';

const LIGHT = 'rgb(245, 246, 248)';
const DARK = 'rgb(15, 19, 23)';

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
  test(`motion: ${reducedMotion}`, async ({ open, lesson }) => {
    const page = await open(lesson);
    await page.emulateMedia({ reducedMotion });
    const name = await page.locator('.card').first().evaluate((card) => {
      card.classList.add('busy');
      return getComputedStyle(card, '::before').animationName;
    });
    expect(name).toBe(animation);
    const moving = await page.evaluate(() => document.getAnimations().filter((one) => one.effect.pseudoElement && one.effect.target === document.querySelector('.card')).length);
    expect(moving).toBe(reducedMotion === 'reduce' ? 0 : 1);
  });
}

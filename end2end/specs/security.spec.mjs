import { expect, test } from '../helpers/test.mjs';
import { refreshButton, status } from '../helpers/page.mjs';

test('the page is sent with the headers that keep others out', async ({ request, lesson }) => {
  const headers = (await request.get(lesson.url)).headers();
  const policy = headers['content-security-policy'];
  expect(policy).toMatch(/script-src 'self' ('sha256-[\w+/=]{44}' ){3}'wasm-unsafe-eval';/);
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).not.toContain("'unsafe-inline'");
  expect(policy).toMatch(/frame-ancestors 'none'/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toMatch(/no-referrer|same-origin/);
});

test('using the page breaks no rule of the policy', async ({ page, open, serve }) => {
  await page.addInitScript(() => {
    window.broken = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  await open(await serve.lesson());
  await refreshButton(page).click();
  await expect(status(page)).toHaveText(/Nothing changed/);
  for (const summary of await page.locator('summary').all()) await summary.click();
  expect(await page.evaluate(() => window.broken)).toEqual([]);
});

test('a form on another site cannot press the buttons', async ({ request, lesson }) => {
  for (const endpoint of ['refresh', 'archive_start']) {
    const response = await request.post(`${lesson.url}/api/${endpoint}`, {
      headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
      form: { month: '2026-10' },
      maxRedirects: 0,
    });
    expect(response.status(), endpoint).toBe(403);
  }
});

test('files with a hash in their name may be kept for ever, and come compressed', async ({ page, open, lesson }) => {
  const kept = [];
  page.on('response', (response) => { if (response.url().includes('/pkg/')) kept.push(response); });
  await open(lesson);
  expect(kept.length).toBeGreaterThanOrEqual(3);
  for (const response of kept) {
    const headers = await response.allHeaders();
    expect(headers['cache-control'], response.url()).toMatch(/max-age=31536000.*immutable/);
    expect(headers['content-encoding'], response.url()).toMatch(/br|gzip/);
  }
});

test('what is not there is a plain page that says so', async ({ page, lesson, allowed }) => {
  allowed.push(/404/);
  const response = await page.goto(`${lesson.url}/nowhere`);
  expect(response.status()).toBe(404);
  await expect(page.locator('.error-page')).toBeVisible();
  await expect(page.getByRole('link').first()).toHaveAttribute('href', '/');
});

test('search engines are asked to stay away', async ({ request, lesson }) => {
  expect(await (await request.get(`${lesson.url}/robots.txt`)).text()).toContain('Disallow: /');
  expect((await request.get(`${lesson.url}/favicon.svg`)).headers()['content-type']).toBe('image/svg+xml');
});

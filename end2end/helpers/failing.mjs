// A panel whose store is away, seen from the browser.

export const TOP_PRODUCTS = '**/api/top_products';

/** Lets every request of the panel "Top products" fail, and lets the test expect that. */
export async function breakTopProducts(page, allowed) {
  allowed.push(/503/);
  await page.route(TOP_PRODUCTS, (route) => route.fulfill({
    status: 503,
    contentType: 'application/json',
    body: JSON.stringify({ kind: 'unavailable', message: 'the order store does not answer' }),
  }));
}

// A panel whose store is away, as the browser gets to see it.

const CARD = /<section[^>]*\bid="top-products"[^]*?<\/section>/;
const UNAVAILABLE = `<section class="card half error" id="top-products" data-live="" aria-labelledby="top-products-heading">
  <header><h2 id="top-products-heading">Top products</h2></header>
  <div class="body"><strong>Not available</strong>
    <p>The order store does not answer. The other panels are not affected.</p>
    <form class="row" method="get" action="/" data-reload=""><button>Try again</button></form></div>
  <footer><span>last tried 10:37:21</span></footer></section>`;

const isPage = (url) => url.pathname === '/';

/** From now on every rendering of the page comes with an error in the place of "Top products". */
export async function breakTopProducts(page) {
  await page.route(isPage, async (route) => {
    const response = await route.fetch();
    const html = await response.text();
    if (!CARD.test(html)) throw new Error('the page has no card with the id top-products');
    await route.fulfill({ response, body: html.replace(CARD, UNAVAILABLE) });
  });
}

/** Ends what `breakTopProducts` has begun. */
export async function repair(page) {
  // A rendering that is on its way is still answered as before.
  await page.unrouteAll({ behavior: 'wait' });
}

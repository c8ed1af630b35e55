// Where things are on the page, and how figures are written there.

export const PANELS = [
  'Revenue today', 'Orders today', 'Active orders', 'Returns', 'Today by hour', 'Revenue by category',
  'Revenue by region', 'Orders per day', 'Top products', 'Recent orders', 'Archive',
];

/** Panels with a table of their own behind "Table" and "CSV", and the address of the latter. */
export const TABLES = {
  'Today by hour': 'hourly_orders',
  'Revenue by category': 'category_revenue',
  'Revenue by region': 'region_revenue',
  'Orders per day': 'daily_orders',
  'Top products': 'top_products',
  'Recent orders': 'recent_orders',
};

/** A panel by its title. */
export function panel(page, title) {
  return page.getByRole('region', { name: new RegExp(`^${title}`) });
}

/** What "About" of a card says of its answer. */
export function about(page, title) {
  const card = panel(page, title);
  // The four figures share a foot.
  return card.locator('.about .pop').or(page.locator('#figures-foot .about .pop')).first();
}

/** The page's announcements. */
export function status(page) {
  return page.getByRole('status').first();
}

export function refreshButton(page) {
  return page.getByRole('button', { name: 'Refresh', exact: true });
}

/** "$1,234.56", with a real minus sign. */
export function money(cents) {
  const sign = cents < 0 ? '−' : '';
  const whole = String(Math.floor(Math.abs(cents) / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}$${whole}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
}

/** "−25.0%": the change from `before` to `now`, half a tenth upwards. */
export function change(before, now) {
  const tenths = Math.floor((2000 * (now - before) + before) / (2 * before));
  const sign = tenths > 0 ? '+' : tenths < 0 ? '−' : '';
  return `${sign}${Math.floor(Math.abs(tenths) / 10)}.${Math.abs(tenths) % 10}%`;
}

/** All figures as they stand on the page: what hydration must not change. */
export function figures(page) {
  return page.locator('section:is(.card, .figure)').evaluateAll((cards) => cards.map((card) => {
    const texts = (selector) => [...card.querySelectorAll(selector)].map((node) => node.textContent.trim());
    return {
      title: card.querySelector('h2').textContent.trim(),
      big: texts('.big'),
      delta: texts('.delta'),
      marks: texts('.mark'),
      rows: [...card.querySelectorAll('tr')].map((row) => [...row.cells].map((cell) => cell.textContent.trim())),
      shapes: [...card.querySelectorAll('svg rect')].map((rect) => ['x', 'y', 'width', 'height']
        .map((name) => rect.getAttribute(name))),
    };
  }));
}

/** All figures but those of the archive. */
export async function metrics(page) {
  return (await figures(page)).filter(({ title }) => !title.startsWith('Archive'));
}

/** The cells of a table's body, row by row. */
export function cells(table) {
  return table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map(
    (cell) => cell.textContent.trim().replace(/\s+/g, ' '),
  )));
}

/** Rows of a CSV file (RFC 4180). */
export function parseCsv(text) {
  const rows = [[]];
  let cell = '', quoted = false;
  const endCell = () => { rows.at(-1).push(cell); cell = ''; };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"' && quoted && text[at + 1] === '"') { cell += '"'; at++; }
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) endCell();
    else if (char === '\r' && text[at + 1] === '\n' && !quoted) { endCell(); rows.push([]); at++; }
    else cell += char;
  }
  if (rows.at(-1).length === 0 && cell === '') rows.pop();
  else endCell();
  return rows;
}

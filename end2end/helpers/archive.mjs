// Archiving on the page.

import { expect } from './test.mjs';
import { panel } from './page.mjs';

// The object is dated by the last day that it covers: today for the running month.
export const MONTHS = [
  { month: '2026-10', name: 'October 2026', object: 'shopstream/orders/2026/10/31/orders_export.jsonl' },
  { month: '2026-11', name: 'November 2026', object: 'shopstream/orders/2026/11/22/orders_export.jsonl' },
];
export const [OCTOBER, NOVEMBER] = MONTHS;

/** Archives the month on the page; `press` presses the button. */
export async function archive(page, script, month, press = (button) => button.click()) {
  const { name } = MONTHS.find((one) => one.month === month);
  const loaded = script ? null : page.waitForEvent('load');
  await press(archiveButton(page, name));
  await loaded;
}

/** The button that archives the month of that name. */
export function archiveButton(page, name) {
  return panel(page, 'Archive').getByRole('button', { name: `Archive ${name}`, exact: true });
}

/** The earlier runs, opened. */
export async function earlierRuns(page) {
  const details = panel(page, 'Archive').locator('details.more');
  await details.evaluate((node) => { node.open = true; });
  return details.locator('tbody tr:not(.why)');
}

/** The receipt of that object, once it is there. Without JavaScript a person reloads the page until then. */
export async function receiptOf(page, script, object) {
  const receipt = panel(page, 'Archive').locator('dl.receipt').filter({ hasText: object });
  await expect(async () => {
    if (!script) await page.reload();
    await expect(receipt).toContainText(object, { timeout: script ? 5_000 : 500 });
    await expect(receipt).toContainText('verified', { timeout: script ? 5_000 : 500 });
  }).toPass({ timeout: 12_000 });
  await receipt.evaluate((node) => { node.closest('details').open = true; });
  return receipt;
}

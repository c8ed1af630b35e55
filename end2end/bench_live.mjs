// How soon an order that another program writes is on an open page.

import { chromium } from '@playwright/test';
import config from './playwright.config.mjs';
import { importOrders, order } from './helpers/orders.mjs';
import { panel } from './helpers/page.mjs';
import { LESSON, startLesson } from './helpers/server.mjs';

const CHANGES = 30;

const server = await startLesson();
const browser = await chromium.launch(config.use.launchOptions);
try {
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.locator('html[data-hydrated]').waitFor();
  const figure = panel(page, 'Orders today').locator('.big');
  const times = [];
  for (let change = 1; change <= CHANGES; change++) {
    const started = performance.now();
    await importOrders(server, [order({ order_id: `ORD_9${String(change).padStart(4, '0')}` })]);
    await figure.getByText(String(LESSON.today.today.orders + change)).waitFor();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (share) => `${Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))])} ms`;
  console.log(`from the start of an import to the swapped page: p50 ${at(0.5)}, most ${at(1)}, of ${CHANGES} changes`);
} finally {
  await browser.close();
  await server.stop();
}

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'specs',
  outputDir: 'results/playwright',
  // Two cores are all that some machines have, and each worker has a server and a browser of its own.
  workers: 2,
  fullyParallel: false,
  timeout: 30_000,
  expect: { timeout: 7_000 },
  // A test that passes only now and then is a defect: no retries.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    // Nowhere near the business time zone, and with a comma for the decimal point: neither may show.
    timezoneId: 'Pacific/Auckland',
    locale: 'de-DE',
    viewport: { width: 1280, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
        // A name as of another machine: what it serves over http is no secure context.
        '--host-resolver-rules=MAP dash.lan 127.0.0.1',
      ],
    },
  },
});

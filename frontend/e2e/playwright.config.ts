import { defineConfig } from '@playwright/test';

/**
 * Browser tests against the running product, real speech and the real model. `npm test` starts the product and gives its
 * address (AUSCULT_URL), the password of the demo accounts (AUSCULT_DEMO_PASSWORD) and a Chromium (AUSCULT_CHROMIUM).
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../../test-results',
  // One speech model on two cores: side by side the tests would only wait for one another.
  workers: 1,
  timeout: 240_000,
  // Less than `npm test` allows: what failed until then is still said.
  globalTimeout: 17 * 60_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  retries: 0,
  use: {
    baseURL: process.env['AUSCULT_URL'],
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    // What waits for ever names itself.
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    launchOptions: {
      executablePath: process.env['AUSCULT_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
    },
  },
});

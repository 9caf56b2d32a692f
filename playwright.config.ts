import { defineConfig } from '@playwright/test'

/** The window in a real browser. `LAYERLOUPE_BROWSER` names one that is installed; without it, Playwright's own. */
const executablePath = process.env['LAYERLOUPE_BROWSER']

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // Chromium refuses its sandbox to root; only tests of our own pages run so.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
})

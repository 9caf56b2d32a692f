import { defineConfig } from '@playwright/test'

/** The window in a real browser. `LAYERLOUPE_BROWSER` names one that is installed; without it, Playwright's own. */
const executablePath = process.env['LAYERLOUPE_BROWSER']

export default defineConfig({
  projects: [
    { name: 'web', testDir: 'tests/e2e' },
    // The desktop app: against a stand-in of Electron anywhere, and in Electron itself where its runtime is there.
    { name: 'desktop', testDir: 'tests/electron' },
    { name: 'electron', testDir: 'tests/e2e-electron' },
  ],
  outputDir: 'test-results/e2e',
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env['CI'] !== undefined,
  // Bounds against hanging, not goals: what takes ten seconds on a quiet machine takes a minute on a loaded one.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    acceptDownloads: true,
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        // Chromium refuses its sandbox to root; only tests of our own pages run so.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})

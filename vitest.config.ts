import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** What is waited for comes in moments; this only bounds a wait for what never comes. */
const expect = { poll: { timeout: 30_000 } }

/** Unit and contract tests; `tests/e2e` is Playwright's. */
export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: 'node',
          include: ['{shared,main,build,bench}/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['tests/e2e/**', 'tests/cli/**', 'tests/packages/**'],
          testTimeout: 60_000,
          expect,
        },
      },
      {
        // Rune classes are compiled for the browser, as the window has them; they need no document.
        plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
        resolve: { conditions: ['browser'] },
        test: { name: 'renderer', include: ['renderer/**/*.test.ts'], testTimeout: 60_000, expect },
      },
      {
        // The command line as a person runs it: the built program in a process of its own.
        test: {
          name: 'cli',
          include: ['tests/cli/**/*.test.ts'],
          globalSetup: ['tests/support/built.ts'],
          testTimeout: 60_000,
          expect,
        },
      },
      {
        // The desktop packages, made of the built program.
        test: {
          name: 'packages',
          include: ['tests/packages/**/*.test.ts'],
          globalSetup: ['tests/support/built.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          expect,
        },
      },
    ],
  },
})

/** What each test of the desktop app is given: the app, started against the stand-in, its window a real page. */

import { expect, test as base, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startDesktop } from '../../../main/hosts/electron/start.ts'
import { repoRoot } from '../../support/shared.ts'
import { finished, type Driver } from '../scenarios.ts'
import { browserScreens, pageScript, type ChromiumScreen } from './browserScreen.ts'
import { StandIn, type StandInOptions } from './electron.ts'

const dist = path.join(repoRoot, 'dist')

interface Desktop {
  readonly standIn: StandIn
  readonly screen: ChromiumScreen
  readonly page: Page
  /** Waits for a run with the six stages of the first pipeline to end. */
  readonly finished: () => Promise<void>
  /** For what is played in Electron itself too. */
  readonly driver: Driver
}
interface Start extends Partial<Pick<StandInOptions, 'displays' | 'hasLock'>> {
  readonly files?: readonly string[]
  readonly beforeReady?: (standIn: StandIn) => void
}

export const test = base.extend<{ userData: string; start: (options?: Start) => Promise<Desktop> }, { script: string }>(
  {
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter for what a fixture needs
    script: [async ({}, use) => use(await pageScript()), { scope: 'worker' }],
    // eslint-disable-next-line no-empty-pattern -- as above
    userData: async ({}, use) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-desktop-'))
      await use(folder)
      rmSync(folder, { recursive: true, force: true })
    },
    start: async ({ browser, script, userData }, use) => {
      const started: StandIn[] = []
      await use(async ({ files = [], beforeReady, ...rest } = {}) => {
        const openScreen = browserScreens(browser, script)
        const standIn = new StandIn({ userData, openScreen, ...rest })
        started.push(standIn)
        const running = startDesktop(standIn.electron, {
          version: '1.2.3',
          renderer: path.join(dist, 'renderer'),
          preload: path.join(dist, 'preload/preload.cjs'),
          engineEntry: path.join(dist, 'main/engine.js'),
          icon: path.join(dist, 'main/icon.png'),
          samples: path.join(dist, 'samples'),
          argv: ['electron', '.', ...files],
          places: { config: userData, logs: path.join(userData, 'logs') },
          cwd: repoRoot,
        })
        beforeReady?.(standIn)
        standIn.app.becomeReady()
        await running
        const screen = openScreen.screens.at(-1)!
        return {
          standIn,
          screen,
          get page() {
            return screen.page
          },
          finished: async () => {
            await finished(screen.page)
          },
          driver: {
            get page() {
              return screen.page
            },
            data: userData,
            choose: async (menu, item) => {
              await Promise.resolve()
              standIn.chooseMenu(menu, item)
            },
            pick: async (...answers) => {
              await Promise.resolve(standIn.picks.push(...answers.map((answer) => [...answer])))
            },
            openFromFinder: async (file) => {
              await Promise.resolve(standIn.app.emit('open-file', { preventDefault: () => undefined }, file))
            },
            theme: async () => await Promise.resolve(standIn.nativeTheme.themeSource),
            killEngine: async () => {
              process.kill(standIn.children.at(-1)!.pid!, 'SIGKILL')
              await expect.poll(() => standIn.children.length).toBe(2)
            },
          },
        }
      })
      for (const { app } of started) {
        app.quit()
        await app.ended
      }
    },
  },
)

/** The desktop app in Electron itself, where its runtime is there; it says so where it is not. */

import { _electron as electron, expect, test, type ElectronApplication } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runtimeIn } from '../../main/hosts/cli/desktop.ts'
import { slowPipeline } from '../e2e/support/pipelines.ts'
import { bridgeName } from '../../shared/bridge.ts'
import {
  changesThePipeline,
  damage,
  finished,
  opensFromTheFinder,
  opensFromTheMenu,
  photo,
  pictures,
  savesMany,
  survivesAKilledEngine,
  tellsOfDamagedFiles,
  usesTheMenus,
  type Driver,
} from '../electron/scenarios.ts'
import { repoRoot } from '../support/shared.ts'

const executablePath = runtimeIn(path.join(repoRoot, 'node_modules/electron'))

test.skip(executablePath === undefined, "Electron's runtime is not here: node node_modules/electron/install.js")

let app: ElectronApplication
let folder: string

const words = (...files: readonly string[]) => [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  repoRoot,
  `--user-data-dir=${path.join(folder, 'profile')}`,
  ...files,
]
/** Never the settings, recent files and log of whoever runs the tests. */
const environment = () => ({ ...(process.env as Record<string, string>), LAYERLOUPE_DATA: path.join(folder, 'data') })
const launch = async (...files: readonly string[]) =>
  await electron.launch({ executablePath: executablePath!, args: words(...files), env: environment() })

/** Presses an item of the native menus. */
async function choose(menu: string, item: string): Promise<void> {
  await app.evaluate(
    ({ Menu }, [menu, item]) => {
      const items = Menu.getApplicationMenu()!.items.find(({ label }) => label.replace('&', '') === menu)!.submenu!
        .items
      const press = items.find(({ label }) => label === item)!.click as () => void
      press()
    },
    [menu, item] as const,
  )
}

/** What the next dialogs to open something answer. */
async function pick(...answers: readonly (readonly string[])[]): Promise<void> {
  await app.evaluate(({ dialog }, [...waiting]) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...(waiting.shift() ?? [])] })
  }, answers)
}

const driver = async (): Promise<Driver> => ({
  page: await app.firstWindow(),
  data: path.join(folder, 'data'),
  choose,
  pick,
  openFromFinder: async (file) => {
    await app.evaluate(({ app }, file) => app.emit('open-file', { preventDefault: () => undefined }, file), file)
  },
  theme: async () => await app.evaluate(({ nativeTheme }) => nativeTheme.themeSource),
  killEngine: async () => {
    const engine = await app.evaluate(({ app }) => app.getAppMetrics().find(({ name }) => name === 'LayerLoupe engine'))
    process.kill(engine!.pid, 'SIGKILL')
  },
})

test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-electron-'))
  app = await launch(photo('shapes.png'))
})

test.afterEach(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a picture of the command line is run, and saved to a chosen folder', async () => {
  const page = await app.firstWindow()
  expect(page.url()).toBe('app://layerloupe/')
  await finished(page)
  const out = path.join(folder, 'out')
  await pick([out])
  await page.keyboard.press('ControlOrMeta+s')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog.getByRole('button', { name: 'Show in folder' })).toBeVisible()
  expect(readdirSync(path.join(out, readdirSync(out)[0]!))).toContain('manifest.json')
})

test('a file is added by where it lies', async () => {
  const page = await app.firstWindow()
  await page.getByLabel('Pictures to add').setInputFiles(photo('clouds.jpg'))
  await expect(pictures(page)).toHaveCount(2)
})

test('the menu opens files and folders, and what could not be opened stays listed with the reason', async () => {
  await opensFromTheMenu(await driver())
})

test('a file that the Finder opens while the app runs is shown', async () => {
  await opensFromTheFinder(await driver())
})

test('settings, about and the report open from the menus; a folder to save to is kept and used', async () => {
  test.slow()
  await usesTheMenus(await driver())
})

test('a pipeline is run over many pictures into a chosen folder, and a second time finds them there', async () => {
  test.slow()
  await savesMany(await driver())
})

test('files of ours that are damaged are told in the window and kept aside', async () => {
  await app.close()
  const data = path.join(folder, 'data')
  for (const name of ['settings', 'recent']) damage(path.join(data, `${name}.json`))
  app = await launch()
  await tellsOfDamagedFiles({ page: await app.firstWindow(), data })
})

test('a message from another window than the app’s own is refused', async () => {
  const page = await app.firstWindow()
  const call = `${bridgeName}.call('1', 'host.info', {})`
  expect(await page.evaluate(call)).toMatchObject({ ok: true })
  const answer = await app.evaluate(async ({ app, BrowserWindow }, call) => {
    const preload = `${app.getAppPath()}/dist/preload/preload.cjs`
    const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } })
    await other.loadURL('data:text/html,other')
    const answer: unknown = await other.webContents.executeJavaScript(call)
    other.destroy()
    return answer
  }, call)
  expect(answer).toMatchObject({ ok: false, code: 'unauthorized' })
})

test('a window with unsaved changes is left only where the person gives them up', async () => {
  const page = await app.firstWindow()
  await changesThePipeline(page)
  const close = async (response: number) =>
    await app.evaluate(async ({ BrowserWindow, dialog }, response) => {
      let asked = ''
      dialog.showMessageBoxSync = (...words: readonly unknown[]) => {
        asked = (words.at(-1) as { message: string }).message
        return response
      }
      BrowserWindow.getAllWindows()[0]!.close()
      for (let turn = 0; asked === '' && turn < 100; turn++) await new Promise((resolve) => setTimeout(resolve, 50))
      return asked
    }, response)
  expect(await close(0)).toBe('Something would be lost: changes that no file has, or a run over many pictures.')
  expect(app.windows()).toHaveLength(1)
  const gone = page.waitForEvent('close')
  expect(await close(1)).toBe('Something would be lost: changes that no file has, or a run over many pictures.')
  await gone
})

test('a second start hands its files over, and ends', async () => {
  const page = await app.firstWindow()
  await expect(pictures(page)).toHaveCount(1)
  const second = spawn(executablePath!, words(photo('zoneplate.png')), { env: environment(), stdio: 'ignore' })
  expect((await once(second, 'exit'))[0]).toBe(0)
  await expect(pictures(page).filter({ hasText: 'zoneplate.png' })).toHaveAttribute('aria-selected', 'true')
})

test('the theme, the recent files and the place of the window are there at the next start', async () => {
  const page = await app.firstWindow()
  await finished(page)
  await page.keyboard.press('ControlOrMeta+,')
  await page.getByRole('dialog').getByRole('radio', { name: 'Dark' }).check()
  await expect.poll(() => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
  const place = { x: 40, y: 60, width: 900, height: 640 }
  await app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds), place)
  await app.close()
  app = await launch()
  const next = await app.firstWindow()
  await expect(next.getByRole('heading', { name: /Drop a photo/ })).toBeVisible()
  expect(await app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
  const bounds = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds())
  expect([bounds.width, bounds.height]).toEqual([place.width, place.height])
  await next.getByRole('button', { name: 'Menu' }).click()
  await next.getByRole('menuitem', { name: 'shapes.png' }).click()
  await expect(pictures(next)).toHaveCount(1)
})

test('a page that is loaded again in the middle of a run has its pictures, and runs anew', async () => {
  const page = await app.firstWindow()
  await finished(page)
  await page.getByLabel('Pipeline file to open').setInputFiles({
    name: slowPipeline.name,
    mimeType: slowPipeline.mimeType,
    buffer: slowPipeline.buffer,
  })
  await expect(page.getByRole('contentinfo')).toContainText('Computing')
  await page.reload()
  await expect(pictures(page)).toHaveCount(1)
  await finished(page)
})

test('a compute process that is killed is told of, started again, and the window works on', async () => {
  await survivesAKilledEngine(await driver())
})

test('the page has nothing of Node, and cannot leave or open windows', async () => {
  const page = await app.firstWindow()
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis))).toEqual([])
  await page.evaluate(() => (location.href = 'https://example.com/'))
  await page.evaluate(() => window.open('https://example.com/'))
  expect(page.url()).toBe('app://layerloupe/')
  expect(app.windows()).toHaveLength(1)
  const states = await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state)
  expect(states).toBe('denied')
  // Nor has anything else in it a way to anybody, be it by an address that no name stands for.
  const reached = await app.evaluate(
    async ({ net }) => await net.fetch('http://127.0.0.1:1/').then(String, (error: unknown) => String(error)),
  )
  expect(reached).toContain('ERR_NAME_NOT_RESOLVED')
})

test('a page that dies is offered again, with the pictures still there', async () => {
  const page = await app.firstWindow()
  await expect(pictures(page)).toHaveCount(1)
  await app.evaluate(({ BrowserWindow, dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false })
    BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer()
  })
  await expect
    .poll(
      async () =>
        await app.evaluate(
          async ({ BrowserWindow }) =>
            (await BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
              `document.querySelectorAll('[role="listbox"][aria-label="Pictures"] [role="option"]').length`,
            )) as number,
        ),
    )
    .toBe(1)
})

/** The desktop app in Electron itself, where its runtime is there; it says so where it is not. */

import { _electron as electron, expect, test, type ElectronApplication, type Page } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runtimeIn } from '../../main/hosts/cli/desktop.ts'
import { slowPipeline } from '../e2e/support/pipelines.ts'
import { fixturesDir, repoRoot } from '../support/shared.ts'

const executablePath = runtimeIn(path.join(repoRoot, 'node_modules/electron'))
const photo = (name: string) => path.join(fixturesDir, 'synthetic', name)

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

const pictures = (page: Page) => page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')
const status = (page: Page) => page.getByRole('contentinfo').getByRole('status')

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
  await expect(status(page)).toHaveText(/^6 stages in /)
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
  const page = await app.firstWindow()
  await expect(pictures(page)).toHaveCount(1)
  const broken = path.join(folder, 'broken.png')
  writeFileSync(broken, 'no picture')
  await pick([broken, photo('clouds.jpg')], [fixturesDir])
  await choose('File', 'Open…')
  await expect(pictures(page).filter({ hasText: 'clouds.jpg' })).toHaveAttribute('aria-selected', 'true')
  await expect(pictures(page).filter({ hasText: 'broken.png' })).toHaveAccessibleName(/not added\. .*is not a picture/)
  await choose('File', 'Open Folder…')
  await expect(pictures(page).filter({ hasText: 'zoneplate.png' })).toHaveCount(1)
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
  await expect(status(page)).toHaveText(/^6 stages in /)
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
  await expect(status(page)).toHaveText(/^6 stages in /)
  await page.getByLabel('Pipeline file to open').setInputFiles({
    name: slowPipeline.name,
    mimeType: slowPipeline.mimeType,
    buffer: slowPipeline.buffer,
  })
  await expect(page.getByRole('contentinfo')).toContainText('Computing')
  await page.reload()
  await expect(pictures(page)).toHaveCount(1)
  await expect(status(page)).toHaveText(/^6 stages in /)
})

test('a compute process that is killed is told of, started again, and the window works on', async () => {
  const page = await app.firstWindow()
  await expect(status(page)).toHaveText(/^6 stages in /)
  const pid = await app.evaluate(({ app }) => app.getAppMetrics().find(({ name }) => name === 'LayerLoupe engine')!.pid)
  process.kill(pid, 'SIGKILL')
  await expect(page.getByRole('log', { name: 'Messages' })).not.toBeEmpty()
  await page.getByLabel('Pictures to add').setInputFiles(photo('clouds.jpg'))
  await expect(pictures(page)).toHaveCount(2)
  await expect(status(page)).toHaveText(/^6 stages in /)
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

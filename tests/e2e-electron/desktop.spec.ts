/** The desktop app in Electron itself, where its runtime is there; it says so where it is not. */

import { _electron as electron, expect, test, type ElectronApplication } from '@playwright/test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runtimeIn } from '../../main/hosts/cli/desktop.ts'
import { fixturesDir, repoRoot } from '../support/shared.ts'

const executablePath = runtimeIn(path.join(repoRoot, 'node_modules/electron'))
const photo = (name: string) => path.join(fixturesDir, 'synthetic', name)

test.skip(executablePath === undefined, "Electron's runtime is not here: node node_modules/electron/install.js")

let app: ElectronApplication
let folder: string

test.beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-electron-'))
  app = await electron.launch({
    executablePath: executablePath!,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      repoRoot,
      `--user-data-dir=${path.join(folder, 'profile')}`,
      photo('shapes.png'),
    ],
  })
})

test.afterEach(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a picture of the command line is run, and saved to a chosen folder', async () => {
  const page = await app.firstWindow()
  expect(page.url()).toBe('app://layerloupe/')
  await expect(page.getByRole('contentinfo').getByRole('status')).toHaveText(/^6 stages in /)
  const out = path.join(folder, 'out')
  await app.evaluate(({ dialog }, place) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [place] })
  }, out)
  await page.keyboard.press('ControlOrMeta+s')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog.getByRole('button', { name: 'Show in folder' })).toBeVisible()
  expect(readdirSync(path.join(out, readdirSync(out)[0]!))).toContain('manifest.json')
})

test('a file is added by where it lies', async () => {
  const page = await app.firstWindow()
  await page.getByLabel('Pictures to add').setInputFiles(photo('clouds.jpg'))
  await expect(page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')).toHaveCount(2)
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
  await expect(page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')).toHaveCount(1)
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

/** What a person does in the desktop app: played against the stand-in, and in Electron itself where its runtime is. */

import { expect, type Page } from '@playwright/test'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fixturesDir } from '../support/shared.ts'

/** The app, however it was started. */
export interface Driver {
  readonly page: Page
  /** Where the app keeps its own files. */
  readonly data: string
  readonly choose: (menu: string, item: string) => Promise<void>
  /** What the next dialogs to open something answer. */
  readonly pick: (...answers: readonly (readonly string[])[]) => Promise<void>
  /** Does what macOS does when the Finder opens a file with the app. */
  readonly openFromFinder: (file: string) => Promise<void>
  readonly theme: () => Promise<string>
  readonly killEngine: () => Promise<void>
}

export const photo = (name: string) => path.join(fixturesDir, 'synthetic', name)
export const picture = (page: Page, name: RegExp) => page.getByRole('option', { name })
export const pictures = (page: Page) => page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')
/** Waits for a run with the six stages of the first pipeline to end. */
export const finished = async (page: Page) =>
  await expect(page.getByRole('contentinfo').getByRole('status')).toHaveText(/^6 stages in /)

/** The app holds nothing yet, or shapes.png. */
export async function opensFromTheMenu({ page, data, choose, pick }: Driver): Promise<void> {
  const broken = path.join(data, 'broken.png')
  writeFileSync(broken, 'no picture')
  await pick([broken, photo('clouds.jpg')], [path.dirname(photo('shapes.png'))])
  await choose('File', 'Open…')
  await expect(picture(page, /^clouds/)).toHaveAttribute('aria-selected', 'true')
  await expect(picture(page, /^broken\.png, not added\. “broken\.png” is not a picture/)).toHaveCount(1)
  await choose('File', 'Open Folder…')
  await expect(picture(page, /^zoneplate/)).toHaveCount(1)
  await choose('Help', 'Keyboard Shortcuts')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.reload()
  await expect(picture(page, /^broken\.png, not added/)).toHaveCount(1)
}

export async function opensFromTheFinder({ page, openFromFinder }: Driver): Promise<void> {
  await openFromFinder(photo('zoneplate.png'))
  await expect(picture(page, /^zoneplate/)).toHaveAttribute('aria-selected', 'true')
}

/** macOS has in a menu of the app's own name what others have in this one. */
const ownMenu = (menu: string) => (process.platform === 'darwin' ? 'LayerLoupe' : menu)

/** The app was started with shapes.png; ends with the dark theme and a default folder chosen. */
export async function usesTheMenus({ page, data, choose, pick, theme }: Driver): Promise<void> {
  await finished(page)
  await choose(ownMenu('File'), 'Settings…')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toHaveAccessibleName('Settings')
  await dialog.getByRole('radio', { name: 'Dark' }).check()
  await expect.poll(theme).toBe('dark')
  const out = path.join(data, 'kept')
  mkdirSync(out)
  await pick([out])
  await dialog.getByRole('button', { name: 'Choose…' }).click()
  await expect(dialog.getByText('kept', { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await choose('File', 'Save…')
  await expect(dialog.getByRole('radio', { name: /^Default folder/ })).toBeChecked()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog.getByRole('button', { name: 'Show in folder' })).toBeVisible()
  expect(readdirSync(out)).toEqual(['shapes'])
  await page.keyboard.press('Escape')
  await choose(ownMenu('Help'), 'About LayerLoupe')
  if (process.platform === 'linux') await expect(dialog).toContainText('WebAssembly build')
  await page.keyboard.press('Escape')
  await choose('Help', 'Copy Diagnostic Report…')
  await expect(dialog.getByRole('textbox', { name: 'Report' })).toHaveValue(/host {6}electron[^]*folder one is set/)
  // No permission is granted, the clipboard's neither; what is selected can be copied without.
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(dialog.getByRole('status')).toHaveText('Copied.')
  expect(await page.content()).not.toContain(data)
}

/** The app was started with shapes.png. */
export async function savesMany({ page, data, choose, pick }: Driver): Promise<void> {
  await finished(page)
  await page.getByLabel('Pictures to add').setInputFiles([photo('clouds.jpg'), photo('zoneplate.png')])
  await expect(pictures(page)).toHaveCount(3)
  const out = path.join(data, 'many')
  mkdirSync(out)
  await pick([out])
  await choose('File', 'Run on Many Pictures…')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /^A folder/ }).check()
  await dialog.getByRole('button', { name: 'Run 3 pictures' }).click()
  await expect(dialog.getByRole('status').filter({ hasText: 'Finished' })).toBeVisible()
  await expect(dialog).toContainText('3 of 3 pictures · saved to many')
  for (const name of ['clouds.jpg', 'shapes.png', 'zoneplate.png']) {
    const folder = path.join(out, name)
    const { files } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
      files: readonly { readonly name: string; readonly sha256: string }[]
    }
    expect(files.map((file) => file.name)).toContain('05-softmax.npy')
    for (const file of files) {
      const hash = createHash('sha256').update(readFileSync(path.join(folder, file.name)))
      expect(hash.digest('hex'), file.name).toBe(file.sha256)
    }
  }
  expect(readFileSync(path.join(out, 'summary.csv'), 'utf8').trimEnd().split('\r\n')).toHaveLength(4)
  expect(readdirSync(out)).toEqual(expect.arrayContaining(['contact-sheet.png', 'statistics', 'summary.json']))
  // A second time into the same folder finds everything there.
  await dialog.getByRole('button', { name: 'New run…' }).click()
  await pick([out])
  await dialog.getByRole('radio', { name: /^A folder/ }).check()
  await dialog.getByRole('button', { name: 'Run 3 pictures' }).click()
  await expect(dialog).toContainText('3 of 3 pictures · 3 there already · saved to many')
  expect(await page.content()).not.toContain(data)
}

/** Makes a change that no file has. The app was started with shapes.png. */
export async function changesThePipeline(page: Page): Promise<void> {
  await finished(page)
  const layers = page.getByRole('region', { name: 'Layers' })
  await layers.getByRole('listitem').getByRole('button').nth(1).click()
  const details = page.getByRole('complementary', { name: 'Layer details' })
  await details.getByLabel('Filters', { exact: true }).fill('3')
  await expect(page.getByRole('option', { name: /^Conv 3×3, 64×64×3/ })).toHaveCount(1)
}

/** What `tellsOfDamagedFiles` expects to have been there when the app started. */
export function damage(file: string): void {
  writeFileSync(file, '{"versi')
}

export async function tellsOfDamagedFiles({ page, data }: Pick<Driver, 'page' | 'data'>): Promise<void> {
  const notices = page.getByRole('log', { name: 'Messages' })
  for (const said of ['The settings in settings.json', 'The recent files in recent.json']) {
    await expect(notices).toContainText(`${said} are damaged. The file was kept as `)
  }
  const aside = readdirSync(data).filter((name) => /^(settings|recent)\.corrupt-/.test(name))
  expect(aside).toHaveLength(2)
  for (const name of aside) expect(readFileSync(path.join(data, name), 'utf8')).toBe('{"versi')
}

/** The app was started with shapes.png. */
export async function survivesAKilledEngine({ page, killEngine }: Driver): Promise<void> {
  await finished(page)
  await killEngine()
  await expect(page.getByRole('log', { name: 'Messages' })).not.toBeEmpty()
  await page.getByLabel('Pictures to add').setInputFiles(photo('clouds.jpg'))
  await expect(pictures(page)).toHaveCount(2)
  await finished(page)
}

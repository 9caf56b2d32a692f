/** Recent files, settings, about, and files of ours that are damaged, in the desktop app against the stand-in. */

import { expect } from '@playwright/test'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { photo, picture, pictures, test } from './stand-in/desktopTest.ts'

test('recent files open again, are told when they are gone, and can be cleared', async ({ start, userData }) => {
  test.slow()
  const file = path.join(userData, 'a & b.png')
  copyFileSync(photo('shapes.png'), file)
  const first = await start({ files: [file] })
  await expect(picture(first.page, /^a & b\.png/)).toHaveCount(1)
  await expect.poll(() => first.standIn.app.recent).toEqual([file])
  await first.standIn.window.closeByPerson()
  await first.standIn.app.ended

  const { standIn, page } = await start()
  await expect(page.getByRole('heading', { name: /Drop a photo/ })).toBeVisible()
  // From the window, which knows its name and nothing of where it is.
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: 'a & b.png' }).click()
  await expect(picture(page, /^a & b\.png/)).toHaveCount(1)
  expect(await page.content()).not.toContain(userData)
  standIn.picks.push([photo('clouds.jpg')], [photo('zoneplate.png')])
  standIn.chooseMenu('File', 'Open…')
  await expect(pictures(page)).toHaveCount(2)
  standIn.chooseMenu('File', 'Open…')
  await expect(pictures(page)).toHaveCount(3)
  expect(standIn.dialogs.map(({ defaultPath }) => defaultPath)).toEqual([undefined, path.dirname(photo('clouds.jpg'))])
  rmSync(file)
  standIn.chooseMenu('File', 'Open Recent', file)
  await expect(page.getByRole('log', { name: 'Messages' })).toContainText('a & b.png is not where it was')
  expect(() => {
    standIn.chooseMenu('File', 'Open Recent', file)
  }).toThrow(/no menu item/)
  standIn.chooseMenu('File', 'Open Recent', 'Clear')
  standIn.chooseMenu('File', 'Open Recent', 'Nothing yet')
  expect(standIn.app.recent).toEqual([])
})

test('settings, about and the report open from the menus; a folder to save to is kept and used', async ({
  start,
  userData,
}) => {
  test.slow()
  const { standIn, page, finished } = await start({ files: [photo('shapes.png')] })
  await finished()
  standIn.chooseMenu('File', 'Settings…')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toHaveAccessibleName('Settings')
  await dialog.getByRole('radio', { name: 'Dark' }).check()
  await expect.poll(() => standIn.nativeTheme.themeSource).toBe('dark')
  const out = path.join(userData, 'kept')
  mkdirSync(out)
  standIn.picks.push([out])
  await dialog.getByRole('button', { name: 'Choose…' }).click()
  await expect(dialog.getByText('kept', { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  standIn.chooseMenu('File', 'Save…')
  await expect(dialog.getByRole('radio', { name: /^Default folder/ })).toBeChecked()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog.getByRole('button', { name: 'Show in folder' })).toBeVisible({ timeout: 30_000 })
  expect(readdirSync(out)).toEqual(['shapes'])
  await page.keyboard.press('Escape')
  standIn.chooseMenu('Help', 'About LayerLoupe')
  await expect(dialog).toContainText('WebAssembly build')
  await page.keyboard.press('Escape')
  standIn.chooseMenu('Help', 'Copy Diagnostic Report…')
  await expect(dialog.getByRole('textbox', { name: 'Report' })).toHaveValue(/host {6}electron[^]*folder one is set/)
  // No permission is granted, the clipboard's neither; what is selected can be copied without.
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(dialog.getByRole('status')).toHaveText('Copied.')
  expect(await page.content()).not.toContain(userData)
  await standIn.window.closeByPerson()
  await standIn.app.ended
  const next = await start()
  expect(next.standIn.nativeTheme.themeSource).toBe('dark')
})

test('files of ours that are damaged are told in the window and kept aside', async ({ start, userData }) => {
  for (const name of ['settings', 'recent', 'window']) writeFileSync(path.join(userData, `${name}.json`), '{"versi')
  const { page, standIn } = await start()
  const notices = page.getByRole('log', { name: 'Messages' })
  for (const said of [
    'The settings in settings.json',
    'The recent files in recent.json',
    'The bounds of the window in window.json',
  ]) {
    await expect(notices).toContainText(`${said} are damaged. The file was kept as `)
  }
  const aside = readdirSync(userData).filter((name) => name.includes('.corrupt-'))
  expect(aside.map((name) => name.split('.')[0]).sort()).toEqual(['recent', 'settings', 'window'])
  for (const name of aside) expect(readFileSync(path.join(userData, name), 'utf8')).toBe('{"versi')
  await standIn.window.closeByPerson()
  expect(readFileSync(path.join(userData, 'logs/layerloupe.log'), 'utf8')).toMatch(/ problem reason="The settings/)
})

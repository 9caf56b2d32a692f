/** Recent files, settings, about, and files of ours that are damaged, in the desktop app against the stand-in. */

import { expect } from '@playwright/test'
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { damage, photo, picture, pictures, savesMany, tellsOfDamagedFiles, usesTheMenus } from './scenarios.ts'
import { test } from './stand-in/desktopTest.ts'

test('recent files open again, are told when they are gone, and can be cleared', async ({ start, userData }) => {
  test.slow()
  const file = path.join(userData, 'a & b.png')
  copyFileSync(photo('shapes.png'), file)
  const first = await start({ files: [file] })
  await expect(picture(first.page, /^a & b\.png/)).toHaveCount(1)
  await expect.poll(() => first.standIn.app.recent).toEqual([file])
  await first.standIn.end()

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

test('settings, about and the report open from the menus; a folder to save to is kept and used', async ({ start }) => {
  test.slow()
  const { standIn, driver } = await start({ files: [photo('shapes.png')] })
  await usesTheMenus(driver)
  await standIn.end()
  const next = await start()
  expect(next.standIn.nativeTheme.themeSource).toBe('dark')
})

test('a pipeline is run over many pictures into a chosen folder, and a second time finds them there', async ({
  start,
}) => {
  test.slow()
  const { driver } = await start({ files: [photo('shapes.png')] })
  await savesMany(driver)
})

test('files of ours that are damaged are told in the window and kept aside', async ({ start, userData }) => {
  for (const name of ['settings', 'recent', 'window']) damage(path.join(userData, `${name}.json`))
  const { page, standIn, driver } = await start()
  await tellsOfDamagedFiles(driver)
  await expect(page.getByRole('log', { name: 'Messages' })).toContainText(
    'The bounds of the window in window.json are damaged. The file was kept as ',
  )
  expect(readdirSync(userData).filter((name) => name.startsWith('window.corrupt-'))).toHaveLength(1)
  await standIn.end()
  expect(readFileSync(path.join(userData, 'logs/layerloupe.log'), 'utf8')).toMatch(/ problem reason="The settings/)
})

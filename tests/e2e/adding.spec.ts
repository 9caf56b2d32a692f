/** Pictures into the window: samples, files, folders, paste, and what cannot be added. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cutJpeg, halfJpeg, htmlAsPng, madePicture } from './support/pictures.ts'
import { clouds, expect, refusal, shapes, test, zoneplate } from './support/test.ts'

test('an empty window offers samples, and a press adds one and runs it', async ({ loupe, page }) => {
  await loupe.ready()
  await expect(page.getByRole('heading', { name: /Drop a photo/ })).toBeVisible()
  await expect(loupe.gallery).toBeHidden()
  const samples = page.getByRole('button', { name: /^Add the sample picture/ })
  await expect(samples).toHaveCount(6)
  for (const sample of await samples.locator('img').all()) {
    await expect.poll(() => sample.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  }
  await page.getByRole('button', { name: 'Add the sample picture Cat' }).click()
  await loupe.finished(6)
  await expect(loupe.pictures.getByRole('option')).toHaveCount(1)
})

test('files dropped anywhere are added in their order, and the first is shown', async ({ loupe }) => {
  await loupe.ready()
  const files = await Promise.all([1, 2, 3].map((seed) => madePicture(`dropped ${seed}.png`, 96, 72, seed)))
  await loupe.drop(files)
  await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
  for (const [at, { name }] of files.entries()) {
    await expect(loupe.pictures.getByRole('option').nth(at)).toHaveAccessibleName(new RegExp(`^${name}, 96×72, `))
  }
  await expect(loupe.picture(/^dropped 1/)).toHaveAttribute('aria-selected', 'true')
  await loupe.finished(6)
})

test('a folder is added with its pictures, and what is no picture is said to be left out', async ({ loupe, page }) => {
  await loupe.ready()
  const folder = mkdtempSync(path.join(tmpdir(), 'loupe folder '))
  try {
    for (const seed of [1, 2])
      writeFileSync(path.join(folder, `${seed}.png`), (await madePicture('', 40, 30, seed)).buffer)
    writeFileSync(path.join(folder, 'notes.txt'), 'not a picture')
    await page.getByLabel('Folder to add').setInputFiles(folder)
    await expect(loupe.pictures.getByRole('option')).toHaveCount(2)
    await expect(loupe.notices).toContainText('One file was left out.')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('folders dropped among files are read, also one that is named like a picture', async ({ loupe }) => {
  await loupe.ready()
  const place = mkdtempSync(path.join(tmpdir(), 'loupe drop '))
  try {
    const write = async (name: string, seed: number) => {
      mkdirSync(path.dirname(path.join(place, name)), { recursive: true })
      writeFileSync(path.join(place, name), (await madePicture('', 40, 30, seed)).buffer)
    }
    const names = ['one.png', 'holiday.jpg/two.png', 'holiday.jpg/deeper/three.png', 'more #1/four.png']
    for (const [at, name] of names.entries()) await write(name, at + 1)
    writeFileSync(path.join(place, 'more #1/notes.txt'), 'not a picture')
    await loupe.dropPaths(['one.png', 'holiday.jpg', 'more #1'].map((name) => path.join(place, name)))
    await expect(loupe.pictures.getByRole('option')).toHaveCount(4)
    for (const [at, name] of ['one', 'two', 'four', 'three'].entries()) {
      await expect(loupe.pictures.getByRole('option').nth(at)).toHaveAccessibleName(
        new RegExp(`^${name}\\.png, 40×30, `),
      )
    }
    await expect(loupe.notices).toContainText('1 file that is no picture was left out.')
  } finally {
    rmSync(place, { recursive: true })
  }
})

test('a pasted picture is added', async ({ loupe, page }) => {
  await loupe.ready()
  const { buffer } = await madePicture('pasted.png')
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }))
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, buffer.toString('base64'))
  await expect(loupe.picture(/^pasted\.png/)).toBeVisible()
  await loupe.finished(6)
})

test('damaged files stay listed with the reason, also one whose header is good', async ({ loupe, page }) => {
  loupe.guard.allow(...refusal)
  await loupe.ready()
  await loupe.add([clouds])
  await loupe.finished(6)
  await loupe.add([cutJpeg('cut.jpg'), htmlAsPng('page.png'), halfJpeg('half.jpg')])
  await expect(loupe.picture(/^cut\.jpg, not added\. .*cut\.jpg/)).toBeVisible()
  await expect(loupe.picture(/^page\.png, not added\. .*page\.png/)).toBeVisible()
  await expect(loupe.picture(/^half\.jpg, not added\. .*half\.jpg/)).toBeVisible()
  await expect(loupe.gallery).toContainText('3 files could not be added.')

  await loupe.picture(/^half\.jpg/).click()
  await expect(page.getByRole('heading', { name: 'half.jpg was not added' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove it from the list' }).click()
  await expect(loupe.gallery).toContainText('2 files could not be added.')
  await loupe.gallery.getByRole('button', { name: 'Dismiss' }).click()
  await expect(loupe.pictures.getByRole('option')).toHaveCount(1)
  await loupe.finished(6)
})

test('the selected can be removed and brought back; all can be cleared', async ({ loupe }) => {
  await loupe.ready()
  await loupe.add([shapes, clouds, zoneplate])
  await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
  await loupe.picture(/^clouds/).click()
  await loupe.picture(/^zoneplate/).click({ modifiers: ['ControlOrMeta'] })
  await loupe.gallery.getByRole('button', { name: 'Remove 2' }).click()
  await expect(loupe.pictures.getByRole('option')).toHaveCount(1)
  await loupe.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
  await expect(loupe.pictures.getByRole('option', { selected: true })).toHaveCount(2)
  await loupe.gallery.getByRole('button', { name: 'Clear all' }).click()
  await loupe.ready()
  await loupe.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
})

test('the gallery is worked with the keyboard', async ({ loupe, page }) => {
  await loupe.ready()
  await loupe.add([shapes, clouds, zoneplate])
  await loupe.finished(6)
  await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
  const selected = loupe.pictures.getByRole('option', { selected: true })
  await loupe.picture(/^zoneplate/).click()
  await expect(loupe.pictures).toBeFocused()
  await page.keyboard.press('Home')
  await expect(selected).toHaveAccessibleName(/^shapes/)
  await page.keyboard.press('ArrowRight')
  await expect(selected).toHaveAccessibleName(/^clouds/)
  await page.keyboard.press('Shift+ArrowRight')
  await expect(selected).toHaveCount(2)
  await page.keyboard.press('Control+a')
  await expect(selected).toHaveCount(3)
  await page.keyboard.press('End')
  await page.keyboard.press('Delete')
  await expect(loupe.pictures.getByRole('option')).toHaveCount(2)
  await expect(selected).toHaveCount(1)
})

test('names are shown as they are: emoji, markup, right to left, two hundred characters', async ({ loupe, page }) => {
  await loupe.ready()
  const names = ['🐈‍⬛ кот.png', '<img src=x onerror=alert(1)>.png', 'תמונה של חתול.png', `${'long '.repeat(40)}.png`]
  const files = await Promise.all(names.map((name, seed) => madePicture(name, 64, 64, seed + 1)))
  await loupe.drop(files)
  await expect(loupe.pictures.getByRole('option')).toHaveCount(4)
  for (const name of names) {
    const tile = loupe.pictures.locator('[role=option]').filter({ has: page.locator('img') })
    await expect(tile).toHaveCount(4)
    await loupe.pictures.getByRole('option', { name: `${name}, ` }).click()
    await loupe.choose(0)
    await expect(loupe.details).toContainText(name.replace(/\s+/g, ' '))
    await loupe.finished(6)
  }
  await expect(page.locator('img[src="x"]')).toHaveCount(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

test('several pictures added while one runs: the one chosen last is the one shown', async ({ loupe }) => {
  await loupe.ready()
  await loupe.add([shapes, clouds, zoneplate])
  await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
  for (const name of [/^clouds/, /^shapes/, /^zoneplate/]) await loupe.picture(name).click()
  await loupe.finished(6)
  await loupe.choose(0)
  await expect(loupe.details).toContainText('zoneplate.png')
})

test.describe('pictures named on the command line', () => {
  test.use({ files: [shapes, clouds] })
  test('are there when the window opens and after a reload, with those added since', async ({ loupe, page }) => {
    await expect(loupe.pictures.getByRole('option')).toHaveCount(2)
    await loupe.add([await madePicture('added.png')])
    await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
    // The key to the host is out of the address, and yet the same window is let in again.
    expect(new URL(page.url()).hash).toBe('')
    await page.reload()
    await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
    await loupe.finished(6)
    // What was removed does not come back, though its removal could still have been undone.
    await loupe.picture(/^added/).click()
    await page.keyboard.press('Delete')
    await expect(loupe.pictures.getByRole('option')).toHaveCount(2)
    await page.reload()
    await expect(loupe.picture(/^clouds/)).toBeVisible()
    await expect(loupe.pictures.getByRole('option')).toHaveCount(2)
  })
})

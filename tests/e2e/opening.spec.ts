/** Pictures and folders named on the command line, and dropped as real files and folders of this machine. */

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { clouds, expect, refusal, shapes, test, zoneplate } from './support/test.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-opening-'))
mkdirSync(path.join(folder, 'inner'))
copyFileSync(clouds, path.join(folder, 'clouds.jpg'))
copyFileSync(zoneplate, path.join(folder, 'inner/zoneplate.png'))
writeFileSync(path.join(folder, 'inner/empty.png'), '')
writeFileSync(path.join(folder, 'notes.txt'), 'no picture')
if (process.platform !== 'win32') symlinkSync(folder, path.join(folder, 'inner/again'))
// Not after all tests of a file, which comes after each of them where they run side by side.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

test.describe('named on the command line', () => {
  test.use({ files: [path.join(folder, 'gone.jpg'), shapes, folder] })

  test('pictures and folders are opened; what cannot be is listed with the reason until it is removed', async ({
    loupe,
  }) => {
    const failed = loupe.pictures.getByRole('option', { name: /not added/ })
    const all = async () => {
      await expect(loupe.pictures.getByRole('option')).toHaveCount(5)
      await expect(failed).toHaveCount(2)
      await expect(loupe.picture(/^gone\.jpg, not added\. gone\.jpg cannot be read: it is not there/)).toBeVisible()
      await expect(loupe.picture(/^empty\.png, not added\. /)).toBeVisible()
      for (const name of [/^shapes\.png, 300×200/, /^clouds\.jpg/, /^zoneplate\.png/]) {
        await expect(loupe.picture(name)).toBeVisible()
      }
    }
    await loupe.finished(6)
    await all()
    await loupe.page.reload()
    await all()
    await loupe.gallery.getByRole('button', { name: 'Dismiss' }).click()
    await expect(failed).toHaveCount(0)
    await loupe.notices.getByRole('button', { name: 'Dismiss' }).click()
    await loupe.page.reload()
    await loupe.finished(6)
    await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
    await expect(failed).toHaveCount(0)
  })
})

test('a folder of this machine that is dropped gives its pictures, those of the folders in it, and says what was left', async ({
  loupe,
}) => {
  loupe.guard.allow(...refusal)
  await loupe.ready()
  const session = await loupe.page.context().newCDPSession(loupe.page)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data })
  }
  for (const name of [/^clouds\.jpg/, /^zoneplate\.png/, /^empty\.png, not added/]) {
    await expect(loupe.picture(name)).toBeVisible()
  }
  await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
  await expect(loupe.notices).toContainText('1 file that is no picture was left out')
})

/** Far more pictures at once than anybody looks at, some of them damaged. */

import { numberedPicture } from '../support/manyPictures.ts'
import { expect, refusal, test, type Loupe } from './support/test.ts'

/**
 * tests/faults/many.test.ts gives the engine 10,000; here the window and its host have a fifth, to be done within a
 * minute, or as many hundreds as LAYERLOUPE_MANY says (10000 takes two minutes on two cores).
 */
const all = Number(process.env['LAYERLOUPE_MANY'] ?? 2000)
const damaged = all / 100
/** As the window writes them. */
const counted = (count: number) => count.toLocaleString('en')

/** Drops them all in one; each hundredth ends in the middle. */
async function dropAll(loupe: Loupe): Promise<void> {
  const { bytes, at } = numberedPicture()
  await loupe.page.evaluate(
    ({ base64, at, all, damaged }) => {
      const picture = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      const transfer = new DataTransfer()
      for (let index = 0; index < all; index++) {
        const bytes = picture.slice()
        new DataView(bytes.buffer).setUint32(at, index)
        const isDamaged = index % (all / damaged) === 7
        const name = `${isDamaged ? 'damaged' : 'picture'} ${String(index).padStart(4, '0')}.png`
        transfer.items.add(new File([isDamaged ? bytes.subarray(0, 45) : bytes], name, { type: 'image/png' }))
      }
      for (const type of ['dragenter', 'dragover', 'drop']) {
        const event = new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true })
        document.querySelector('main')!.dispatchEvent(event)
      }
    },
    { base64: Buffer.from(bytes).toString('base64'), at, all, damaged },
  )
}

test(`${counted(all)} files dropped at once, ${damaged} of them damaged, are listed or told of, and the window answers meanwhile`, async ({
  loupe,
  page,
}) => {
  test.setTimeout(60_000 + 60 * all)
  loupe.guard.allow(...refusal)
  await loupe.ready()
  await dropAll(loupe)
  const progress = loupe.gallery.getByText(new RegExp(`^Adding [\\d,]+ of ${counted(all)}…$`))
  await expect(progress).toBeVisible()
  // It draws whenever it is asked to, and the first picture is shown long before the last is there.
  let slowest = 0
  let looks = 0
  while (await progress.isVisible()) {
    const asked = Date.now()
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    slowest = Math.max(slowest, Date.now() - asked)
    looks++
    if (looks === 3) await loupe.finished(6)
    await page.waitForTimeout(200)
  }
  expect(looks).toBeGreaterThan(3)
  expect(slowest).toBeLessThan(5000)

  await expect(
    loupe.gallery.getByRole('heading', { name: new RegExp(`^Images\\s+${counted(all - damaged)}$`) }),
  ).toBeVisible()
  await expect(loupe.gallery.getByText(`${damaged} files could not be added.`)).toBeVisible()
  const reason = 'It is damaged: it ends too early.'
  await loupe.gallery.getByRole('button', { name: 'Show next' }).click()
  await expect(loupe.picture(/^damaged 0007\.png/)).toContainText(reason)
  await loupe.gallery.getByRole('button', { name: 'Show next' }).click()
  await expect(loupe.picture(/^damaged 0107\.png/)).toContainText(reason)
  // The last one is there too, and works as any other.
  await loupe.pictures.focus()
  await page.keyboard.press('End')
  await expect(loupe.picture(new RegExp(`^picture ${String(all - 1).padStart(4, '0')}\\.png`))).toHaveAttribute(
    'aria-selected',
    'true',
  )
  await loupe.finished(6)
  await loupe.gallery.getByRole('button', { name: 'Dismiss' }).click()
  await expect(loupe.gallery.getByText('could not be added')).toBeHidden()
})

/** Far more pictures at once than anybody looks at, some of them damaged. */

import { numberedPicture } from '../support/manyPictures.ts'
import { expect, refusal, test, type Loupe } from './support/test.ts'

/** tests/faults/many.test.ts gives the engine 10,000; here the window and its host have a fifth, to be done within a minute. */
const [all, damaged] = [2000, 20]

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

test(`${all} files dropped at once, ${damaged} of them damaged, are listed or told of, and the window answers meanwhile`, async ({
  loupe,
  page,
}) => {
  test.setTimeout(180_000)
  loupe.guard.allow(...refusal)
  await loupe.ready()
  await dropAll(loupe)
  const progress = loupe.gallery.getByText(/^Adding [\d,]+ of 2,000…$/)
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

  await expect(loupe.gallery.getByRole('heading', { name: /^Images\s+1,980$/ })).toBeVisible()
  await expect(loupe.gallery.getByText('20 files could not be added.')).toBeVisible()
  const reason = 'It is damaged: it ends too early.'
  await loupe.gallery.getByRole('button', { name: 'Show next' }).click()
  await expect(loupe.picture(/^damaged 0007\.png/)).toContainText(reason)
  await loupe.gallery.getByRole('button', { name: 'Show next' }).click()
  await expect(loupe.picture(/^damaged 0107\.png/)).toContainText(reason)
  // The last one is there too, and works as any other.
  await loupe.pictures.focus()
  await page.keyboard.press('End')
  await expect(loupe.picture(/^picture 1999\.png/)).toHaveAttribute('aria-selected', 'true')
  await loupe.finished(6)
  await loupe.gallery.getByRole('button', { name: 'Dismiss' }).click()
  await expect(loupe.gallery.getByText('could not be added')).toBeHidden()
})

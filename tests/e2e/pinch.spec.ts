/** Fingers on the picture: one that paints, two on a screen, and two on a trackpad. */

import { readFileSync } from 'node:fs'
import { expect, shapes, test, type Loupe } from './support/test.ts'

test.use({ files: [shapes], hasTouch: true })

/** How many pixels of the screen an element of the picture is wide. */
async function scale(loupe: Loupe): Promise<number> {
  return Number.parseFloat(await loupe.viewer.getByRole('button', { name: /^Actual size/ }).innerText())
}

test('two fingers moving apart zoom in where they are, and together out again', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(1)
  const stage = (await loupe.stage.boundingBox())!
  const whole = await scale(loupe)
  const session = await loupe.page.context().newCDPSession(loupe.page)
  const x = stage.x + stage.width / 2
  const y = stage.y + stage.height / 2
  const touch = async (type: 'touchStart' | 'touchMove', apart: number) => {
    const touchPoints = [-1, 1].map((side, id) => ({ x: x + (side * apart) / 2, y, id }))
    await session.send('Input.dispatchTouchEvent', { type, touchPoints })
  }
  await touch('touchStart', 40)
  for (const apart of [50, 60, 70, 80]) await touch('touchMove', apart)
  await expect.poll(async () => (await scale(loupe)) / whole).toBeCloseTo(2, 1)
  for (const apart of [70, 60, 50, 40]) await touch('touchMove', apart)
  await expect.poll(async () => (await scale(loupe)) / whole).toBeCloseTo(1, 1)
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
})

test('a finger paints with the brush, and two zoom without painting', async ({ loupe, page }) => {
  // What is asked of a run that a newer one has just replaced is answered so.
  loupe.guard.allow(/status of 404/, /\/api\/call\/(receptiveField|stages\.read)$/)
  await loupe.finished(6)
  await loupe.choose(1)
  await loupe.viewer.getByRole('button', { name: 'Paint' }).tap()
  await expect(loupe.viewer.getByRole('group', { name: 'Brush' })).toBeVisible()
  const session = await page.context().newCDPSession(page)
  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: readonly (readonly number[])[]) => {
    const box = (await loupe.viewer.locator('.frame').boundingBox())!
    const touchPoints = places.map(([row, column], id) => ({
      x: box.x + ((column! + 0.5) * box.width) / 64,
      y: box.y + ((row! + 0.5) * box.height) / 64,
      id,
    }))
    await session.send('Input.dispatchTouchEvent', { type, touchPoints })
  }
  const whole = await scale(loupe)
  await touch('touchStart', [30, 20])
  await touch('touchStart', [30, 20], [30, 40])
  await touch('touchMove', [30, 14], [30, 46])
  await touch('touchEnd')
  await expect.poll(async () => (await scale(loupe)) / whole).toBeGreaterThan(1.3)
  await page.keyboard.press('0')
  await expect.poll(() => scale(loupe)).toBe(whole)
  await expect(loupe.cards).toHaveCount(7)

  await touch('touchStart', [20, 10])
  await touch('touchMove', [20, 15])
  await touch('touchMove', [20, 30])
  await touch('touchEnd')
  await loupe.finished(7)
  await loupe.shows(2)
  await expect(loupe.card(2)).toHaveAccessibleName(/^Paint 1 mark,/)
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+Shift+S')])
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as { layers: unknown[] }
  const mark = { row: 20, column: 10, height: 1, width: 21, channel: null, value: [1] }
  expect(saved.layers[1]).toEqual({ kind: 'paint', marks: [mark] })
})

test('a pinch on a trackpad zooms the picture and never the page', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(1)
  const whole = await scale(loupe)
  const stage = (await loupe.stage.boundingBox())!
  const session = await loupe.page.context().newCDPSession(loupe.page)
  const control = 2
  for (let i = 0; i < 10; i++) {
    await session.send('Input.dispatchMouseEvent', {
      type: 'mouseWheel',
      x: stage.x + stage.width / 2,
      y: stage.y + stage.height / 2,
      deltaX: 0,
      deltaY: -5,
      modifiers: control,
    })
  }
  await expect.poll(async () => (await scale(loupe)) / whole).toBeGreaterThan(1.3)
  expect(await loupe.page.evaluate(() => [window.visualViewport!.scale, window.devicePixelRatio])).toEqual([1, 1])
})

/** Two fingers on the picture: on a screen, and on a trackpad. */

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

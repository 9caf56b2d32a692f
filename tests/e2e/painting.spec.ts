/** Painting on the input, and what becomes of it below: held to what this file computes from NumPy's own input stage. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { expectNoViolations } from './support/axe.ts'
import { expect, shapes, test, type Loupe } from './support/test.ts'

const input = readNpy(path.join(fixturesDir, 'synthetic/shapes/default/input.npy')).data as Float64Array
const side = 64

type Picture = ArrayLike<number>
/** The walkthrough's convolution, a mean over 3×3 with zeros around, and its largest of 2×2, written out anew here. */
function convolved(picture: Picture, row: number, column: number): number {
  let sum = 0
  for (let y = row - 1; y <= row + 1; y++) {
    for (let x = column - 1; x <= column + 1; x++) {
      if (y >= 0 && x >= 0 && y < side && x < side) sum += picture[y * side + x]! / 9
    }
  }
  return sum
}
function pooled(picture: Picture, row: number, column: number): number {
  return Math.max(...[0, 1].flatMap((y) => [0, 1].map((x) => convolved(picture, 2 * row + y, 2 * column + x))))
}
function painted(value: number, ...places: readonly (readonly [row: number, column: number])[]): Float64Array {
  const picture = input.slice()
  for (const [row, column] of places) picture[row * side + column] = value
  return picture
}

const numbersIn = (text: string) =>
  [...text.replaceAll('−', '-').matchAll(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g)].map(([number]) => Number(number))

/** The value the window tells of an element of the stage on show. */
async function valueAt(loupe: Loupe, row: number, column: number, size = side): Promise<number> {
  await loupe.page.mouse.move(0, 0)
  await loupe.pointAt(row, column, size, size)
  await expect(loupe.status).toContainText(`row ${row}, column ${column}`)
  return numbersIn(await loupe.status.locator('b').innerText())[0]!
}

test.use({ files: [shapes] })

// What is asked of a run that a newer one has just replaced is answered so; the browser logs it, and nobody is told.
test.beforeEach(({ loupe }) => {
  loupe.guard.allow(/status of 404/, /\/api\/call\/(receptiveField|explain|stages\.(read|difference))$/)
})

test('one pixel is painted with the mouse, and the difference it makes is told at every stage', async ({
  loupe,
  page,
}) => {
  await loupe.finished(6)
  await loupe.choose(1)
  const [row, column] = [21, 30]
  await loupe.viewer.getByRole('button', { name: 'Paint' }).click()
  const brush = loupe.viewer.getByRole('group', { name: 'Brush' })
  await brush.getByRole('spinbutton', { name: 'Value painted' }).fill('2.5')
  await loupe.pointAt(row, column, side, side)
  await page.mouse.down()
  await page.mouse.up()
  await loupe.finished(7)
  await loupe.shows(2)
  await expect(loupe.card(2)).toHaveAccessibleName(/^Paint 1 mark,/)
  expect(await valueAt(loupe, row, column)).toBe(2.5)
  const picture = painted(2.5, [row, column])

  await loupe.choose(4)
  await expect.poll(() => valueAt(loupe, 10, 15, 32)).toBeCloseTo(pooled(picture, 10, 15), 5)
  await page.getByRole('button', { name: 'Difference to the unpainted run' }).click()
  const told = loupe.viewer.locator('.told')
  // Its line makes room for itself above the picture: what is pointed at before then is another element.
  await expect(told).toContainText('differ from the unpainted run')
  const expected = pooled(picture, 10, 15) - pooled(input, 10, 15)
  await expect.poll(() => valueAt(loupe, 10, 15, 32)).toBeCloseTo(expected, 5)
  await expect(loupe.status).toContainText(/painted, .* unpainted/)
  const [withIt, without] = numbersIn((await loupe.status.getByText(/ painted, /).innerText()).trim())
  expect(withIt).toBeCloseTo(pooled(picture, 10, 15), 5)
  expect(without).toBeCloseTo(pooled(input, 10, 15), 5)

  await loupe.choose(3)
  await expect(told).toHaveText(
    `9 of 4,096 elements differ from the unpainted run: rows 20 to 22, columns 29 to 31 (3 × 3)`,
  )
  expect(await valueAt(loupe, row - 1, column + 1)).toBeCloseTo((2.5 - input[row * side + column]!) / 9, 5)
  expect(await valueAt(loupe, row + 5, column)).toBe(0)
  await loupe.choose(2)
  await expect(told).toHaveText('1 of 4,096 elements differs from the unpainted run: row 21, column 30 (1 × 1)')
  expect(await valueAt(loupe, row, column)).toBeCloseTo(2.5 - input[row * side + column]!, 5)
  await loupe.choose(1)
  await expect(told).toHaveText('No difference: every element is as in the unpainted run')
  await loupe.choose(7)
  await expect(told).toHaveText('2 of 2 elements differ from the unpainted run')

  await page.keyboard.press('Control+z')
  await loupe.finished(6)
  await expect(page.getByRole('button', { name: 'Difference to the unpainted run' })).toHaveCount(0)
  await loupe.choose(3)
  await expect.poll(() => valueAt(loupe, 10, 15, 32)).toBeCloseTo(pooled(input, 10, 15), 5)
})

test('by keyboard: paint, undo, erase, another size, take a value, and the formula tells what was there', async ({
  loupe,
  page,
}) => {
  await loupe.finished(6)
  await loupe.choose(1)
  await loupe.stage.focus()
  await page.keyboard.press('p')
  const brush = loupe.viewer.getByRole('group', { name: 'Brush' })
  await expect(brush).toBeVisible()
  await page.keyboard.press('ArrowRight')
  const here = (await loupe.status.locator('.place').first().innerText()).match(/\d+/g)!.map(Number)
  const [row, column] = here as [number, number]
  await brush.getByRole('button', { name: '1', exact: true }).click()
  await loupe.stage.focus()
  await page.keyboard.press(']')
  await page.keyboard.press(']')
  await expect(brush.getByRole('spinbutton', { name: 'Size' })).toHaveValue('3')
  await page.keyboard.press('Space')
  await loupe.shows(2)
  await expect(brush.getByRole('status')).toHaveText(`Painted 1 at row ${row}, column ${column}`)
  await expect.poll(() => valueAt(loupe, row + 1, column - 1)).toBe(1)
  await loupe.stage.focus()
  await page.keyboard.press('[')
  await page.keyboard.press('[')
  await page.keyboard.press('Delete')
  await expect.poll(() => valueAt(loupe, row + 1, column - 1)).toBeCloseTo(input[(row + 1) * side + column - 1]!, 5)
  await page.keyboard.press('Control+z')
  await expect.poll(() => valueAt(loupe, row + 1, column - 1)).toBe(1)

  // What a value was is told by the formula, once the brush is put down again.
  await loupe.stage.focus()
  await page.keyboard.press('Escape')
  await expect(brush).toHaveCount(0)
  await loupe.pointAt(row, column, side, side)
  await page.mouse.down()
  await page.mouse.up()
  await expect(page.getByText('Painted over by mark 0')).toBeVisible()
  const was = await page.getByText(/^It reads /).innerText()
  expect(numbersIn(was)[0]).toBeCloseTo(input[row * side + column]!, 4)
})

test('a stroke is kept in the pipeline’s file, and axe finds nothing wrong with the brush or the difference', async ({
  loupe,
  page,
}) => {
  await loupe.finished(6)
  await loupe.choose(1)
  await loupe.stage.focus()
  // The bar of the brush takes its room from the picture.
  const height = async () => (await loupe.viewer.locator('.frame').boundingBox())!.height
  const before = await height()
  await page.keyboard.press('p')
  await expect.poll(height).toBeLessThan(before)
  await loupe.pointAt(5, 5, side, side)
  await page.mouse.down()
  await loupe.pointAt(5, 25, side, side)
  await page.mouse.up()
  await expect(loupe.details).toContainText('1 mark')
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+Shift+S')])
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as { layers: unknown[] }
  const mark = { row: 5, column: 5, height: 1, width: 21, channel: null, value: [1] }
  expect(saved.layers[1]).toEqual({ kind: 'paint', marks: [mark] })
  await loupe.stage.focus()
  await page.keyboard.press('d')
  await expect(loupe.viewer.locator('.told')).toContainText('row 5, columns 5 to 25')
  await expectNoViolations(page, 'the brush and the difference')
  await loupe.viewer.getByRole('button', { name: 'Clear all' }).click()
  await expect(loupe.viewer.locator('.told')).toHaveText('No difference: every element is as in the unpainted run')
})

test('a colour is painted with a stroke, its channels apart and together, and read back as it was chosen', async ({
  loupe,
  page,
}) => {
  await loupe.usePipeline('TinyVGG shape')
  await loupe.finished(14)
  await loupe.choose(1)
  await loupe.viewer.getByRole('button', { name: 'Paint' }).click()
  const brush = loupe.viewer.getByRole('group', { name: 'Brush' })
  await brush.getByLabel('Colour painted').fill('#ff8000')
  await expect(brush.getByRole('spinbutton', { name: 'Green painted' })).toHaveValue(String(128 / 255))
  await loupe.pointAt(10, 20, side, side)
  await page.mouse.down()
  await loupe.pointAt(14, 24, side, side)
  await page.mouse.up()
  await loupe.finished(15)
  await loupe.shows(2)
  const colour = [1, 128 / 255, 0]
  const readAt = async (row: number, column: number, tile = 0) => {
    await page.mouse.move(0, 0)
    await loupe.pointAt(row, column, side, side, tile)
    await expect(loupe.status).toContainText(`row ${row}, column ${column}`)
    return numbersIn(await loupe.status.locator('b').innerText())
  }
  const close = (values: readonly number[], expected: readonly number[]) => {
    expect(values).toHaveLength(expected.length)
    expected.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5))
  }
  // All places of the line, and none beside it.
  for (const step of [0, 2, 4]) close(await readAt(10 + step, 20 + step), colour)
  expect(await readAt(10, 24)).not.toEqual(await readAt(12, 22))

  // Of one channel alone, the others stay.
  await loupe.viewer.getByRole('button', { name: 'Channels apart' }).click()
  await expect(loupe.viewer.locator('.frame')).toHaveCount(3)
  await brush.getByRole('spinbutton', { name: 'Blue painted' }).fill('0.25')
  await loupe.pointAt(12, 22, side, side, 2)
  await page.mouse.down()
  await page.mouse.up()
  await loupe.viewer.getByRole('button', { name: 'Channels apart' }).click()
  await expect(loupe.viewer.locator('.frame')).toHaveCount(1)
  await expect.poll(async () => (await readAt(12, 22))[2]).toBe(0.25)
  close(await readAt(12, 22), [1, 128 / 255, 0.25])
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+Shift+S')])
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as { layers: { marks: unknown[] }[] }
  expect(saved.layers[1]!.marks).toHaveLength(6)
  expect(saved.layers[1]!.marks.at(-1)).toEqual({ row: 12, column: 22, height: 1, width: 1, channel: 2, value: [0.25] })
})

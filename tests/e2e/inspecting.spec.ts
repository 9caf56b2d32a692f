/** One cursor over all stages, pinned probes and ranges, their numbers held to what NumPy computed and to the file. */

import path from 'node:path'
import sharp from 'sharp'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { clouds, expect, shapes, test, type Loupe } from './support/test.ts'

const reference = (image: string, name: string) =>
  readNpy(path.join(fixturesDir, `synthetic/${image}/default/${name}.npy`)).data as Float64Array
const input = reference('shapes', 'input')
const convolution = reference('shapes', 'convolution')
const pooling = reference('shapes', 'pooling')

const numberOf = (text: string) => Number(text.replaceAll('−', '-'))
const digits = (value: number, count = 6) => Number(value.toPrecision(count))
const side = 64

test.use({ files: [shapes, clouds] })

const values = (loupe: Loupe) => loupe.status.getByRole('list', { name: 'Values at this place of every stage' })
const probes = (loupe: Loupe) => loupe.page.getByRole('region', { name: 'Probes' })
const rowOf = (loupe: Loupe, number: number) =>
  probes(loupe)
    .getByRole('row')
    .filter({ has: loupe.page.getByRole('button', { name: `Probe ${number}`, exact: true }) })

async function pinAt(loupe: Loupe, row: number, column: number, rows: number, columns: number, tile = 0) {
  await loupe.pointAt(row, column, rows, columns, tile)
  await loupe.page.mouse.down()
  await loupe.page.mouse.up()
}

test('pointing tells what stands at the corresponding place of every stage, on the line and on the cards', async ({
  loupe,
}) => {
  await loupe.finished(6)
  await loupe.choose(3)
  const [row, column] = [10, 20]
  await loupe.pointAt(row, column, 32, 32)
  const under = 2 * row * side + 2 * column
  const expected = [input[under]!, convolution[under]!, pooling[row * 32 + column]!, pooling[row * 32 + column]!]
  await expect(values(loupe).locator('li').nth(4)).toContainText(/\d/)
  const texts = (await values(loupe).locator('li').allTextContents()).map((text) => text.trim().split(/\s+/).at(-1)!)
  expect(texts.slice(1, 5).map(numberOf)).toEqual(expected.map((value) => digits(value, 4)))
  expect(texts.slice(5)).toEqual(['–', '–'])

  // The input only resizes the photo: the centre of its element, in samples of the file.
  const { data, info } = await sharp(shapes).raw().toBuffer({ resolveWithObject: true })
  const sample = (index: number, size: number) => Math.round(((index + 0.5) * size) / side - 0.5)
  const at = (sample(2 * row, info.height) * info.width + sample(2 * column, info.width)) * info.channels
  const readings = await loupe.cards.locator('.reading span:first-child').allInnerTexts()
  expect(readings[0]).toBe([...data.subarray(at, at + 3)].join(' '))
  expect(readings.slice(1, 5).map(numberOf)).toEqual(expected.map((value) => digits(value, 4)))
})

test('what the element pointed at reads is outlined on the earlier stages', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(3)
  await loupe.pointAt(10, 20, 32, 32)
  // A pooled element reads 2 × 2 of the convolution, and that 4 × 4 of the input.
  for (const { card, left, top, size } of [
    { card: 2, left: 40, top: 20, size: 2 },
    { card: 1, left: 39, top: 19, size: 4 },
  ]) {
    const mark = loupe.card(card).locator('.mark.field')
    await expect(mark).toHaveCount(1)
    const shares = await mark.evaluate((node) => {
      const { style } = node as HTMLElement
      return [style.left, style.top, style.width, style.height].map((text) => Number.parseFloat(text) / 100)
    })
    ;[left, top, size, size].forEach((length, i) => expect(shares[i]! * side).toBeCloseTo(length, 3))
  }
  await expect(loupe.card(0).locator('.mark.field')).toHaveCount(1)
  await expect(loupe.card(4).locator('.mark.field')).toHaveCount(0)
})

test('a click pins, arrows move by one and by ten, Delete removes, Escape goes one level up', async ({
  loupe,
  page,
}) => {
  await loupe.finished(6)
  await loupe.choose(3)
  await pinAt(loupe, 10, 20, 32, 32)
  await expect(rowOf(loupe, 1)).toContainText('row 10, column 20')
  const value = async (number: number) =>
    numberOf(await rowOf(loupe, number).locator('.value span').first().innerText())
  await expect.poll(() => value(1)).toBe(digits(pooling[10 * 32 + 20]!))
  await page.keyboard.press('ArrowRight')
  await expect(rowOf(loupe, 1)).toContainText('row 10, column 21')
  await expect.poll(() => value(1)).toBe(digits(pooling[10 * 32 + 21]!))
  await page.keyboard.press('Shift+ArrowDown')
  await expect(rowOf(loupe, 1)).toContainText('row 20, column 21')
  await expect.poll(() => value(1)).toBe(digits(pooling[20 * 32 + 21]!))

  await pinAt(loupe, 3, 4, 32, 32)
  await expect(rowOf(loupe, 2)).toContainText('row 3, column 4')
  await loupe.choose(1)
  const fields = loupe.viewer.locator('.outline.field')
  await expect(fields).toHaveText(['1', '2'])
  await loupe.choose(3)
  await loupe.stage.focus()
  await page.keyboard.press('Delete')
  await expect(rowOf(loupe, 2)).toHaveCount(0)
  const chosen = loupe.viewer.locator('.outline.pin.chosen')
  await expect(chosen).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(chosen).toHaveCount(0)
  await expect(rowOf(loupe, 1)).toHaveCount(1)
})

test('a probe survives another picture and another pipeline, and says where its place is gone', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  await pinAt(loupe, 50, 60, side, side)
  const shown = rowOf(loupe, 1).locator('.value span').first()
  await expect(shown).toHaveText(/\d/)
  expect(numberOf(await shown.innerText())).toBe(digits(convolution[50 * side + 60]!))
  await loupe.picture(/clouds/).click()
  await loupe.finished(6)
  const other = reference('clouds', 'convolution')[50 * side + 60]!
  await expect.poll(async () => numberOf(await shown.innerText())).toBe(digits(other))

  await loupe.usePipeline('Edges')
  await loupe.finished(4)
  await pinAt(loupe, 100, 120, 128, 128, 3)
  await expect(rowOf(loupe, 2)).toContainText('row 100, column 120, Ridge')
  await loupe.usePipeline('Walkthrough')
  await loupe.finished(6)
  await expect(rowOf(loupe, 2)).toContainText('Not in this stage any more: 64×64×1.')
  await expect.poll(async () => numberOf(await shown.innerText())).toBe(digits(other))
})

test('the probes are copied as tab-separated text with every digit', async ({ loupe, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await loupe.finished(6)
  await loupe.choose(3)
  await pinAt(loupe, 10, 20, 32, 32)
  await loupe.choose(2)
  await pinAt(loupe, 7, 19, side, side)
  await expect(rowOf(loupe, 2).locator('.photo')).toBeVisible()
  await probes(loupe).getByRole('button', { name: 'Copy' }).click()
  await expect(probes(loupe)).toContainText('Copied.')
  const text = await page.evaluate(() => navigator.clipboard.readText())
  const rows = text.split('\n').map((line) => line.split('\t'))
  expect(rows.map((row) => row.length)).toEqual([11, 11, 11])
  expect(rows[1]!.slice(0, 6)).toEqual(['1', '2', 'Max pool 2×2', '10', '20', '0'])
  expect(Number(rows[1]![6])).toBe(pooling[10 * 32 + 20])
  expect(rows[2]!.slice(0, 6)).toEqual(['2', '1', 'Conv 3×3', '7', '19', '0'])
  expect(Number(rows[2]![6])).toBe(convolution[7 * side + 19])
})

test('zoomed in, every element shows its number in a colour that stands out', async ({ loupe, page }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  await loupe.pointAt(20, 20, side, side)
  const colours = async () => {
    const scale = Number.parseFloat(await loupe.viewer.getByRole('button', { name: /^Actual size/ }).innerText())
    return await loupe.viewer
      .locator('.frame canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement, size) => {
        const copy = new OffscreenCanvas(size, size).getContext('2d')!
        const [x, y] = [canvas.width / 2 - size, canvas.height / 2 - size]
        copy.drawImage(canvas, x, y, size, size, 0, 0, size, size)
        const { data } = copy.getImageData(0, 0, size, size)
        let [low, high] = [255, 0]
        for (let i = 0; i < data.length; i += 4) {
          low = Math.min(low, data[i + 1]!)
          high = Math.max(high, data[i + 1]!)
        }
        return high - low
      }, Math.ceil(scale))
  }
  const flat = await colours()
  for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -600)
  await expect(loupe.viewer.getByRole('button', { name: /^Actual size/ })).toHaveText('96×')
  await expect.poll(colours).toBeGreaterThan(90)
  expect(flat).toBeLessThan(90)
})

test('the numbers that are seen can be read as a table', async ({ loupe, page }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  await pinAt(loupe, 20, 30, side, side)
  await page.keyboard.press('t')
  const rows = loupe.dialog.getByRole('row')
  await expect(loupe.dialog.getByRole('heading', { name: 'Numbers of Conv 3×3' })).toBeVisible()
  await expect(rows).toHaveCount(33)
  await expect(
    loupe.dialog.getByRole('table', { name: /^Conv 3×3: 32 columns and 32 rows of 64 × 64, counted from 0$/ }),
  ).toBeVisible()
  const widths = await rows
    .nth(1)
    .locator('td')
    .evaluateAll((cells) => cells.map((cell) => cell.clientWidth))
  expect(new Set(widths).size).toBe(1)
  const [top, left] = [20 - 16, 30 - 16]
  const first = (await rows.nth(1).locator('th, td').allInnerTexts()).map(numberOf)
  expect(first).toEqual([top, ...Array.from({ length: 32 }, (_, i) => digits(convolution[top * side + left + i]!))])
  expect(numberOf(await rows.nth(0).locator('th').nth(1).innerText())).toBe(left)
  await page.keyboard.press('Escape')
  await expect(loupe.dialog).toHaveCount(0)
})

test('the range is of the stage, of each channel, of all stages, typed, or kept for other pictures', async ({
  loupe,
  page,
}) => {
  await loupe.usePipeline('Edges')
  await loupe.finished(4)
  await loupe.choose(2)
  const legend = loupe.viewer.getByRole('figure', { name: /^Colour scale/ })
  await expect(legend).toContainText('one scale for all channels')
  await legend.getByLabel('Range of colours').selectOption('Per channel')
  await expect(legend).toContainText('each channel on its own scale')
  const captions = loupe.viewer.locator('figcaption').filter({ hasText: '·' })
  await expect(captions.first()).toHaveText(/^0 · Sobel x: −[\d.]+ to [\d.]+$/)
  await legend.getByLabel('Range of colours').selectOption('All stages')
  await expect(legend).toContainText('one scale for all stages')
  await legend.getByLabel('Range of colours').selectOption('Per stage')

  await loupe.choose(3)
  await legend.getByRole('button', { name: /^Upper end/ }).click()
  await page.keyboard.type('1.25')
  await page.keyboard.press('Enter')
  await expect(legend).toHaveAttribute('aria-label', /^Colour scale from 0 to 1\.25/)
  await loupe.picture(/clouds/).click()
  await loupe.finished(4)
  await expect(legend).toHaveAttribute('aria-label', /^Colour scale from 0 to 1\.25/)
  await legend.getByRole('button', { name: 'Range kept' }).click()
  await expect(legend).not.toHaveAttribute('aria-label', /to 1\.25/)
  await legend.getByRole('button', { name: /^Upper end/ }).click()
  await page.keyboard.type('lots')
  await page.keyboard.press('Enter')
  await expect(legend.getByRole('alert')).toHaveText('“lots” is not a number.')
  await page.keyboard.press('Escape')
  await legend.getByLabel('Colours', { exact: true }).selectOption('cividis')
  await expect(legend.getByLabel('Colours', { exact: true })).toHaveValue('cividis')
})

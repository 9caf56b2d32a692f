/** The evolution strip and the stage viewer, their numbers held to what NumPy computed. */

import path from 'node:path'
import sharp from 'sharp'
import { fixturesDir, sharedDir } from '../support/shared.ts'
import { readNpy } from '../support/npy.ts'
import { expect, shapes, test, type Loupe } from './support/test.ts'

const reference = (name: string) => readNpy(path.join(fixturesDir, `synthetic/shapes/default/${name}.npy`))
const input = reference('input').data as Float64Array
const convolution = reference('convolution').data as Float64Array
const pooling = reference('pooling').data as Float64Array
const output = reference('output').data as Float64Array

/** The number of a text as the window writes it, with a true minus sign. */
const numberOf = (text: string) => Number(text.replaceAll('−', '-'))
const digits = (value: number, count = 6) => Number(value.toPrecision(count))
const range = (values: Float64Array) => [Math.min(...values), Math.max(...values)] as const

test.use({ files: [shapes] })

test('the strip shows the original and every stage with name, shape and time', async ({ loupe }) => {
  await loupe.finished(6)
  const names = await loupe.cards.evaluateAll((cards) => cards.map((card) => card.getAttribute('aria-label')!))
  expect(names[0]).toMatch(/^Original, 300×200, PNG$/)
  const stages = [
    'Input, 64×64×1',
    'Conv 3×3, 64×64×1',
    'Max pool 2×2, 32×32×1',
    'Flatten, 1024',
    'Dense 2, 2',
    'Softmax, 2',
  ]
  expect(names.slice(1).map((name) => name.replace(/, [<\d.]+ m?s$/, ''))).toEqual(stages)
  for (const name of names.slice(1)) expect(name).toMatch(/ m?s$/)
  await expect(loupe.cards.locator('canvas')).toHaveCount(5)
})

test('arrow keys step, Home and End jump, space plays and pauses', async ({ loupe, page }) => {
  await loupe.finished(6)
  for (const at of [1, 2]) {
    await page.keyboard.press('ArrowRight')
    await loupe.shows(at)
  }
  await page.keyboard.press('ArrowLeft')
  await loupe.shows(1)
  await page.keyboard.press('End')
  await loupe.shows(6)
  await loupe.card(5).click()
  await page.keyboard.press('Home')
  await loupe.shows(0)
  // After a click, too, the keys are the list's and the focus is seen on the card in hand, not on the one clicked.
  await expect(loupe.stages).toBeFocused()
  await page.keyboard.press(' ')
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await loupe.shows(1)
  await loupe.shows(2)
  await page.keyboard.press(' ')
  await expect(page.getByRole('button', { name: 'Play through the stages' })).toBeVisible()
})

test('pointing reads place and value, equal to NumPy’s for every stage and to the file’s for the original', async ({
  loupe,
}) => {
  await loupe.finished(6)
  const stages = [
    { index: 1, title: 'Input', side: 64, values: input },
    { index: 2, title: 'Conv 3×3', side: 64, values: convolution },
    { index: 3, title: 'Max pool 2×2', side: 32, values: pooling },
  ]
  for (const { index, title, side, values } of stages) {
    await loupe.choose(index)
    for (const [row, column] of [
      [0, 0],
      [7, 19],
      [side - 1, side - 1],
    ] as const) {
      await loupe.pointAt(row, column, side, side)
      await expect(loupe.status).toContainText(`${title}, row ${row}, column ${column}`)
      const value = numberOf(await loupe.status.locator('b').innerText())
      expect(value).toBe(digits(values[row * side + column]!))
    }
  }
  await loupe.choose(4)
  await expect(loupe.viewer).toContainText('32 to a row')
  await loupe.pointAt(3, 5, 32, 32)
  await expect(loupe.status).toContainText(`Flatten, element ${3 * 32 + 5}`)
  expect(numberOf(await loupe.status.locator('b').innerText())).toBe(digits(pooling[3 * 32 + 5]!))

  await loupe.choose(0)
  const { data, info } = await sharp(shapes).raw().toBuffer({ resolveWithObject: true })
  await loupe.pointAt(100, 57, info.height, info.width)
  const at = (100 * info.width + 57) * info.channels
  await expect(loupe.status).toContainText('Original, row 100, column 57')
  await expect(loupe.status.locator('b')).toHaveText([...data.subarray(at, at + 3)].join(', '))
})

test('probabilities are bars with their numbers, equal to NumPy’s', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(6)
  const bars = loupe.viewer.getByRole('list', { name: 'Values of Softmax' }).getByRole('listitem')
  await expect(bars).toHaveCount(2)
  const shown = (await bars.locator('.value').allInnerTexts()).map(numberOf)
  expect(shown).toEqual([...output].map((value) => digits(value)))
  const widths = await bars
    .locator('.track')
    .evaluateAll((tracks) =>
      tracks.map(
        (track) => track.querySelector('i')!.getBoundingClientRect().width / track.getBoundingClientRect().width,
      ),
    )
  widths.forEach((width, i) => expect(width).toBeCloseTo(output[i]!, 2))
})

test('the picture is painted with the values: each element one even square of its own grey', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(1)
  const { width } = await pictureOf(loupe, [])
  const scale = width / 64
  expect(Number.isInteger(scale)).toBe(true)
  const rows = [0, 13, 63]
  const { colours } = await pictureOf(
    loupe,
    rows.flatMap((row) => [row * scale, (row + 1) * scale - 1]),
  )
  const expected = rows.map((row) =>
    Array.from({ length: width }, (_, x) => {
      const grey = Math.round(input[row * 64 + Math.floor(x / scale)]! * 255)
      return `${grey},${grey},${grey}`
    }),
  )
  expect(colours).toEqual(expected.flatMap((row) => [row, row]))
})

test('wheel and keys zoom and pan; elements stay crisp', async ({ loupe, page }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  const zoom = loupe.viewer.getByRole('button', { name: /^Actual size/ })
  const scale = async () => Number.parseFloat(await zoom.innerText())
  const fitting = await scale()
  await loupe.pointAt(20, 20, 64, 64)
  await page.mouse.wheel(0, -600)
  await expect.poll(scale).toBeGreaterThan(fitting * 2)
  await expect(loupe.status).toContainText('row 20, column 20')
  const zoomed = await scale()
  const { width, colours } = await pictureOf(loupe, [0])
  const runs = colours[0]!.filter((colour, x, row) => colour !== row[x - 1]).length
  // A smoothed picture would change its colour at nearly every pixel.
  expect(runs).toBeLessThanOrEqual(Math.ceil(width / zoomed) + 1)
  expect(runs).toBeGreaterThan(2)

  await page.mouse.down()
  await page.mouse.move(400, 500, { steps: 3 })
  await page.mouse.up()
  await expect(loupe.status).toContainText(/row \d+, column \d+/)

  // Also after a step on the strip, but not where they are text.
  await loupe.stages.focus()
  await page.keyboard.press('0')
  await expect.poll(scale).toBe(fitting)
  await page.keyboard.press('+')
  await expect.poll(scale).toBeGreaterThan(fitting)
  await page.keyboard.press('1')
  await expect.poll(scale).toBe(1)
  const name = loupe.details.getByLabel('Name of the pipeline')
  await name.focus()
  await page.keyboard.press('End')
  await page.keyboard.type('?0+bcp1')
  await expect(name).toHaveValue(/\S\?0\+bcp1$/)
  await expect(loupe.dialog).toHaveCount(0)
  await page.keyboard.press('Escape')
  await loupe.stage.focus()
  expect(await scale()).toBe(1)
  await loupe.viewer.getByRole('button', { name: 'Fit' }).click()
  await expect.poll(scale).toBe(fitting)
})

test('the keyboard’s cursor reads values too', async ({ loupe, page }) => {
  await loupe.finished(6)
  await loupe.choose(3)
  await loupe.stage.focus()
  await page.keyboard.press('ArrowRight')
  await expect(loupe.status).toContainText('row 16, column 16')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('ArrowLeft')
  await expect(loupe.status).toContainText('row 26, column 15')
  expect(numberOf(await loupe.status.locator('b').innerText())).toBe(digits(pooling[26 * 32 + 15]!))
})

test('legend and panel tell the tensor’s range, its statistics, and the layer’s parameters, formula and lesson', async ({
  loupe,
}) => {
  await loupe.finished(6)
  // The original has its histogram too: as many bars as bins that hold something.
  const bytes = await sharp(shapes).removeAlpha().raw().toBuffer()
  const bars = loupe.viewer.getByRole('figure', { name: /^Colour scale/ }).locator('rect')
  await expect(bars).toHaveCount(new Set(bytes.map((value) => value >> 2)).size)
  await loupe.choose(2)
  const [low, high] = range(convolution)
  const label = await loupe.viewer.getByRole('figure', { name: /^Colour scale/ }).getAttribute('aria-label')
  const [, from, to] = /^Colour scale from (\S+) to ([^\s,]+)/.exec(label!)!
  expect([numberOf(from!), numberOf(to!)]).toEqual([digits(low, 3), digits(high, 3)])

  const fact = async (name: string) =>
    numberOf(await loupe.details.locator(`dt:has-text("${name}") + dd`).first().innerText())
  expect(await fact('Minimum')).toBe(digits(low))
  expect(await fact('Maximum')).toBe(digits(high))
  expect(await fact('Mean')).toBeCloseTo(convolution.reduce((sum, value) => sum + value, 0) / convolution.length, 5)
  await expect(loupe.details.getByRole('heading', { level: 1 })).toHaveText('Convolution')
  for (const [name, value] of [
    ['Filters', '1'],
    ['Kernel size, height', '3'],
    ['Stride, width', '1'],
    ['Padding', 'same'],
  ]) {
    await expect(loupe.details.getByLabel(name!, { exact: true })).toHaveValue(value!)
  }
  await expect(loupe.details.locator('math')).toHaveCount(1)
  await expect(loupe.details.getByRole('heading', { name: 'What to look for' })).toBeVisible()
})

test('the value pointed at never covers the numbers at the ends of its scale', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  const legend = loupe.viewer.getByRole('figure', { name: /^Colour scale/ })
  const box = async (name: RegExp) => (await legend.getByRole('button', { name }).boundingBox())!
  const told = legend.locator('.ticks b')
  for (const end of range(convolution)) {
    const at = convolution.indexOf(end)
    await loupe.pointAt(at >> 6, at % 64, 64, 64)
    await expect(told).toHaveText(String(digits(end, 4)))
    const [upper, lower, value] = [await box(/^Upper end/), await box(/^Lower end/), (await told.boundingBox())!]
    expect(value.y).toBeGreaterThanOrEqual(upper.y + upper.height - 2)
    expect(value.y + value.height).toBeLessThanOrEqual(lower.y + 2)
  }
})

test('every preset takes effect at once, and the chosen stage stays', async ({ loupe, page }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  await loupe.usePipeline('Edges')
  await loupe.finished(4)
  await expect(loupe.card(2)).toHaveAccessibleName(/^Conv 3×3, 128×128×4, /)
  await loupe.shows(2)
  const captions = loupe.viewer.locator('figcaption').filter({ hasText: '·' })
  await expect(captions).toHaveText(['0 · Sobel x', '1 · Sobel y', '2 · Laplacian', '3 · Ridge'])
  // As slow as a person, for whom the window must not move between the clicks.
  await loupe.viewer.locator('.frame').nth(1).dblclick({ delay: 70 })
  await expect(captions).toHaveText(['1 · Sobel y'])
  await loupe.viewer.getByRole('button', { name: 'All 4 channels' }).click()
  await expect(captions).toHaveCount(4)

  await loupe.usePipeline('TinyVGG shape')
  await loupe.finished(14)
  await loupe.usePipeline('Blur and pool')
  await loupe.finished(5)
  await loupe.pipeline.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('w')
  await page.keyboard.press('Enter')
  await expect(loupe.pipeline).toHaveText('Walkthrough')
  await loupe.finished(6)
  await expect(loupe.card(1)).toHaveAccessibleName(/^Input, 64×64×1/)
})

test.describe('a real photo', () => {
  test.skip(sharedDir === undefined, 'the photos beside the project are not there')
  test.use({ files: sharedDir === undefined ? [] : [path.join(sharedDir, 'images/chelsea.png')] })
  test('reads as NumPy computed it', async ({ loupe }) => {
    const values = readNpy(path.join(sharedDir!, 'reference/walkthrough/chelsea/default/convolution.npy')).data
    await loupe.finished(6)
    await loupe.choose(2)
    await loupe.pointAt(31, 40, 64, 64)
    await expect(loupe.status).toContainText('row 31, column 40')
    const value = numberOf(await loupe.status.locator('b').innerText())
    expect(value).toBe(digits((values as Float64Array)[31 * 64 + 40]!))
  })
})

/** The width of the first picture on screen, and the colours of some of its rows as `r,g,b`. */
async function pictureOf(loupe: Loupe, rows: readonly number[]) {
  return await loupe.viewer
    .locator('.frame canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement, rows) => {
      const { width, height } = canvas
      const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
      copy.drawImage(canvas, 0, 0)
      const colours = rows.map((row) => {
        const { data } = copy.getImageData(0, row, width, 1)
        return Array.from({ length: width }, (_, x) => data.subarray(x * 4, x * 4 + 3).join())
      })
      return { width, colours }
    }, rows)
}

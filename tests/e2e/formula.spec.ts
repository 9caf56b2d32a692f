/** The formula of a pinned element: every number on screen checked by hand, from what NumPy computed and from the file. */

import path from 'node:path'
import sharp from 'sharp'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { expectNoViolations } from './support/axe.ts'
import { expect, shapes, test, type Loupe } from './support/test.ts'

const reference = (name: string) =>
  readNpy(path.join(fixturesDir, `synthetic/shapes/default/${name}.npy`)).data as Float64Array
const input = reference('input')
const convolution = reference('convolution')
const pooling = reference('pooling')
const output = reference('output')
const side = 64

test.use({ files: [shapes] })

/** What NumPy's add.reduce does, written down anew: numpy/core/src/umath/loops_utils.h.src. */
function pairwise(terms: readonly number[]): number {
  if (terms.length < 8) return terms.reduce((sum, term) => sum + term, 0)
  if (terms.length > 128) {
    const half = (terms.length >> 1) - ((terms.length >> 1) % 8)
    return pairwise(terms.slice(0, half)) + pairwise(terms.slice(half))
  }
  const r = terms.slice(0, 8)
  const whole = terms.length - (terms.length % 8)
  for (let i = 8; i < whole; i++) r[i % 8]! += terms[i]!
  const eight = r[0]! + r[1]! + (r[2]! + r[3]!) + (r[4]! + r[5]! + (r[6]! + r[7]!))
  return terms.slice(whole).reduce((sum, term) => sum + term, eight)
}

/** The panel by what a person sees of it. */
function formulaOf({ page }: Loupe) {
  const panel = page.locator('section.inspector')
  return {
    panel,
    value: panel.locator('.result .value'),
    place: panel.locator('.result .soft'),
    output: panel.getByRole('img', { name: /the element explained$/ }),
    input: panel.getByRole('img', { name: /where it reads$/ }),
    button: (name: string | RegExp) => panel.getByRole('button', { name }),
    table: (name: string | RegExp) => panel.getByRole('table', { name }),
    rows: async (name: string) => {
      const rows = panel.getByRole('table', { name }).locator('tbody tr')
      // With all digits two numbers stand under each other in a cell: `0.4667` and `× 0.1111`.
      return rows.evaluateAll((all) =>
        all.map((row) =>
          [...row.children].flatMap((cell) =>
            cell.textContent.split('\n').map((line) => line.trim().replace(/^[×=] /, '')),
          ),
        ),
      )
    },
  }
}

async function pin(loupe: Loupe, row: number, column: number, size: number): Promise<void> {
  await loupe.pointAt(row, column, size, size)
  await loupe.page.mouse.down()
  await loupe.page.mouse.up()
  await expect(formulaOf(loupe).place).toHaveText(`row ${row}, column ${column}`)
}

const own = 'Terms in the layer’s own order'

test('the sum of a convolution closes on screen to the last digit, from the numbers of the stage before', async ({
  loupe,
}) => {
  await loupe.finished(6)
  await loupe.choose(2)
  await pin(loupe, 20, 30, side)
  const formula = formulaOf(loupe)
  await expect(formula.value).toHaveText(/^0\.\d{5,6}$/)
  await formula.button('All digits').click()
  await expect(formula.value).toHaveText(String(convolution[20 * side + 30]))
  const rows = await formula.rows(own)
  const places = [19, 20, 21].flatMap((row) => [29, 30, 31].map((column) => ({ row, column })))
  expect(rows.map(([where]) => where)).toEqual(places.map(({ row, column }) => `row ${row}, column ${column}`))
  expect(rows.map(([, value]) => Number(value))).toEqual(places.map(({ row, column }) => input[row * side + column]))
  expect(rows.map(([, , weight]) => Number(weight))).toEqual(Array(9).fill(1 / 9))
  const products = places.map(({ row, column }) => input[row * side + column]! * (1 / 9))
  expect(rows.map(([, , , product]) => Number(product))).toEqual(products)
  expect(pairwise(products)).toBe(convolution[20 * side + 30])
  // The running sums: eight of one term each, then the last added to all of them.
  expect(rows.map(([, , , , sum]) => sum!.split(' = ')[0])).toEqual([
    ...products.slice(0, 8).map((_, i) => `r${i}`),
    'sum',
  ])
  expect(Number(rows.at(-1)!.at(-1)!.split(' = ')[1])).toBe(convolution[20 * side + 30])
  await expect(formula.table('From the sum to the value').getByRole('row').last()).toContainText(
    String(convolution[20 * side + 30]),
  )
})

test('padding is marked where it is, and counts as nothing', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  await pin(loupe, 0, 0, side)
  const formula = formulaOf(loupe)
  await formula.button('All digits').click()
  const rows = await formula.rows(own)
  expect(rows.map(([where]) => where === 'padding')).toEqual([1, 1, 1, 1, 0, 0, 1, 0, 0].map(Boolean))
  expect(rows.filter(([where]) => where === 'padding').every(([, value]) => value === '0')).toBe(true)
  await expect(formula.panel.locator('.padding')).toHaveCount(5)
  const inside = [0, 1, side, side + 1].map((at) => input[at]! / 9)
  expect(Number(await formula.value.innerText())).toBe(convolution[0])
  expect(convolution[0]).toBeCloseTo(
    inside.reduce((sum, term) => sum + term, 0),
    14,
  )
})

test('a maximum shows its candidates and which of them wins', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(3)
  await pin(loupe, 5, 7, 32)
  const formula = formulaOf(loupe)
  await formula.button('All digits').click()
  const four = [10, 11].flatMap((row) => [14, 15].map((column) => convolution[row * side + column]!))
  const rows = await formula.rows('The candidates')
  expect(rows.map(([, value]) => Number(value))).toEqual(four)
  const most = Math.max(...four)
  expect(rows.findIndex(([, , result]) => result!.startsWith('wins'))).toBe(four.indexOf(most))
  await expect(formula.value).toHaveText(String(most))
  expect(most).toBe(pooling[5 * 32 + 7])
})

test('stepping, seeking in either picture and playing each bring the element’s own numbers', async ({
  loupe,
  page,
}) => {
  await loupe.finished(6)
  await loupe.choose(3)
  await pin(loupe, 5, 7, 32)
  const formula = formulaOf(loupe)
  await formula.button('All digits').click()
  const shows = async (row: number, column: number) => {
    await expect(formula.place).toHaveText(`row ${row}, column ${column}`)
    await expect(formula.value).toHaveText(String(pooling[row * 32 + column]))
  }
  await formula.button('Next element').click()
  await shows(5, 8)
  await formula.button('Previous element').click()
  await formula.button('Previous element').click()
  await shows(5, 6)
  await press(formula.output, 20, 3, 32)
  await shows(20, 3)
  // Of the picture it reads: the window that covers row 50, column 13.
  await press(formula.input, 50, 13, side)
  await shows(25, 6)
  await formula.panel.getByRole('slider', { name: 'Element' }).press('Home')
  await shows(0, 0)
  await formula.panel.getByRole('combobox', { name: 'Speed' }).selectOption('16 a second')
  await formula.button('Play through the elements').click()
  await expect(formula.place).toHaveText(/^row [1-9]/)
  await formula.button('Pause').click()
  await expect(formula.panel.locator('.veil')).toHaveCount(1)
  const [row, column] = (await formula.panel.getByRole('slider').getAttribute('aria-valuetext'))!.match(/\d+/g)!
  await shows(Number(row), Number(column))

  // Escape goes up one level at a time: back to the probe, closed; the focus is on the stage again.
  await formula.button('Next element').focus()
  await page.keyboard.press('Escape')
  await shows(5, 7)
  await expect(formula.panel.locator('.veil')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(formula.panel).toHaveCount(0)
  await expect(loupe.stage).toBeFocused()
  await page.getByRole('button', { name: 'Show the formula of probe 1' }).click()
  await shows(5, 7)
})

async function press(picture: ReturnType<typeof formulaOf>['input'], row: number, column: number, size: number) {
  const box = (await picture.boundingBox())!
  await picture.click({ position: { x: ((column + 0.5) * box.width) / size, y: ((row + 0.5) * box.height) / size } })
}

test('terms are added one by one, and what the sum is by then is told', async ({ loupe, page }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  await pin(loupe, 20, 30, side)
  const formula = formulaOf(loupe)
  await formula.button('All digits').click()
  const status = formula.panel.locator('.terms [role=status]')
  await formula.button(/Add a term/).click()
  await formula.button(/Add a term/).click()
  await expect(status).toHaveText(`2 of 9: r1 = ${String(input[19 * side + 30]! * (1 / 9))}`)
  await expect(formula.table(own).locator('tr[aria-current]')).toContainText('row 19, column 30')
  await formula.button(/Take a term away/).click()
  await expect(status).toHaveText(`1 of 9: r0 = ${String(input[19 * side + 29]! * (1 / 9))}`)
  await page.keyboard.press('Escape')
  await expect(status).toHaveText('')
  await expect(formula.panel).toBeVisible()
})

test('a dense unit adds 1,024 weighted numbers, all of them on its pages, and softmax makes shares of them', async ({
  loupe,
}) => {
  await loupe.finished(6)
  await loupe.choose(5)
  await loupe.viewer
    .getByRole('list', { name: /^Values of/ })
    .getByRole('listitem')
    .first()
    .click()
  const formula = formulaOf(loupe)
  await expect(formula.place).toHaveText('class 0')
  await formula.button('All digits').click()
  const terms: number[][] = []
  for (let page = 0; page < 16; page++) {
    const rows = await formula.rows(own)
    terms.push(...rows.map((cells) => cells.slice(1, 4).map(Number)))
    if (page === 0) expect(rows[33]![0]).toBe('row 1, column 1')
    if (page < 15) await formula.button('Next terms').click()
  }
  await expect(formula.button('Next terms')).toBeDisabled()
  expect(terms.map(([value]) => value)).toEqual([...pooling])
  // np.random.seed(0); np.random.randn(1024, 2) * 0.01: the first column's first numbers.
  expect(terms.slice(0, 2).map(([, weight]) => weight)).toEqual([1.764052345967664 * 0.01, 0.9787379841057392 * 0.01])
  const products = terms.map(([value, weight]) => value! * weight!)
  expect(terms.map(([, , product]) => product)).toEqual(products)
  const logit = Number(await formula.value.innerText())
  expect(logit).toBe(pairwise(products))

  // The bars: the largest contributions first, each with its place in the unflattened picture.
  const bars = formula.panel.getByRole('list', { name: 'Terms by what they add' }).getByRole('listitem')
  const largest = [...products.keys()].sort((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!))[0]!
  await expect(bars.first().locator('.name')).toHaveText(`row ${largest >> 5}, column ${largest % 32}`)
  expect(Number(await bars.first().locator('.value').innerText())).toBe(products[largest])
  await bars.first().hover()
  await expect(formula.panel.locator('.told')).toContainText(`adds ${products[largest]}`)
  await expect(formula.input.locator('rect.pointed')).toHaveAttribute('x', String(largest % 32))

  // Down to the convolution: what its largest element adds is what the one of the pooling that it became adds.
  const trace = formula.panel.locator('details', { hasText: 'Down through the layers' })
  await trace.locator('summary').click()
  const convolved = trace
    .getByRole('list', { name: 'Elements of Conv 3×3 that add most' })
    .getByRole('listitem')
    .first()
  expect(Number(await convolved.locator('.value').innerText())).toBe(products[largest])
  const [row, column] = (await convolved.locator('.name').innerText()).match(/\d+/g)!.map(Number)
  expect([row! >> 1, column! >> 1]).toEqual([largest >> 5, largest % 32])
  expect(convolution[row! * side + column!]).toBe(pooling[largest])
  // It is pinned by a click, and its own formula shown; the one before is still there.
  await convolved.getByRole('button').click()
  await expect(formula.place).toHaveText(`row ${row}, column ${column}`)
  await expect(formula.value).toHaveText(String(pooling[largest]))
  await expect(formula.panel.getByRole('group', { name: 'The formula' })).toBeFocused()
  await loupe.shows(2)
  await loupe.page.getByRole('button', { name: /^Probe 1\b/ }).click()
  await expect(formula.place).toHaveText('class 0')
  await trace.locator('summary').click()

  await formula.button('Next element').click()
  await expect(formula.place).toHaveText('class 1')
  const other = Number(await formula.value.innerText())

  await loupe.choose(6)
  await loupe.viewer
    .getByRole('list', { name: /^Values of/ })
    .getByRole('listitem')
    .nth(1)
    .click()
  await expect(formula.panel.getByRole('heading', { level: 2 })).toContainText('Softmax')
  await expect(formula.place).toHaveText('class 1')
  const shares = await formula.rows('Logits, exponentials and shares')
  const logits = [logit, other]
  const exponentials = logits.map((one) => Math.exp(one - Math.max(...logits)))
  const total = exponentials[0]! + exponentials[1]!
  expect(shares.map(([, one]) => Number(one))).toEqual(logits)
  shares.forEach(([, , , one], i) => expect(Number(one)).toBeCloseTo(exponentials[i]!, 15))
  shares.forEach(([, , , , one], i) => expect(Number(one)).toBeCloseTo(exponentials[i]! / total, 15))
  expect(Math.abs(Number(await formula.value.innerText()) - output[1]!)).toBeLessThan(1e-12)
})

test('a value of the input goes back to the samples of the file', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(1)
  await pin(loupe, 13, 40, side)
  const formula = formulaOf(loupe)
  await expect(formula.panel).toContainText(`/ 255 = ${Number(input[13 * side + 40]!.toPrecision(6))}`)
  await formula.panel.locator('summary', { hasText: 'Red' }).click()
  const vertical = formula.table(/^Down column/).first()
  const numbers = async (table: typeof vertical) =>
    table
      .locator(':scope > tbody > tr')
      .evaluateAll((all) =>
        all.map((row) =>
          [...row.children].map((cell) => cell.textContent.replace('−', '-').replace(/[▸▾]/, '').trim()),
        ),
      )
  const taps = await numbers(vertical)
  const sum = taps.reduce((total, [, sample, weight]) => total + Number(sample) * Number(weight), 2 ** 21)
  const byte = Math.max(0, Math.min(255, Math.floor(sum / 2 ** 22)))
  await expect(formula.panel.locator('summary', { hasText: 'Red' }).locator('b')).toHaveText(String(byte))
  // The first of its rows: taps across the photo's own samples.
  await vertical.getByRole('button').first().click()
  const across = formula.table(/^Across row/).first()
  const { data, info } = await sharp(shapes).raw().toBuffer({ resolveWithObject: true })
  const inner = (await numbers(across)).map((cells) => cells.map(Number))
  const row = Number(taps[0]![0])
  expect(inner.length).toBeGreaterThan(3)
  expect(inner.map(([, sample]) => sample)).toEqual(inner.map(([x]) => data[(row * info.width + x!) * info.channels]))
  const rounded = inner.reduce((total, [, sample, weight]) => total + sample! * weight!, 2 ** 21)
  expect(Math.max(0, Math.min(255, Math.floor(rounded / 2 ** 22)))).toBe(Number(taps[0]![1]))
})

test('the lesson has the numbers of this very run', async ({ loupe }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  await pin(loupe, 20, 30, side)
  const six = String(Number(convolution[20 * side + 30]!.toPrecision(6)))
  await expect(formulaOf(loupe).panel.locator('.lesson')).toContainText(
    `Here, at row 20, column 30: 9 numbers, each times the same weight, which makes it their mean, add up to ${six}.`,
  )
})

test('with reduced motion playing shows the end, and stepping still works', async ({ loupe, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await loupe.finished(6)
  await loupe.choose(3)
  await pin(loupe, 5, 7, 32)
  const formula = formulaOf(loupe)
  await formula.button('Play through the elements').click()
  await expect(formula.place).toHaveText('row 31, column 31')
  await expect(formula.button('Pause')).toHaveCount(0)
  await formula.button('Previous element').click()
  await expect(formula.place).toHaveText('row 31, column 30')
})

for (const { colorScheme, ...viewport } of [
  { colorScheme: 'light', width: 1280, height: 800 },
  { colorScheme: 'dark', width: 900, height: 600 },
  { colorScheme: 'light', width: 640, height: 400 },
] as const) {
  test.describe(`at ${viewport.width}×${viewport.height}, ${colorScheme}`, () => {
    test.use({ colorScheme, viewport, contextOptions: { reducedMotion: 'reduce' } })

    test('axe finds nothing in any formula, and nothing is cut off', async ({ loupe, page }) => {
      test.slow()
      await loupe.finished(6)
      if (viewport.width < 760) await page.getByRole('button', { name: 'Layer details' }).click()
      const formula = formulaOf(loupe)
      for (const stage of [1, 2, 3, 4, 5, 6]) {
        await loupe.choose(stage)
        const picture = loupe.viewer.locator('.frame')
        if ((await picture.count()) > 0) await picture.first().click()
        else await loupe.viewer.getByRole('listitem').first().click()
        await expect(formula.value).toBeVisible()
        if (stage === 5) await formula.panel.locator('summary', { hasText: 'Down through the layers' }).click()
        await expect(formula.panel.locator('.late')).toHaveCount(0)
        await expectNoViolations(page, `stage ${stage}`, 'section.inspector')
        const over = await page.evaluate(() => {
          const body = document.querySelector('.inspector .body')!
          return [document.documentElement.scrollWidth - innerWidth, body.scrollWidth - body.clientWidth]
        })
        expect(over, `stage ${stage}`).toEqual([0, 0])
      }
    })
  })
}

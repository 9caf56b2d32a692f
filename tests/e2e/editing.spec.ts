/** Editing the pipeline in the window, its numbers held to what this file computes from NumPy's own input stage. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { fixturesDir } from '../support/shared.ts'
import { readNpy } from '../support/npy.ts'
import { expectNoViolations } from './support/axe.ts'
import { pipelineFile } from './support/pipelines.ts'
import { expect, shapes, test, type Loupe } from './support/test.ts'

const input = readNpy(path.join(fixturesDir, 'synthetic/shapes/default/input.npy')).data as Float64Array
const side = 64

/** A 3×3 cross-correlation with zeros around it, written out anew here. */
function convolve(kernel: readonly number[], row: number, column: number): number {
  let sum = 0
  for (let u = 0; u < 3; u++) {
    for (let v = 0; v < 3; v++) {
      const y = row + u - 1
      const x = column + v - 1
      if (y >= 0 && x >= 0 && y < side && x < side) sum += input[y * side + x]! * kernel[u * 3 + v]!
    }
  }
  return sum
}
const box = new Array<number>(9).fill(1 / 9)

const numberOf = (text: string) => Number(text.replaceAll('−', '-'))

/** The value the window tells of an element of the stage on show. */
async function valueAt(loupe: Loupe, row: number, column: number, size = side): Promise<number> {
  await loupe.page.mouse.move(0, 0)
  await loupe.pointAt(row, column, size, size)
  await expect(loupe.status).toContainText(`row ${row}, column ${column}`)
  return numberOf(await loupe.status.locator('b').innerText())
}

const layers = (page: Page) => page.getByRole('region', { name: 'Layers' })
const lines = (page: Page) => layers(page).getByRole('listitem').getByRole('button')
const names = (page: Page) => lines(page).evaluateAll((list) => list.map((line) => line.getAttribute('aria-label')!))
const cell = (page: Page, row: number, column: number): Locator =>
  page.getByRole('grid', { name: /^Kernel of filter/ }).getByRole('textbox', { name: `Row ${row}, column ${column}` })

test.use({ files: [shapes] })

// What is asked of a run that a newer one has just replaced is answered so; the browser logs it, and nobody is told.
test.beforeEach(({ loupe }) => {
  loupe.guard.allow(/status of 404/, /\/api\/call\/(receptiveField|explain|stages\.read)$/)
})

test('one weight is edited and every stage below moves; undo and redo go back and forth', async ({ loupe, page }) => {
  await loupe.finished(6)
  await loupe.choose(2)
  expect(await valueAt(loupe, 20, 30)).toBeCloseTo(convolve(box, 20, 30), 5)
  await cell(page, 0, 1).click()
  await page.keyboard.type('-2.5')
  const edited = box.with(1, -2.5)
  await expect.poll(() => valueAt(loupe, 20, 30)).toBeCloseTo(convolve(edited, 20, 30), 5)
  await expect(loupe.pipeline).toContainText('Walkthrough (edited)')
  await expect(page.getByRole('combobox', { name: 'Kernels', exact: true })).toHaveValue('values')
  await expect(loupe.details).toContainText(`Sum −1.611`)
  await expect(loupe.details).toContainText(`Gain 3.389`)

  // The pooling below is of the new convolution.
  await loupe.choose(3)
  const pooled = [0, 1].flatMap((y) => [0, 1].map((x) => convolve(edited, 20 + y, 30 + x)))
  expect(await valueAt(loupe, 10, 15, 32)).toBeCloseTo(Math.max(...pooled), 5)

  await loupe.choose(2)
  await page.keyboard.press('Control+z')
  await expect.poll(() => valueAt(loupe, 20, 30)).toBeCloseTo(convolve(box, 20, 30), 5)
  await expect(page.getByRole('combobox', { name: 'Kernels', exact: true })).toHaveValue('preset')
  await expect(layers(page).getByRole('button', { name: 'Undo' })).toBeDisabled()
  await page.keyboard.press('Control+Shift+Z')
  await expect.poll(() => valueAt(loupe, 20, 30)).toBeCloseTo(convolve(edited, 20, 30), 5)
})

test('cells are a spreadsheet: arrows move, Escape takes back, tables are pasted if they fit', async ({
  loupe,
  page,
}) => {
  await loupe.finished(6)
  await loupe.choose(2)
  await cell(page, 0, 0).click()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await expect(cell(page, 1, 1)).toBeFocused()
  await page.keyboard.type('1/2')
  await expect(cell(page, 1, 1)).toHaveAttribute('title', '0.5')
  await page.keyboard.press('Escape')
  await expect(cell(page, 1, 1)).toHaveAttribute('title', String(1 / 9))
  // As if it had never been typed: there is nothing to undo.
  await expect(layers(page).getByRole('button', { name: 'Undo' })).toBeDisabled()
  await page.keyboard.type('7')
  await page.keyboard.press('Enter')
  await expect(cell(page, 2, 1)).toBeFocused()
  await expect(cell(page, 1, 1)).toHaveValue('7')

  const paste = (text: string) =>
    cell(page, 2, 1).evaluate((element, pasted) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', pasted)
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, text)
  await paste('1\t2\n3\t4')
  await expect(loupe.details).toContainText('The table has 2 × 2 numbers, but the kernel 3 × 3.')
  await expect(cell(page, 1, 1)).toHaveValue('7')
  await paste('1\t0\t-1\r\n2\t0\t−2\r\n1\t0\t-1\r\n')
  await expect(cell(page, 1, 2)).toHaveValue('−2')
  const pasted = [1, 0, -1, 2, 0, -2, 1, 0, -1]
  await expect.poll(() => valueAt(loupe, 33, 12)).toBeCloseTo(convolve(pasted, 33, 12), 5)
  const act = (name: string) => loupe.details.getByRole('button', { name, exact: true }).click()
  await act('Transpose')
  const transposed = [1, 2, 1, 0, 0, 0, -1, -2, -1]
  await expect.poll(() => valueAt(loupe, 33, 12)).toBeCloseTo(convolve(transposed, 33, 12), 5)
  await act('Rotate')
  await act('Rotate')
  await expect.poll(() => valueAt(loupe, 33, 12)).toBeCloseTo(convolve(transposed.toReversed(), 33, 12), 5)
  await act('Normalise')
  await expect(loupe.details).toContainText('It adds up to 0')
  await loupe.details.getByRole('combobox', { name: 'Set this kernel to' }).selectOption('Sharpen')
  await expect(cell(page, 1, 1)).toHaveValue('5')
  // Each of these was a step of its own.
  for (let i = 0; i < 2; i++) await page.keyboard.press('Control+z')
  const onceRotated = [-1, 0, 1, -2, 0, 2, -1, 0, 1]
  await expect.poll(() => valueAt(loupe, 33, 12)).toBeCloseTo(convolve(onceRotated, 33, 12), 5)
})

test('layers are moved by keyboard and by drag, duplicated and removed', async ({ loupe, page }) => {
  await loupe.finished(6)
  await loupe.usePipeline('Edges')
  await loupe.finished(4)
  await lines(page).nth(3).click()
  await loupe.shows(4)
  await page.keyboard.press('Alt+ArrowUp')
  await loupe.finished(4)
  expect(await names(page)).toEqual([
    '0: Input, makes 128×128×1',
    '1: Conv 3×3, makes 128×128×4',
    '2: Max pool 2×2, makes 64×64×4',
    '3: ReLU, makes 64×64×4',
  ])
  await expect(loupe.card(3)).toHaveAccessibleName(/^Max pool 2×2, 64×64×4/)
  await loupe.shows(3)
  await expect(lines(page).nth(2)).toBeFocused()
  await lines(page)
    .nth(3)
    .dragTo(lines(page).nth(1), { targetPosition: { x: 60, y: 4 } })
  await expect
    .poll(() => names(page))
    .toEqual([
      '0: Input, makes 128×128×1',
      '1: ReLU, makes 128×128×1',
      '2: Conv 3×3, makes 128×128×4',
      '3: Max pool 2×2, makes 64×64×4',
    ])
  await loupe.finished(4)
  await lines(page).nth(3).focus()
  await page.keyboard.press('Control+d')
  await loupe.finished(5)
  await expect.poll(async () => (await names(page))[4]).toBe('4: Max pool 2×2, makes 32×32×4')
  await page.keyboard.press('Delete')
  await loupe.finished(4)
  for (let i = 0; i < 4; i++) await page.keyboard.press('Control+z')
  await expect
    .poll(async () => (await names(page)).map((name) => name.split(',')[0]))
    .toEqual(['0: Input', '1: Conv 3×3', '2: ReLU', '3: Max pool 2×2'])
})

test('a layer that cannot work says why, and the stages above it stay', async ({ loupe, page }) => {
  await loupe.finished(6)
  await lines(page).nth(0).click()
  for (const name of ['Size, width', 'Size, height']) await loupe.details.getByLabel(name, { exact: true }).fill('4')
  await loupe.finished(6)
  await lines(page).nth(2).click()
  const height = loupe.details.getByLabel('Window, height', { exact: true })
  await height.fill('7')
  await loupe.finished(2)
  await expect(lines(page).nth(2)).toHaveAccessibleName(/cannot work: A 7×2 window does not fit a 4×4 input\./)
  await expect(lines(page).nth(3)).toHaveAccessibleName('3: Flatten, not reached')
  await expect(loupe.cards).toHaveCount(3)
  await expect(loupe.cards.locator('canvas')).toHaveCount(3)
  await expect(loupe.viewer.getByRole('alert')).toContainText(
    /^Layer 2 \(.*\) cannot work: a 7×2 window does not fit a 4×4 input\.$/,
  )
  await expect(loupe.details.getByRole('heading', { level: 1 })).toHaveText(/pool/i)

  await height.fill('2')
  await loupe.finished(6)
  await loupe.shows(3)
  await height.fill('0.5')
  await expect(loupe.details.getByRole('alert')).toHaveText(
    'Window, height must be a whole number, not 0.5. It stays 2.',
  )
  await height.fill('two')
  await expect(loupe.details.getByRole('alert')).toHaveText('Window, height is no number. It stays 2.')
  await expect(lines(page).nth(2)).toHaveAccessibleName('2: Max pool 2×2, makes 2×2×1')
})

test('a layer switched off is left out of the run and kept in the file', async ({ loupe, page }) => {
  await loupe.finished(6)
  await lines(page).nth(2).click()
  await page.keyboard.press(' ')
  await loupe.finished(5)
  await expect(lines(page).nth(2)).toHaveAccessibleName('Max pool 2×2, switched off')
  await expect(lines(page).nth(3)).toHaveAccessibleName('2: Flatten, makes 4096')
  await page.getByLabel('Name of the pipeline').fill('Without pooling')
  await page.getByLabel('Name of the pipeline').press('Enter')
  await expect(loupe.pipeline).toContainText('Without pooling')
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+Shift+S')])
  expect(download.suggestedFilename()).toBe('without-pooling.pipeline.json')
  const text = readFileSync(await download.path(), 'utf8')
  const saved = JSON.parse(text) as { name: string; layers: { kind: string; off?: boolean }[] }
  expect(saved.name).toBe('Without pooling')
  expect(saved.layers.map(({ kind, off }) => [kind, off ?? false])).toEqual([
    ['input', false],
    ['conv2d', false],
    ['pool2d', true],
    ['flatten', false],
    ['dense', false],
    ['softmax', false],
  ])

  // Reopened elsewhere it is the same, and can be switched on.
  await page.reload()
  await loupe.finished(6)
  await loupe.drop([{ name: 'without-pooling.pipeline.json', mimeType: 'application/json', buffer: Buffer.from(text) }])
  await loupe.finished(5)
  await expect(lines(page).nth(2)).toHaveAccessibleName('Max pool 2×2, switched off')
  await lines(page).nth(2).click()
  await layers(page).getByRole('button', { name: 'Switched on' }).click()
  await loupe.finished(6)

  // The chosen one stays in sight in a window that gets lower.
  await lines(page).last().click()
  await page.setViewportSize({ width: 1280, height: 400 })
  await expect(lines(page).last()).toBeInViewport({ ratio: 0.9 })
})

test('a broken pipeline file is refused with a sentence, and what was edited stays', async ({ loupe, page }) => {
  await loupe.finished(6)
  await lines(page).nth(1).click()
  await loupe.details.getByLabel('Filters', { exact: true }).fill('2')
  await loupe.finished(6)
  await expect(loupe.card(2)).toHaveAccessibleName(/^Conv 3×3, 64×64×2/)
  const broken = { version: 1, name: 'Broken', layers: [{ kind: 'input' }, { kind: 'pool2d', size: 'large' }] }
  await loupe.drop([pipelineFile('broken.pipeline.json', broken)])
  await expect(loupe.notices).toContainText(/broken\.pipeline\.json: .*layer 1 \(pool2d\)/)
  await expect(loupe.pipeline).toContainText('Walkthrough (edited)')
  await expect(lines(page).nth(1)).toHaveAccessibleName('1: Conv 3×3, makes 64×64×2')
})

test('unsaved changes are never lost silently', async ({ loupe, page }) => {
  await loupe.finished(6)
  await lines(page).nth(1).click()
  await loupe.details.getByLabel('Filters', { exact: true }).fill('3')
  await expect(loupe.card(2)).toHaveAccessibleName(/^Conv 3×3, 64×64×3/)
  // Another pipeline in between: the changes are still there.
  await loupe.usePipeline('Edges')
  await loupe.finished(4)
  await loupe.pipeline.click()
  await page.getByRole('option', { name: /^Walkthrough \(edited\)/ }).click()
  await expect(loupe.card(2)).toHaveAccessibleName(/^Conv 3×3, 64×64×3/)

  const close = async () => {
    await loupe.pipeline.click()
    await page.getByRole('button', { name: 'Close it' }).click()
  }
  await close()
  await expect(loupe.dialog).toContainText('has changes that no file has')
  await loupe.dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(loupe.pipeline).toContainText('Walkthrough (edited)')

  let asked = ''
  page.once('dialog', (dialog) => {
    asked = dialog.type()
    void dialog.dismiss()
  })
  await page.close({ runBeforeUnload: true })
  await expect.poll(() => asked).toBe('beforeunload')
  await expect(loupe.pipeline).toContainText('Walkthrough (edited)')

  await close()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    loupe.dialog.getByRole('button', { name: 'Save and close' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('walkthrough-edited.pipeline.json')
  await loupe.pipeline.click()
  await expect(page.getByRole('option', { name: /edited/ })).toHaveCount(0)
})

test('a moving slider is one step to undo, and its last value is what is shown', async ({ loupe, page }) => {
  await loupe.finished(6)
  await lines(page).nth(0).click()
  await layers(page).getByRole('button', { name: 'Add layer' }).click()
  await page.getByRole('menuitem', { name: 'Brighten' }).click()
  await loupe.finished(7)
  await loupe.shows(2)
  const slider = loupe.details.getByRole('slider', { name: 'Amount, slider' })
  const { x, y, width, height } = (await slider.boundingBox())!
  await page.mouse.move(x + width * 0.6, y + height / 2)
  await page.mouse.down()
  for (let i = 0; i <= 30; i++) await page.mouse.move(x + width * (0.6 - i / 100), y + height / 2)
  await page.mouse.up()
  const amount = Number(await slider.inputValue())
  expect(amount).not.toBe(0.2)
  const bright = (by: number) => Math.min(1, Math.max(0, input[20 * side + 30]! + by))
  await expect.poll(() => valueAt(loupe, 20, 30)).toBeCloseTo(bright(amount), 5)
  await page.keyboard.press('Control+z')
  await expect.poll(() => valueAt(loupe, 20, 30)).toBeCloseTo(bright(0.2), 5)
  await page.keyboard.press('Control+z')
  await loupe.finished(6)
})

for (const { colorScheme, ...viewport } of [
  { colorScheme: 'light', width: 1280, height: 800 },
  { colorScheme: 'dark', width: 900, height: 600 },
] as const) {
  test.describe(`at ${viewport.width}×${viewport.height}`, () => {
    test.use({ colorScheme, viewport, contextOptions: { reducedMotion: 'reduce' } })

    test('axe finds nothing wrong with any form, the menu, a broken layer', async ({ loupe, page }) => {
      test.slow()
      const axe = (what: string) => expectNoViolations(page, what)
      await loupe.finished(6)
      if (viewport.width < 1120) await page.getByRole('button', { name: 'Layer details' }).click()
      for (const [kind, at] of [
        ['Batch normalisation', 1],
        ['Crop', 0],
        ['Dense', 4],
      ] as const) {
        await lines(page).nth(at).click()
        await layers(page).getByRole('button', { name: 'Add layer' }).click()
        if (at === 1) await axe('the menu')
        await page.getByRole('menuitem', { name: kind }).click()
        await axe(kind)
      }
      await lines(page).nth(2).click()
      await loupe.details.getByLabel('Padding', { exact: true }).selectOption('given')
      await loupe.details.getByLabel('Filters', { exact: true }).fill('none')
      await axe('a convolution with a mistake')
      await lines(page).nth(4).click()
      await loupe.details.getByLabel('Window, height', { exact: true }).fill('99')
      await expect(lines(page).nth(4)).toHaveAccessibleName(/cannot work/)
      await axe('a broken layer')
      await page.keyboard.press('Escape')
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(over).toBe(0)
    })
  })
}

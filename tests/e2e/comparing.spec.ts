/** Two pictures through one pipeline, and one picture through two, their numbers held to what NumPy computed. */

import path from 'node:path'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { expectNoViolations } from './support/axe.ts'
import { pipelineFile } from './support/pipelines.ts'
import { clouds, expect, shapes, test, type Loupe } from './support/test.ts'

const pooled = (picture: string) =>
  readNpy(path.join(fixturesDir, `synthetic/${picture}/default/pooling.npy`)).data as Float64Array
const side = 32

test.use({ files: [shapes, clouds] })

const numberOf = (text: string) => Number(text.replaceAll('−', '-'))
const digits = (value: number) => Number(value.toPrecision(6))
const pane = (loupe: Loupe, name: 'A' | 'B' | 'difference') => loupe.viewer.locator(`[data-pane="${name}"]`)
const valueIn = (loupe: Loupe, name: 'A' | 'B' | 'difference') => pane(loupe, name).locator('.caption .second b')

async function pointIn(loupe: Loupe, name: 'A' | 'B' | 'difference', row: number, column: number) {
  const box = (await pane(loupe, name).locator('.frame').boundingBox())!
  await loupe.page.mouse.move(box.x + ((column + 0.5) * box.width) / side, box.y + ((row + 0.5) * box.height) / side)
}

test('two pictures stand side by side: one cursor reads both and their difference, until Escape', async ({
  loupe,
  page,
}) => {
  const [a, b] = [pooled('shapes'), pooled('clouds')]
  // They come in the order they were decoded.
  await loupe.picture(/shapes/).click()
  await loupe.finished(6)
  await loupe.choose(3)
  await loupe.stage.focus()
  await page.keyboard.press('c')
  await loupe.dialog.getByRole('button', { name: /clouds/ }).click()
  await expect(pane(loupe, 'A').getByRole('application')).toBeFocused()
  await expect(pane(loupe, 'difference').locator('canvas')).toBeVisible()
  await expect(pane(loupe, 'B')).toContainText('clouds.jpg')
  await expect(loupe.card(3)).toHaveAccessibleName(/^Max pool 2×2, 32×32×1.*; B: Max pool 2×2, 32×32×1/)

  for (const [from, row, column] of [
    ['A', 10, 20],
    ['B', 7, 25],
    ['difference', 21, 4],
  ] as const) {
    await pointIn(loupe, from, row, column)
    const at = row * side + column
    const expected = [a[at]!, b[at]!, a[at]! - b[at]!].map(digits)
    await expect(loupe.status).toContainText(`row ${row}, column ${column}`)
    await expect
      .poll(async () => [
        numberOf(await valueIn(loupe, 'A').innerText()),
        numberOf(await valueIn(loupe, 'B').innerText()),
        numberOf(await valueIn(loupe, 'difference').innerText()),
      ])
      .toEqual(expected)
    // The mark stands at that place in each of the three.
    for (const name of ['A', 'B', 'difference'] as const) {
      const share = await pane(loupe, name)
        .locator('.marker')
        .evaluate((mark) => {
          const [own, frame] = [mark.getBoundingClientRect(), mark.parentElement!.getBoundingClientRect()]
          return [own.top + own.height / 2 - frame.top, own.left + own.width / 2 - frame.left].map(
            (at, i) => at / [frame.height, frame.width][i]!,
          )
        })
      expect(share[0]! * side - 0.5).toBeCloseTo(row, 0)
      expect(share[1]! * side - 0.5).toBeCloseTo(column, 0)
    }
  }

  const all = a.map((value, i) => value - b[i]!)
  const facts = loupe.viewer.locator('.facts dd')
  const told = (await facts.allInnerTexts()).map(numberOf)
  expect(told.slice(0, 2)).toEqual([Math.min(...all), Math.max(...all)].map((value) => Number(value.toPrecision(3))))
  await expect(facts.nth(4)).toHaveText(all.filter((value) => value !== 0).length.toLocaleString('en-US'))
  await expectNoViolations(page, 'comparing')

  // The table of the difference, of the very numbers.
  await pane(loupe, 'difference').getByRole('application').press('t')
  await expect(loupe.dialog.getByRole('heading')).toHaveText('Numbers of A − B')
  const first = await loupe.dialog.locator('tbody td').first().innerText()
  expect(numberOf(first)).toBe(digits(all[0]!))
  await loupe.dialog.getByRole('button', { name: 'Close' }).click()

  await pane(loupe, 'B').getByRole('application').focus()
  await page.keyboard.press('Escape')
  await expect(pane(loupe, 'B')).toHaveCount(0)
  await expect(loupe.viewer.locator('.frame')).toHaveCount(1)
  await expect(loupe.stage).toBeFocused()
})

test('one picture through two pipelines says where the shapes do not agree, and which layer each is', async ({
  loupe,
  page,
}) => {
  await loupe.picture(/shapes/).click()
  await loupe.finished(6)
  await loupe.choose(2)
  await page.getByRole('button', { name: 'Compare' }).click()
  await loupe.dialog.getByRole('button', { name: /^Edges/ }).click()
  await expect(pane(loupe, 'A')).toContainText('Walkthrough')
  await expect(pane(loupe, 'B')).toContainText('Edges')
  await expect(pane(loupe, 'difference')).toContainText(
    'There is no difference, since the shapes do not agree: A is 64×64×1 and B is 128×128×4.',
  )
  // Element 10 of 64 has its middle at 21 / 128, half-way between elements 20 and 21 of 128: the upper left counts.
  const box = (await pane(loupe, 'A').locator('.frame').boundingBox())!
  await page.mouse.move(box.x + (20.5 * box.width) / 64, box.y + (10.5 * box.height) / 64)
  await expect(valueIn(loupe, 'B')).toHaveText(/^row 20, column 40, .*: −?[\d.]+$/)
  await expect(loupe.card(2)).toHaveAccessibleName(/^Conv 3×3, 64×64×1.*; B: Conv 3×3, 128×128×4/)
  await expect(loupe.card(3)).toHaveAccessibleName(/^Max pool 2×2, 32×32×1.*; B: ReLU, 128×128×4/)
  await loupe.choose(6)
  await expect(pane(loupe, 'B')).toContainText('B has no stage 5: it ends with stage 3, Max pool 2×2.')
  // What is compared with stays while the picture changes.
  await loupe.picture(/clouds/).click()
  await loupe.finished(6)
  await loupe.choose(1)
  await expect(pane(loupe, 'B')).toContainText('Edges')
  await expect(pane(loupe, 'B').locator('canvas')).toBeVisible()
  await page.getByRole('button', { name: 'Stop comparing' }).click()
  await expect(pane(loupe, 'B')).toHaveCount(0)
})

test('of stages of different sizes the cursor stands on what comes from the same place of the photo', async ({
  loupe,
  page,
}) => {
  await loupe.picture(/shapes/).click()
  await loupe.finished(6)
  const cut = { kind: 'crop', top: 20, left: 30, height: 16, width: 24 }
  const document = { version: 1, name: 'A part', layers: [{ kind: 'input', size: { width: 64, height: 64 } }, cut] }
  await loupe.drop([pipelineFile('part.pipeline.json', document)])
  await loupe.finished(2)
  await loupe.choose(2)
  await page.keyboard.press('c')
  await loupe.dialog.getByRole('button', { name: /^Walkthrough/ }).click()
  await expect(pane(loupe, 'B').locator('canvas')).toBeVisible()
  const point = async (row: number, column: number) => {
    const box = (await pane(loupe, 'A').locator('.frame').boundingBox())!
    await page.mouse.move(box.x + ((column + 0.5) * box.width) / 24, box.y + ((row + 0.5) * box.height) / 16)
  }
  await point(3, 5)
  await expect(valueIn(loupe, 'B')).toHaveText(/^row 23, column 35: /)
  await point(15, 0)
  await expect(valueIn(loupe, 'B')).toHaveText(/^row 35, column 30: /)
  // What the crop cut away has no place in A.
  const whole = (await pane(loupe, 'B').locator('.frame').boundingBox())!
  await page.mouse.move(whole.x + (10.5 * whole.width) / 64, whole.y + (10.5 * whole.height) / 64)
  await expect(pane(loupe, 'B').locator('.marker')).toHaveCount(1)
  await expect(pane(loupe, 'A').locator('.marker')).toHaveCount(0)
})

test.describe('at 200 % page zoom of 1280×800', () => {
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 })

  test('the chosen stage stays in sight of the strip, and the pictures have room beside each other', async ({
    loupe,
    page,
  }) => {
    await loupe.finished(6)
    for (const stage of [3, 6]) {
      await loupe.choose(stage)
      await page.keyboard.press('c')
      await loupe.dialog
        .getByRole('button', { name: /clouds|shapes/ })
        .first()
        .click()
      await expect(pane(loupe, 'difference')).toBeVisible()
      await expect(loupe.card(stage)).toBeInViewport({ ratio: 0.9 })
      if (stage === 3) {
        for (const name of ['A', 'B', 'difference'] as const) {
          const frame = pane(loupe, name).locator('.frame')
          await expect(frame).toBeInViewport({ ratio: 1 })
          expect((await frame.boundingBox())!.height).toBeGreaterThanOrEqual(64)
        }
      }
      await loupe.stage.first().focus()
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await expect(pane(loupe, 'difference')).toHaveCount(0)
    }
  })
})

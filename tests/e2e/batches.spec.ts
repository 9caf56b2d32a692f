/** Many pictures from the window: what the table says against NumPy, and every way on from it. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { fixturesDir } from '../support/shared.ts'
import { readNpy } from '../support/npy.ts'
import { look, told, wear } from './support/axe.ts'
import { brokenPng } from './support/pictures.ts'
import { clouds, expect, refusal, shapes, test, zoneplate, type FileToAdd } from './support/test.ts'

const names = ['clouds.jpg', 'shapes.png', 'zoneplate.png'] as const
const stages = { '00-input': 'input', '01-conv2d': 'convolution', '02-pool2d': 'pooling' } as const

/** Of what NumPy has of a stage, the largest and the mean; the sum is not ours. */
function reference(picture: string, stage: keyof typeof stages): { max: number; mean: number } {
  const file = path.join(fixturesDir, 'synthetic', path.parse(picture).name, 'default', `${stages[stage]}.npy`)
  const values = Array.from(readNpy(file).data, Number)
  return { max: Math.max(...values), mean: values.reduce((sum, value) => sum + value, 0) / values.length }
}

function fileOf(file: string): FileToAdd {
  return { name: path.basename(file), mimeType: 'image/*', buffer: readFileSync(file) }
}

async function clean(page: Page, screen: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await wear(page, colorScheme)
    const { violations } = await look(page).include('dialog[open]').analyze()
    expect(told(violations), `${screen}, ${colorScheme}`).toEqual([])
  }
}

/** The names of the rows, from the top. */
async function order(table: Locator): Promise<string[]> {
  return await table.getByRole('rowheader').allInnerTexts()
}

test('a table over the gallery says what NumPy says, sorts, is saved, and leads to its pictures', async ({
  loupe,
  page,
}) => {
  loupe.guard.allow(...refusal)
  await loupe.ready()
  // Where the gallery has no room no thumbnail tells of the damaged one before it is run.
  await page.setViewportSize({ width: 700, height: 600 })
  await loupe.add([...[shapes, clouds, zoneplate].map(fileOf), brokenPng('broken.png')])
  await loupe.finished(6)
  await expect(page.locator('#gallery-panel h2')).toHaveText(/Images\s+4/)
  await page.keyboard.press('b')
  await clean(page, 'what is to be run')
  await loupe.dialog.getByRole('button', { name: 'Run 4 pictures' }).click()
  await expect(loupe.dialog.getByRole('status').filter({ hasText: 'Finished' })).toBeVisible()
  await expect(loupe.dialog).toContainText('4 of 4 pictures · 1 failed')

  const table = loupe.dialog.getByRole('table', { name: 'Pictures' })
  await expect(table).toHaveAttribute('aria-rowcount', '5')
  await expect.poll(() => order(table)).toEqual([...names])
  await page.setViewportSize({ width: 1280, height: 800 })
  await clean(page, 'table')

  // Sorted by a number the largest is first, then the smallest.
  const mean = table.getByRole('columnheader', { name: 'Conv 3×3, mean' })
  const byMean = names.toSorted((a, b) => reference(b, '01-conv2d').mean - reference(a, '01-conv2d').mean)
  await mean.getByRole('button').click()
  await expect(mean).toHaveAttribute('aria-sort', 'descending')
  await expect.poll(() => order(table)).toEqual(byMean)
  await mean.getByRole('button').click()
  await expect(mean).toHaveAttribute('aria-sort', 'ascending')
  await expect.poll(() => order(table)).toEqual(byMean.toReversed())
  // A stage that is taken out has no columns any more.
  await loupe.dialog.getByRole('button', { name: '1 Conv 3×3' }).click()
  await expect(mean).toHaveCount(0)
  await expect(table.getByRole('columnheader', { name: 'Max pool 2×2, mean' })).toHaveCount(1)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    loupe.dialog.getByRole('button', { name: 'Save as CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('summary.csv')
  const [head, ...lines] = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
  expect(lines.map(([name]) => name)).toEqual(byMean.toReversed())
  for (const line of lines) {
    const cell = (column: string) => Number(line[head!.indexOf(column)])
    for (const stage of Object.keys(stages) as (keyof typeof stages)[]) {
      const { max, mean: wanted } = reference(line[0]!, stage)
      expect(cell(`${stage}.max`)).toBe(max)
      expect(cell(`${stage}.mean`)).toBeCloseTo(wanted, 13)
    }
    // What is shown is what was saved.
    const row = table.getByRole('row').filter({ hasText: line[0]! })
    for (const column of ['00-input.mean', '02-pool2d.std', '02-pool2d.max']) {
      await expect(row.locator(`td[title="${line[head!.indexOf(column)]}"]`).first()).toBeVisible()
    }
  }

  const tab = (name: RegExp) => loupe.dialog.getByRole('tab', { name })
  await tab(/^Failed \(1\)/).click()
  await expect(loupe.dialog.getByRole('list', { name: 'Failed' }).getByRole('listitem')).toHaveText(
    /^\s*broken\.png.*is damaged: its contents are not valid/,
  )
  await clean(page, 'failures')
  // It fails again, and is listed once.
  await loupe.dialog.getByRole('button', { name: 'Try the failed again' }).click()
  await expect(loupe.dialog.getByRole('status').filter({ hasText: 'Finished' })).toBeVisible()
  await expect(loupe.dialog.getByRole('list', { name: 'Failed' }).getByRole('listitem')).toHaveCount(1)

  await tab(/^Stages/).click()
  await loupe.dialog.getByRole('combobox', { name: 'Stage' }).selectOption({ label: '1 Conv 3×3' })
  const most = loupe.dialog.getByRole('region', { name: /^Most in / })
  await expect(most.getByRole('listitem')).toHaveText(byMean.map((name) => new RegExp(`^\\s*${name}`)))
  await expect(
    loupe.dialog
      .getByRole('region', { name: /^Least in / })
      .getByRole('listitem')
      .first(),
  ).toContainText(byMean.at(-1)!)
  await expect(loupe.dialog.getByRole('img', { name: /^Mean of 3 pictures/ })).toBeVisible()
  await clean(page, 'stages')

  await tab(/^Contact sheet/).focus()
  await tab(/^Stages/).press('ArrowLeft')
  const sheet = loupe.dialog.getByRole('list', { name: 'Contact sheet' })
  await expect(sheet.getByRole('button')).toHaveCount(3)
  await expect(sheet.getByRole('button').first()).toHaveText(new RegExp(`^\\s*${byMean.at(-1)!}.*class \\d 0\\.\\d`))
  await clean(page, 'contact sheet')
  await sheet.getByRole('button').first().click()
  await expect(loupe.dialog).toBeHidden()
  await expect(loupe.picture(new RegExp(`^\\s*${byMean.at(-1)!}`))).toHaveAttribute('aria-selected', 'true')

  // Back to the results, and by the keyboard alone to another picture.
  await page.getByRole('button', { name: 'Results of 3' }).click()
  await tab(/^Table/).click()
  await table.getByRole('rowheader').getByRole('button').first().focus()
  await page.keyboard.press('End')
  await expect(table.getByRole('rowheader').getByRole('button').last()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(loupe.picture(new RegExp(`^\\s*${byMean[0]!}`))).toHaveAttribute('aria-selected', 'true')

  // Escape leaves the results where they are; what is discarded is gone.
  await page.keyboard.press('b')
  await page.keyboard.press('Escape')
  await expect(loupe.dialog).toBeHidden()
  await page.keyboard.press('b')
  await loupe.dialog.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByRole('button', { name: 'Run on many…' })).toBeVisible()
})

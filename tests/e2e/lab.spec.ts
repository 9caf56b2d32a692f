/** The array lab beside the viewer: what is typed runs on the photo that is open, and what it shows is held to the file. */

import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import sharp from 'sharp'
import { expectNoViolations } from './support/axe.ts'
import { expect, shapes, test, type Loupe } from './support/test.ts'

test.use({ files: [shapes] })

/** The lab by what a person sees of it. */
class Lab {
  readonly page: Page
  readonly panel: Locator
  readonly variables: Locator

  constructor(loupe: Loupe) {
    this.page = loupe.page
    this.panel = this.page.getByRole('complementary', { name: 'Lab' })
    this.variables = this.panel.getByRole('region', { name: 'Variables' })
  }

  code(cell: number): Locator {
    return this.panel.getByRole('textbox', { name: `Code of cell ${cell}` })
  }

  output(cell: number): Locator {
    return this.panel.getByRole('group', { name: `Output of cell ${cell}` })
  }

  /** Replaces the code of a cell, and runs it with the keyboard. */
  async run(cell: number, code: string, keys = 'Control+Enter'): Promise<void> {
    await this.code(cell).click()
    await this.page.keyboard.press('Control+a')
    await this.page.keyboard.insertText(code)
    await this.page.keyboard.press(keys)
  }
}

async function opened(loupe: Loupe): Promise<Lab> {
  await loupe.finished(6)
  await loupe.page.keyboard.press('l')
  const lab = new Lab(loupe)
  await expect(lab.code(1)).toBeFocused()
  return lab
}

/** The photo's own pixels, decoded apart from the program. */
async function pixels(): Promise<{ at: (row: number, column: number) => number[]; height: number; width: number }> {
  const { data, info } = await sharp(shapes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (row: number, column: number) => [...data.subarray((row * info.width + column) * 3).subarray(0, 3)]
  return { at, height: info.height, width: info.width }
}

test('what is typed runs on the photo: printed, shown as a picture, wrong in its line, stopped, saved and opened', async ({
  loupe,
  page,
}) => {
  const lab = await opened(loupe)
  const photo = await pixels()

  await test.step('names are completed, and calls say how they are called', async () => {
    await page.keyboard.type('np.clip')
    await expect(page.getByRole('option', { name: /^clip/ })).toBeVisible()
    await page.keyboard.press('Tab')
    await page.keyboard.type('(')
    await expect(lab.panel.locator('.cm-signature')).toContainText('np.clip(')
    await page.keyboard.press('Escape')
  })

  await test.step('a cell prints what NumPy prints, and lists its variables', async () => {
    await lab.run(1, 'part = image[40:60, 100:130]\nprint(image.shape, part[3, 4])\npart', 'Shift+Enter')
    // Who types on without a pause types into the next cell.
    await page.keyboard.insertText('1')
    await expect(lab.code(2)).toHaveText('1')
    await page.keyboard.press('Backspace')
    const [r, g, b] = photo.at(43, 104)
    const shown = `(${photo.height}, ${photo.width}, 3) [${[r, g, b].map((n) => String(n).padStart(3)).join(' ')}]`
    const squeezed = (text: string) => text.replace(/\[ +/, '[').replace(/ +/g, ' ')
    await expect(lab.output(1).locator('pre').first()).toHaveText(/\)/)
    expect(squeezed(await lab.output(1).locator('pre').first().innerText()).trim()).toBe(squeezed(shown))
    await expect(lab.code(2)).toBeFocused()
    await expect(lab.variables.getByRole('row', { name: /^part/ })).toContainText('(20, 30, 3)')
    await expect(lab.variables.getByRole('row', { name: /^part/ })).toContainText('uint8')
  })

  await test.step('its picture tells the value under the pointer', async () => {
    const frame = lab.output(1).locator('.frame')
    await frame.scrollIntoViewIfNeeded()
    const box = (await frame.boundingBox())!
    await page.mouse.move(box.x + (box.width * 4.5) / 30, box.y + (box.height * 3.5) / 20)
    await expect(lab.output(1).locator('.readout')).toHaveText(`row 3, column 4: ${photo.at(43, 104).join(', ')}`)
  })

  await test.step('a slice in the code is outlined on the photo', async () => {
    await loupe.card(0).click()
    await loupe.shows(0)
    await lab.code(2).click()
    await page.keyboard.insertText('image[10:50, 20:80]')
    const outline = loupe.viewer.locator('.outline.code')
    await expect(outline).toHaveCount(1)
    const [frame, box] = [(await loupe.viewer.locator('.frame').boundingBox())!, (await outline.boundingBox())!]
    const scale = photo.width / frame.width
    expect(Math.round((box.x - frame.x) * scale)).toBe(20)
    expect(Math.round(box.width * scale)).toBe(60)
    expect(Math.round((box.y - frame.y) * scale)).toBe(10)
    expect(Math.round(box.height * scale)).toBe(40)
  })

  await test.step('an error is underlined at its place and told as Python tells it', async () => {
    await lab.run(2, 'a = np.zeros(3)\na + np.zeros(4)')
    await expect(lab.output(2).locator('.error')).toContainText(
      'ValueError: operands could not be broadcast together with shapes (3,) (4,)',
    )
    await expect(lab.panel.locator('.cm-lintRange-error')).toHaveText(/a \+ np\.zeros\(4\)/)
  })

  await test.step('what cannot be read is marked before it runs, and undo outlives the editor', async () => {
    await lab.code(2).click()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('a = (1 +\nb = 2')
    await expect(lab.panel.locator('.cm-lintRange-error')).toHaveText('(')
    await page.keyboard.press('F8')
    const selected = () => lab.code(2).evaluate((node) => (node.getRootNode() as Document).getSelection()?.toString())
    await expect.poll(selected).toBe('(')
    await lab.panel.getByRole('button', { name: 'Close the lab' }).click()
    await page.keyboard.press('l')
    await expect(lab.code(2)).toBeFocused()
    await page.keyboard.press('Control+z')
    await expect(lab.code(2)).toHaveText(/a \+ np\.zeros\(4\)$/)
  })

  await test.step('a removed cell is brought back to where it is seen, and so are the keys', async () => {
    await lab.panel.getByRole('button', { name: 'Remove cell 2' }).click()
    await expect(lab.code(2)).toHaveCount(0)
    await lab.panel.getByRole('button', { name: 'Lessons' }).click()
    await expect(lab.code(1)).toHaveCount(0)
    await loupe.notices.getByRole('button', { name: 'Undo' }).click()
    await expect(lab.code(2)).toBeFocused()
    await expect(lab.code(2)).toHaveText(/a \+ np\.zeros\(4\)$/)
  })

  await test.step('a loop without an end is stopped, and the variables are still there', async () => {
    await lab.run(2, 'print("begun")\nwhile True:\n    pass')
    await expect(lab.output(2)).toContainText('begun')
    await page.keyboard.press('Control+.')
    await expect(lab.output(2).locator('.error')).toContainText('KeyboardInterrupt')
    await lab.run(2, 'part.sum()')
    await expect(lab.output(2).locator('.error')).toHaveCount(0)
    await expect(lab.output(2).locator('.value')).toHaveText(/^(np\.int64\(|np\.uint64\()?\d+\)?$/)
  })

  await test.step('it is saved as a file and opened again, and changes are not lost silently', async () => {
    const download = page.waitForEvent('download')
    await page.keyboard.press('Control+s')
    const file = await (await download).path()
    const saved = JSON.parse(readFileSync(file, 'utf8')) as { cells: { source: string }[] }
    expect(saved.cells.map(({ source }) => source)[1]).toBe('part.sum()')
    const again = { name: 'again.notebook.json', mimeType: 'application/json', buffer: readFileSync(file) }
    await page.getByLabel('Notebook to open').setInputFiles({ ...again, name: 'same.notebook.json' })
    await expect(lab.panel.getByRole('textbox', { name: 'Name of the notebook' })).toHaveValue('same')
    await lab.run(2, 'changed = 1')
    await page.getByLabel('Notebook to open').setInputFiles(again)
    await expect(loupe.dialog).toContainText('changes that no file has')
    await loupe.dialog.getByRole('button', { name: 'Discard them' }).click()
    await expect(lab.code(2)).toHaveText('part.sum()')
    await expect(lab.panel.getByRole('textbox', { name: 'Name of the notebook' })).toHaveValue('again')
    await lab.run(2, 'changed = 2')
    let asked = ''
    page.once('dialog', (dialog) => {
      asked = dialog.type()
      void dialog.dismiss()
    })
    await page.close({ runBeforeUnload: true })
    await expect.poll(() => asked).toBe('beforeunload')
  })
})

test('a stage opened in the lab is computed there to the last bit', async ({ loupe, page }) => {
  await loupe.finished(6)
  const lab = new Lab(loupe)
  for (const [stage, cell] of [
    [2, 1],
    [3, 2],
  ] as const) {
    await loupe.choose(stage)
    // The lab has taken the place of the details, and gives it back.
    if (!(await loupe.details.isVisible())) await page.getByRole('button', { name: 'Layer details' }).click()
    await loupe.details.getByRole('button', { name: 'Open in lab' }).click()
    await expect(lab.code(cell)).toBeFocused()
    await page.keyboard.press('Control+Enter')
    await expect(lab.output(cell)).toContainText('Equal to the stage: True')
  }
  await expectNoViolations(page, 'the notebook', '#lab-panel')
})

test('a lesson’s task is wrong with a reason, then right, and remembered', async ({ loupe, page }) => {
  const lab = await opened(loupe)
  await page.emulateMedia({ colorScheme: 'dark' })
  await lab.panel.getByRole('button', { name: 'Lessons' }).click()
  await lab.panel.getByRole('button', { name: /Views and copies/ }).click()
  await expect(lab.panel.getByRole('heading', { name: 'Views and copies' })).toBeFocused()
  await lab.panel.getByRole('button', { name: 'Run all' }).click()
  await expect(lab.output(5)).toContainText('True')
  const check = lab.panel.getByRole('button', { name: 'Check' })
  const said = lab.panel.locator('.said')
  await check.click()
  await expect(said).toHaveText('framed and picture are still the same memory, so painting one paints both.')
  await lab.panel.getByRole('button', { name: 'Solution' }).click()
  await lab.panel.getByRole('button', { name: 'Put it into the cell' }).click()
  await check.click()
  await expect(said).toHaveText('Right.')
  await expectNoViolations(page, 'a lesson', '#lab-panel')
  await lab.panel.getByRole('button', { name: 'All lessons' }).click()
  await expect(lab.panel.getByRole('button', { name: /Views and copies.*all tasks done/ })).toBeVisible()
})

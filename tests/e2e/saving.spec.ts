/** Saving from the window: what is downloaded, byte for byte, and what a cancelled save leaves. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { unzipSync } from 'fflate'
import type { Download } from '@playwright/test'
import { fixturesDir } from '../support/shared.ts'
import { parseNpy, readNpy } from '../support/npy.ts'
import { slowPipeline } from './support/pipelines.ts'
import { clouds, expect, shapes, test, zoneplate, type Loupe } from './support/test.ts'

const reference = (name: string) => path.join(fixturesDir, `synthetic/shapes/default/${name}.npy`)
const pngStart = '89504e470d0a1a0a'

async function unzip(download: Download): Promise<Record<string, Uint8Array>> {
  return unzipSync(readFileSync(await download.path()))
}

async function pressSave(loupe: Loupe): Promise<Download> {
  const [download] = await Promise.all([
    loupe.page.waitForEvent('download'),
    loupe.dialog.getByRole('button', { name: 'Save', exact: true }).click(),
  ])
  await expect(loupe.dialog.getByRole('heading', { name: 'Saved' })).toBeVisible()
  await expect(loupe.dialog).toContainText(download.suggestedFilename())
  return download
}

/** One picture, which is downloaded as it is. */
async function saveOne(loupe: Loupe): Promise<[name: string, bytes: Buffer]> {
  const download = await pressSave(loupe)
  return [download.suggestedFilename(), readFileSync(await download.path())]
}

async function save(loupe: Loupe): Promise<Record<string, Uint8Array>> {
  const download = await pressSave(loupe)
  expect(download.suggestedFilename()).toMatch(/\.zip$/)
  return await unzip(download)
}

test.describe('one picture', () => {
  test.use({ files: [shapes] })

  test('all stages: pictures, numbers equal to NumPy’s, figure, scripts and manifest', async ({ loupe, page }) => {
    await loupe.finished(6)
    await page.keyboard.press('Control+s')
    await loupe.dialog.getByRole('radio', { name: /^All stages/ }).check()
    const files = await save(loupe)
    const kinds = ['00-input', '01-conv2d', '02-pool2d', '03-flatten', '04-dense', '05-softmax']
    const expected = [
      ...['evolution.png', 'manifest.json', 'reproduce.py', 'reproduce_torch.py', '04-dense-weights.npy'],
      ...kinds.flatMap((kind) => [`${kind}.npy`, `${kind}.png`]),
    ]
    expect(Object.keys(files).sort()).toEqual(expected.map((name) => `shapes/${name}`).sort())
    for (const [name, bytes] of Object.entries(files)) {
      if (name.endsWith('.png')) expect(Buffer.from(bytes.subarray(0, 8)).toString('hex')).toBe(pngStart)
    }
    for (const [kind, name] of [
      ['01-conv2d', 'convolution'],
      ['02-pool2d', 'pooling'],
    ]) {
      expect(Buffer.compare(files[`shapes/${kind}.npy`]!, readFileSync(reference(name!)))).toBe(0)
    }
    expect(parseNpy(files['shapes/00-input.npy']!).data).toEqual(readNpy(reference('input')).data)
    const manifest = JSON.parse(Buffer.from(files['shapes/manifest.json']!).toString()) as {
      stages: { kind: string }[]
    }
    expect(manifest.stages.map(({ kind }) => kind)).toEqual(kinds.map((kind) => kind.slice(3)))
    await loupe.dialog.getByText('What was written').click()
    await expect(loupe.dialog.getByText('shapes/evolution.png')).toBeVisible()
    const [again] = await Promise.all([
      page.waitForEvent('download'),
      loupe.dialog.getByRole('link', { name: 'Download again' }).click(),
    ])
    expect(Object.keys(await unzip(again)).sort()).toEqual(Object.keys(files).sort())
    await loupe.dialog.getByRole('button', { name: 'Done' }).click()
    await expect(loupe.dialog).toBeHidden()

    // What the window shows of a stage is what the script does.
    await loupe.choose(2)
    const shown = await page.getByRole('textbox', { name: 'This stage in NumPy' }).inputValue()
    const script = Buffer.from(files['shapes/reproduce.py']!).toString()
    expect(shown).toContain('x = conv2d(x, kernels, bias, padding=(1, 1, 1, 1))')
    const [, ...blocks] = shown.split('\n\n\n')
    for (const block of blocks.slice(0, -1)) expect(script).toContain(block)
    expect(script).toContain(blocks.at(-1)!.split('\n').slice(1).join('\n').trim())
    await page.getByRole('button', { name: 'Copy this stage in NumPy' }).click()
    await expect(page.getByText('Copied.')).toBeVisible()
  })

  test('this stage alone, and of it only the numbers', async ({ loupe, page }) => {
    await loupe.finished(6)
    await loupe.choose(2)
    await page.getByRole('button', { name: 'Save…' }).click()
    await loupe.dialog.getByRole('radio', { name: /^This stage/ }).check()
    for (const kind of [/^Pictures/, /^Manifest/]) await loupe.dialog.getByRole('checkbox', { name: kind }).uncheck()
    const files = await save(loupe)
    expect(Object.keys(files)).toEqual(['shapes/01-conv2d.npy'])

    // What is seen is copied too: as a picture, and as numbers that read back equal.
    await loupe.dialog.getByRole('button', { name: 'Done' }).click()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.keyboard.press('Control+c')
    await expect(loupe.notices).toContainText('The picture is copied.')
    const types = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => item.types))
    expect(types).toEqual(['image/png'])
    await page.keyboard.press('Control+Shift+c')
    await expect(loupe.notices).toContainText('The numbers are copied.')
    const text = await page.evaluate(() => navigator.clipboard.readText())
    const rows = text
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t').map(Number))
    const whole = readNpy(reference('convolution'))
    expect(rows.flat()).toEqual(Array.from(whole.data, Number))

    // And what is zoomed into is saved alone.
    await loupe.stage.focus()
    for (let i = 0; i < 4; i++) await page.keyboard.press('+')
    await page.keyboard.press('Control+s')
    await loupe.dialog.getByRole('radio', { name: /^What is seen/ }).check()
    const [[name, bytes]] = Object.entries(await save(loupe)) as [[string, Uint8Array]]
    const ends = /^shapes\/01-conv2d-rows(\d+)-(\d+)-columns(\d+)-(\d+)\.npy$/.exec(name)!.slice(1).map(Number)
    const [top, bottom, left, right] = ends as [number, number, number, number]
    const part = parseNpy(bytes)
    expect(part.shape).toEqual([bottom - top + 1, right - left + 1, 1])
    expect(part.data.length).toBeLessThan(whole.data.length)
    const seen = rows.slice(top, bottom + 1).flatMap((row) => row.slice(left, right + 1))
    expect(Array.from(part.data, Number)).toEqual(seen)
  })

  test('the evolution figure alone', async ({ loupe, page }) => {
    await loupe.finished(6)
    await page.getByRole('button', { name: 'Save…' }).click()
    await loupe.dialog.getByRole('radio', { name: /^Evolution figure/ }).check()
    const [name, bytes] = await saveOne(loupe)
    expect(name).toBe('shapes-evolution.png')
    expect(Buffer.from(bytes.subarray(0, 8)).toString('hex')).toBe(pngStart)
  })

  test('nothing chosen cannot be saved', async ({ loupe, page }) => {
    await loupe.finished(6)
    await page.getByRole('button', { name: 'Save…' }).click()
    for (const box of await loupe.dialog.getByRole('group', { name: 'As' }).getByRole('checkbox').all())
      await box.uncheck()
    await expect(loupe.dialog).toContainText('Choose at least one kind of file.')
    await expect(loupe.dialog.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
    await page.keyboard.press('Escape')
    await expect(loupe.dialog).toBeHidden()
  })
})

test.describe('several pictures', () => {
  test.use({ files: [shapes, clouds, zoneplate] })

  test('all selected go into one zip, a folder each', async ({ loupe, page }) => {
    await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
    await loupe.pictures.focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+s')
    await loupe.dialog.getByRole('radio', { name: /^All selected/ }).check()
    for (const kind of [/^Pictures/, /^Evolution figure/, /^Scripts/, /^Manifest/]) {
      await loupe.dialog.getByRole('checkbox', { name: kind }).uncheck()
    }
    const files = await save(loupe)
    expect(Object.keys(files)).toHaveLength(18)
    for (const picture of ['shapes', 'clouds', 'zoneplate']) {
      const expected = readFileSync(path.join(fixturesDir, `synthetic/${picture}/default/convolution.npy`))
      expect(Buffer.compare(files[`${picture}/01-conv2d.npy`]!, expected)).toBe(0)
    }
  })

  test('a save can be cancelled while it runs, and done again', async ({ loupe, page }) => {
    await expect(loupe.pictures.getByRole('option')).toHaveCount(3)
    await loupe.finished(6)
    await loupe.drop([slowPipeline])
    await expect(loupe.pipeline).toHaveText('Slow')
    await page.getByRole('button', { name: 'Save…' }).click()
    await loupe.dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(loupe.dialog.getByRole('progressbar', { name: 'Saving' })).toBeVisible()
    await loupe.dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(loupe.dialog.getByRole('radio', { name: /^All stages/ })).toBeVisible()
    await page.keyboard.press('Escape')
    await loupe.usePipeline('Walkthrough')
    await loupe.finished(6)
    await page.getByRole('button', { name: 'Save…' }).click()
    await loupe.dialog.getByRole('radio', { name: /^Evolution figure/ }).check()
    expect((await saveOne(loupe))[0]).toBe('shapes-evolution.png')
  })
})

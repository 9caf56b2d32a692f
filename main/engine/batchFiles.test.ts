import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeBatch, type BatchState } from '../../shared/batchState.ts'
import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { addTensor } from '../pipeline/setSums.ts'
import { loadBatch, saveBatch } from './batchFiles.ts'
import { planBatch, Tally } from './batchTally.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'batch-files-test-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** A batch of two pictures of 96 × 48, whose only stage has these values in one and three times as much in the other. */
async function stateOf(figure: FigureOptions): Promise<BatchState> {
  const pipeline = parsePipeline({ version: 1, name: 'x', layers: [{ kind: 'input', size: { width: 2, height: 2 } }] })
  const about = { pipeline, save: [], figure, shard: [1, 1] as const, list: '0'.repeat(64), total: 2 }
  const tally = new Tally(about, planBatch(pipeline, 1e6))
  const photo = { create: { width: 96, height: 48, channels: 3 as const, background: '#ff0000' } }
  const thumbnail = new Uint8Array(await sharp(photo).png().toBuffer())
  for (const [i, name] of ['a.png', 'b.png'].entries()) {
    const record = { name, folder: '', sha256: '0'.repeat(64), width: 96, height: 48, thumbnail }
    tally.add({ ...record, statistics: new Float64Array(6), probabilities: new Float64Array(0) }, [Float64Array.of(i)])
    const times = 1 + 2 * i
    addTensor(tally.sums[0]!, { shape: [2, 2, 1], data: Float64Array.of(0, 0.1, 0.2, 0.3).map((x) => x * times) })
  }
  return tally.state
}

async function saved(figure: FigureOptions) {
  const context = { signal: new AbortController().signal, emit: () => undefined, decoding: () => undefined }
  const state = await stateOf(figure)
  await saveBatch({ state, directory: folder, stateOnly: false }, context)
  const open = async (name: string) => {
    const file = await readFile(path.join(folder, name))
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number) => {
      const from = (y * info.width + x) * info.channels
      return [...data.subarray(from, from + info.channels)]
    }
    return { size: [info.width, info.height], at }
  }
  return {
    sheet: await open('contact-sheet.png'),
    extremes: await open('statistics/00-input-extremes.png'),
    mean: await open('statistics/00-input-mean.png'),
    std: await open('statistics/00-input-std.png'),
  }
}

const papers = { light: [255, 255, 255], dark: [24, 25, 28], transparent: [0, 0, 0, 0] } as const

test.each(['light', 'dark', 'transparent'] as const)(
  'all pictures of a %s batch have its background',
  async (theme) => {
    for (const { at } of Object.values(await saved({ ...usualFigure, theme }))) expect(at(0, 0)).toEqual(papers[theme])
  },
)

test('without labels, legend and scale bar they are the small pictures, and the elements of mean and deviation', async () => {
  const none = { labels: false, legend: false, scaleBar: false, elementSize: 4, magnification: 2 }
  const { sheet, extremes, mean, std } = await saved({ ...usualFigure, ...none })
  // Sheets are as large as the small pictures in them, each in a square of 96 with 16 between and 28 round them.
  expect(sheet.size).toEqual([28 + 96 + 16 + 96 + 28, 28 + 96 + 28])
  expect(extremes.size).toEqual([28 + 4 * 96 + 2 * 16 + 48 + 28, 28 + 96 + 28])
  for (const { at } of [sheet, extremes]) {
    expect(at(28 + 48, 28 + 48)).toEqual([255, 0, 0])
    expect(at(28 + 48, 28 + 10)).toEqual([255, 255, 255])
  }
  // Two elements of four pixels, twice as large.
  for (const { size } of [mean, std]) expect(size).toEqual([16, 16])
  // Twice 0 to 0.3 as light, which is painted in 1,024 steps from 0 to 1.
  expect(mean.at(12, 12)[0]).toBeGreaterThan(150)
  expect(Math.abs(mean.at(12, 12)[0]! - 0.6 * 255)).toBeLessThan(1)
  // The deviations are half the difference, 0 to 0.3, painted from the first to the last colour of viridis.
  expect([std.at(3, 3), std.at(12, 12)]).toEqual([
    [68, 1, 84],
    [253, 231, 37],
  ])
})

test('a batch that was saved before it had a look is taken up with the usual one', async () => {
  const { figure, ...older } = await stateOf({ ...usualFigure, theme: 'dark' })
  const file = path.join(folder, 'batch.layerloupe')
  await writeFile(file, encodeBatch(older as BatchState))
  expect((await loadBatch(file))!.figure).toEqual(usualFigure)
  await writeFile(file, encodeBatch({ ...older, figure }))
  expect((await loadBatch(file))!.figure.theme).toBe('dark')
})

import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BatchProgress } from '../../shared/batch.ts'
import { LoupeError } from '../../shared/errors.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { presets } from '../../shared/presets.ts'
import { photos, testEngine, type TestEngine } from '../../tests/support/engine.ts'
import { Batch } from './batch.ts'
import { foldersFor, namesFor } from './batchNames.ts'
import type { Pool } from './pool.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline

let engine: TestEngine
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'batch-test-'))
  engine = await testEngine()
}, 60_000)
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
})

/** The same photo under many names. */
async function manyFiles(count: number) {
  const files = []
  for (let i = 0; i < count; i++) {
    const name = `photo-${String(i).padStart(2, '0')}.png`
    await cp(photos[0]!, path.join(folder, name))
    files.push({ path: path.join(folder, name), name, folder: name })
  }
  return files
}

/** Options of a batch that saves nothing. */
const quiet = {
  pipeline: walkthrough,
  save: [],
  directory: null,
  jobs: 1,
  onProgress: () => undefined,
  onFailure: () => undefined,
} as const

/** Grey pictures of these sides. */
async function greyFiles(prefix: string, sides: readonly (readonly [width: number, height: number])[]) {
  return await Promise.all(
    sides.map(async ([width, height], i) => {
      const name = `${prefix}-${i}.png`
      const file = path.join(folder, name)
      await sharp({ create: { width, height, channels: 3, background: { r: 50 * i, g: 9, b: 90 } } }).toFile(file)
      return { path: file, name, folder: name }
    }),
  )
}

/** A pool of one process that answers as it is told. */
function poolOf(
  request: (method: string, params: { name: string }, options: { onLost?: () => void }) => unknown,
): Pool {
  const worker = { request: (...args: Parameters<typeof request>) => Promise.resolve().then(() => request(...args)) }
  return { workers: [worker], pids: [], close: () => Promise.resolve() } as unknown as Pool
}

const outcomeOf = (name: string) => ({
  info: {},
  channelMeans: [],
  saved: false,
  record: {
    name,
    folder: '',
    sha256: '0'.repeat(64),
    width: 1,
    height: 1,
    statistics: new Float64Array(0),
    probabilities: new Float64Array(0),
    thumbnail: new Uint8Array(0),
  },
})

describe('a batch', () => {
  test('loses one image at most with a compute process that is killed, and its statistics miss none', async () => {
    const files = await manyFiles(12)
    const out = path.join(folder, 'killed')
    let killed = false
    const batch = engine.openBatch({
      files,
      pipeline: walkthrough,
      save: ['npy'],
      directory: out,
      jobs: 2,
      onProgress({ done }: BatchProgress) {
        // Some are in the process's sums by now, and have not been handed over.
        if (done < 5 || killed) return
        killed = true
        process.kill(batch.pids[0]!, 'SIGKILL')
      },
      onFailure: () => undefined,
    })
    await batch.run()
    expect(killed).toBe(true)
    const { done, failed } = batch.progress
    expect(done + failed).toBe(12)
    expect(failed).toBeLessThanOrEqual(1)
    for (const { error } of batch.tally.failures.values()) expect(error.code).toMatch(/^(engine-lost|image-crashed)$/)
    if (batch.requeueFailed()) await batch.run()
    expect(batch.progress).toMatchObject({ state: 'finished', done: 12, failed: 0, skipped: 0 })
    expect(batch.tally.sums.map((sums) => sums?.count)).toEqual([12, 12, 12, 12, 12, 12])
    expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('tries the images that failed again when it is told to', async () => {
    const [file] = await manyFiles(1)
    const broken = { path: path.join(folder, 'broken.png'), name: 'broken.png', folder: 'broken.png' }
    await writeFile(broken.path, 'not yet a picture')
    const failed: string[] = []
    const batch = engine.openBatch({
      files: [file!, broken],
      pipeline: walkthrough,
      save: [],
      directory: null,
      jobs: 1,
      onProgress: () => undefined,
      onFailure: ({ name }) => failed.push(name),
    })
    await batch.run()
    expect(failed).toEqual(['broken.png'])
    expect(batch.progress).toMatchObject({ done: 1, failed: 1 })
    await cp(photos[1]!, broken.path)
    expect(batch.requeueFailed()).toBe(true)
    await batch.run()
    expect(batch.progress).toMatchObject({ state: 'finished', done: 2, failed: 0 })
    expect(batch.tally.sums[0]!.count).toBe(2)
  })

  test.each([
    {
      what: 'parts that only large photos have',
      sides: [
        [1000, 900],
        [900, 1000],
      ] as const,
      layers: [
        { kind: 'input', size: 'original' },
        { kind: 'crop', top: 600, left: 600, height: 64, width: 64 },
        { kind: 'flatten' },
        { kind: 'dense', classes: ['cat', 'dog'] },
        { kind: 'softmax' },
      ],
      sums: [undefined, 2, 2, 2, 2],
    },
    {
      what: 'weights for photos of one size',
      sides: [
        [5, 5],
        [4, 3],
        [4, 3],
      ] as const,
      layers: [
        { kind: 'input', size: 'original' },
        { kind: 'flatten' },
        { kind: 'dense', weights: { type: 'values', values: Array(12).fill([1, 2]) }, classes: ['cat', 'dog'] },
        { kind: 'softmax' },
      ],
      sums: [2, 2, 2, 2],
    },
  ])('has every stage of a pipeline with $what', async ({ what, sides, layers, sums }) => {
    const pipeline = parsePipeline({ version: 1, name: 'x', layers })
    const files = await greyFiles(what, sides)
    const batch = engine.openBatch({ ...quiet, files, pipeline })
    await batch.run()
    expect(batch.progress).toMatchObject({ done: 2, failed: sides.length - 2 })
    expect(batch.tally.plan).toMatchObject({ classes: ['cat', 'dog'] })
    expect(batch.tally.state.stages.map(({ kind }) => kind)).toEqual(layers.map(({ kind }) => kind))
    expect(batch.tally.sums.map((of) => of?.count)).toEqual(sums)
  })

  test('goes on from where it was stopped also where it saves the table alone', async () => {
    const files = await manyFiles(6)
    const directory = path.join(folder, 'table-alone')
    const stopped: Batch = engine.openBatch({
      ...quiet,
      files,
      directory,
      onProgress: ({ done }) => {
        if (done === 3) stopped.cancel()
      },
    })
    await expect(stopped.run()).rejects.toMatchObject({ code: 'cancelled' })
    const next = engine.openBatch({ ...quiet, files, directory })
    await next.run()
    expect(stopped.progress.done).toBeGreaterThan(0)
    expect(next.progress).toMatchObject({ done: 6, skipped: stopped.progress.done })
    expect(next.tally.sums[0]!.count).toBe(6)
  })

  test('writes over no table that is not its own, and runs nothing then', async () => {
    const directory = path.join(folder, 'foreign')
    await mkdir(directory)
    await writeFile(path.join(directory, 'contact-sheet-2.png'), 'mine')
    const batch = engine.openBatch({ ...quiet, files: await manyFiles(1), directory })
    await expect(batch.run()).rejects.toMatchObject({ code: 'write-failed', detail: { file: 'contact-sheet-2.png' } })
    expect(batch.progress.done).toBe(0)
    expect(await readdir(directory)).toEqual(['contact-sheet-2.png'])
  })

  test('stops while its table is written, and writes it the next time', async () => {
    const directory = path.join(folder, 'stopped-saving')
    const batch: Batch = engine.openBatch({
      ...quiet,
      files: await manyFiles(1),
      directory,
      onProgress: ({ state }) => {
        if (state === 'saving') batch.cancel()
      },
    })
    await expect(batch.run()).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(directory)).toEqual(['batch.layerloupe'])
    const next = engine.openBatch({ ...quiet, files: await manyFiles(1), directory })
    await next.run()
    expect(next.progress.skipped).toBe(1)
    expect(await readdir(directory)).toContain('summary.csv')
  })

  test('that was cancelled is neither paused nor resumed', async () => {
    const files = await manyFiles(3)
    const states: string[] = []
    const batch: Batch = engine.openBatch({ ...quiet, files, onProgress: ({ state }) => states.push(state) })
    const ended = batch.run()
    batch.pause()
    batch.cancel()
    batch.pause()
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    batch.resume()
    expect(batch.progress.state).toBe('cancelled')
    expect(states.at(-1)).toBe('cancelled')
  })

  test('ends where its processes cannot be started', async () => {
    const openPool = () => {
      throw new Error('no more processes')
    }
    const batch = new Batch({ ...quiet, files: await manyFiles(1), memory: 1e9, openPool })
    await expect(batch.run()).rejects.toThrow('no more processes')
    expect(batch.progress.state).toBe('cancelled')
  })

  test.each([
    [
      'a process dies of each time',
      (lost?: () => void) => {
        lost?.()
        return { names: [], sums: [] }
      },
      'engine-lost',
    ],
    [
      'cannot be handed over',
      () => {
        throw new LoupeError('internal', 'too large')
      },
      'internal',
    ],
  ])('ends with its images failed where their sums %s', async (_what, handOver, code) => {
    const openPool = () =>
      poolOf((method, { name }, { onLost }) => (method === 'batchSums' ? handOver(onLost) : outcomeOf(name)))
    const batch = new Batch({ ...quiet, files: await manyFiles(3), memory: 1e9, openPool })
    await batch.run()
    expect(batch.progress).toMatchObject({ state: 'finished', done: 0, failed: 3 })
    expect(Array.from(batch.tally.failures.values(), ({ error }) => error.code)).toEqual([code, code, code])
  })
})

test('folders of images are legal on Windows, unlike each other without regard to case, and none lies in another', () => {
  const names = [
    'a?.jpg',
    'a_.jpg',
    'A_.JPG',
    'a_.jpg.d/x.png',
    'con.png',
    'b/..hidden ',
    'statistics/y.png',
    'summary.csv',
    'Batch-1-of-2.layerloupe',
  ]
  const folders = foldersFor(names)
  const lower = [...folders.values()].map((folder) => folder.toLowerCase())
  expect(new Set(lower).size).toBe(names.length)
  for (const folder of lower) {
    expect(lower.some((other) => other !== folder && other.startsWith(`${folder}/`))).toBe(false)
    expect(folder).not.toMatch(/[<>:"\\|?*]|(^|\/)(con|nul)\.|[. ](\/|$)/)
  }
  expect(folders.get('a?.jpg')).toBe('a_.jpg-2')
  expect(folders.get('summary.csv')).toBe('summary.csv-2')
  expect(folders.get('Batch-1-of-2.layerloupe')).toBe('Batch-1-of-2.layerloupe-2')
  expect(folders.get('statistics/y.png')).toBe('statistics-2/y.png')
  // In whatever order they come.
  expect(foldersFor(names.toReversed())).toEqual(folders)
})

test('images of one name are told apart by their bytes, in whatever order they come', () => {
  const images = [
    { id: 'b', name: 'x.png' },
    { id: 'c', name: 'x.png (2)' },
    { id: 'a', name: 'x.png' },
    { id: 'd', name: 'x.png' },
  ]
  const names = { a: 'x.png', b: 'x.png (3)', c: 'x.png (2)', d: 'x.png (4)' }
  expect(Object.fromEntries(namesFor(images))).toEqual(names)
  expect(Object.fromEntries(namesFor(images.toReversed()))).toEqual(names)
})

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { batchFileName, encodeBatch, type BatchState } from '../../shared/batchState.ts'
import { usualFigure } from '../../shared/figures.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { loadBatch, saveBatch } from './batchFiles.ts'
import { mergeBatches } from './batchMerge.ts'
import { listDigest } from './batchNames.ts'
import { planBatch, Tally } from './batchTally.ts'

const pipeline = parsePipeline({ version: 1, name: 'x', layers: [{ kind: 'input', size: { width: 2, height: 2 } }] })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'merge-test-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const record = (name: string) => ({
  name,
  folder: name,
  sha256: '0'.repeat(64),
  width: 1,
  height: 1,
  statistics: new Float64Array(6),
  probabilities: new Float64Array(0),
  thumbnail: new Uint8Array(0),
})

function stateOf(
  shard: readonly [number, number],
  names: readonly string[],
  list: readonly string[],
  figure = usualFigure,
): BatchState {
  const about = { pipeline, save: [], figure, shard, list: listDigest(list), total: names.length }
  const tally = new Tally(about, planBatch(pipeline, 1e6))
  for (const name of names) tally.add(record(name), [])
  return tally.state
}

/** A folder with this state in it. */
async function keep(where: string, state: BatchState): Promise<string> {
  const place = path.join(folder, where)
  await mkdir(place)
  await writeFile(path.join(place, batchFileName(state.shard)), encodeBatch(state))
  return place
}

/** As a compute process; what would be saved is kept. */
const saved: BatchState[] = []
const process = {
  request: (method: string, params: unknown) => {
    if (method === 'loadBatch') return loadBatch((params as { file: string }).file)
    saved.push((params as { state: BatchState }).state)
    return Promise.resolve([])
  },
} as unknown as Parameters<typeof mergeBatches>[2]

test('parts of one list are merged, also where their folder is named twice', async () => {
  const one = await keep('one', stateOf([1, 2], ['a'], ['a', 'b']))
  const two = await keep('two', stateOf([2, 2], ['b'], ['a', 'b']))
  await mergeBatches([one, two, `${one}/`], path.join(folder, 'out'), process)
  expect(saved.at(-1)!.records.map(({ name }) => name)).toEqual(['a', 'b'])
})

test('a list that was run as one part is merged as well, so that a job array may have a single job', async () => {
  const only = await keep('only', stateOf([1, 1], ['a', 'b'], ['a', 'b']))
  const merged = await mergeBatches([only], path.join(folder, 'out'), process)
  expect(merged).toMatchObject({ parts: 1, total: 2, done: 2 })
  expect(saved.at(-1)!.records.map(({ name }) => name)).toEqual(['a', 'b'])
})

test('parts that were merged into their own folder are merged again as the parts they are', async () => {
  const both = await keep('both', stateOf([1, 2], ['a'], ['a', 'b']))
  await writeFile(path.join(both, 'batch-2-of-2.layerloupe'), encodeBatch(stateOf([2, 2], ['b'], ['a', 'b'])))
  await writeFile(path.join(both, 'batch.layerloupe'), encodeBatch(stateOf([1, 1], ['a'], ['a'])))
  expect(await mergeBatches([both], both, process)).toMatchObject({ parts: 2, total: 2 })
})

test('what is made of parts looks as the first of them, wherever it lies', async () => {
  const dark = { ...usualFigure, theme: 'dark' } as const
  const two = await keep('two', stateOf([2, 2], ['b'], ['a', 'b']))
  const one = await keep('one', stateOf([1, 2], ['a'], ['a', 'b'], dark))
  await mergeBatches([two, one], path.join(folder, 'out'), process)
  expect(saved.at(-1)!.figure).toEqual(dark)
})

test.each([
  ['of another list', stateOf([2, 2], ['c'], ['a', 'c']), 'batch-2-of-2.layerloupe is of another list of pictures'],
  ['of a number that is there', stateOf([1, 2], ['b'], ['a', 'b']), 'batch-1-of-2.layerloupe is there twice'],
  ['with a picture of another', stateOf([2, 2], ['a'], ['a', 'b']), 'batch-2-of-2.layerloupe has a, which another'],
])('a part %s is refused', async (_what, other, message) => {
  const one = await keep('one', stateOf([1, 2], ['a'], ['a', 'b']))
  const two = await keep('two', other)
  await expect(mergeBatches([one, two], path.join(folder, 'out'), process)).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining(message) as string,
  })
})

test('what a person has in the folder is not written over', async () => {
  const one = await keep('one', stateOf([1, 1], ['a'], ['a']))
  const out = path.join(folder, 'out')
  await mkdir(out)
  await writeFile(path.join(out, 'summary.csv'), 'mine')
  await expect(mergeBatches([one], out, process)).rejects.toMatchObject({
    code: 'write-failed',
    message: expect.stringContaining('summary.csv') as string,
  })
})

test('a file that is damaged is told of, and one of another version is none', async () => {
  const file = path.join(folder, 'batch.layerloupe')
  const state = stateOf([1, 1], ['a'], ['a'])
  expect(await loadBatch(file)).toBeNull()
  for (const damaged of [
    { ...state, sums: [] },
    { ...state, shard: [3, 2] as const },
    { ...state, classes: ['cat'] },
  ]) {
    await writeFile(file, encodeBatch(damaged))
    await expect(loadBatch(file)).rejects.toThrow('batch.layerloupe is damaged')
  }
  await writeFile(file, encodeBatch({ ...state, version: '0.0.0-other', sums: [] }))
  expect(await loadBatch(file)).toBeNull()
  await rm(file)
  await mkdir(file)
  await expect(loadBatch(file)).rejects.toThrow('cannot be read (EISDIR)')
})

test('a batch that is cancelled while its table is written can be taken up again', async () => {
  const state = stateOf([1, 1], ['a'], ['a'])
  const context = { signal: AbortSignal.abort(), emit: () => undefined, decoding: () => undefined }
  const saving = saveBatch({ state, directory: folder, stateOnly: false }, context)
  await expect(saving).rejects.toMatchObject({ code: 'cancelled' })
  expect(await loadBatch(path.join(folder, 'batch.layerloupe'))).toMatchObject(state)
  await expect(readFile(path.join(folder, 'summary.csv'))).rejects.toThrow('ENOENT')
})

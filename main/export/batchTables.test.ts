import { expect, test } from 'vitest'
import type { BatchState } from '../../shared/batchState.ts'
import { usualFigure } from '../../shared/figures.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { planPipeline } from '../pipeline/plan.ts'
import { summaryCsv, summaryJson } from './batchTables.ts'

const pipeline = parsePipeline({ version: 1, name: 'x', layers: [{ kind: 'input' }] })
const record = {
  name: 'a "b"\n.png',
  folder: '',
  sha256: '0'.repeat(64),
  width: 1,
  height: 2,
  statistics: Float64Array.of(0, 1, 0.5, NaN, 0, 0),
  probabilities: new Float64Array(0),
  thumbnail: new Uint8Array(0),
}
const state: BatchState = {
  version: '1',
  pipeline,
  save: [],
  figure: usualFigure,
  shard: [1, 1],
  list: '0'.repeat(64),
  total: 3,
  stages: planPipeline(pipeline, [8, 8, 3]).stages,
  classes: [],
  channelNames: [[]],
  records: [record, { ...record, name: 'c' }],
  failures: [
    { name: 'd', image: null, error: { ok: false, code: 'image-damaged', message: 'It is cut off.', detail: {} } },
  ],
  sums: [null],
  extremes: [[]],
}

test('the pieces of summary.json are the text that the whole of it would be', () => {
  const text = [...summaryJson(state)].join('')
  const read = JSON.parse(text) as { images: unknown[] }
  expect(text).toBe(`${JSON.stringify(read, null, 2)}\n`)
  expect(read).toMatchObject({
    total: 3,
    images: [{ name: 'a "b"\n.png', stages: [{ mean: 0.5, std: null }] }, { name: 'c' }],
    failed: [{ name: 'd', code: 'image-damaged' }],
  })
  expect(JSON.parse([...summaryJson({ ...state, records: [], failures: [] })].join(''))).toMatchObject({
    images: [],
    failed: [],
  })
})

test('the tables of very many images come image by image', () => {
  // As many as no one string has room for: only the first lines are ever made.
  const records = new Proxy<BatchState['records']>([], {
    get: (list, key, receiver) =>
      key === 'length' ? 1e9 : /^\d+$/.test(String(key)) ? record : (Reflect.get(list, key, receiver) as unknown),
  })
  for (const table of [summaryCsv({ ...state, records }), summaryJson({ ...state, records })]) {
    table.next()
    expect(String(table.next().value)).toContain('a ')
  }
})

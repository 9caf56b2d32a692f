import { describe, expect, test, vi } from 'vitest'
import type { Api } from '../../shared/api.ts'
import type { BatchRow, BatchTableRequest } from '../../shared/batch.ts'
import { stageStatistics } from '../../shared/batchState.ts'
import { tableColumns } from '../../shared/batchTable.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { LayerKind } from '../../shared/layers/index.ts'
import { BatchTableState } from './batchTable.svelte.ts'

/** A table of `count` rows, of which row i has the width i. */
function open({ count = 1000, classes = ['cat', 'dog'], stages = 2 } = {}) {
  const kinds: readonly LayerKind[] = ['input', 'conv2d', 'pool2d', 'flatten', 'dense', 'softmax']
  const planned = kinds.slice(0, stages).map((kind, index) => ({
    index,
    kind,
    title: kind,
    shape: [2, 2, 1],
    dtype: 'float64' as const,
    parameters: 0,
    bytes: 32,
  }))
  const columns = tableColumns(planned, classes)
  const rows = Array.from({ length: count }, (_, i): BatchRow => {
    const cells: (string | number)[] = columns.map(({ type }) => (type === 'number' ? i : ''))
    return { image: `image-${i}`, cells: cells.with(0, `=${String(i).padStart(4, '0')}`) }
  })
  const requests: BatchTableRequest[] = []
  let failure: LoupeError | null = null
  const api = {
    call: vi.fn(async (_method: string, request: BatchTableRequest) => {
      requests.push(request)
      await Promise.resolve()
      if (failure) throw failure
      const lines = rows.slice(rows.length - Number(request.snapshot ?? rows.length))
      const sorted = request.sort?.descending ? lines.toReversed() : lines
      const page = sorted.slice(request.first, request.first + request.limit)
      return { columns, rows: page, total: lines.length, snapshot: String(lines.length) }
    }),
    subscribe: () => () => undefined,
  } as unknown as Api
  const fail = (error: LoupeError | null) => (failure = error)
  /** One more, before all others. */
  const add = (name: string) => rows.unshift({ image: name, cells: rows[0]!.cells.with(0, name) })
  return { table: new BatchTableState(api, 'batch', planned), requests, fail, add }
}

const settled = async () => await new Promise((resolve) => setTimeout(resolve, 0))

test('a file of a table that grows meanwhile has each line once', async () => {
  const { table, add } = open({ count: 2500 })
  let pages = 0
  const text = await table.csv(new AbortController().signal, () => add(`+${pages++}`))
  const names = text
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.slice(line.lastIndexOf(',') + 1))
  expect(pages).toBe(3)
  expect(names).toEqual(Array.from({ length: 2500 }, (_, i) => `image-${i}`))
})

describe('rows', () => {
  test('are read by the page as they come into sight, each page once', async () => {
    const { table, requests } = open()
    for (const place of [0, 1, 2, 250]) table.want(place)
    await settled()
    expect(requests.map(({ first, limit }) => [first, limit])).toEqual([
      [0, 200],
      [200, 200],
    ])
    expect([table.row(0)?.image, table.row(250)?.image, table.row(500)]).toEqual(['image-0', 'image-250', null])
    expect(table.total).toBe(1000)
  })
  test('are read again when more images are done, and stay meanwhile', async () => {
    const { table, requests } = open()
    table.want(250)
    await settled()
    table.refresh()
    table.want(250)
    expect(table.row(250)?.image).toBe('image-250')
    await settled()
    expect(requests.map(({ first }) => first)).toEqual([200, 0, 200])
  })
  test('of another order take the place of the first when they are here, not of each other', async () => {
    const { table } = open()
    table.want(0)
    await settled()
    const width = table.columns.find(({ id }) => id === 'width')!
    table.sortBy(width)
    expect(table.row(0)?.image).toBe('image-0')
    await settled()
    expect([table.row(0)?.image, table.orderOf(width)]).toEqual(['image-999', 'descending'])
    table.sortBy(width)
    table.sortBy(width)
    table.sortBy(width)
    await settled()
    expect([table.row(0)?.image, table.orderOf(width)]).toEqual(['image-0', 'ascending'])
  })
  test('that cannot be read say why, and are asked for again', async () => {
    const { table, fail } = open()
    fail(new LoupeError('engine-lost', 'LayerLoupe cannot be reached.'))
    table.want(0)
    await settled()
    expect(table.problem).toBe('LayerLoupe cannot be reached.')
    fail(null)
    table.want(0)
    await settled()
    expect([table.problem, table.row(0)?.image]).toEqual([null, 'image-0'])
  })
})

describe('columns', () => {
  test('of the first stages are seen at first, and no counts of special values', async () => {
    const { table } = open({ stages: 6 })
    table.want(0)
    await settled()
    expect(table.visible.map(({ key }) => key)).toEqual(['always', 'size', 'classes', 'stage-0', 'stage-1', 'stage-2'])
    const stage = table.visible.at(-1)!
    expect(stage.columns.map(({ column }) => column.id.split('.')[1])).toEqual(['min', 'max', 'mean', 'std'])
    table.withSpecials = true
    expect(table.visible.at(-1)!.columns).toHaveLength(stageStatistics.length)
    table.toggle('stage-2')
    expect(table.visible.at(-1)!.key).toBe('stage-1')
  })
  test('of many classes are seen only where they are asked for, a hundred at most', async () => {
    const { table } = open({ classes: Array.from({ length: 1000 }, (_, i) => `class ${i}`) })
    table.want(0)
    await settled()
    expect(table.visible.some(({ key }) => key === 'classes')).toBe(false)
    table.toggle('classes')
    expect(table.visible.find(({ key }) => key === 'classes')!.columns).toHaveLength(100)
  })
  test('the likeliest class comes with the largest probability', () => {
    const { table } = open()
    table.columns = tableColumns([], ['cat', 'dog'])
    const row = { image: 'image', cells: ['a.png', 8, 8, 'dog', 0.25, 0.75] }
    expect(table.likeliest(row)).toEqual({ name: 'dog', probability: 0.75 })
  })
})

describe('as text', () => {
  const nothing = () => undefined

  test('has all rows, read by the thousand, with progress, under names no spreadsheet takes for a formula', async () => {
    const { table, requests } = open({ count: 2500 })
    table.want(0)
    await settled()
    const progress = vi.fn()
    const lines = (await table.csv(new AbortController().signal, progress)).split('\r\n')
    expect(requests.slice(1).map(({ first, limit }) => [first, limit])).toEqual([
      [0, 1000],
      [1000, 1000],
      [2000, 1000],
    ])
    expect(progress.mock.calls).toEqual([
      [1000, 2500],
      [2000, 2500],
      [2500, 2500],
    ])
    expect(lines).toHaveLength(2502)
    expect(lines[1]!.startsWith('./=0000,0,0,')).toBe(true)
    expect(lines[2500]!.endsWith(',image-2499')).toBe(true)
  })
  test('ends where it is cancelled', async () => {
    const { table } = open({ count: 2500 })
    const abort = new AbortController()
    const reading = table.csv(abort.signal, nothing)
    abort.abort()
    await expect(reading).rejects.toThrow()
  })
})

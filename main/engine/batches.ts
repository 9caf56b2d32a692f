/** The contract's batches: over images of the gallery, known by id, told of by events. */

import { randomUUID } from 'node:crypto'
import type { ApiEvent, ImageId, Method, Params, Result, WindowRequest } from '../../shared/api.ts'
import type {
  BatchId,
  BatchRequest,
  BatchRow,
  BatchStarted,
  BatchTable,
  BatchTableRequest,
  Exciting,
  PageRequest,
  SetPicture,
  SetStatistics,
} from '../../shared/batch.ts'
import { byName, type BatchRecord, type Extreme, type SetSums } from '../../shared/batchState.ts'
import { tableCells, tableColumns } from '../../shared/batchTable.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import { parsePipeline, withBackground } from '../../shared/pipeline.ts'
import { finish } from '../../shared/steps.ts'
import { finiteRange, type Tensor } from '../../shared/tensor.ts'
import { pictureKinds } from '../pipeline/plan.ts'
import { setSteps } from '../pipeline/setSums.ts'
import { windowSteps } from '../pipeline/window.ts'
import type { Batch, BatchOptions } from './batch.ts'
import { foldersFor, namesFor } from './batchNames.ts'
import { drive } from './drive.ts'
import type { Exports } from './exports.ts'
import type { Library } from './library.ts'

type BatchMethod = Extract<Method, `batches.${string}`>
type BatchHandlers = {
  readonly [M in BatchMethod]: (params: Params<M>, signal?: AbortSignal) => Result<M> | Promise<Result<M>>
}

interface Entry {
  readonly batch: Batch
  readonly pipeline: BatchStarted['pipeline']
  /** While it is under way. */
  running: Promise<void> | null
  /** It was to go on while it was ending. */
  again: boolean
  /** The orders its table was read in last, the one not read for longest first. */
  readonly orders: Map<string, readonly BatchRecord[]>
  /** What was read last of its statistics: other channels of it, and a paused batch, need nothing new. */
  whole: WholeSet | null
}

/** Milliseconds between two events of progress. */
const progressInterval = 100

export class Batches {
  readonly #entries = new Map<BatchId, Entry>()
  /** Also of those that were released. */
  readonly #running = new Set<Promise<void>>()
  readonly #library: Library
  readonly #folders: Pick<Exports, 'directoryOf'>
  readonly #background: () => string
  readonly #open: (options: Omit<BatchOptions, 'openPool' | 'memory' | 'jobs'>) => Batch
  readonly #emit: (event: ApiEvent) => void

  constructor(
    library: Library,
    folders: Pick<Exports, 'directoryOf'>,
    background: () => string,
    open: (options: Omit<BatchOptions, 'openPool' | 'memory' | 'jobs'>) => Batch,
    emit: (event: ApiEvent) => void,
  ) {
    this.#library = library
    this.#folders = folders
    this.#background = background
    this.#open = open
    this.#emit = emit
  }

  readonly handlers: BatchHandlers = {
    'batches.start': (request) => this.#start(request),
    'batches.pause': ({ batch }) => {
      this.#find(batch).batch.pause()
      return null
    },
    'batches.resume': ({ batch }) => {
      this.#find(batch).batch.resume()
      return null
    },
    'batches.cancel': ({ batch }) => {
      const entry = this.#find(batch)
      entry.again = false
      entry.batch.cancel()
      return null
    },
    'batches.retry': ({ batch }) => {
      this.#retry(batch)
      return null
    },
    'batches.release': ({ batch }) => {
      this.#release(batch)
      return null
    },
    'batches.progress': ({ batch }) => this.#find(batch).batch.progress,
    'batches.failures': ({ batch, ...page }) => {
      const failures = [...this.#find(batch).batch.tally.failures.values()].sort(byName)
      return { failures: pageOf(failures, page), total: failures.length }
    },
    'batches.table': ({ batch, ...request }) => tableOf(this.#find(batch), request),
    'batches.statistics': ({ batch, stage, ...window }, signal = new AbortController().signal) =>
      statisticsOf(this.#find(batch), stage, window, signal),
  }

  /** Cancels what is under way; resolves when no process of theirs is left. */
  async close(): Promise<void> {
    for (const id of [...this.#entries.keys()]) this.#release(id)
    await Promise.all(this.#running)
  }

  #release(id: BatchId): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    entry.again = false
    entry.batch.cancel()
    this.#entries.delete(id)
  }

  #start({ images, pipeline: document, save, figure, destination }: BatchRequest): BatchStarted {
    const pipeline = parsePipeline(withBackground(document, this.#background()))
    const ids = images ?? this.#library.list().map(({ id }) => id)
    if (ids.length === 0) throw new LoupeError('bad-request', 'There are no images to run; add some.')
    const directory = destination.type === 'none' ? null : this.#folders.directoryOf(destination.folder)
    const id = randomUUID()
    let told = -Infinity
    const batch = this.#open({
      files: this.#files(ids),
      pipeline,
      save,
      ...(figure ? { figure } : {}),
      directory,
      onProgress: (progress) => {
        const now = performance.now()
        if (progress.state === 'running' && now - told < progressInterval) return
        told = now
        this.#emit({ type: 'batch.progress', batch: id, progress })
      },
      onFailure: (failure) => {
        this.#emit({ type: 'batch.imageFailed', batch: id, failure })
      },
    })
    const entry: Entry = { batch, pipeline, running: null, again: false, orders: new Map(), whole: null }
    this.#entries.set(id, entry)
    this.#run(id, entry)
    return { batch: id, total: ids.length, pipeline, stages: batch.tally.plan.stages }
  }

  /** Each image once, under a name of its own. */
  #files(ids: readonly ImageId[]) {
    const names = namesFor([...new Set(ids)].map((id) => this.#library.source(id).info))
    const folders = foldersFor([...names.values()])
    return Array.from(names, ([image, name]) => {
      const { path, info } = this.#library.source(image)
      const size = [info.height, info.width, info.channels]
      return { path, name, folder: folders.get(name)!, image, size }
    })
  }

  #run(id: BatchId, entry: Entry): void {
    entry.again = false
    const running = this.#work(id, entry.batch).then(() => {
      entry.running = null
      this.#running.delete(running)
      if (entry.again && entry.batch.isLeft) this.#run(id, entry)
    })
    entry.running = running
    this.#running.add(running)
  }

  async #work(id: BatchId, batch: Batch): Promise<void> {
    // After the answer, so that whoever started it knows its id when the first event comes.
    await new Promise((resolve) => setImmediate(resolve))
    try {
      await batch.run()
      this.#emit({ type: 'batch.done', batch: id, progress: batch.progress })
    } catch (error) {
      this.#emit({ type: 'batch.failed', batch: id, error: toWire(error) })
    }
  }

  #retry(id: BatchId): void {
    const entry = this.#find(id)
    const left = entry.batch.requeueFailed()
    if (entry.running) entry.again = true
    else if (left) this.#run(id, entry)
  }

  #find(id: BatchId): Entry {
    const entry = this.#entries.get(id)
    if (!entry) throw new LoupeError('not-found', 'That batch is not there (any more); start it again.', { batch: id })
    return entry
  }
}

function pageOf<T>(items: readonly T[], { first, limit }: PageRequest): T[] {
  return items.slice(first, first + limit)
}

function tableOf({ batch: { tally }, orders }: Entry, request: BatchTableRequest): BatchTable {
  const { sort, snapshot = tally.snapshot, ...page } = request
  const { stages, classes } = tally.plan
  const columns = tableColumns(stages, classes)
  const at = sort ? columns.findIndex(({ id }) => id === sort.column) : 0
  if (sort && at < 0) throw new LoupeError('bad-request', `There is no column ${sort.column} in this table.`)
  const cells = (record: BatchRecord) => tableCells(record, stages.length, classes)
  const records = inOrder(orders, `${at} ${sort?.descending ?? false} ${snapshot}`, () => {
    const all = tally.linesOf(snapshot)?.toSorted(byName)
    if (!all) throw new LoupeError('bad-request', 'Lines of this table are no longer so; read it again from its start.')
    if (!sort) return all
    const keys = new Map(all.map((record) => [record, cells(record)[at]!]))
    return all.sort((a, b) => compareCells(keys.get(a)!, keys.get(b)!, sort.descending))
  })
  const rows = pageOf(records, page).map((record): BatchRow => ({ image: record.sha256, cells: cells(record) }))
  return { columns, rows, total: records.length, snapshot }
}

/** One that is seen, and one that is copied meanwhile. */
const keptOrders = 2

/** Every page of a table is of the same order: it is made once, until another is wanted or there are other lines. */
function inOrder(kept: Entry['orders'], order: string, sorted: () => readonly BatchRecord[]): readonly BatchRecord[] {
  const records = kept.get(order) ?? sorted()
  kept.delete(order)
  kept.set(order, records)
  for (const oldest of kept.keys()) if (kept.size > keptOrders) kept.delete(oldest)
  return records
}

function compareCells(a: BatchRow['cells'][number], b: BatchRow['cells'][number], descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const order = a < b ? -1 : a > b ? 1 : 0
  return descending ? -order : order
}

async function statisticsOf(
  entry: Entry,
  stage: number,
  window: WindowRequest,
  signal: AbortSignal,
): Promise<SetStatistics> {
  const { tally } = entry.batch
  if (stage >= tally.plan.stages.length) {
    throw new LoupeError('not-found', `There is no stage ${stage}; this pipeline has ${tally.plan.stages.length}.`)
  }
  const sums = tally.sums[stage]
  const counted = sums && sums.count > 0 ? sums : null
  const set = counted && (await setOf(entry, counted, signal))
  const exciting = (list: readonly Extreme[]) =>
    list.flatMap(({ name, value }): Exciting[] => {
      const image = tally.records.get(name)?.sha256
      return image === undefined ? [] : [{ image, name, value }]
    })
  return {
    count: set?.count ?? 0,
    mean: set && setPicture(set.mean, window),
    std: set && setPicture(set.std, window),
    picture: pictureKinds(entry.pipeline)[stage]!,
    channels: tally.extremes[stage]!.map(({ most, least }, channel) => ({
      name: tally.plan.channelNames[stage]![channel] ?? String(channel),
      most: exciting(most),
      least: exciting(least),
    })),
  }
}

interface SetTensor {
  readonly tensor: Tensor<Float64Array>
  readonly min: number
  readonly max: number
}

interface WholeSet {
  readonly sums: SetSums
  readonly count: number
  readonly mean: SetTensor
  readonly std: SetTensor
}

/** In slices: the host has windows and events to see to. */
async function setOf(entry: Entry, sums: SetSums, signal: AbortSignal): Promise<WholeSet> {
  const last = entry.whole
  if (last?.sums === sums && last.count === sums.count) return last
  const made = drive(setSteps(sums), signal)
  entry.batch.tally.hold(made)
  const { count } = sums
  const { mean, std } = await made
  entry.whole = { sums, count, mean: withRange(mean), std: withRange(std) }
  return entry.whole
}

function setPicture({ tensor, min, max }: SetTensor, window: WindowRequest): SetPicture {
  return { window: finish(windowSteps(tensor, window)), min, max }
}

function withRange(tensor: Tensor<Float64Array>): SetTensor {
  const [min, max] = finiteRange(tensor.data)
  return { tensor, min, max }
}

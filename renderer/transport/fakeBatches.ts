/** Made-up batches for the fake engine: images end one after the other, those called damaged fail until they are tried again. */

import type { ApiEvent, ImageInfo, Method, Params, PlannedStage, Result } from '../../shared/api.ts'
import type { BatchFailure, BatchProgress, BatchRow } from '../../shared/batch.ts'
import { stageStatistics } from '../../shared/batchState.ts'
import { tableCells, tableColumns } from '../../shared/batchTable.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import { parsePipeline, type Pipeline } from '../../shared/pipeline.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { syntheticWindow } from './fakeTensors.ts'

interface FakeBatch {
  readonly pipeline: Pipeline
  readonly stages: readonly PlannedStage[]
  readonly total: number
  queue: ImageInfo[]
  readonly done: ImageInfo[]
  readonly failures: Map<string, BatchFailure>
  state: BatchProgress['state']
  working: boolean
}

export interface FakeBatchParts {
  readonly images: () => readonly ImageInfo[]
  readonly plan: (pipeline: Pipeline) => readonly PlannedStage[]
  readonly emit: (event: ApiEvent) => void
  readonly pause: () => Promise<void>
}

type BatchMethod = Extract<Method, `batches.${string}`>
type BatchAnswers = { readonly [M in BatchMethod]: (params: Params<M>) => Result<M> }

const classes = ['cat', 'dog']

export function fakeBatches({ images, plan, emit, pause }: FakeBatchParts): BatchAnswers {
  const batches = new Map<string, FakeBatch>()
  let counter = 0

  function find(id: string): FakeBatch {
    const batch = batches.get(id)
    if (!batch) throw new LoupeError('not-found', 'That batch is not there (any more); start it again.')
    return batch
  }

  async function work(id: string, batch: FakeBatch, tried: boolean): Promise<void> {
    batch.working = true
    for (let image = batch.queue.shift(); image; image = batch.queue.shift()) {
      emit({ type: 'batch.progress', batch: id, progress: progressOf(batch) })
      do await pause()
      while (stateOf(batch) === 'paused')
      if (stateOf(batch) === 'cancelled') {
        batch.queue.unshift(image)
        batch.working = false
        emit({ type: 'batch.failed', batch: id, error: toWire(new LoupeError('cancelled', 'This was cancelled.')) })
        return
      }
      if (image.name.includes('damaged') && !tried) {
        const error = toWire(new LoupeError('image-damaged', `${image.name} is damaged: its data end too early.`))
        const failure = { name: image.name, image: image.id, error }
        batch.failures.set(image.id, failure)
        emit({ type: 'batch.imageFailed', batch: id, failure })
      } else batch.done.push(image)
    }
    batch.state = 'finished'
    batch.working = false
    emit({ type: 'batch.done', batch: id, progress: progressOf(batch) })
  }

  return {
    'batches.start': ({ images: ids, pipeline: document }) => {
      const pipeline = parsePipeline(document)
      const queue = images().filter(({ id }) => ids?.includes(id) ?? true)
      if (queue.length === 0) throw new LoupeError('bad-request', 'There are no images to run; add some.')
      const id = `batch-${++counter}`
      const stages = plan(pipeline)
      const total = queue.length
      const batch: FakeBatch = {
        pipeline,
        stages,
        total,
        queue,
        done: [],
        failures: new Map(),
        state: 'running',
        working: true,
      }
      batches.set(id, batch)
      void pause().then(() => work(id, batch, false))
      return { batch: id, total, pipeline, stages }
    },
    'batches.pause': ({ batch }) => change(find(batch), 'paused'),
    'batches.resume': ({ batch }) => change(find(batch), 'running'),
    'batches.cancel': ({ batch }) => change(find(batch), 'cancelled'),
    'batches.retry': ({ batch: id }) => {
      const batch = find(id)
      const failed = images().filter((image) => batch.failures.has(image.id))
      batch.failures.clear()
      batch.queue.push(...failed)
      if (batch.working) return null
      batch.state = 'running'
      void work(id, batch, true)
      return null
    },
    'batches.release': ({ batch }) => {
      const known = batches.get(batch)
      if (known) change(known, 'cancelled')
      batches.delete(batch)
      return null
    },
    'batches.progress': ({ batch }) => progressOf(find(batch)),
    'batches.failures': ({ batch, first, limit }) => {
      const failures = [...find(batch).failures.values()]
      return { failures: failures.slice(first, first + limit), total: failures.length }
    },
    'batches.table': ({ batch, first, limit, sort, snapshot }) => {
      const { stages, done } = find(batch)
      const columns = tableColumns(stages, classes)
      const count = snapshot === undefined ? done.length : Number(snapshot.split('.')[1])
      const rows = done.slice(0, count).map((image, at) => rowOf(image, at, stages.length))
      const column = sort ? columns.findIndex(({ id }) => id === sort.column) : 0
      rows.sort((a, b) => (a.cells[column]! < b.cells[column]! ? -1 : 1) * (sort?.descending ? -1 : 1))
      return { columns, rows: rows.slice(first, first + limit), total: rows.length, snapshot: `0.${count}` }
    },
    'batches.statistics': ({ batch: id, stage, ...window }) => {
      const { stages, done } = find(id)
      const { shape } = stages[stage]!
      const count = shape.reduce((product, axis) => product * axis, 1)
      const tensor: Tensor = { shape, data: Float64Array.from({ length: count }, (_, i) => (i % 17) / 16) }
      const picture = done.length === 0 ? null : { window: syntheticWindow(tensor, window), min: 0, max: 1 }
      const ends = done.slice(0, 9).map(({ id: image, name }, i) => ({ image, name, value: i / 10 }))
      return {
        count: done.length,
        mean: picture,
        std: picture,
        picture: 'map',
        channels: Array.from({ length: Math.min(shape.at(-1)!, 256) }, (_, c) => ({
          name: `channel ${c}`,
          most: ends.toReversed(),
          least: ends,
        })),
      }
    },
  }
}

/** It changes while it is waited for. */
function stateOf({ state }: FakeBatch): BatchProgress['state'] {
  return state
}

function change(batch: FakeBatch, state: BatchProgress['state']): null {
  if (batch.working) batch.state = state
  return null
}

function progressOf({ state, total, done, failures }: FakeBatch): BatchProgress {
  const left = total - done.length - failures.size
  const secondsLeft = state === 'running' ? left : null
  return { state, total, done: done.length, skipped: 0, failed: failures.size, secondsLeft }
}

function rowOf({ id, name, width, height }: ImageInfo, at: number, stages: number): BatchRow {
  const probability = 0.25 + (at % 3) / 4
  const record = {
    name,
    folder: name,
    sha256: id,
    width,
    height,
    statistics: Float64Array.from({ length: stages * stageStatistics.length }, (_, i) => ((i * 7 + at) % 11) / 10),
    probabilities: Float64Array.of(probability, 1 - probability),
    thumbnail: new Uint8Array(0),
  }
  return { image: id, cells: tableCells(record, stages, classes) }
}

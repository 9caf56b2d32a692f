/** One image of a batch, in the compute process: decode, run, save, sum up, and let go. */

import type { ImageInfo, PlannedStage, StageSummary } from '../../shared/api.ts'
import { stageStatistics, type BatchRecord, type SetSums } from '../../shared/batchState.ts'
import { LoupeError } from '../../shared/errors.ts'
import { elementCount, type Shape, type Tensor } from '../../shared/tensor.ts'
import { StageCache } from '../pipeline/cache.ts'
import { channelMeans } from '../pipeline/channels.ts'
import { planPipeline, requireWorkable } from '../pipeline/plan.ts'
import { runStages, type CachedTensor } from '../pipeline/run.ts'
import { addTensor, emptySums } from '../pipeline/setSums.ts'
import { inputOf, loadImages, watched } from './decoding.ts'
import { drive, orCancelled } from './drive.ts'
import { readImageFile, sha256 } from './files.ts'
import type { EngineLimits } from './limits.ts'
import type { BatchOutcome, BatchTask, RequestContext } from './protocol.ts'

/** Sides of the small picture kept of each image, in pixels. */
const thumbnailSide = 96

interface Stage {
  readonly summary: StageSummary
  readonly tensor: Tensor
}

/** Sums of what was run in this process, until the host takes them. */
export class BatchSums {
  readonly #batches = new Map<string, { names: string[]; sums: (SetSums | null)[] }>()

  add({ batch, name, shapes }: BatchTask, stages: readonly Stage[]): void {
    const held = this.#batches.get(batch) ?? { names: [], sums: shapes.map((shape) => shape && emptySums(shape)) }
    this.#batches.set(batch, held)
    held.names.push(name)
    stages.forEach(({ tensor }, index) => {
      const sums = held.sums[index]
      if (sums && sameShape(sums.shape, tensor.shape)) addTensor(sums, tensor)
    })
  }

  take(batch: string): { names: readonly string[]; sums: readonly (SetSums | null)[] } {
    const held = this.#batches.get(batch)
    this.#batches.delete(batch)
    return held ?? { names: [], sums: [] }
  }
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i])
}

/** Images between two times that all of the heap is looked through; in between, only what is new. */
const allOfHeapEvery = 32
let images = 0

/** Frees the pixels of the image before, where the process may: of its own accord it would wait for 64 MB of them. */
function letGo(): void {
  // Without options it is all of the heap. Node 20 takes `major` for a minor one, and pictures would pile up.
  if (++images % allOfHeapEvery === 0) globalThis.gc?.()
  else globalThis.gc?.({ type: 'minor' })
}

/**
 * Throws what reading, decoding, planning, running and saving throw; nothing of the image is left then, and it is not
 * in the sums.
 */
export async function batchImage(
  task: BatchTask,
  limits: EngineLimits,
  sums: BatchSums,
  context: RequestContext,
): Promise<BatchOutcome> {
  letGo()
  const { path, pipeline, save, figure, target } = task
  const name = task.name.split('/').at(-1)!
  const bytes = await readImageFile(path, name, limits.bytes)
  const id = sha256(bytes)
  const { decodeImage, photoThumbnail, probeImage } = await loadImages()
  const { smallPhoto } = await import('../images/figure.ts')
  const { isWhole, saveWhole } = await import('../export/wholeFolder.ts')
  const probe = await watched(id, context, () => probeImage({ name, bytes }, limits))
  const info: ImageInfo = { ...probe, id, name, byteLength: bytes.byteLength }
  const wanted = { sha256: id, pipeline, save, ...(figure ? { figure } : {}) }
  const there = !task.again && (target === null ? task.counted : await isWhole(target, wanted))
  if (there && task.counted) return { info, record: null, channelMeans: [], saved: false }

  const plan = planPipeline(pipeline, [info.height, info.width, info.channels], { bytes: task.memory })
  requireWorkable(plan)
  const { profile, background } = inputOf(task)
  const photo = await orCancelled(
    watched(id, context, () => decodeImage({ name, bytes }, { profile, background }, limits)),
    context.signal,
  )
  const small = smallPhoto(photo)
  const [stages, thumbnail] = await Promise.all([
    runAll(task, plan.stages, photo, context),
    photoThumbnail(small, thumbnailSide),
  ])
  const saved = target !== null && !there
  if (saved) await saveWhole({ image: info, original: photo, small, pipeline, stages }, wanted, target, context.signal)
  if (!task.counted) sums.add(task, stages)
  return {
    info,
    record: recordOf(task, info, stages, thumbnail),
    channelMeans: stages.map(({ tensor }) => channelMeans(tensor)),
    saved,
  }
}

async function runAll(
  { pipeline }: BatchTask,
  planned: readonly PlannedStage[],
  photo: Tensor<Uint8Array>,
  context: RequestContext,
): Promise<Stage[]> {
  const stages: Stage[] = []
  const run = {
    pipeline,
    stages: planned,
    keys: planned.map(({ index }) => String(index)),
    photo,
    // Holds what is in use and nothing else.
    cache: new StageCache<CachedTensor>(0),
    now: () => performance.now(),
  }
  await drive(runStages(run), context.signal, (step) => {
    if (step.type === 'stage') stages.push({ summary: step.summary, tensor: step.tensor })
  })
  if (stages.length !== planned.length) throw new LoupeError('internal', 'Some stages were not made.')
  return stages
}

function recordOf(
  { name, target }: BatchTask,
  { id, width, height }: ImageInfo,
  stages: readonly Stage[],
  thumbnail: Uint8Array,
): BatchRecord {
  const statistics = new Float64Array(stages.length * stageStatistics.length)
  stages.forEach(({ summary }, index) => {
    const none = summary.nan + summary.infinite === elementCount(summary.shape)
    stageStatistics.forEach((statistic, i) => {
      const counted = statistic === 'nan' || statistic === 'infinite'
      statistics[index * stageStatistics.length + i] = none && !counted ? NaN : summary[statistic]
    })
  })
  const last = stages.at(-1)
  const probabilities = last?.summary.kind === 'softmax' ? Float64Array.from(last.tensor.data) : new Float64Array(0)
  return { name, folder: target?.folder ?? '', sha256: id, width, height, statistics, probabilities, thumbnail }
}

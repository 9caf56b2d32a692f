/** One image through one pipeline: computes the stages that are not in the cache, from the first missing one down. */

import type { PlannedStage, PreviewRequest, StageSummary, TensorWindow, WindowRequest } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { LayerSpec } from '../../shared/layers/index.ts'
import { layerLabel, type Pipeline } from '../../shared/pipeline.ts'
import { dtypeOf, pictureShape, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { runLayer } from '../layers/index.ts'
import type { Steps } from '../layers/steps.ts'
import type { StageCache } from './cache.ts'
import { channelNames, pictureKinds } from './plan.ts'
import { summarise } from './summary.ts'
import { windowSteps } from './window.ts'

/** What the cache holds: a stage with its summary, or a decoded photo, which has none. */
export interface CachedTensor {
  readonly tensor: Tensor
  readonly summary: StageSummary | null
}
export type TensorCache = StageCache<CachedTensor>

export type RunStep =
  | { readonly type: 'progress'; readonly stage: number; readonly fraction: number }
  | {
      readonly type: 'stage'
      readonly summary: StageSummary
      readonly tensor: Tensor
      /** Where the request asks for one. */
      readonly preview?: TensorWindow
    }

export interface RunRequest {
  readonly pipeline: Pipeline
  /** All stages of the plan for this photo. */
  readonly stages: readonly PlannedStage[]
  /** From `stageKeys`. */
  readonly keys: readonly string[]
  /** The decoded photo; null where `needsPhoto` says it is not needed. */
  readonly photo: Tensor<Uint8Array> | null
  readonly cache: TensorCache
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number
  /** First stage wanted; those before it are computed only where needed. 0 if left out. */
  readonly first?: number
  /** Last stage wanted; all if left out. */
  readonly last?: number
  /** What to bring along of each stage wanted; nothing if left out. */
  readonly previews?: PreviewRequest
}

/**
 * A key for each stage: equal for the same photo, element type and layers up to there.
 * `digest` gives a short text for a long one, never the same for two.
 */
export function stageKeys(photoKey: string, pipeline: Pipeline, digest: (text: string) => string): string[] {
  let key = digest(JSON.stringify([photoKey, pipeline.dtype]))
  return pipeline.layers.map((layer) => (key = digest(key + JSON.stringify(layer))))
}

/** Whether a run has to begin with the decoded photo. */
export function needsPhoto(keys: readonly string[], cache: TensorCache, first = 0): boolean {
  return startOf(keys, cache, first) < 0
}

/** The stage to start from: the deepest cached one up to `first`, or −1: the photo. */
function startOf(keys: readonly string[], cache: TensorCache, first: number): number {
  let start = first
  while (start >= 0 && !cache.has(keys[start]!)) start--
  return start
}

/**
 * Yields progress and each stage from `first` to `last` in order, cached ones at once.
 * Everything it used stays in the cache until it is finished or returned from, so that its memory is counted.
 * A stage that was computed before but has lost its place is computed again, and is equal to the last bit.
 */
export function* runStages(request: RunRequest): Generator<RunStep, void, void> {
  const { pipeline, stages, keys, cache, first = 0, last = keys.length - 1 } = request
  const pictures = pictureKinds(pipeline)
  const names = channelNames(pipeline, stages)
  const pinned: string[] = []
  try {
    const start = Math.max(0, startOf(keys, cache, first))
    // Pinned before anything is computed, so that making room never takes what is needed next.
    for (const key of keys.slice(start, last + 1)) if (cache.pin(key)) pinned.push(key)
    let input: Tensor | null = request.photo
    for (let index = start; index <= last; index++) {
      const found = cache.get(keys[index]!)
      if (found?.summary) {
        input = found.tensor
        if (index >= first) yield* announce({ ...found.summary, cached: true }, found.tensor, request.previews)
        continue
      }
      if (!input)
        throw new LoupeError('internal', `The input of ${layerLabel(pipeline.layers[index]!, index)} is missing.`)
      const stage = stages[index]!
      const computed = yield* computeStage(pipeline.layers[index]!, stage, input, pipeline.dtype, request.now)
      const { statistics, milliseconds, tensor } = computed
      const summary: StageSummary = {
        ...stage,
        ...statistics,
        dtype: dtypeOf(tensor.data),
        milliseconds,
        cached: false,
        channelNames: names[index]!,
        picture: pictures[index]!,
      }
      cache.put(keys[index]!, { tensor, summary }, stage.bytes)
      pinned.push(keys[index]!)
      input = tensor
      if (index >= first) yield* announce(summary, tensor, request.previews)
    }
  } finally {
    for (const key of pinned) cache.unpin(key)
  }
}

function* announce(
  summary: StageSummary,
  tensor: Tensor,
  previews: PreviewRequest | undefined,
): Generator<RunStep, void, void> {
  if (!previews) {
    yield { type: 'stage', summary, tensor }
    return
  }
  const steps = windowSteps(tensor, previewOf(tensor, previews))
  let step = steps.next()
  for (; !step.done; step = steps.next()) yield { type: 'progress', stage: summary.index, fraction: 1 }
  yield { type: 'stage', summary, tensor, preview: step.value }
}

function previewOf({ shape }: Tensor, { maxSize, channels, values }: PreviewRequest): WindowRequest {
  const [height, width, depth] = pictureShape(shape)
  return { channels: [0, Math.min(depth, height * width > 1 ? channels : values)], maxSize }
}

function* computeStage(spec: LayerSpec, stage: PlannedStage, input: Tensor, dtype: FloatDType, now: () => number) {
  const layer = yield* watched(runLayer(spec, input, dtype), stage.index, 0, 0.85, now)
  checkShape(spec, stage, layer.value)
  const summary = yield* watched(summarise(layer.value), stage.index, 0.85, 0.15, now)
  return { tensor: layer.value, statistics: summary.value, milliseconds: layer.milliseconds }
}

/** Steps as progress of a stage; the time is that of the steps alone, not of the pauses between them. */
function* watched<T>(
  steps: Steps<T>,
  stage: number,
  from: number,
  span: number,
  now: () => number,
): Generator<RunStep, { value: T; milliseconds: number }, void> {
  let milliseconds = 0
  for (;;) {
    const begin = now()
    const step = steps.next()
    milliseconds += now() - begin
    if (step.done) return { value: step.value, milliseconds }
    yield { type: 'progress', stage, fraction: from + span * step.value }
  }
}

/** The plan said what would come, and others rely on it. */
function checkShape(spec: LayerSpec, stage: PlannedStage, tensor: Tensor): void {
  if (tensor.shape.join() === stage.shape.join()) return
  const label = layerLabel(spec, stage.index)
  throw new LoupeError('internal', `${label} gave ${tensor.shape.join('×')}, but ${stage.shape.join('×')} was planned.`)
}

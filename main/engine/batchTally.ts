/** What a batch knows so far: a line an image, the sums, who excites which channel, and what failed. */

import type { PlannedStage } from '../../shared/api.ts'
import type { BatchFailure } from '../../shared/batch.ts'
import {
  byName,
  type BatchRecord,
  type BatchState,
  type ChannelExtremes,
  type SetSums,
} from '../../shared/batchState.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { pictureShape, type Shape } from '../../shared/tensor.ts'
import { version } from '../../shared/version.ts'
import { comparedChannels, mergeExtremes, rank } from '../pipeline/channels.ts'
import { channelNames, planPipeline } from '../pipeline/plan.ts'
import { emptySums, mergeSums } from '../pipeline/setSums.ts'

export interface BatchPlan {
  readonly stages: readonly PlannedStage[]
  /** For each stage its shape; null where it differs with the size of the image, or the sums would take too much. */
  readonly shapes: readonly (Shape | null)[]
  readonly channelNames: readonly (readonly string[])[]
  readonly classes: readonly string[]
}

/** Sums take four float64 an element, in every process. */
const sumBytes = 4 * 8

/** Side of the largest photo planned for, where those before it are too small for a layer. */
const largestSide = 16_384

/**
 * What every photo has in common, by two of unlike shape: of 512 × 512, or larger where a layer needs it. Where no such
 * photo works, that of the first of `sizes` that does; stages are missing where none does, and then no photo is done.
 * `memory`: bytes the sums may take in a process.
 */
export function planBatch(pipeline: Pipeline, memory: number, sizes: Iterable<Shape> = []): BatchPlan {
  const plan = (photo: Shape) => planPipeline(pipeline, photo, { bytes: Number.MAX_SAFE_INTEGER })
  for (let side = 512; side <= largestSide; side *= 2) {
    const square = plan([side, side, 3])
    const wide = plan([(side * 3) / 4, (side * 5) / 4, 3])
    if (square.problem || wide.problem) continue
    return withSums(pipeline, square.stages, wide.stages, memory)
  }
  const tried = new Set<string>()
  for (const size of sizes) {
    if (tried.has(size.join())) continue
    tried.add(size.join())
    const { stages, problem } = plan(size)
    if (!problem) return withSums(pipeline, stages, stages, memory)
  }
  return withSums(pipeline, plan([512, 512, 3]).stages, [], memory)
}

function withSums(
  pipeline: Pipeline,
  stages: readonly PlannedStage[],
  others: readonly PlannedStage[],
  memory: number,
): BatchPlan {
  let bytes = 0
  const shapes = stages.map(({ shape }, index) => {
    if (others[index]?.shape.join() !== shape.join()) return null
    const own = shape.reduce((product, axis) => product * axis, sumBytes)
    if (bytes + own > memory) return null
    bytes += own
    return shape
  })
  const names = channelNames(pipeline, stages)
  const last = stages.at(-1)
  const classes =
    last?.kind === 'softmax'
      ? Array.from({ length: pictureShape(last.shape)[2] }, (_, i) => names.at(-1)?.[i] ?? `class ${i}`)
      : []
  return { stages, shapes, channelNames: names, classes }
}

/** As a state has it. */
export function planOf({ stages, sums, channelNames, classes }: BatchState): BatchPlan {
  return { stages, shapes: sums.map((of) => of && of.shape), channelNames, classes }
}

/** What a batch is of. */
export type BatchAbout = Pick<BatchState, 'pipeline' | 'save' | 'figure' | 'shard' | 'list' | 'total'>

export class Tally {
  readonly #about: BatchAbout
  #plan!: BatchPlan
  readonly records = new Map<string, BatchRecord>()
  readonly failures = new Map<string, BatchFailure>()
  #reading: Promise<void> | null = null
  /** Lines that were taken back. */
  #removed = 0
  #sums!: (SetSums | null)[]
  #extremes!: ChannelExtremes[][]

  constructor(about: BatchAbout, plan: BatchPlan) {
    this.#about = about
    this.replan(plan)
  }

  get plan(): BatchPlan {
    return this.#plan
  }

  /** Whether the plan has every stage; an image that is done has. */
  get isPlanned(): boolean {
    return this.#plan.stages.length === this.#about.pipeline.layers.length
  }

  /** Only before the first image is done. */
  replan(plan: BatchPlan): void {
    this.#plan = plan
    this.#sums = plan.shapes.map((shape) => shape && emptySums(shape))
    this.#extremes = plan.stages.map(({ shape }) => {
      const channels = pictureShape(shape)[2]
      return Array.from({ length: channels > comparedChannels ? 0 : channels }, () => ({ most: [], least: [] }))
    })
  }

  /** Names the lines there are: how many of the first, as long as none of them is taken back. */
  get snapshot(): string {
    return `${this.#removed}.${this.records.size}`
  }

  /** The lines a snapshot names, in the order they came; null where they are no longer so. */
  linesOf(snapshot: string): readonly BatchRecord[] | null {
    const [removed, count] = snapshot.split('.').map(Number)
    if (removed !== this.#removed || count! > this.records.size) return null
    return [...this.records.values()].slice(0, count)
  }

  get sums(): readonly (SetSums | null)[] {
    return this.#sums
  }

  /** What is summed: for each stage its shape, or null. */
  get shapes(): readonly (Shape | null)[] {
    return this.#sums.map((sums) => sums && sums.shape)
  }

  get extremes(): readonly (readonly ChannelExtremes[])[] {
    return this.#extremes
  }

  /** A line, and the image's place among those that excite a channel; a second time it changes nothing. */
  add(record: BatchRecord, means: readonly Float64Array[]): void {
    if (!this.records.has(record.name)) {
      means.forEach((stage, index) => {
        stage.forEach((value, channel) => {
          const extremes = this.#extremes[index]?.[channel]
          if (extremes) rank(extremes, { name: record.name, value })
        })
      })
    }
    this.records.set(record.name, record)
    this.failures.delete(record.name)
  }

  /** A line is no longer so; the image failed. */
  fail(failure: BatchFailure): void {
    if (this.records.delete(failure.name)) this.#removed++
    this.failures.set(failure.name, failure)
  }

  /** The sums stay as they are until this has settled. */
  hold(reading: Promise<unknown>): void {
    const settled = Promise.allSettled([this.#reading, reading]).then(() => {
      if (this.#reading === settled) this.#reading = null
    })
    this.#reading = settled
  }

  /** Until it settles the sums are being read. */
  get reading(): Promise<void> | null {
    return this.#reading
  }

  addSums(sums: readonly (SetSums | null)[]): void {
    sums.forEach((other, index) => {
      const own = this.#sums[index]
      if (own && other) mergeSums(own, other)
    })
  }

  /**
   * Takes in what another batch of the same pipeline has: an earlier one, or another part of the list. What it has not
   * summed up, for want of memory or for other shapes, is of no use from then on: the mean would be of a few images only.
   */
  merge(state: BatchState): void {
    for (const record of state.records) {
      this.records.set(record.name, record)
      this.failures.delete(record.name)
    }
    for (const failure of state.failures) if (!this.records.has(failure.name)) this.failures.set(failure.name, failure)
    if (state.records.length > 0) {
      this.#sums = this.#sums.map((own, i) => (own?.shape.join() === state.sums[i]?.shape.join() ? own : null))
      this.addSums(state.sums)
    }
    state.extremes.forEach((channels, index) => {
      channels.forEach((other, channel) => {
        const own = this.#extremes[index]?.[channel]
        if (own) mergeExtremes(own, other)
      })
    })
  }

  get state(): BatchState {
    return {
      version,
      ...this.#about,
      stages: this.#plan.stages,
      classes: this.#plan.classes,
      channelNames: this.#plan.channelNames,
      records: [...this.records.values()].sort(byName),
      failures: [...this.failures.values()].sort(byName),
      sums: this.#sums,
      extremes: this.#extremes,
    }
  }
}

/** A stage over all images of a batch: its mean and deviation, and which images excite a channel most and least. */

import type { Api, PlannedStage } from '../../shared/api.ts'
import type { BatchId, SetStatistics } from '../../shared/batch.ts'
import { chooseScale, type ColourScale } from '../../shared/colour.ts'
import { pictureShape } from '../../shared/tensor.ts'
import { isCancelled, sentence } from './notices.svelte.ts'
import { formOf, type Form } from '../../shared/scales.ts'

/** A stage as it is shown here. */
export interface StageOfSet {
  readonly stage: PlannedStage
  readonly form: Form
  readonly channels: number
  readonly statistics: SetStatistics
  /** Of the mean, and of the deviation. */
  readonly scales: { readonly mean: ColourScale; readonly std: ColourScale } | null
  /** Whether the mean is a photo in colour. */
  readonly colour: boolean
}

/** Largest side of a picture, in elements; larger stages come as means over blocks. */
const pictureSize = 256
/** Channels seen at once. */
export const channelsAtOnce = 24
/** Numbers of a vector, at most. */
const mostValues = 4096

export class SetStatisticsState {
  stage = $state(0)
  channel = $state(0)
  /** The first of the channels that are seen. */
  first = $state(0)
  /** The one before stays until the next is there. */
  shown = $state.raw<StageOfSet | null>(null)
  /** Why it could not be read: a sentence. */
  problem = $state<string | null>(null)

  readonly chosen = $derived(this.shown?.statistics.channels[this.channel] ?? null)

  readonly stages: readonly PlannedStage[]
  #watched = false
  readonly #api: Api
  readonly #batch: BatchId
  #reading: AbortController | null = null
  /** Readings that were wanted. */
  #wanted = 0

  constructor(api: Api, batch: BatchId, stages: readonly PlannedStage[]) {
    this.#api = api
    this.#batch = batch
    this.stages = stages
  }

  /** Reads it, and again as more images are done, until the function returned is called. */
  watch(): () => void {
    this.#watched = true
    void this.#read()
    return () => {
      this.#watched = false
      this.#reading?.abort()
    }
  }

  async choose(stage: number): Promise<void> {
    this.stage = stage
    this.channel = 0
    this.first = 0
    await this.#read()
  }

  /** Other channels of the same stage. */
  async turn(first: number): Promise<void> {
    this.first = first
    await this.#read()
  }

  /** More images are done. A reading under way goes to its end: one that takes longer than the next comes would never. */
  async refresh(): Promise<void> {
    if (!this.#watched) return
    this.#wanted++
    if (this.#reading) return
    await this.#read()
  }

  async #read(): Promise<void> {
    const stage = this.stages[this.stage]
    if (!stage) return
    this.#reading?.abort()
    const reading = new AbortController()
    this.#reading = reading
    const wanted = this.#wanted
    const [height, width, channels] = pictureShape(stage.shape)
    const form = formOf(height, width, channels)
    const end = Math.min(channels, form === 'picture' ? this.first + channelsAtOnce : mostValues)
    const window = { channels: [this.first, end] as const, maxSize: pictureSize }
    try {
      const request = { batch: this.#batch, stage: this.stage, ...window }
      const statistics = await this.#api.call('batches.statistics', request, { signal: reading.signal })
      if (reading.signal.aborted) return
      const { mean, std, picture } = statistics
      const scales = mean &&
        std && { mean: chooseScale({ ...mean, picture }), std: chooseScale({ ...std, min: 0, picture: 'map' }) }
      const colour = picture === 'light' && channels === 3 && form === 'picture'
      this.shown = { stage, form, channels, statistics, scales, colour }
      this.problem = null
    } catch (error) {
      if (!reading.signal.aborted && !isCancelled(error)) this.problem = sentence(error)
    } finally {
      if (this.#reading === reading) this.#reading = null
    }
    if (this.#wanted !== wanted && this.#watched && !reading.signal.aborted) await this.#read()
  }
}

/** The runs of a session: which image, which pipeline, which stages have arrived. The tensors are the compute process's. */

import { randomUUID } from 'node:crypto'
import type { ApiEvent, ImageId, Plan, RunId, TensorWindow, WindowRequest } from '../../shared/api.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import { parsePipeline, withBackground, type Pipeline } from '../../shared/pipeline.ts'
import type { Size } from '../../shared/tensor.ts'
import { planPipeline, requireWorkable } from '../pipeline/plan.ts'
import type { Library } from './library.ts'
import type { RunSource } from './protocol.ts'
import type { Supervisor } from './supervisor.ts'

interface Run {
  readonly image: ImageId
  readonly pipeline: Pipeline
  readonly plan: Plan
  readonly controller: AbortController
  /** Stages that were announced; they can be read. */
  announced: number
}

/** What runs go by; it may change from one to the next. */
export interface RunSettings {
  /** Bytes one run may hold. */
  readonly memory: number
  /** Under transparent pixels, where a pipeline names no other. */
  readonly background: string
}

export class Runs {
  readonly #runs = new Map<RunId, Run>()
  readonly #library: Library
  readonly #supervisor: Supervisor
  readonly #settings: () => RunSettings
  readonly #emit: (event: ApiEvent) => void

  constructor(library: Library, supervisor: Supervisor, settings: () => RunSettings, emit: (event: ApiEvent) => void) {
    this.#library = library
    this.#supervisor = supervisor
    this.#settings = settings
    this.#emit = emit
  }

  /** A plan without a run; for a colour photo of `size` where no image is given. */
  plan(document: unknown, image: ImageId | undefined, size: Size = { width: 512, height: 512 }): Plan {
    const pipeline = this.#parse(document)
    if (image === undefined) return this.#plan(pipeline, [size.height, size.width, 3])
    const { info } = this.#library.source(image)
    return this.#plan(pipeline, [info.height, info.width, info.channels])
  }

  #parse(document: unknown): Pipeline {
    return parsePipeline(withBackground(document, this.#settings().background))
  }

  #plan(pipeline: Pipeline, photo: readonly [number, number, number]) {
    return planPipeline(pipeline, photo, { bytes: this.#settings().memory })
  }

  /** Throws `pipeline-invalid`, `layer-impossible` or `too-much-memory` for a pipeline that cannot run on this image. */
  start(image: ImageId, document: unknown): { run: RunId; plan: Plan; pipeline: Pipeline } {
    const pipeline = this.#parse(document)
    const { info } = this.#library.source(image)
    const plan = this.#plan(pipeline, [info.height, info.width, info.channels])
    requireWorkable(plan)
    const id = randomUUID()
    const run: Run = { image, pipeline, plan, controller: new AbortController(), announced: 0 }
    this.#runs.set(id, run)
    // After the answer, so that whoever started it knows its id when the first event comes.
    setImmediate(() => void this.#work(id, run))
    return { run: id, plan, pipeline }
  }

  async #work(id: RunId, run: Run): Promise<void> {
    try {
      const source = this.source(id)
      const { milliseconds } = await this.#supervisor.request('run', source, {
        image: source.image.info,
        signal: run.controller.signal,
        onEvent: (event) => {
          if (event.type === 'progress') {
            this.#emit({ type: 'run.progress', run: id, stage: event.stage, fraction: event.fraction })
          } else if (event.type === 'stage') {
            run.announced = event.summary.index + 1
            this.#emit({ type: 'run.stage', run: id, stage: event.summary })
          }
        },
      })
      this.#emit({ type: 'run.done', run: id, milliseconds })
    } catch (error) {
      this.#emit({ type: 'run.failed', run: id, error: toWire(error) })
    }
  }

  /** A run that has ended, or was forgotten, stays as it is. */
  cancel(id: RunId): void {
    this.#runs.get(id)?.controller.abort()
  }

  release(id: RunId): void {
    this.cancel(id)
    this.#runs.delete(id)
  }

  /** Forgets the runs of images that go. */
  releaseImages(images: readonly ImageId[]): void {
    for (const [id, run] of this.#runs) if (images.includes(run.image)) this.release(id)
  }

  /** What the compute process needs for this run. Throws `not-found`. */
  source(id: RunId): RunSource {
    const run = this.#find(id)
    return { image: this.#library.source(run.image), pipeline: run.pipeline, stages: run.plan.stages }
  }

  /** Throws `not-found` for a stage that has not arrived; `bad-request` for a window outside it. */
  async read(id: RunId, stage: number, window: WindowRequest, signal: AbortSignal | undefined): Promise<TensorWindow> {
    const run = this.#find(id)
    if (stage >= run.announced) {
      const message =
        stage < run.pipeline.layers.length
          ? `Stage ${stage} of this run has not been computed.`
          : `There is no stage ${stage}; this run has ${run.pipeline.layers.length}.`
      throw new LoupeError('not-found', message, { stage })
    }
    const source = this.source(id)
    return this.#supervisor.request('readStage', { ...source, stage, window }, { image: source.image.info, signal })
  }

  #find(id: RunId): Run {
    const run = this.#runs.get(id)
    if (!run) throw new LoupeError('not-found', 'That run is not there (any more); start it again.', { run: id })
    return run
  }
}

/** The runs of a session: which image, which pipeline, which stages have arrived. The tensors are the compute process's. */

import { randomUUID } from 'node:crypto'
import type {
  ApiEvent,
  DifferenceSummary,
  ImageId,
  Params,
  Plan,
  PreviewRequest,
  RunId,
  StageOfRun,
  TensorWindow,
} from '../../shared/api.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import type { Explanation, ReceptiveField, Trace } from '../../shared/explain.ts'
import type { DrawnFigure } from '../../shared/figures.ts'
import { parsePipeline, withBackground, type Pipeline } from '../../shared/pipeline.ts'
import type { Size } from '../../shared/tensor.ts'
import { checkPlace } from '../pipeline/explain/element.ts'
import { receptiveField } from '../pipeline/explain/receptiveField.ts'
import { planPipeline, requireWorkable } from '../pipeline/plan.ts'
import type { Library } from './library.ts'
import type { RunSource, StageSource } from './protocol.ts'
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

  /**
   * Throws `pipeline-invalid`, `layer-impossible` or `too-much-memory` for a pipeline that cannot run on this image;
   * `partial` runs what can, and refuses only where that is nothing.
   */
  start(params: Params<'runs.start'>): { run: RunId; plan: Plan; pipeline: Pipeline } {
    const { image, pipeline: document, partial = false, previews } = params
    const whole = this.#parse(document)
    const { info } = this.#library.source(image)
    const plan = this.#plan(whole, [info.height, info.width, info.channels])
    const made = plan.stages.length
    if (!partial || made === 0) requireWorkable(plan)
    const pipeline = { ...whole, layers: whole.layers.slice(0, made) }
    const id = randomUUID()
    const run: Run = { image, pipeline, plan, controller: new AbortController(), announced: 0 }
    this.#runs.set(id, run)
    // After the answer, so that whoever started it knows its id when the first event comes.
    setImmediate(() => void this.#work(id, run, previews))
    return { run: id, plan, pipeline }
  }

  async #work(id: RunId, run: Run, previews: PreviewRequest | undefined): Promise<void> {
    try {
      const source = this.source(id)
      const request = previews ? { ...source, previews } : source
      const { milliseconds } = await this.#supervisor.request('run', request, {
        image: source.image.info,
        signal: run.controller.signal,
        onEvent: (event) => {
          if (event.type === 'progress') {
            this.#emit({ type: 'run.progress', run: id, stage: event.stage, fraction: event.fraction })
          } else if (event.type === 'stage') {
            run.announced = event.summary.index + 1
            const { summary: stage, preview } = event
            this.#emit({ type: 'run.stage', run: id, stage, ...(preview ? { preview } : {}) })
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

  /**
   * Throws `not-found` for a stage that has not arrived; `bad-request` for a window outside it; `shapes-differ` where
   * `minus` has another shape.
   */
  async read(params: Params<'stages.read'>, signal: AbortSignal | undefined): Promise<TensorWindow> {
    const { run, stage, minus, ...window } = params
    const source = this.#stage({ run, stage })
    const request = { ...source, window, ...(minus ? { minus: this.#stage(minus) } : {}) }
    return this.#supervisor.request('readStage', request, { image: source.image.info, signal })
  }

  /** Throws as `read` does. */
  async difference(
    { minus, ...stage }: Params<'stages.difference'>,
    signal: AbortSignal | undefined,
  ): Promise<DifferenceSummary> {
    const source = this.#stage(stage)
    const request = { ...source, minus: this.#stage(minus) }
    return this.#supervisor.request('difference', request, { image: source.image.info, signal })
  }

  /** Throws as `read` does, and `bad-request` for an element that is not there. */
  async explain(params: Params<'explain'>, signal: AbortSignal | undefined): Promise<Explanation> {
    const { run, stage, row, column, channel, ...wanted } = params
    const source = this.#announced(run, stage)
    const request = { ...source, stage, place: { row, column, channel }, ...wanted }
    return this.#supervisor.request('explain', request, { image: source.image.info, signal })
  }

  /** Known from the plan alone, and so at once; only the path of winners is the compute process's. */
  async receptiveField(params: Params<'receptiveField'>, signal: AbortSignal | undefined): Promise<ReceptiveField> {
    const { run, stage, row, column, channel, winners = false } = params
    const source = this.#announced(run, stage)
    const { height, width, channels } = source.image.info
    const place = { row, column, channel }
    const field = receptiveField(source.pipeline, source.stages, [height, width, channels], stage, place)
    if (!winners) return { ...field, winners: null }
    const request = { ...source, stage, place }
    const path = await this.#supervisor.request('winners', request, { image: source.image.info, signal })
    return { ...field, winners: path }
  }

  /** Throws as `explain` does, and `bad-request` for a part that is not there or a picture too large to be opened. */
  async draw(request: Params<'figures.draw'>, signal: AbortSignal | undefined): Promise<DrawnFigure> {
    return this.#draw(request, signal)
  }

  /** The same as a small PNG. */
  async drawIcon(
    { figure, ...request }: Params<'figures.draw'>,
    iconHeight: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const plain = figure ? { figure: { ...figure, magnification: 1 } } : {}
    return (await this.#draw({ ...request, ...plain, iconHeight }, signal)).bytes
  }

  #draw(
    { run, ...request }: Params<'figures.draw'> & { readonly iconHeight?: number },
    signal: AbortSignal | undefined,
  ): Promise<DrawnFigure> {
    const { subject } = request
    const source = this.#announced(
      run,
      subject.type === 'evolution' ? this.#find(run).plan.stages.length - 1 : subject.stage,
    )
    if (subject.type === 'formula') checkPlace(source.stages[subject.stage]!, subject)
    return this.#supervisor.request('draw', { ...source, ...request }, { image: source.image.info, signal })
  }

  /** Throws as `explain` does, and `bad-request` where it should end at or below its own stage. */
  async trace(params: Params<'trace'>, signal: AbortSignal | undefined): Promise<Trace> {
    const { run, stage, row, column, channel, to = 0, limit = 100 } = params
    const source = this.#announced(run, stage)
    const place = { row, column, channel }
    checkPlace(source.stages[stage]!, place)
    if (to > stage) {
      throw new LoupeError('bad-request', `A trace goes up from stage ${stage}; it cannot end with stage ${to}.`)
    }
    const request = { ...source, stage, place, to, limit }
    return this.#supervisor.request('trace', request, { image: source.image.info, signal })
  }

  #stage({ run, stage }: StageOfRun): StageSource {
    return { ...this.#announced(run, stage), stage }
  }

  /** What the compute process needs for a stage that has arrived. Throws `not-found`. */
  #announced(id: RunId, stage: number): RunSource {
    const run = this.#find(id)
    if (stage >= run.announced) {
      const message =
        stage < run.pipeline.layers.length
          ? `Stage ${stage} of this run has not been computed.`
          : `There is no stage ${stage}; this run has ${run.pipeline.layers.length}.`
      throw new LoupeError('not-found', message, { stage })
    }
    return this.source(id)
  }

  #find(id: RunId): Run {
    const run = this.#runs.get(id)
    if (!run) throw new LoupeError('not-found', 'That run is not there (any more); start it again.', { run: id })
    return run
  }
}

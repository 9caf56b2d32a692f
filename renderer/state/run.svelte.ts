/** One photo going through one pipeline: the stages as they come, which is chosen, and playing through them. */

import type { Api, ApiEvent, ImageInfo, Plan, RunEvent, RunId, StageSummary } from '../../shared/api.ts'
import { fromWire, toWire, type LoupeError } from '../../shared/errors.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { originalSource, stageSource, type Source } from './source.ts'
import { cardRequest, cardSize, placeBefore, previews, type CardPicture, type StageSlot } from './stageSlots.ts'

export type RunStatus = 'idle' | 'starting' | 'running' | 'done' | 'cancelled' | 'failed'

const playInterval = 1400
/**
 * A run this young is let end before the next begins, so that pictures follow a slider that moves faster than runs are;
 * only the newest change waits. Milliseconds.
 */
const patience = 80

export class RunState {
  readonly api: Api
  image = $state.raw<ImageInfo | null>(null)
  /** With all defaults filled in, as soon as the engine has answered. */
  pipeline = $state.raw<Pipeline | null>(null)
  run = $state.raw<RunId | null>(null)
  plan = $state.raw<Plan | null>(null)
  stages = $state.raw<readonly StageSlot[]>([])
  original = $state.raw<{ readonly source: Source; readonly card: CardPicture | null } | null>(null)
  /** −1 is the original. */
  selected = $state(-1)
  status = $state.raw<RunStatus>('idle')
  error = $state.raw<LoupeError | null>(null)
  /** Stage the engine is at, and how far in it (0 to 1). */
  progress = $state.raw<{ readonly stage: number; readonly fraction: number } | null>(null)
  /** Of the whole run, when done. */
  milliseconds = $state.raw<number | null>(null)
  playing = $state(false)
  /** Told of every choice of a stage; whoever knows more of it than its place follows by it. */
  onSelect: (index: number) => void = () => undefined

  readonly busy = $derived(this.status === 'starting' || this.status === 'running')
  readonly slot = $derived(this.stages[this.selected] ?? null)
  /** What the viewer shows. */
  readonly source = $derived(this.selected < 0 ? (this.original?.source ?? null) : (this.slot?.source ?? null))
  /** Whether the chosen picture is of the run in hand, and not of the one before. */
  readonly fresh = $derived(this.selected < 0 || (this.slot !== null && this.slot.summary !== null))

  /** The layer that ends the run since it cannot work, and why. */
  readonly problem = $derived.by(() => {
    const problem = this.image ? this.plan?.problem : null
    if (!problem) return null
    const { layer, title, reason } = problem
    return { layer, message: `Layer ${layer} (${title}) cannot work: ${reason}.` }
  })

  readonly #unsubscribe: () => void
  /** Counts calls of `show`: an answer to an earlier one is stale. */
  #turn = 0
  /** Events can overtake the answer that names their run. */
  #early: RunEvent[] = []
  /** Runs whose pictures may still be on screen until the run in hand has replaced them. */
  #superseded: RunId[] = []
  #asked: Pipeline | null = null
  /** The stage to look at once there is one. */
  #wanted = -1
  #began = 0
  /** The newest start, and the plan it brings; null where it was refused. */
  #started: { readonly image: ImageInfo; readonly pipeline: Pipeline; readonly plan: Promise<Plan | null> } | null =
    null
  /** The change that waits for a young run. */
  #next: { readonly pipeline: Pipeline; readonly timer: ReturnType<typeof setTimeout> } | null = null
  /** What lies under the transparent pixels of the original. */
  background = '#ffffff'
  #shownOn = ''
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(api: Api) {
    this.api = api
    this.#unsubscribe = api.subscribe((event) => {
      this.#hear(event)
    })
  }

  /**
   * Shows a photo going through a pipeline, as far as it can go; cancels what ran before and keeps its pictures until
   * the new ones come. `stage` is looked at as soon as it is there.
   */
  show(image: ImageInfo | null, pipeline: Pipeline | null, stage = this.selected): void {
    this.#wanted = stage
    clearTimeout(this.#next?.timer)
    this.#next = null
    const age = performance.now() - this.#began
    if (this.busy && pipeline && image?.id === this.image?.id && age < patience) {
      this.#next = { pipeline, timer: setTimeout(() => this.#takeNext(), patience - age) }
    } else this.#show(image, pipeline)
  }

  #takeNext(): void {
    const next = this.#next
    if (!next) return
    clearTimeout(next.timer)
    this.#next = null
    this.#show(this.image, next.pipeline)
  }

  #show(image: ImageInfo | null, pipeline: Pipeline | null): void {
    const turn = ++this.#turn
    this.#began = performance.now()
    this.#leave()
    if (!image) {
      this.#clear()
      return
    }
    const changed = image.id !== this.image?.id || (image.hasAlpha && this.background !== this.#shownOn)
    this.image = image
    this.#asked = pipeline
    this.error = null
    this.progress = null
    this.milliseconds = null
    if (changed) void this.#readOriginal(image, turn)
    this.stages = pipeline ? this.stages.map((slot) => ({ ...slot, summary: null })) : []
    // Among stages of other layers it would be another's place.
    const alike = pipeline?.layers.length === this.stages.length
    if (alike && this.#wanted < this.stages.length) this.selected = this.#wanted
    if (!pipeline) {
      this.status = 'idle'
      this.#settle()
      return
    }
    this.status = 'starting'
    this.#started = { image, pipeline, plan: this.#start(image, pipeline, turn) }
  }

  /** Stops the run in hand; what has come stays. */
  cancel(): void {
    clearTimeout(this.#next?.timer)
    this.#next = null
    if (this.status === 'running' && this.run !== null) this.#send('runs.cancel', this.run)
    else if (this.status === 'starting') {
      this.#turn++
      this.status = 'cancelled'
    }
  }

  /** After a run that was cancelled or has failed: what the engine still has of it is not computed a second time. */
  again(): void {
    if (this.status === 'cancelled' || this.status === 'failed') this.#show(this.image, this.#asked)
  }

  select(index: number): void {
    this.selected = Math.max(-1, Math.min(this.stages.length - 1, index))
    this.#wanted = this.selected
    this.onSelect(this.selected)
  }

  next(): void {
    this.select(this.selected + 1)
  }

  previous(): void {
    this.select(this.selected - 1)
  }

  /** Goes through the stages one after the other; from the start again when at the end. */
  play(): void {
    if (this.playing || this.stages.length === 0) return
    if (this.selected >= this.stages.length - 1) this.selected = -1
    this.playing = true
    this.#timer = setInterval(() => {
      // A stage that is still being computed is waited for.
      if (this.selected + 1 < this.stages.length && !this.stages[this.selected + 1]!.summary && this.busy) return
      this.next()
      if (this.selected >= this.stages.length - 1) this.pause()
    }, playInterval)
  }

  pause(): void {
    clearInterval(this.#timer)
    this.playing = false
  }

  toggle(): void {
    if (this.playing) this.pause()
    else this.play()
  }

  dispose(): void {
    this.pause()
    clearTimeout(this.#next?.timer)
    this.#turn++
    this.#leave()
    for (const run of this.#superseded) this.#send('runs.release', run)
    this.#unsubscribe()
  }

  /** The plan that the start of the run in hand brings; null where that is of something else, or was refused. */
  async planOf(image: ImageInfo, pipeline: Pipeline): Promise<Plan | null> {
    const started = this.#started
    return started?.image.id === image.id && started.pipeline === pipeline ? await started.plan : null
  }

  async #start(image: ImageInfo, pipeline: Pipeline, turn: number): Promise<Plan | null> {
    try {
      const answer = await this.api.call('runs.start', {
        image: image.id,
        pipeline,
        partial: true,
        previews,
      })
      if (turn !== this.#turn) {
        this.#send('runs.cancel', answer.run)
        this.#send('runs.release', answer.run)
        return answer.plan
      }
      this.run = answer.run
      this.plan = answer.plan
      this.pipeline = answer.pipeline
      this.status = 'running'
      const before = this.stages
      const { stages } = answer.plan
      this.stages = stages.map((planned, index) => {
        const was = before[placeBefore(before, stages, index)]
        return { planned, summary: null, source: was?.source ?? null, card: was?.card ?? null }
      })
      this.selected = Math.min(this.#wanted, this.stages.length - 1)
      const early = this.#early.filter((event) => event.run === answer.run)
      this.#early = []
      for (const event of early) this.#take(event)
      return answer.plan
    } catch (error) {
      if (turn !== this.#turn) return null
      this.plan = null
      this.stages = []
      this.selected = -1
      this.#fail(fromWire(toWire(error)))
      return null
    }
  }

  async #readOriginal(image: ImageInfo, turn: number): Promise<void> {
    this.#shownOn = this.background
    const source = originalSource(this.api, image, this.background)
    const card = this.original?.card ?? null
    this.original = { source, card }
    /** Another photo may have come, or another background. */
    const wanted = () => this.original?.source === source
    try {
      const window = await source.read({ maxSize: cardSize }, new AbortController().signal)
      if (wanted()) this.original = { source, card: { source, window } }
    } catch (error) {
      if (turn !== this.#turn || !wanted()) return
      this.original = { source, card: null }
      this.#fail(fromWire(toWire(error)))
    }
  }

  #hear(event: ApiEvent): void {
    if (event.type === 'engine.restarted') {
      // The new process has none of the old tensors; make them again.
      if (this.status === 'done') this.show(this.image, this.#asked)
      return
    }
    if (!('run' in event)) return
    if (event.run === this.run && this.status === 'running') this.#take(event)
    else if (this.status === 'starting') this.#early.push(event)
  }

  #take(event: RunEvent): void {
    if (event.type === 'run.progress') this.progress = { stage: event.stage, fraction: event.fraction }
    else if (event.type === 'run.stage') this.#arrive(event)
    else if (event.type === 'run.done') {
      this.status = 'done'
      this.milliseconds = event.milliseconds
      this.#settle()
      this.#takeNext()
    } else if (event.error.code === 'cancelled') {
      this.status = 'cancelled'
      this.#settle()
    } else this.#fail(fromWire(event.error))
  }

  #arrive({ run, stage: summary, preview }: Extract<RunEvent, { type: 'run.stage' }>): void {
    const source = stageSource(this.api, run, summary, preview)
    const card = preview ? { card: { source, window: preview } } : {}
    this.#change(summary.index, { summary, source, ...card })
    this.progress = { stage: summary.index + 1, fraction: 0 }
    if (!preview) void this.#readCard(source, summary, run)
  }

  async #readCard(source: Source, summary: StageSummary, run: RunId): Promise<void> {
    try {
      const window = await source.read(cardRequest(source), new AbortController().signal)
      // Not of the run in hand while the next one is still to come: then it is the newest there is.
      if (this.stages[summary.index]?.source === source) this.#change(summary.index, { card: { source, window } })
    } catch (error) {
      // A run that has been left may lose its tensors; that is nobody's failure.
      if (run === this.run) this.error ??= fromWire(toWire(error))
    }
  }

  #change(index: number, part: Partial<StageSlot>): void {
    this.stages = this.stages.map((slot, i) => (i === index ? { ...slot, ...part } : slot))
  }

  #fail(error: LoupeError): void {
    this.error = error
    this.status = 'failed'
    this.pause()
    this.#settle()
    this.#takeNext()
  }

  /** Cancels the run in hand and remembers to release it. */
  #leave(): void {
    if (this.run !== null) {
      if (this.status === 'running') this.#send('runs.cancel', this.run)
      this.#superseded.push(this.run)
    }
    this.run = null
    this.#early = []
  }

  /** Nothing more will come: pictures of earlier runs that are still shown go, and those runs are released. */
  #settle(): void {
    this.progress = null
    this.stages = this.stages.map((slot) => (slot.summary ? slot : { ...slot, source: null, card: null }))
    for (const run of this.#superseded) this.#send('runs.release', run)
    this.#superseded = []
  }

  #clear(): void {
    this.pause()
    this.image = null
    this.pipeline = null
    this.plan = null
    this.original = null
    this.#began = 0
    this.stages = []
    this.selected = -1
    this.status = 'idle'
    this.error = null
    this.#settle()
  }

  /** Nobody waits for these, and an engine that has just died has already forgotten the run. */
  #send(method: 'runs.cancel' | 'runs.release', run: RunId): void {
    this.api.call(method, { run }).catch(() => undefined)
  }
}

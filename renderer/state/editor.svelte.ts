/** Editing the pipeline in use: which layer is chosen, what each makes of the picture, and everything that can be done. */

import type { Api, ImageInfo, PlannedStage } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { Kernels, KernelShape } from '../../shared/layers/definition.ts'
import { definitionOf, type LayerKind, type LayerSpec } from '../../shared/layers/index.ts'
import { optionsOf, withOption } from '../../shared/layers/options.ts'
import { defaultLayer, type Pipeline } from '../../shared/pipeline.ts'
import type { Shape } from '../../shared/tensor.ts'
import {
  added,
  changed,
  layerOfStage,
  mostLayers,
  moved,
  pipelineOf,
  removed,
  stageAbove,
  stageOf,
  type Edited,
  type EditedLayer,
  type LayerId,
} from './edited.ts'
import { isCancelled, type NoticeState } from './notices.svelte.ts'
import type { PresetState } from './presets.svelte.ts'
import type { RunState } from './run.svelte.ts'

/** A layer as the list shows it. */
export interface LayerRow {
  readonly layer: EditedLayer
  readonly place: number
  /** Null for one that is off. */
  readonly stage: number | null
  readonly title: string
  /** What it makes; null where that is not known, or nothing is made. */
  readonly shape: Shape | null
  /** Why it cannot work: a sentence. */
  readonly problem: string | null
  /** Whether it is below one that cannot work. */
  readonly unreached: boolean
}

interface Planned {
  readonly stages: ReadonlyMap<LayerId, PlannedStage>
  readonly problem: { readonly id: LayerId; readonly message: string } | null
}

/** More cannot be worked with by hand, and making them would be felt at each change. */
const mostKernelNumbers = 100_000

export class EditorState {
  /** Null, or a layer that is no longer there, leaves it to the stage that is looked at. */
  #chosen = $state.raw<LayerId | null>(null)
  #planned = $state.raw<Planned>({ stages: new Map(), problem: null })
  /** What undo and redo did last, to be read out. */
  said = $state('')

  readonly #presets: PresetState
  readonly #run: RunState
  readonly #api: Api
  readonly #notices: NoticeState
  readonly #schedule: (work: () => void) => void

  readonly edited = $derived.by(() => this.#presets.edited)
  readonly layer = $derived.by((): EditedLayer | null => this.#find())
  readonly place = $derived(this.edited?.layers.findIndex(({ id }) => id === this.layer?.id) ?? -1)
  readonly rows = $derived.by((): readonly LayerRow[] => this.#list())
  readonly row = $derived(this.rows[this.place] ?? null)
  /** The kernels of the chosen layer as numbers, and the shape its input asks of them; null where it has none. */
  readonly kernels = $derived.by((): { readonly numbers: Kernels; readonly shape: KernelShape } | null =>
    this.#kernels(),
  )
  readonly history = $derived.by(() => this.#presets.own?.history ?? null)
  readonly canUndo = $derived((this.history?.past.length ?? 0) > 0)
  readonly canRedo = $derived((this.history?.future.length ?? 0) > 0)
  readonly full = $derived((this.edited?.layers.length ?? 0) >= mostLayers)
  /** What runs; the same as before where only names have changed. */
  readonly running = $derived.by((): Pipeline | null => this.#running())
  /** The stage to look at for what is chosen. */
  readonly lookAt = $derived.by((): number => this.#lookAt())

  #lastRunning: { readonly specs: readonly LayerSpec[]; readonly pipeline: Pipeline } | null = null
  #asking: AbortController | null = null
  #photo = $state.raw<Shape | null>(null)

  /** `schedule` runs work at the next frame; tests give their own. */
  constructor(
    presets: PresetState,
    run: RunState,
    api: Api,
    notices: NoticeState,
    schedule: (work: () => void) => void = (work) => void requestAnimationFrame(work),
  ) {
    this.#presets = presets
    this.#run = run
    this.#api = api
    this.#notices = notices
    this.#schedule = schedule
    run.onSelect = (stage) => {
      this.#chosen = this.edited ? (layerOfStage(this.edited, stage)?.id ?? null) : null
    }
  }

  choose(id: LayerId): void {
    if (!this.edited) return
    this.#presets.settle()
    this.#run.pause()
    this.#run.select(stageOf(this.edited, id) ?? stageAbove(this.edited, id))
    this.#chosen = id
  }

  /** Asks what each layer would make of the picture; only the newest question is answered, a frame after it was asked. */
  replan(image: ImageInfo): void {
    const { edited } = this
    if (!edited) return
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    this.#photo = [image.height, image.width, image.channels]
    this.#schedule(() => {
      if (!asking.signal.aborted) void this.#plan(edited, image, asking.signal)
    })
  }

  add(kind: LayerKind): void {
    const { edited } = this
    if (!edited || this.full) return
    const place = this.place < 0 ? edited.layers.length : this.place + 1
    const { edited: next, layer } = added(edited, defaultLayer(kind), place)
    this.change(next, `adding ${titleOf(layer.spec)}`, null, layer.id)
  }

  duplicate(id: LayerId): void {
    const { edited } = this
    const place = this.#placeOf(id)
    if (!edited || place < 1 || this.full) return
    const { edited: next, layer } = added(edited, edited.layers[place]!.spec, place + 1)
    this.change(next, `duplicating ${titleOf(layer.spec)}`, null, layer.id)
  }

  remove(id: LayerId): void {
    const { edited } = this
    const place = this.#placeOf(id)
    if (!edited || place < 1) return
    const after = edited.layers[place + 1] ?? edited.layers[place - 1]!
    this.change(removed(edited, id), `removing ${titleOf(edited.layers[place]!.spec)}`, null, after.id)
  }

  /** To a place in the document; those that cannot be taken are not. */
  move(id: LayerId, place: number): void {
    const { edited } = this
    const layer = edited?.layers[this.#placeOf(id)]
    if (edited && layer) this.change(moved(edited, id, place), `moving ${titleOf(layer.spec)}`, null, id)
  }

  toggle(id: LayerId): void {
    const { edited } = this
    const place = this.#placeOf(id)
    if (!edited || place < 1) return
    const { off, spec } = edited.layers[place]!
    this.change(changed(edited, id, { off: !off }), `switching ${titleOf(spec)} ${off ? 'on' : 'off'}`, null, id)
  }

  rename(name: string): void {
    const said = name.trim().slice(0, 200)
    if (this.edited && said !== '' && said !== this.edited.name) {
      this.change({ ...this.edited, name: said }, 'the name', 'name')
    }
  }

  /**
   * Another value of an option of the chosen layer. A value that is not allowed changes nothing; the answer says why.
   * Calls of the same `part` of the option, one after the other, are one step to undo.
   */
  set(key: string, value: unknown, part = ''): string | null {
    const { edited, layer } = this
    if (!edited || !layer) return null
    const option = optionsOf(layer.spec).find((other) => other.key === key)!
    let spec: LayerSpec
    try {
      spec = withOption(layer.spec, key, value)
    } catch (error) {
      if (error instanceof LoupeError) return error.message
      throw error
    }
    // Numbers given for each filter or unit follow how many there are, and a list that begins has one for each at once;
    // one that is edited stays as it is.
    const begins = option.field.type === 'list' && (option.value as readonly unknown[]).length === 0
    if (begins || option.field.type === 'number' || option.field.type === 'pair') spec = this.#fitted(spec, layer.id)
    if (JSON.stringify(spec) === JSON.stringify(layer.spec)) return null
    const label = `${option.label.toLowerCase()} of ${titleOf(spec)}`
    this.change(changed(edited, layer.id, { spec }), label, `${layer.id} ${key} ${part}`, layer.id)
    return null
  }

  /** The value of the kernels' option in a form that is made of the present numbers; undefined for any other form. */
  kernelForm(form: string): unknown {
    return form === 'values' && this.kernels ? { type: 'values', values: this.kernels.numbers } : undefined
  }

  /** Other kernels for the chosen layer, as numbers. */
  setKernels(values: Kernels, part: string): string | null {
    const key = this.layer && definitionOf(this.layer.spec).kernels?.key
    return key ? this.set(key, { type: 'values', values }, part) : null
  }

  /** Cuts or fills up what is given as numbers to what the input asks for. */
  fit(): void {
    const { edited, layer } = this
    if (!edited || !layer) return
    const spec = this.#fitted(layer.spec, layer.id)
    this.change(changed(edited, layer.id, { spec }), `fitting the numbers of ${titleOf(spec)}`, null, layer.id)
  }

  /** Any other change of the pipeline; steps of one stream, one after the other, are one to undo. */
  change(edited: Edited, label: string, stream: string | null, choose?: LayerId): void {
    const chosen = choose ?? this.layer?.id ?? null
    this.#presets.change(edited, label, stream)
    this.#chosen = chosen
    this.said = ''
  }

  /** Ends a stream of changes: a slider let go, a field left. */
  settle(): void {
    this.#presets.settle()
  }

  /** As if the stream of changes in hand had never begun. */
  takeBack(): void {
    this.#presets.takeBack()
  }

  undo(): void {
    const label = this.history?.present.label ?? ''
    if (!this.canUndo) return
    this.#presets.undo()
    this.said = `Undone: ${label}`
  }

  redo(): void {
    if (!this.canRedo) return
    this.#presets.redo()
    this.said = `Done again: ${this.history?.present.label ?? ''}`
  }

  /** The shape that comes into a layer; null while that is not known, or where nothing comes. */
  inputOf(id: LayerId): Shape | null {
    const place = this.#placeOf(id)
    if (place === 0) return this.#photo
    const above = this.rows.slice(0, Math.max(0, place)).findLast(({ layer }) => !layer.off)
    return above?.shape ?? null
  }

  dispose(): void {
    this.#asking?.abort()
  }

  #placeOf(id: LayerId): number {
    return this.edited?.layers.findIndex((layer) => layer.id === id) ?? -1
  }

  #fitted(spec: LayerSpec, id: LayerId): LayerSpec {
    const input = this.inputOf(id)
    return (input && definitionOf(spec).fit?.(spec, input)) ?? spec
  }

  #find(): EditedLayer | null {
    const { edited } = this
    if (!edited) return null
    const chosen = edited.layers.find(({ id }) => id === this.#chosen)
    return chosen ?? (this.#run.selected < 0 ? null : layerOfStage(edited, this.#run.selected))
  }

  #lookAt(): number {
    const { edited } = this
    if (!edited || !edited.layers.some(({ id }) => id === this.#chosen)) return this.#run.selected
    return stageOf(edited, this.#chosen) ?? stageAbove(edited, this.#chosen)
  }

  #running(): Pipeline | null {
    const { edited } = this
    if (!edited) return null
    const specs = edited.layers.filter(({ off }) => !off).map(({ spec }) => spec)
    const last = this.#lastRunning
    const same =
      last?.pipeline.dtype === edited.dtype &&
      last.specs.length === specs.length &&
      specs.every((spec, index) => spec === last.specs[index])
    if (same) return last.pipeline
    const pipeline = pipelineOf(edited)
    this.#lastRunning = { specs, pipeline }
    return pipeline
  }

  #kernels(): { readonly numbers: Kernels; readonly shape: KernelShape } | null {
    const { layer } = this
    const option = layer && definitionOf(layer.spec).kernels
    const input = layer && this.inputOf(layer.id)
    if (!layer || !option || input?.length !== 3) return null
    const shape = option.shape(input, layer.spec)
    if (shape.reduce((product, n) => product * n) > mostKernelNumbers) return null
    return { numbers: option.numbers(layer.spec, shape), shape }
  }

  #list(): readonly LayerRow[] {
    if (!this.edited) return []
    const { stages, problem } = this.#planned
    let stage = 0
    let unreached = false
    return this.edited.layers.map((layer, place) => {
      const impossible = problem?.id === layer.id && !layer.off
      const row: LayerRow = {
        layer,
        place,
        stage: layer.off ? null : stage++,
        title: titleOf(layer.spec),
        shape: layer.off || unreached || impossible ? null : (stages.get(layer.id)?.shape ?? null),
        problem: impossible ? problem.message : null,
        unreached,
      }
      unreached ||= impossible
      return row
    })
  }

  async #plan(edited: Edited, image: ImageInfo, signal: AbortSignal): Promise<void> {
    const pipeline = this.running ?? pipelineOf(edited)
    try {
      // What runs is planned by its start; only what does not has to be asked for.
      const started = await this.#run.planOf(image, pipeline)
      const plan = started ?? (await this.#api.call('pipeline.plan', { pipeline, image: image.id }, { signal }))
      if (signal.aborted) return
      const on = edited.layers.filter(({ off }) => !off)
      const wrong = plan.problem && on[plan.problem.layer]
      this.#planned = {
        stages: new Map(plan.stages.map((stage) => [on[stage.index]!.id, stage])),
        problem: plan.problem && wrong ? { id: wrong.id, message: capitalised(plan.problem.reason) } : null,
      }
    } catch (error) {
      if (!signal.aborted && !isCancelled(error)) this.#notices.error(error, 'plan')
    }
  }
}

function titleOf(spec: LayerSpec): string {
  return definitionOf(spec).title(spec)
}

/** `A 7×7 window does not fit a 4×4 input.`: the layer is named where it stands. */
function capitalised(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
}

/**
 * Pinned probes: elements that are kept in view with their numbers while pictures and pipelines change. The chosen
 * one's `explanation` is what the formula view draws.
 */

import type { Api, Params } from '../../shared/api.ts'
import type { Explanation, Place, ReceptiveField, Region } from '../../shared/explain.ts'
import { formatShape, pictureShape, type Shape } from '../../shared/tensor.ts'
import type { LayerId } from './edited.ts'
import { isCancelled, sentence } from './notices.svelte.ts'
import type { RunState } from './run.svelte.ts'

export class Probe {
  /** From 1; a number is not used again until all are cleared. */
  readonly number: number
  /** −1 is the original. */
  stage: number
  place: Place
  /** Of the stage, as the engine names it. */
  title = $state('')
  shape = $state.raw<Shape>([])
  /** Of its channel or class, where that has one. */
  name = $state<string | null>(null)
  /** Why there is no such element now: a sentence. The probe waits for it to be there again. */
  missing = $state<string | null>(null)
  /** Null while it is not known. */
  value = $state<number | null>(null)
  field = $state.raw<ReceptiveField | null>(null)
  /** Only while it is the chosen one. The one before stays until the next is there. */
  explanation = $state.raw<Explanation | null>(null)
  /** Why the last question was not answered: a sentence. */
  error = $state<string | null>(null)
  waiting = $state(false)
  /** The layer it belongs to, wherever that moves. */
  layer: LayerId | null
  asked = ''
  asking: AbortController | null = null

  constructor(number: number, stage: number, place: Place, layer: LayerId | null) {
    this.number = number
    this.stage = $state(stage)
    this.place = $state.raw(place)
    this.layer = layer
  }

  /** The part of another stage (−1: the photo) it depends on. */
  regionIn(stage: number): Region | null {
    if (this.missing !== null || !this.field || stage >= this.stage) return null
    return stage < 0 ? this.field.photo : (this.field.stages[stage] ?? null)
  }

  forget(): void {
    this.asking?.abort()
    this.asking = null
    this.asked = ''
    this.waiting = false
    this.value = null
    this.field = null
    this.explanation = null
    this.error = null
  }
}

export class ProbeState {
  list = $state.raw<readonly Probe[]>([])
  #chosen = $state<number | null>(null)
  readonly chosen = $derived(this.list.find(({ number }) => number === this.#chosen) ?? null)

  readonly #api: Api
  readonly #run: RunState
  #layers: readonly LayerId[] = []
  #next = 1

  constructor(api: Api, run: RunState) {
    this.#api = api
    this.#run = run
  }

  /** Pins an element, or chooses the probe that is already there; gives it if it is new. */
  pin(stage: number, place: Place): Probe | null {
    const there = this.list.find((probe) => probe.missing === null && probe.stage === stage && same(probe.place, place))
    const probe = there ?? new Probe(this.#next++, stage, place, this.#layers[stage] ?? null)
    if (!there) this.list = [...this.list, probe]
    this.choose(probe.number)
    return there ? null : probe
  }

  choose(number: number | null): void {
    const before = this.chosen
    this.#chosen = number
    if (before && before !== this.chosen) before.explanation = null
    this.update()
  }

  /** Moves the chosen probe, as far as its stage goes; of a vector by numbers, `rowLength` of them to a row. */
  move(rows: number, columns: number, rowLength = 1): void {
    const { chosen } = this
    if (!chosen || chosen.missing !== null) return
    const [height, width, channels] = pictureShape(chosen.shape)
    const { row, column, channel } = chosen.place
    this.#moveTo(
      chosen,
      chosen.shape.length === 3
        ? { row: within(row + rows, height), column: within(column + columns, width), channel }
        : { row, column, channel: within(channel + rows * rowLength + columns, channels) },
    )
  }

  moveChannel(by: number): void {
    const { chosen } = this
    if (!chosen || chosen.missing !== null) return
    const [, , channels] = pictureShape(chosen.shape)
    this.#moveTo(chosen, { ...chosen.place, channel: within(chosen.place.channel + by, channels) })
  }

  /** Pins what is pinned of another run, under the same numbers, and chooses the same one. */
  mirror(others: readonly Probe[], chosen: number | null): void {
    for (const probe of this.list) if (!others.some(({ number }) => number === probe.number)) probe.forget()
    this.list = others.map(({ number, stage, place }) => {
      const there = this.list.find((probe) => probe.number === number)
      if (!there) return new Probe(number, stage, place, null)
      there.stage = stage
      there.place = place
      return there
    })
    this.choose(chosen)
  }

  unpin(number: number): void {
    this.list.find((probe) => probe.number === number)?.forget()
    const at = this.list.findIndex((probe) => probe.number === number)
    this.list = this.list.filter((probe) => probe.number !== number)
    // Whoever deletes one after the other goes on with the neighbour.
    if (number === this.#chosen) this.choose((this.list[at] ?? this.list[at - 1])?.number ?? null)
  }

  clear(): void {
    for (const probe of this.list) probe.forget()
    this.list = []
    this.#chosen = null
    this.#next = 1
  }

  /**
   * The layers that run have changed: probes go with theirs. In another pipeline altogether they keep the position; one
   * whose layer was taken out or switched off waits for it.
   */
  setLayers(layers: readonly LayerId[]): void {
    const another = !layers.some((id) => this.#layers.includes(id))
    this.#layers = layers
    for (const probe of this.list) {
      if (probe.stage < 0) continue
      if (another || probe.layer === null) probe.layer = layers[probe.stage] ?? null
      else if (layers.includes(probe.layer)) probe.stage = layers.indexOf(probe.layer)
    }
  }

  /** Brings every probe up to the run in hand: where its element is now, its value, what it depends on. */
  update(): void {
    if (this.#run.status === 'starting') return
    for (const probe of this.list) this.#follow(probe)
  }

  /** The chosen probe's explanation with other terms of a long list, or the taps of one row of the photo. */
  async explain(more: Pick<Params<'explain'>, 'terms' | 'photoRow'>, signal: AbortSignal): Promise<Explanation | null> {
    const { chosen } = this
    const { run } = this.#run
    if (!chosen || chosen.stage < 0 || chosen.missing !== null || run === null) return null
    return this.#api.call('explain', { run, stage: chosen.stage, ...chosen.place, ...more }, { signal })
  }

  #moveTo(probe: Probe, place: Place): void {
    if (same(probe.place, place)) return
    probe.place = place
    this.#follow(probe)
  }

  #follow(probe: Probe): void {
    const { image, stages, run } = this.#run
    const slot = stages[probe.stage]
    if (probe.stage < 0) {
      probe.title = 'Original'
      probe.shape = image ? [image.height, image.width, image.channels] : []
    } else if (slot) {
      probe.title = slot.planned.title
      probe.shape = slot.planned.shape
    }
    const source = probe.stage < 0 ? this.#run.original?.source : slot?.source
    probe.name = source?.channelNames[probe.place.channel] ?? null
    probe.missing = this.#missing(probe)
    if (probe.missing !== null) {
      probe.forget()
      return
    }
    // A stage of this run that is still to come; its `update` will be.
    if (probe.stage >= 0 && !slot?.summary) return
    const { row, column, channel } = probe.place
    const from = probe.stage < 0 ? (this.#run.original?.source.key ?? '') : `${run ?? ''}:${probe.stage}`
    const wanted = probe === this.chosen
    const question = `${from}:${row}:${column}:${channel}`
    const asked = wanted ? `${question}:explained` : question
    if (probe.asked === asked || (!wanted && probe.asked === `${question}:explained`)) return
    probe.asked = asked
    void this.#ask(probe, wanted)
  }

  #missing(probe: Probe): string | null {
    const { image, stages } = this.#run
    if (!image) return 'No picture is shown.'
    const { row, column, channel } = probe.place
    if (probe.stage >= 0) {
      if (probe.layer !== null && this.#layers.length > 0 && !this.#layers.includes(probe.layer)) {
        return 'Its layer was removed or is switched off.'
      }
      if (!stages[probe.stage]) return `There is no stage ${probe.stage} any more.`
    }
    const [height, width, channels] = pictureShape(probe.shape)
    const inside = row < height && column < width && channel < channels
    return inside ? null : `Not in this stage any more: ${formatShape(probe.shape)}.`
  }

  async #ask(probe: Probe, explained: boolean): Promise<void> {
    probe.asking?.abort()
    const asking = new AbortController()
    probe.asking = asking
    probe.waiting = true
    try {
      const [value, field, explanation] = await this.#answer(probe, explained, asking.signal)
      if (probe.asking !== asking) return
      probe.value = value
      probe.field = field
      probe.explanation = probe === this.chosen ? explanation : null
      probe.error = null
      probe.waiting = false
    } catch (error) {
      if (probe.asking !== asking || isCancelled(error)) return
      probe.forget()
      probe.error = sentence(error)
    }
  }

  async #answer(
    { stage, place }: Probe,
    explained: boolean,
    signal: AbortSignal,
  ): Promise<readonly [number | null, ReceptiveField | null, Explanation | null]> {
    const { channel } = place
    const rect = { left: place.column, top: place.row, width: 1, height: 1 }
    const window = { rect, channels: [channel, channel + 1] as const }
    const { image, run } = this.#run
    if (stage < 0) {
      const { data } = await this.#api.call('images.read', { image: image!.id, ...window }, { signal })
      return [data[0] ?? null, null, null]
    }
    const at = { run: run!, stage }
    const [{ data }, field, explanation] = await Promise.all([
      this.#run.stages[stage]!.source!.read(window, signal),
      this.#api.call('receptiveField', { ...at, ...place }, { signal }),
      explained ? this.#api.call('explain', { ...at, ...place }, { signal }) : null,
    ])
    return [data[0] ?? null, field, explanation]
  }
}

function same(a: Place, b: Place): boolean {
  return a.row === b.row && a.column === b.column && a.channel === b.channel
}

/** An index kept inside an axis. */
function within(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index))
}

/** The probes as a table for a spreadsheet: tab-separated, every digit of the values, counted from 0. */
export function probesAsText(probes: readonly Probe[]): string {
  const head = ['Probe', 'Stage', 'Layer', 'Row', 'Column', 'Channel', 'Value']
  const photo = ['Photo left', 'Photo top', 'Photo width', 'Photo height']
  const rows = probes.map((probe) => {
    const { row, column, channel } = probe.place
    const rect = probe.regionIn(-1)?.rect
    const region = rect ? [rect.left, rect.top, rect.width, rect.height] : ['', '', '', '']
    const value = probe.missing === null ? (probe.value ?? '') : ''
    return [
      probe.number,
      probe.stage < 0 ? 'original' : probe.stage,
      probe.title,
      row,
      column,
      channel,
      value,
      ...region,
    ]
  })
  return [[...head, ...photo], ...rows].map((cells) => cells.join('\t')).join('\n')
}

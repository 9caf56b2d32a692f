/** Which range and which colours every picture is painted with: of its stage, of each channel, of all stages, or typed. */

import { chooseScale, familyScales, type ColourScale, type Family, type ScaleName } from '../../shared/colour.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Tile } from './arrangement.ts'
import type { RunState } from './run.svelte.ts'
import type { Source } from './source.ts'

/** `stage`: all its channels on one scale; `channel`: each on its own; `stages`: one scale for all stages. */
export type RangeMode = 'stage' | 'channel' | 'stages'
export const rangeModes: readonly { readonly mode: RangeMode; readonly label: string }[] = [
  { mode: 'stage', label: 'Per stage' },
  { mode: 'channel', label: 'Per channel' },
  { mode: 'stages', label: 'All stages' },
]

interface Range {
  readonly from: number
  readonly to: number
}

/** The setting that holds the colours of a family. */
const settingOf = {
  light: 'lightScale',
  sequential: 'sequentialScale',
  diverging: 'divergingScale',
} as const satisfies Record<Family, keyof Settings>

/** The colours a person has chosen, and how another choice is kept. */
export interface ScaleChoices {
  readonly settings: Pick<Settings, (typeof settingOf)[Family]>
  keep(change: Partial<Settings>): Promise<void>
}

export class ScaleState {
  mode = $state<RangeMode>('stage')
  /** Ranges that were typed or are kept for every picture, by stage. */
  #kept = $state.raw<ReadonlyMap<string, Range>>(new Map())
  /** Why what was typed last cannot be a range: a sentence. */
  problem = $state<string | null>(null)

  /** The stages painted on one scale with this one, so that equal colours are equal values; it has the first one's range. */
  group: (source: Source) => readonly Source[] = (source) => [source]

  readonly #run: RunState
  readonly #differences: () => readonly Source[]
  readonly #choices: ScaleChoices
  /** The range of all stages that are painted on a scale. */
  readonly #everywhere = $derived.by((): Range | null =>
    this.#whole(this.#run.stages.flatMap(({ source }) => source ?? [])),
  )
  readonly #everyDifference = $derived.by((): Range | null => this.#whole(this.#differences()))

  /** @param differences Of all stages, while they are shown: they share a scale of their own. */
  constructor(run: RunState, choices: ScaleChoices, differences: () => readonly Source[] = () => []) {
    this.#run = run
    this.#choices = choices
    this.#differences = differences
  }

  /** The scale of a stage, or of one of its channels. */
  scaleOf(source: Source, tile: Tile | null = null): ColourScale {
    const kept = this.#kept.get(this.#keyOf(source))
    if (kept) return this.#coloured(kept, source)
    if (this.together(source)) {
      const all = source.difference ? this.#everyDifference : this.#everywhere
      return this.#coloured(all ?? this.#own(source), source)
    }
    if (tile !== null && this.apart(source)) {
      const ranges = this.group(source).flatMap(({ summary }) => {
        const range = summary!.channelRanges[tile as number]
        return range ? [{ min: range[0], max: range[1] }] : []
      })
      if (ranges.length > 0) return this.#coloured(union(ranges), source)
    }
    return this.#coloured(this.#own(source), source)
  }

  /** Whether each channel has a scale of its own, so that equal colours are not equal values. */
  apart(source: Source): boolean {
    if (this.mode !== 'channel' || this.kept(source) || source.form !== 'picture' || source.channels === 1) return false
    return source.summary !== null && source.summary.channelRanges.length === source.channels
  }

  /** Whether it is painted on the one scale of all stages. */
  together(source: Source): boolean {
    return this.mode === 'stages' && this.#shared(source)
  }

  kept(source: Source): boolean {
    return this.#kept.has(this.#keyOf(source))
  }

  /** Keeps the range there is now for every picture, or lets it go. */
  toggleKept(source: Source, tile: Tile | null = null): void {
    this.problem = null
    if (this.kept(source)) this.#keep(source, null)
    else this.#keep(source, this.scaleOf(source, tile))
  }

  /** Takes an end that was typed. On a scale of both signs the other end moves with it: zero stays in the middle. */
  type(source: Source, end: 'from' | 'to', text: string, tile: Tile | null = null): boolean {
    const value = text.trim() === '' ? NaN : Number(text.trim().replaceAll('−', '-').replace(',', '.'))
    const now = this.scaleOf(source, tile)
    this.problem = null
    if (!Number.isFinite(value)) this.problem = `“${text}” is not a number.`
    else if (now.from < 0 && now.to > 0 && value !== 0 && this.familyOf(source, now) === 'diverging') {
      this.#keep(source, { from: -Math.abs(value), to: Math.abs(value) })
    } else {
      const range = { from: now.from, to: now.to, [end]: value }
      if (range.from < range.to) this.#keep(source, range)
      else this.problem = 'The lower end must be below the upper one.'
    }
    return this.problem === null
  }

  familyOf(source: Source, range: Range = this.scaleOf(source)): Family {
    if (source.difference) return 'diverging'
    if (this.#light(source) && !this.together(source)) return 'light'
    return range.from < 0 ? 'diverging' : 'sequential'
  }

  /** A scale that was chosen for numbers of other than a stage, in the colours the person has chosen. */
  inChosenColours(scale: ColourScale): ColourScale {
    const families = Object.keys(familyScales) as Family[]
    const family = families.find((one) => familyScales[one][0] === scale.name)
    return family ? { ...scale, name: this.#nameOf(family) } : scale
  }

  async choose(source: Source, name: ScaleName): Promise<void> {
    await this.#choices.keep({ [settingOf[this.familyOf(source)]]: name })
  }

  #coloured(range: Range, source: Source): ColourScale {
    const family = this.familyOf(source, range)
    // A channel without negative values on a stage with them keeps the colours of the stage.
    const signed = family === 'sequential' && this.#own(source).from < 0 && !this.#light(source) && this.apart(source)
    if (family !== 'diverging' && !signed) return { name: this.#nameOf(family), from: range.from, to: range.to }
    const reach = Math.max(Math.abs(range.from), Math.abs(range.to))
    return { name: this.#nameOf('diverging'), from: -reach, to: reach }
  }

  #nameOf(family: Family): ScaleName {
    return this.#choices.settings[settingOf[family]]
  }

  #keep(source: Source, range: Range | null): void {
    const kept = new Map(this.#kept)
    if (range) kept.set(this.#keyOf(source), { from: range.from, to: range.to })
    else kept.delete(this.#keyOf(source))
    this.#kept = kept
  }

  /** A stage of the same kind at the same position, whatever the picture. */
  #keyOf(source: Source): string {
    const kind = source.difference ? 'difference of ' : ''
    if (this.together(source)) return `${kind}all`
    const { summary, title } = this.group(source)[0]!
    return `${kind}${summary?.index ?? -1}:${title}`
  }

  /** The stage's own scale, or the one that holds all of its group. */
  #own(source: Source): ColourScale {
    const group = this.group(source)
    if (group.length === 1) return source.scale
    const { from, to } = union(group.map(({ summary }) => summary!))
    return chooseScale({ min: from, max: to, picture: this.#light(source) ? 'light' : 'map' })
  }

  #light(source: Source): boolean {
    return this.group(source).every(({ summary }) => summary === null || summary.picture === 'light')
  }

  /**
   * The photo's bytes, and colours made of three channels, have no place on a scale of all stages, nor have bars, and
   * differences only where those of all stages are on show.
   */
  #shared(source: Source): boolean {
    return (
      source.summary !== null &&
      !source.colour &&
      source.form !== 'bars' &&
      (!source.difference || this.#differences().length > 0)
    )
  }

  #whole(sources: readonly Source[]): Range | null {
    const shared = sources.flatMap((source) => (this.#shared(source) ? this.group(source) : []))
    return shared.length > 0 ? union(shared.map(({ summary }) => summary!)) : null
  }
}

function union(ranges: readonly { readonly min: number; readonly max: number }[]): Range {
  return { from: Math.min(...ranges.map(({ min }) => min)), to: Math.max(...ranges.map(({ max }) => max)) }
}

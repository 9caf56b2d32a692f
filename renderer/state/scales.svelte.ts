/** Which range and which colours every picture is painted with: of its stage, of each channel, of all stages, or typed. */

import { chooseScale, familyScales, type ColourScale, type Family, type ScaleName } from '../../shared/colour.ts'
import * as shared from '../../shared/scales.ts'
import type { Range, RangeMode, ScaleChoices, Scaled } from '../../shared/scales.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Tile } from './arrangement.ts'
import type { RunState } from './run.svelte.ts'
import type { Source } from './source.ts'

export const rangeModes: readonly { readonly mode: RangeMode; readonly label: string }[] = [
  { mode: 'stage', label: 'Per stage' },
  { mode: 'channel', label: 'Per channel' },
  { mode: 'stages', label: 'All stages' },
]

/** The setting that holds the colours of a family. */
const settingOf = {
  light: 'lightScale',
  sequential: 'sequentialScale',
  diverging: 'divergingScale',
} as const satisfies Record<Family, keyof Settings>

/** The colours a person has chosen, and how another choice is kept. */
export interface ColourSettings {
  readonly settings: Pick<Settings, (typeof settingOf)[Family]>
  keep(change: Partial<Settings>): Promise<void>
}

type Kept = ScaleChoices['kept']

export class ScaleState {
  mode = $state<RangeMode>('stage')
  /** Of stages, and of differences of stages. */
  #kept = $state.raw<Kept>([])
  #keptDifferences = $state.raw<Kept>([])
  /** Why what was typed last cannot be a range: a sentence. */
  problem = $state<string | null>(null)

  /** The stages painted on one scale with this one, so that equal colours are equal values; it has the first one's range. */
  group: (source: Source) => readonly Source[] = (source) => [source]

  readonly #run: RunState
  readonly #differences: () => readonly Source[]
  readonly #colours: ColourSettings
  readonly #everywhere = $derived.by((): Range | null =>
    this.#whole(this.#run.stages.flatMap(({ source }) => source ?? [])),
  )
  readonly #everyDifference = $derived.by((): Range | null => this.#whole(this.#differences()))
  /** What is chosen now, for the pictures that are saved to be those that are seen. */
  readonly choices = $derived.by((): ScaleChoices => {
    const { lightScale, sequentialScale, divergingScale } = this.#colours.settings
    const names = { light: lightScale, sequential: sequentialScale, diverging: divergingScale }
    return { mode: this.mode, names, kept: this.#kept }
  })

  /** @param differences Of all stages, while they are shown: they share a scale of their own. */
  constructor(run: RunState, colours: ColourSettings, differences: () => readonly Source[] = () => []) {
    this.#run = run
    this.#colours = colours
    this.#differences = differences
  }

  /** The scale of a stage, or of one of its channels. */
  scaleOf(source: Source, tile: Tile | null = null): ColourScale {
    const everywhere = source.difference ? this.#everyDifference : this.#everywhere
    const channel = tile === 'colour' ? null : tile
    return shared.scaleOf(this.#scaled(source), this.#choicesFor(source), everywhere, channel)
  }

  /** Whether each channel has a scale of its own, so that equal colours are not equal values. */
  apart(source: Source): boolean {
    return shared.isApart(this.#scaled(source), this.#choicesFor(source))
  }

  /** Whether it is painted on the one scale of all stages. */
  together(source: Source): boolean {
    return shared.isTogether(this.#scaled(source), this.#choicesFor(source))
  }

  kept(source: Source): boolean {
    return shared.keptRange(this.#scaled(source), this.#choicesFor(source)) !== undefined
  }

  /** Keeps the range there is now for every picture, or lets it go. */
  toggleKept(source: Source, tile: Tile | null = null): void {
    this.problem = null
    if (this.kept(source)) this.#keep(source, null)
    else this.#keep(source, this.scaleOf(source, tile))
  }

  /** Takes an end that was typed. On a scale of both signs the other end moves with it: zero stays in the middle. */
  type(source: Source, end: 'from' | 'to', text: string, tile: Tile | null = null): boolean {
    const value = typedNumber(text)
    const now = this.scaleOf(source, tile)
    this.problem = null
    if (!Number.isFinite(value)) this.problem = `“${text}” is not ${text.includes(',') ? 'clearly ' : ''}a number.`
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
    return shared.familyOf(this.#scaled(source), this.#choicesFor(source), range)
  }

  /** A scale that was chosen for numbers of other than a stage, in the colours the person has chosen. */
  inChosenColours(scale: ColourScale): ColourScale {
    const families = Object.keys(familyScales) as Family[]
    const family = families.find((one) => familyScales[one][0] === scale.name)
    return family ? { ...scale, name: this.choices.names[family] } : scale
  }

  async choose(source: Source, name: ScaleName): Promise<void> {
    await this.#colours.keep({ [settingOf[this.familyOf(source)]]: name })
  }

  #keep(source: Source, range: Range | null): void {
    const key = shared.keptKey(this.#scaled(source), this.#choicesFor(source))
    const before = source.difference ? this.#keptDifferences : this.#kept
    const others = before.filter((kept) => kept.key !== key)
    const kept = range ? [...others, { key, from: range.from, to: range.to }] : others
    if (source.difference) this.#keptDifferences = kept
    else this.#kept = kept
  }

  /** Differences have ranges of their own, and are on one scale only where those of all stages are on show. */
  #choicesFor({ difference }: Source): ScaleChoices {
    const { choices } = this
    if (!difference) return choices
    const mode = choices.mode === 'stages' && this.#differences().length === 0 ? 'stage' : choices.mode
    return { ...choices, mode, kept: this.#keptDifferences }
  }

  /** A stage as its group is painted: the ranges are those of all of it, the name is the first one's. */
  #scaled(source: Source): Scaled {
    const signed = source.difference !== undefined
    const group = this.group(source)
    if (group.length === 1) return { ...source, signed }
    const summaries = group.map(({ summary }) => summary!)
    const own = source.summary!
    const { from, to } = union(summaries)
    const picture = summaries.every((summary) => summary.picture === 'light') ? 'light' : 'map'
    const channelRanges = own.channelRanges.map((_, channel) => {
      const ranges = summaries.flatMap((summary) => summary.channelRanges[channel] ?? [])
      return [Math.min(...ranges), Math.max(...ranges)] as const
    })
    return {
      ...source,
      signed,
      title: group[0]!.title,
      scale: chooseScale({ min: from, max: to, picture }),
      summary: { index: group[0]!.summary!.index, picture, min: from, max: to, channelRanges },
    }
  }

  #whole(sources: readonly Source[]): Range | null {
    return shared.rangeOfAll(sources.map((source) => this.#scaled(source)))
  }
}

/** A comma is a decimal one where it cannot stand between thousands; NaN for what is no number, or not clearly one. */
function typedNumber(text: string): number {
  const plain = text.trim().replaceAll('−', '-')
  if (plain === '' || /(?<!\d)[1-9]\d{0,2}(,\d{3})+(?!\d)/.test(plain)) return NaN
  return Number(plain.replace(',', '.'))
}

function union(ranges: readonly { readonly min: number; readonly max: number }[]): Range {
  return { from: Math.min(...ranges.map(({ min }) => min)), to: Math.max(...ranges.map(({ max }) => max)) }
}

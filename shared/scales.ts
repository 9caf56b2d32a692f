/** Which range and which colours every picture is painted with, in the window and in what is saved of it. */

import * as v from 'valibot'
import type { StageSummary } from './api.ts'
import { chooseScale, scaleNames, type ColourScale, type Family } from './colour.ts'
import { pictureShape } from './tensor.ts'

/** `stage`: all its channels on one scale; `channel`: each on its own; `stages`: one scale for all stages. */
export const rangeModes = ['stage', 'channel', 'stages'] as const
export type RangeMode = (typeof rangeModes)[number]

export interface Range {
  readonly from: number
  readonly to: number
}

const name = v.picklist(scaleNames)
const number = v.pipe(v.number(), v.finite())

export const scaleChoicesSchema = v.strictObject({
  mode: v.picklist(rangeModes),
  names: v.strictObject({ light: name, sequential: name, diverging: name }),
  /** Ranges that were typed or are kept for every picture, each under its `keptKey`. */
  kept: v.pipe(
    v.array(v.strictObject({ key: v.pipe(v.string(), v.maxLength(200)), from: number, to: number })),
    v.maxLength(1000),
  ),
})
type Loose = v.InferOutput<typeof scaleChoicesSchema>
export interface ScaleChoices extends Readonly<Omit<Loose, 'kept'>> {
  readonly kept: readonly (Range & { readonly key: string })[]
}

export const usualScales: ScaleChoices = {
  mode: 'stage',
  names: { light: 'grey', sequential: 'viridis', diverging: 'red-blue' },
  kept: [],
}

/** `picture`: channels as pictures; `bars`: a short vector, a bar a number; `block`: a long vector. */
export type Form = 'picture' | 'bars' | 'block'

/** Vectors up to this length are shown as one bar a number. */
export const mostBars = 64

/** How a stage of this many rows, columns and channels is shown. */
export function formOf(height: number, width: number, channels: number): Form {
  return height * width > 1 || channels === 1 ? 'picture' : channels <= mostBars ? 'bars' : 'block'
}

/** A range widened to hold zero, which bars stand on. */
export function zeroRange(min: number, max: number): Range {
  const from = Math.min(0, min)
  const to = Math.max(0, max)
  return from === to ? { from: 0, to: 1 } : { from, to }
}

/** The axis of a vector's bars; shares of one whole (they are not negative and sum to 1) keep 1 as its end. */
export function barRange(values: ArrayLike<number>): Range {
  let [min, max, sum] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    sum += value
    if (!Number.isFinite(value)) continue
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  return min === 0 && Math.abs(sum - 1) < 1e-6 ? { from: 0, to: 1 } : zeroRange(min, max)
}

/** What a scale is chosen by: a stage, or the original photo (`summary` null). */
export interface Scaled {
  readonly title: string
  readonly form: Form
  readonly channels: number
  /** Whether its three channels are the red, green and blue of a photo. */
  readonly colour: boolean
  /** Its own scale, if nothing is chosen. */
  readonly scale: ColourScale
  readonly summary: Pick<StageSummary, 'index' | 'picture' | 'min' | 'max' | 'channelRanges'> | null
  /** Of a difference: zero is the middle of its colours, whatever its values. */
  readonly signed?: boolean
}

export function scaledStage(summary: StageSummary): Scaled {
  const [height, width, channels] = pictureShape(summary.shape)
  return {
    title: summary.title,
    form: formOf(height, width, channels),
    channels,
    colour: summary.picture === 'light' && channels === 3,
    scale: chooseScale(summary),
    summary,
  }
}

/** The scale of a stage, or of one of its channels; `everywhere` is what `rangeOfAll` gives for the run. */
export function scaleOf(
  subject: Scaled,
  choices: ScaleChoices,
  everywhere: Range | null,
  channel: number | null = null,
): ColourScale {
  const kept = keptRange(subject, choices)
  if (kept) return coloured(kept, subject, choices)
  if (isTogether(subject, choices)) return coloured(everywhere ?? subject.scale, subject, choices)
  if (channel !== null && isApart(subject, choices)) {
    const range = subject.summary!.channelRanges[channel]
    if (range) return coloured({ from: range[0], to: range[1] }, subject, choices)
  }
  return coloured(subject.scale, subject, choices)
}

/** Whether each channel has a scale of its own, so that equal colours are not equal values. */
export function isApart(subject: Scaled, choices: ScaleChoices): boolean {
  const { form, channels, summary } = subject
  if (choices.mode !== 'channel' || form !== 'picture' || channels === 1 || keptRange(subject, choices)) return false
  return summary !== null && summary.channelRanges.length === channels
}

/** Whether it is painted on the one scale of all stages. */
export function isTogether(subject: Scaled, choices: ScaleChoices): boolean {
  return choices.mode === 'stages' && canShare(subject)
}

/** The range that was typed or is kept for it. */
export function keptRange(subject: Scaled, choices: ScaleChoices): Range | undefined {
  const key = keptKey(subject, choices)
  return choices.kept.find((range) => range.key === key)
}

/** Under what a range is kept: a stage of the same kind at the same position, whatever the picture. */
export function keptKey(subject: Scaled, choices: ScaleChoices): string {
  return isTogether(subject, choices) ? 'all' : `${subject.summary?.index ?? -1}:${subject.title}`
}

/** The range of all stages that are painted on a scale; null where there are none. */
export function rangeOfAll(subjects: readonly Scaled[]): Range | null {
  const shared = subjects.flatMap((subject) => (canShare(subject) ? [subject.summary!] : []))
  if (shared.length === 0) return null
  return { from: Math.min(...shared.map(({ min }) => min)), to: Math.max(...shared.map(({ max }) => max)) }
}

/** Which colours a range of it is painted with. */
export function familyOf(subject: Scaled, choices: ScaleChoices, range: Range): Family {
  if (subject.signed) return 'diverging'
  if (isLight(subject) && !isTogether(subject, choices)) return 'light'
  return range.from < 0 ? 'diverging' : 'sequential'
}

function coloured(range: Range, subject: Scaled, choices: ScaleChoices): ColourScale {
  const family = familyOf(subject, choices, range)
  // A channel without negative values on a stage with them keeps the colours of the stage.
  const keepsSigns = family === 'sequential' && subject.scale.from < 0 && !isLight(subject) && isApart(subject, choices)
  if (family !== 'diverging' && !keepsSigns) return { name: choices.names[family], from: range.from, to: range.to }
  const reach = Math.max(Math.abs(range.from), Math.abs(range.to))
  return { name: choices.names.diverging, from: -reach, to: reach }
}

function isLight({ summary }: Scaled): boolean {
  return summary === null || summary.picture === 'light'
}

/** The photo's bytes, and colours made of three channels, have no place on a scale of all stages; bars need none. */
function canShare({ summary, colour, form }: Scaled): boolean {
  return summary !== null && !colour && form !== 'bars'
}

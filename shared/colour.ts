/** Colour scales: value to colour, how a scale is chosen, and the painting of tensors into pixels. */

import {
  interpolateCividis,
  interpolateInferno,
  interpolatePuOr,
  interpolateRdBu,
  interpolateViridis,
} from 'd3-scale-chromatic'
import type { StageSummary } from './api.ts'
import type { TensorData } from './tensor.ts'

/** All are perceptually ordered and readable by the colour-blind. */
export const scaleNames = ['grey', 'viridis', 'cividis', 'inferno', 'red-blue', 'purple-orange'] as const
export type ScaleName = (typeof scaleNames)[number]

/** What a picture shows: light, values of one sign, values of both. */
export type Family = 'light' | 'sequential' | 'diverging'

/** What can be chosen for each; those of both signs have zero in their middle. The first is the one to begin with. */
export const familyScales = {
  light: ['grey', 'viridis', 'cividis', 'inferno'],
  sequential: ['viridis', 'cividis', 'inferno', 'grey'],
  diverging: ['red-blue', 'purple-orange'],
} as const satisfies Record<Family, readonly ScaleName[]>

export interface ColourScale {
  readonly name: ScaleName
  /** Values painted with the first and the last colour; values outside are clamped to them. */
  readonly from: number
  readonly to: number
}

/** Not-a-number and the infinities stand out on every scale: [red, green, blue]. */
export const notANumberColour = [255, 0, 200] as const
export const positiveInfinityColour = [255, 214, 0] as const
export const negativeInfinityColour = [0, 190, 255] as const

const steps = 1024
const interpolators: Record<ScaleName, (t: number) => string> = {
  // d3's Greys runs from white to black; a photo wants black at the bottom.
  grey: (t) => `rgb(${Math.round(t * 255)}, ${Math.round(t * 255)}, ${Math.round(t * 255)})`,
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  inferno: interpolateInferno,
  // Blue for negative and red for positive, as heat maps are read.
  'red-blue': (t) => interpolateRdBu(1 - t),
  'purple-orange': (t) => interpolatePuOr(1 - t),
}

const tables = new Map<ScaleName, Uint8Array>()

/** 1,024 colours of a scale, red, green, blue each. */
export function colourTable(name: ScaleName): Uint8Array {
  let table = tables.get(name)
  if (!table) {
    table = new Uint8Array(steps * 3)
    for (let i = 0; i < steps; i++) table.set(parseColour(interpolators[name](i / (steps - 1))), i * 3)
    tables.set(name, table)
  }
  return table
}

function parseColour(text: string): [number, number, number] {
  if (text.startsWith('#')) {
    const n = Number.parseInt(text.slice(1), 16)
    return [n >> 16, (n >> 8) & 255, n & 255]
  }
  const [red, green, blue] = text.match(/\d+/g)!.map(Number)
  return [red!, green!, blue!]
}

/**
 * The scale of a stage, for all its channels: photos in grey over their nominal range, signed values on a
 * diverging scale centred on zero, everything else sequential from its minimum to its maximum.
 */
export function chooseScale(stage: Pick<StageSummary, 'min' | 'max' | 'picture'>): ColourScale {
  const { min, max } = stage
  if (stage.picture === 'light') {
    if (min >= 0 && max <= 1) return { name: 'grey', from: 0, to: 1 }
    if (min >= -1 && max <= 1) return { name: 'grey', from: -1, to: 1 }
    return { name: 'grey', from: min, to: max }
  }
  if (min < 0) {
    const reach = Math.max(-min, max)
    return { name: 'red-blue', from: -reach, to: reach }
  }
  return { name: 'viridis', from: min, to: max }
}

/** Where a finite value stands on a scale, 0 to 1; a scale of no width puts everything in its middle. */
export function position(value: number, scale: ColourScale): number {
  const width = scale.to - scale.from
  if (!(width > 0)) return 0.5
  // Halving first keeps a scale over the whole range of float64 finite.
  const t = Number.isFinite(width)
    ? (value - scale.from) / width
    : (value / 2 - scale.from / 2) / (scale.to / 2 - scale.from / 2)
  return t < 0 ? 0 : t > 1 ? 1 : t
}

/** The colour of a value, [red, green, blue]. */
export function colourOf(value: number, scale: ColourScale): readonly [number, number, number] {
  if (Number.isNaN(value)) return notANumberColour
  if (value === Infinity) return positiveInfinityColour
  if (value === -Infinity) return negativeInfinityColour
  const at = Math.round(position(value, scale) * (steps - 1)) * 3
  const table = colourTable(scale.name)
  return [table[at]!, table[at + 1]!, table[at + 2]!]
}

/** A diverging scale that holds all of these, and half as much again so that numbers stay readable on its colours. */
export function signedScale(values: Iterable<number>): ColourScale {
  let reach = 0
  for (const value of values) if (Number.isFinite(value)) reach = Math.max(reach, Math.abs(value))
  const end = reach > 0 ? Math.min(reach * 1.5, Number.MAX_VALUE) : 1
  return { name: 'red-blue', from: -end, to: end }
}

/** What painting reads: (height, width, channels) and its values, row-major. */
export interface Paintable {
  readonly shape: readonly [number, number, number]
  readonly data: TensorData
}

/** Paints one channel on a scale into `rgba` (height × width × 4, opaque). */
export function paintChannel(
  source: Paintable,
  channel: number,
  scale: ColourScale,
  rgba: Uint8ClampedArray | Uint8Array,
): void {
  const [height, width, channels] = source.shape
  const { data } = source
  const table = colourTable(scale.name)
  const span = scale.to - scale.from
  const factor = (steps - 1) / span
  // Neither so wide nor so narrow that this arithmetic leaves the range of numbers.
  const plain = span > 0 && Number.isFinite(span) && Number.isFinite(factor)
  for (let i = 0, from = channel, to = 0; i < height * width; i++, from += channels, to += 4) {
    const value = data[from]!
    if (plain && value - value === 0) {
      let at = Math.round((value - scale.from) * factor)
      at = at < 0 ? 0 : at >= steps ? steps - 1 : at
      rgba[to] = table[at * 3]!
      rgba[to + 1] = table[at * 3 + 1]!
      rgba[to + 2] = table[at * 3 + 2]!
    } else {
      const colour = colourOf(value, scale)
      rgba[to] = colour[0]
      rgba[to + 1] = colour[1]
      rgba[to + 2] = colour[2]
    }
    rgba[to + 3] = 255
  }
}

/**
 * Paints three channels as red, green and blue over a scale's range into `rgba`; its colours are not used.
 * A pixel with a value that is not finite has that value's own colour.
 */
export function paintColour(source: Paintable, scale: ColourScale, rgba: Uint8ClampedArray | Uint8Array): void {
  const [height, width, channels] = source.shape
  const { data } = source
  const span = scale.to - scale.from
  const factor = 255 / span
  const plain = span > 0 && Number.isFinite(span) && Number.isFinite(factor)
  const { from: low } = scale
  for (let i = 0, from = 0, to = 0; i < height * width; i++, from += channels, to += 4) {
    const red = data[from]!
    const green = data[from + 1]!
    const blue = data[from + 2]!
    if (plain && red - red + (green - green) + (blue - blue) === 0) {
      rgba[to] = toByte((red - low) * factor)
      rgba[to + 1] = toByte((green - low) * factor)
      rgba[to + 2] = toByte((blue - low) * factor)
    } else {
      const special = [red, green, blue].find((value) => !Number.isFinite(value))
      const colour =
        special === undefined
          ? [red, green, blue].map((value) => Math.round(position(value, scale) * 255))
          : colourOf(special, scale)
      rgba[to] = colour[0]!
      rgba[to + 1] = colour[1]!
      rgba[to + 2] = colour[2]!
    }
    rgba[to + 3] = 255
  }
}

/** Rounded and kept within 0 to 255. */
function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0
}

/** A colour of the interface that is readable on a painted one. */
export function inkOn(colour: readonly [number, number, number]): '#000000' | '#ffffff' {
  const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! > 0.179 ? '#000000' : '#ffffff'
}

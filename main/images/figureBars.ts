/** Pictures of vectors: named bars for short ones, a profile with a strip of colours for long ones. */

import { colourOf, type ColourScale } from '../../shared/colour.ts'
import type { Range } from '../../shared/scales.ts'
import type { TensorData } from '../../shared/tensor.ts'
import { formatColumn, formatNumber } from './figureStyle.ts'
import { frame, type Paint, type Surface } from './surface.ts'
import { ellipsise, measureText, type TextStyle } from './text.ts'

export type Axis = Range

/** Where a value stands on an axis, 0 to 1. */
export function axisPosition(value: number, { from, to }: Axis): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}

/** Negative bars in the blue and positive in the red of the diverging scale, all others in one calm colour. */
function barColour(value: number, axis: Axis): Paint {
  if (!Number.isFinite(value)) return colourOf(value, { name: 'red-blue', from: -1, to: 1 })
  if (axis.from >= 0) return 'accent'
  return colourOf(value < 0 ? -0.75 : 0.75, { name: 'red-blue', from: -1, to: 1 })
}

export interface BarRows {
  readonly nameWidth: number
  readonly valueWidth: number
  readonly rowHeight: number
}

/**
 * Room for names and numbers, each column as wide as its widest text but names no wider than `mostNameWidth`; none of it
 * without labels.
 */
export function barColumns(
  names: readonly string[],
  values: ArrayLike<number>,
  style: TextStyle,
  mostNameWidth: number,
  labels: boolean,
): { readonly nameWidth: number; readonly valueWidth: number } {
  if (!labels) return { nameWidth: 0, valueWidth: 0 }
  const widest = (texts: readonly string[]) => Math.ceil(Math.max(...texts.map((text) => measureText(text, style))))
  return {
    nameWidth: Math.min(mostNameWidth, widest(names)),
    valueWidth: widest(formatColumn(Array.from(values))),
  }
}

/** Pixels between a row's name, its bar and its number, where it has those. */
const rowGap = 10

function barPlace(
  { nameWidth, valueWidth }: BarRows,
  width: number,
): { readonly left: number; readonly width: number } {
  const left = nameWidth > 0 ? nameWidth + rowGap : 0
  return { left, width: width - left - (valueWidth > 0 ? valueWidth + rowGap : 0) }
}

/** One row an entry: its name, its bar from zero, its number. A name that cannot be written here is the entry's number. */
export function drawBarRows(
  surface: Surface,
  left: number,
  top: number,
  width: number,
  entries: { readonly names: readonly string[]; readonly values: ArrayLike<number> },
  axis: Axis,
  rows: BarRows,
  style: TextStyle,
): void {
  const values = Array.from(entries.values)
  const texts = formatColumn(values)
  const place = barPlace(rows, width)
  const barLeft = left + place.left
  const barWidth = place.width
  const zero = Math.round(axisPosition(0, axis) * barWidth)
  const thickness = Math.max(4, Math.round(rows.rowHeight * 0.64))
  values.forEach((value, i) => {
    const middle = top + (i + 0.5) * rows.rowHeight
    const barTop = Math.round(middle - thickness / 2)
    const baseline = Math.round(middle + style.size * 0.36)
    if (rows.nameWidth > 0) {
      const name = entries.names[i] ?? ''
      const text = ellipsise(surface.canWrite(name) ? name : String(i), rows.nameWidth, style)
      surface.text(text, left, baseline, style)
    }
    surface.rect(barLeft, barTop, barWidth, thickness, 'faint')
    const end = Math.round(axisPosition(value, axis) * barWidth)
    const [start, length] = Number.isNaN(value) ? [0, barWidth] : [Math.min(zero, end), Math.abs(end - zero)]
    surface.rect(barLeft + start, barTop, length, thickness, barColour(value, axis))
    if (rows.valueWidth > 0) surface.text(texts[i]!, left + width, baseline, style, 'right')
  })
  surface.rect(barLeft + Math.min(zero, barWidth - 1), top, 1, values.length * rows.rowHeight, 'muted')
}

/** The axis's own numbers below bar rows: its ends and zero. */
export function drawBarAxis(
  surface: Surface,
  left: number,
  top: number,
  width: number,
  axis: Axis,
  rows: BarRows,
  style: TextStyle,
): void {
  const place = barPlace(rows, width)
  const barLeft = left + place.left
  const barWidth = place.width
  surface.rect(barLeft, top, barWidth, 1, 'hairline')
  for (const { value, text, x } of axisTicks(axis, barWidth, style)) {
    surface.rect(barLeft + x, top, 1, 4, 'muted')
    const align = value === axis.from ? 'left' : value === axis.to ? 'right' : 'centre'
    surface.text(text, barLeft + x, top + 18, style, align)
  }
}

export interface Tick {
  readonly value: number
  readonly text: string
  /** Pixels from the axis's beginning. */
  readonly x: number
}

/** The ends of an axis and its zero, less those that would touch: an end gives way to a zero inside, which the bars stand on. */
export function axisTicks(axis: Axis, width: number, style: Pick<TextStyle, 'size' | 'weight'>): readonly Tick[] {
  const tick = (value: number): Tick => ({
    value,
    text: formatNumber(value),
    x: Math.round(axisPosition(value, axis) * (width - 1)),
  })
  const [first, zero, last] = [tick(axis.from), tick(0), tick(axis.to)]
  const space = 8
  const [firstEnd, lastStart] = [measureText(first.text, style), width - measureText(last.text, style)]
  if (axis.from >= 0 || axis.to <= 0) return firstEnd + space <= lastStart ? [first, last] : [zero]
  const half = measureText(zero.text, style) / 2 + space
  const ticks = [zero]
  if (zero.x - half >= firstEnd) ticks.unshift(first)
  if (zero.x + half <= lastStart) ticks.push(last)
  return ticks
}

export interface Profile {
  /** Entries a column stands for. */
  readonly step: number
  readonly mean: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
}

/** A long vector in at most `most` columns: the mean, least and largest of the entries each stands for. */
export function profileOf(data: TensorData, most: number): Profile {
  const step = Math.max(1, Math.ceil(data.length / most))
  const count = Math.ceil(data.length / step)
  const profile = {
    step,
    mean: new Float64Array(count),
    min: new Float64Array(count),
    max: new Float64Array(count),
  }
  for (let column = 0; column < count; column++) {
    const first = column * step
    const end = Math.min(first + step, data.length)
    let [sum, min, max] = [0, Infinity, -Infinity]
    for (let i = first; i < end; i++) {
      const value = data[i]!
      sum += value
      if (value < min) min = value
      if (value > max) max = value
    }
    profile.mean[column] = sum / (end - first)
    profile.min[column] = min
    profile.max[column] = max
  }
  return profile
}

/** Pixels of the strip of colours below a profile, and of the gap above it. */
const stripHeight = 24
const stripGap = 6

/** Pixels of a profile's own height that are its plot, the rest being the strip. */
export function profilePlotHeight(height: number): number {
  return height - stripHeight - stripGap
}

/**
 * A profile: for each column a bar from zero to the mean in the colour of the scale, before a grey bar over the range
 * of its entries; below it the same colours as a strip. Returns the pixels used across.
 */
export function drawProfile(
  surface: Surface,
  left: number,
  top: number,
  width: number,
  height: number,
  data: TensorData,
  axis: Axis,
  scale: ColourScale,
): number {
  const profile = profileOf(data, width)
  const count = profile.mean.length
  const pixels = Math.floor(width / count)
  const used = count * pixels
  const plot = profilePlotHeight(height)
  const y = (value: number) => top + plot - Math.round(axisPosition(value, axis) * plot)
  const column = (x: number, from: number, to: number, colour: Paint) => {
    surface.rect(x, Math.min(from, to), pixels, Math.max(1, Math.abs(to - from)), colour)
  }
  surface.rect(left, top, used, plot, 'plot')
  const zero = y(0)
  for (let i = 0; i < count; i++) {
    const x = left + i * pixels
    const mean = profile.mean[i]!
    const colour = colourOf(mean, scale)
    if (profile.step > 1 && profile.min[i]! <= profile.max[i]!) {
      column(x, y(profile.min[i]!), y(profile.max[i]!), 'histogram')
    }
    if (Number.isFinite(mean)) column(x, zero, y(mean), colour)
    surface.rect(x, top + plot + stripGap, pixels, stripHeight, colour)
  }
  surface.rect(left, Math.min(zero, top + plot - 1), used, 1, 'muted')
  frame(surface, left, top, used, plot)
  frame(surface, left, top + plot + stripGap, used, stripHeight)
  return used
}

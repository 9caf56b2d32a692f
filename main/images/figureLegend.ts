/** A bar of colours with its numbers, and the histogram standing on the bar's own axis: both, or either alone. */

import type { Histogram, StageSummary } from '../../shared/api.ts'
import { colourOf, position, type ColourScale } from '../../shared/colour.ts'
import type { FigureOptions } from '../../shared/figures.ts'
import type { Look } from './figureLook.ts'
import { formatNumber, smallStyle } from './figureStyle.ts'
import { frame, type Surface } from './surface.ts'
import { measureText } from './text.ts'

export interface LegendLabel {
  readonly text: string
  /** Place on the bar, 0 (its first colour) to 1. */
  readonly at: number
}

export interface Legend {
  readonly scale: ColourScale
  readonly labels: readonly LegendLabel[]
  /** Null where the values have no one axis, or it is left out. */
  readonly histogram: Histogram | null
  /** Whether the bar is drawn, and its labels; else a line of its length. */
  readonly bar: boolean
}

/**
 * What stands beside a stage: its scale, or where each channel has its own, what the ends of each are. Null where that
 * is nothing.
 */
export function legendOf(
  { scale, apart, histogram, scaleBar: bar }: Pick<Look, 'scale' | 'apart' | 'histogram' | 'scaleBar'>,
  summary: Pick<StageSummary, 'min' | 'max' | 'histogram'>,
): Legend | null {
  if (!apart) {
    if (!histogram && !bar) return null
    return { scale, labels: legendLabels(scale, summary), histogram: histogram ? summary.histogram : null, bar }
  }
  if (!bar) return null
  const [first, last] = scale.from < 0 ? ['−largest', '+largest'] : ['least', 'largest']
  const zero = scale.from < 0 ? [{ text: '0', at: 0.5 }] : []
  return { scale, labels: [{ text: first, at: 0 }, ...zero, { text: last, at: 1 }], histogram: null, bar }
}

/**
 * The numbers of a scale: its ends, and zero where it lies inside. A scale of no width has one number, in the middle.
 * An end that stands for the values beyond it too says so.
 */
export function legendLabels(
  scale: ColourScale,
  { min, max }: { readonly min: number; readonly max: number } = { min: scale.from, max: scale.to },
): readonly LegendLabel[] {
  const first = formatNumber(scale.from) + (min < scale.from ? ' or less' : '')
  const last = formatNumber(scale.to) + (max > scale.to ? ' or more' : '')
  if (scale.from === scale.to) return [{ text: formatNumber(scale.from), at: 0.5 }]
  const zero = scale.from < 0 && scale.to > 0 ? [{ text: '0', at: position(0, scale) }] : []
  return [{ text: first, at: 0 }, ...zero, { text: last, at: 1 }]
}

export interface HistogramBar {
  /** Interval on the bar, 0 to 1. */
  readonly from: number
  readonly to: number
  /** 0 to 1, the fullest bin being 1. */
  readonly share: number
}

/** The bins of a histogram where they stand on a scale; those with nothing in them, or beyond its ends, are left out. */
export function histogramBars(histogram: Histogram | null, scale: ColourScale): readonly HistogramBar[] {
  if (!histogram) return []
  const most = Math.max(0, ...histogram.counts)
  if (most === 0) return []
  const width = (histogram.to - histogram.from) / histogram.counts.length
  const bars: HistogramBar[] = []
  histogram.counts.forEach((count, i) => {
    const [start, end] = [histogram.from + i * width, histogram.from + (i + 1) * width]
    if (count === 0 || end < scale.from || start > scale.to) return
    bars.push({
      from: position(start, scale),
      to: position(end, scale),
      share: count / most,
    })
  })
  return bars
}

const barThickness = 10
const histogramLength = 32
/** Pixels a bar along x and its numbers take downwards. */
export const scaleBarHeight = 30

/** Pixels horizontal legends take above the top of their bar, and from there downwards. */
export function horizontalLegendRoom({ legend, scaleBar }: Pick<FigureOptions, 'legend' | 'scaleBar'>): {
  readonly above: number
  readonly below: number
} {
  return { above: legend ? histogramLength : 0, below: scaleBar ? scaleBarHeight : legend ? 1 : 0 }
}

/** The bar lies along x, the histogram stands on it, the numbers are below. */
export function drawHorizontalLegend(
  surface: Surface,
  left: number,
  barTop: number,
  width: number,
  { scale, labels, histogram, bar }: Legend,
): void {
  for (const bin of histogramBars(histogram, scale)) {
    const [x, length] = span(bin, width)
    const height = Math.max(1, Math.round(bin.share * histogramLength))
    surface.rect(left + x, barTop - height, length, height, 'histogram')
  }
  if (bar) drawScaleBar(surface, left, barTop, width, scale, labels)
  else surface.rect(left, barTop, width, 1, 'muted')
}

/** The bar along x, its numbers below. */
export function drawScaleBar(
  surface: Surface,
  left: number,
  barTop: number,
  width: number,
  scale: ColourScale,
  labels: readonly LegendLabel[] = legendLabels(scale),
): void {
  for (let x = 0; x < width; x++) surface.rect(left + x, barTop, 1, barThickness, barColour(x, width, scale))
  frame(surface, left, barTop, width, barThickness)
  const baseline = barTop + barThickness + 16
  for (const { text, at } of labels) {
    const x = left + Math.round(at * (width - 1))
    if (at > 0 && at < 1) {
      if (labels.length > 1 && collides(labels, text, at, width)) continue
      surface.rect(x, barTop + barThickness, 1, 4, 'muted')
    }
    surface.text(text, x, baseline, smallStyle, at === 0 ? 'left' : at === 1 ? 'right' : 'centre')
  }
}

/** Whether a label between the ends would touch one of them. */
function collides(labels: readonly LegendLabel[], text: string, at: number, width: number): boolean {
  const half = measureText(text, smallStyle) / 2 + 6
  const first = measureText(labels[0]!.text, smallStyle)
  const last = measureText(labels.at(-1)!.text, smallStyle)
  return at * width - half < first || at * width + half > width - last
}

/** Pixels a vertical legend takes sideways, for the scale's own numbers; `histogram`: with room for one. */
export function verticalLegendWidth({ labels, bar }: Legend, histogram: boolean): number {
  if (!bar) return 1 + histogramReach
  const widest = Math.max(...labels.map(({ text }) => measureText(text, smallStyle)))
  return Math.ceil(zeroRoom + Math.max(verticalThickness + (histogram ? 64 : 0), widest))
}

/** Room left of the bar for the zero. */
const zeroRoom = 14
const verticalThickness = 16
/** Pixels of the fullest bin of a histogram beside a bar. */
const histogramReach = 56
/** Room above the bar, and below it, for the numbers of its ends. */
const numberRoom = 20

/** The bar stands with its largest value on top, the histogram to its right, the ends' numbers above and below. */
export function drawVerticalLegend(
  surface: Surface,
  left: number,
  top: number,
  height: number,
  { scale, labels, histogram, bar }: Legend,
): void {
  const barLeft = left + (bar ? zeroRoom : 0)
  const barTop = top + (bar ? numberRoom : 0)
  const length = height - 2 * (barTop - top)
  const thickness = bar ? verticalThickness : 1
  const bottom = barTop + length
  for (const bin of histogramBars(histogram, scale)) {
    const [y, size] = span(bin, length)
    const reach = Math.max(1, Math.round(bin.share * histogramReach))
    surface.rect(barLeft + thickness, bottom - y - size, reach, size, 'histogram')
  }
  if (!bar) {
    surface.rect(barLeft, barTop, 1, length, 'muted')
    return
  }
  for (let y = 0; y < length; y++) surface.rect(barLeft, bottom - 1 - y, thickness, 1, barColour(y, length, scale))
  frame(surface, barLeft, barTop, thickness, length)
  for (const { text, at } of labels) {
    if (at === 1) surface.text(text, barLeft, barTop - 8, smallStyle)
    else if (at === 0) surface.text(text, barLeft, bottom + 17, smallStyle)
    else {
      const y = bottom - 1 - Math.round(at * (length - 1))
      // Constant stages have their one number where the zero would be, and it may be long.
      if (text === '0') {
        surface.rect(barLeft - 4, y, 4, 1, 'muted')
        surface.text(text, barLeft - 6, y + 4, smallStyle, 'right')
      } else surface.text(text, barLeft, bottom + 17, smallStyle)
    }
  }
}

function barColour(pixel: number, length: number, scale: ColourScale) {
  const t = pixel / (length - 1)
  return colourOf(scale.from * (1 - t) + scale.to * t, scale)
}

/** Whole pixels of a bin along an axis; never none. */
function span(bar: HistogramBar, length: number): readonly [start: number, size: number] {
  const start = Math.min(length - 1, Math.round(bar.from * length))
  return [start, Math.max(1, Math.round(bar.to * length) - start)]
}

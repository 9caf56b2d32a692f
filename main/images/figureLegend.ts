/** Legends: a colour bar with its numbers, and the histogram standing on the bar's own axis. */

import type { Histogram } from '../../shared/api.ts'
import { colourOf, position, type ColourScale } from '../../shared/colour.ts'
import { fillRect, strokeAround, type Canvas } from './canvas.ts'
import { formatNumber, hairline, histogramColour, muted, smallStyle } from './figureStyle.ts'
import { drawText, measureText } from './text.ts'

export interface LegendLabel {
  readonly text: string
  /** Place on the bar, 0 (its first colour) to 1. */
  readonly at: number
}

/** The numbers of a scale: its ends, and zero where it lies inside. A scale of no width has one number, in the middle. */
export function legendLabels(scale: ColourScale): readonly LegendLabel[] {
  if (scale.from === scale.to) return [{ text: formatNumber(scale.from), at: 0.5 }]
  const zero = scale.from < 0 && scale.to > 0 ? [{ text: '0', at: position(0, scale) }] : []
  return [{ text: formatNumber(scale.from), at: 0 }, ...zero, { text: formatNumber(scale.to), at: 1 }]
}

export interface HistogramBar {
  /** Interval on the bar, 0 to 1. */
  readonly from: number
  readonly to: number
  /** 0 to 1, the fullest bin being 1. */
  readonly share: number
}

/** The bins of a histogram where they stand on a scale; bins with nothing in them are left out. */
export function histogramBars(histogram: Histogram, scale: ColourScale): readonly HistogramBar[] {
  const most = Math.max(0, ...histogram.counts)
  if (most === 0) return []
  const width = (histogram.to - histogram.from) / histogram.counts.length
  const bars: HistogramBar[] = []
  histogram.counts.forEach((count, i) => {
    if (count === 0) return
    bars.push({
      from: position(histogram.from + i * width, scale),
      to: position(histogram.from + (i + 1) * width, scale),
      share: count / most,
    })
  })
  return bars
}

/** Number of pixels a horizontal legend takes downwards. */
export const horizontalLegendHeight = 62
const barThickness = 10
const histogramLength = 32

/** The bar lies along x, the histogram stands on it, the numbers are below. */
export function drawHorizontalLegend(
  canvas: Canvas,
  left: number,
  top: number,
  width: number,
  scale: ColourScale,
  histogram: Histogram,
): void {
  const barTop = top + histogramLength
  for (const bar of histogramBars(histogram, scale)) {
    const [x, length] = span(bar, width)
    const height = Math.max(1, Math.round(bar.share * histogramLength))
    fillRect(canvas, left + x, barTop - height, length, height, histogramColour)
  }
  for (let x = 0; x < width; x++) fillRect(canvas, left + x, barTop, 1, barThickness, barColour(x, width, scale))
  strokeAround(canvas, left, barTop, width, barThickness, hairline)
  const baseline = barTop + barThickness + 16
  const labels = legendLabels(scale)
  for (const { text, at } of labels) {
    const x = left + Math.round(at * (width - 1))
    if (at > 0 && at < 1) {
      if (labels.length > 1 && collides(labels, text, at, width)) continue
      fillRect(canvas, x, barTop + barThickness, 1, 4, muted)
    }
    drawText(canvas, text, x, baseline, smallStyle, at === 0 ? 'left' : at === 1 ? 'right' : 'centre')
  }
}

/** Whether a label between the ends would touch one of them. */
function collides(labels: readonly LegendLabel[], text: string, at: number, width: number): boolean {
  const half = measureText(text, smallStyle) / 2 + 6
  const first = measureText(labels[0]!.text, smallStyle)
  const last = measureText(labels.at(-1)!.text, smallStyle)
  return at * width - half < first || at * width + half > width - last
}

/** Pixels a vertical legend takes sideways, for the scale's own numbers. */
export function verticalLegendWidth(scale: ColourScale): number {
  const widest = Math.max(...legendLabels(scale).map(({ text }) => measureText(text, smallStyle)))
  return Math.ceil(Math.max(zeroRoom + 16 + 64, zeroRoom + widest))
}

/** Room left of the bar for the zero. */
const zeroRoom = 14

/** The bar stands with its largest value on top, the histogram to its right, the ends' numbers above and below. */
export function drawVerticalLegend(
  canvas: Canvas,
  left: number,
  top: number,
  height: number,
  scale: ColourScale,
  histogram: Histogram,
): void {
  const numberRoom = 20
  const barLeft = left + zeroRoom
  const barTop = top + numberRoom
  const length = height - 2 * numberRoom
  const thickness = 16
  const bottom = barTop + length
  for (const bar of histogramBars(histogram, scale)) {
    const [y, size] = span(bar, length)
    fillRect(
      canvas,
      barLeft + thickness,
      bottom - y - size,
      Math.max(1, Math.round(bar.share * 56)),
      size,
      histogramColour,
    )
  }
  for (let y = 0; y < length; y++) fillRect(canvas, barLeft, bottom - 1 - y, thickness, 1, barColour(y, length, scale))
  strokeAround(canvas, barLeft, barTop, thickness, length, hairline)
  for (const { text, at } of legendLabels(scale)) {
    if (at === 1) drawText(canvas, text, barLeft, barTop - 8, smallStyle)
    else if (at === 0) drawText(canvas, text, barLeft, bottom + 17, smallStyle)
    else {
      const y = bottom - 1 - Math.round(at * (length - 1))
      // Constant stages have their one number where the zero would be, and it may be long.
      if (text === '0') {
        fillRect(canvas, barLeft - 4, y, 4, 1, muted)
        drawText(canvas, text, barLeft - 6, y + 4, smallStyle, 'right')
      } else drawText(canvas, text, barLeft, bottom + 17, smallStyle)
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

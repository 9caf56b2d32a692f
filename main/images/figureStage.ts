/** `NN-<kind>.png`: one stage with its name, its numbers and its scale. */

import type { StageSummary } from '../../shared/api.ts'
import { chooseScale, negativeInfinityColour, notANumberColour, positiveInfinityColour } from '../../shared/colour.ts'
import { formatShape, pictureShape, type Tensor } from '../../shared/tensor.ts'
import { createCanvas, fillRect, type Canvas, type Colour } from './canvas.ts'
import {
  axisPosition,
  barAxis,
  valueAxis,
  barColumns,
  drawBarAxis,
  drawBarRows,
  drawProfile,
  mostBars,
  profileOf,
  profilePlotHeight,
} from './figureBars.ts'
import { drawTiles, fitGrid, fullGrid, isColourPicture, longestSide, tileCount, type Grid } from './figureGrid.ts'
import { drawVerticalLegend, verticalLegendWidth } from './figureLegend.ts'
import { bodyStyle, formatNumber, quietStyle, smallStyle, titleStyle } from './figureStyle.ts'
import { drawText, measureText } from './text.ts'

/** A stage with all its numbers. */
export interface FinishedStage {
  readonly summary: StageSummary
  readonly tensor: Tensor
}

const margin = 28
const headerHeight = 44
/** Where the picture of a stage begins on its canvas, in pixels. */
export const pictureOrigin = { left: margin, top: margin + headerHeight } as const
const captionLine = 20
/** More pixels than this are not drawn: a picture must still open everywhere. */
const mostPixels = 8_000_000

interface Body {
  readonly width: number
  readonly height: number
  readonly captions: readonly string[]
  draw(canvas: Canvas, left: number, top: number): void
}

/** Draws a stage of any shape on a canvas of its own. */
export function drawStage(stage: FinishedStage): Canvas {
  const body = isVector(stage) ? vectorBody(stage) : gridBody(stage)
  const notes = notesOf(stage)
  const captions = [statistics(stage), ...body.captions]
  const detail = `${formatShape(stage.summary.shape)} · ${stage.summary.dtype}`
  const titleWidth = measureText(stage.summary.title, titleStyle) + 12 + measureText(detail, quietStyle)
  const captionWidth = Math.max(...captions.map((text) => measureText(text, smallStyle)), ...notes.map(noteWidth))
  const lines = captions.length + notes.length
  const width = Math.ceil(Math.max(body.width, titleWidth, captionWidth)) + 2 * margin
  const canvas = createCanvas(width, margin + headerHeight + body.height + 18 + lines * captionLine + margin - 8)
  const baseline = margin + 16
  const used = drawText(canvas, stage.summary.title, margin, baseline, titleStyle)
  drawText(canvas, detail, margin + used + 12, baseline, quietStyle)
  body.draw(canvas, pictureOrigin.left, pictureOrigin.top)
  let y = margin + headerHeight + body.height + 18 + 12
  for (const text of captions) {
    drawText(canvas, text, margin, y, smallStyle)
    y += captionLine
  }
  for (const note of notes) {
    fillRect(canvas, margin, y - 10, 11, 11, note.colour)
    drawText(canvas, note.text, margin + 18, y, smallStyle)
    y += captionLine
  }
  return canvas
}

/** Whether a stage is shown as bars: it has one axis, or pictures of one element each. */
export function isVector({ summary }: FinishedStage): boolean {
  const [height, width] = pictureShape(summary.shape)
  return height * width === 1
}

/** Names of a vector's entries. */
export function entryNames({ summary, tensor }: FinishedStage): readonly string[] {
  return Array.from({ length: tensor.data.length }, (_, i) => summary.channelNames[i] ?? String(i))
}

function statistics({ summary, tensor }: FinishedStage): string {
  if (summary.nan + summary.infinite === tensor.data.length) return 'no finite value'
  const { min, max, mean, std } = summary
  const parts = { min, max, mean, std }
  return Object.entries(parts)
    .map(([name, value]) => `${name} ${formatNumber(value)}`)
    .join('  ·  ')
}

interface Note {
  readonly colour: Colour
  readonly text: string
}

/** What the special colours mean, where a stage has such values. */
function notesOf({ summary, tensor }: FinishedStage): readonly Note[] {
  const notes: Note[] = []
  if (summary.nan > 0) notes.push({ colour: notANumberColour, text: `${summary.nan} not a number` })
  if (summary.infinite > 0) {
    const above = tensor.data.includes(Infinity)
    const below = tensor.data.includes(-Infinity)
    const count = `${summary.infinite} infinite`
    if (above) notes.push({ colour: positiveInfinityColour, text: below ? 'plus infinity' : count })
    if (below) notes.push({ colour: negativeInfinityColour, text: above ? `minus infinity (${count} in all)` : count })
  }
  return notes
}

function noteWidth(note: Note): number {
  return 18 + measureText(note.text, smallStyle)
}

const legendGap = 28

function gridBody(stage: FinishedStage): Body {
  const scale = chooseScale(stage.summary)
  const grid = stageGrid(stage)
  const legendHeight = Math.max(180, Math.min(grid.height, 560))
  return {
    width: grid.width + legendGap + verticalLegendWidth(scale),
    height: Math.max(grid.height, legendHeight),
    captions: gridCaptions(stage, grid),
    draw(canvas, left, top) {
      drawTiles(canvas, left, top, stage, grid)
      drawVerticalLegend(canvas, left + grid.width + legendGap, top, legendHeight, scale, stage.summary.histogram)
    },
  }
}

/** One tile near 512 pixels; many, larger together the more there are; never smaller than the elements until the bound. */
export function stageGrid(stage: FinishedStage): Grid {
  const [height, width] = pictureShape(stage.summary.shape)
  const count = tileCount(stage)
  if (count === 1) {
    const side = Math.max(512, height, width)
    const options = { gap: 0, label: 0 }
    if (height * width > mostPixels || side > longestSide) return fullGrid(1, height, width, mostPixels, options)
    return fitGrid(1, height, width, { width: side, height: side }, options)
  }
  const options = { gap: 10, label: 20 }
  const side = Math.min(1600, Math.max(640, Math.ceil(Math.sqrt(count)) * 56))
  const grid = fitGrid(count, height, width, { width: side, height: side }, options)
  return grid.reduction > 1 ? fullGrid(count, height, width, mostPixels, options) : grid
}

function gridCaptions(stage: FinishedStage, grid: Grid): string[] {
  const captions: string[] = []
  if (isColourPicture(stage)) captions.push('Red, green and blue as one picture; the bar shows the range of each')
  const count = tileCount(stage)
  if (count > 1) captions.push(`One scale for all ${count} channels`)
  if (grid.reduction > 1) {
    captions.push(`Reduced: each pixel is the mean of ${grid.reduction}×${grid.reduction} elements`)
  }
  return captions
}

function vectorBody(stage: FinishedStage): Body {
  return stage.tensor.data.length <= mostBars ? barsBody(stage) : profileBody(stage)
}

function barsBody(stage: FinishedStage): Body {
  const { summary, tensor } = stage
  const names = entryNames(stage)
  const rows = { ...barColumns(names, tensor.data, bodyStyle, 200), rowHeight: 26 }
  const axis = barAxis(summary.kind, summary.min, summary.max)
  const width = rows.nameWidth + rows.valueWidth + 380
  const height = names.length * rows.rowHeight
  return {
    width,
    height: height + 30,
    captions: [],
    draw(canvas, left, top) {
      drawBarRows(canvas, left, top, width, { names, values: tensor.data }, axis, rows, bodyStyle)
      drawBarAxis(canvas, left, top + height + 6, width, axis, rows, smallStyle)
    },
  }
}

function profileBody(stage: FinishedStage): Body {
  const { summary, tensor } = stage
  const scale = chooseScale(summary)
  const axis = valueAxis(summary.min, summary.max)
  const room = 1024
  const { step, mean } = profileOf(tensor.data, room)
  const used = mean.length * Math.floor(room / mean.length)
  const height = 280
  const ticks = [...new Set([axis.from, 0, axis.to])].map((value) => ({ value, text: formatNumber(value) }))
  const gutter = Math.ceil(Math.max(...ticks.map(({ text }) => measureText(text, smallStyle)))) + 8
  const captions =
    step > 1 ? [`Each column: mean of ${step} entries in colour, from their least to their largest in grey`] : []
  return {
    width: gutter + used + legendGap + verticalLegendWidth(scale),
    height: height + 22,
    captions,
    draw(canvas, left, top) {
      const plot = left + gutter
      drawProfile(canvas, plot, top, room, height, tensor.data, axis, scale)
      for (const { value, text } of ticks) {
        const at = 1 - axisPosition(value, axis)
        // Zero gives way to an end it would touch.
        if (value === 0 && axis.from < 0 && axis.to > 0 && Math.min(at, 1 - at) * profilePlotHeight(height) < 16)
          continue
        const y = top + Math.round(at * profilePlotHeight(height))
        drawText(canvas, text, plot - 8, y + 4, smallStyle, 'right')
      }
      drawText(canvas, '0', plot, top + height + 18, smallStyle)
      drawText(canvas, String(tensor.data.length - 1), plot + used, top + height + 18, smallStyle, 'right')
      drawText(canvas, 'entry', plot + used / 2, top + height + 18, smallStyle, 'centre')
      drawVerticalLegend(canvas, plot + used + legendGap, top, height, scale, summary.histogram)
    },
  }
}

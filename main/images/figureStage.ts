/** `NN-<kind>.png`: one stage, or a part of it, with its name, its numbers and its scale. */

import { negativeInfinityColour, notANumberColour, positiveInfinityColour } from '../../shared/colour.ts'
import { LoupeError } from '../../shared/errors.ts'
import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import { barRange, mostBars, zeroRange, type Range } from '../../shared/scales.ts'
import { formatShape, pictureShape } from '../../shared/tensor.ts'
import {
  axisPosition,
  barColumns,
  drawBarAxis,
  drawBarRows,
  drawProfile,
  profileOf,
  profilePlotHeight,
} from './figureBars.ts'
import {
  drawTiles,
  fitGrid,
  fullGrid,
  isColourPicture,
  longestSide,
  sizedGrid,
  tileCount,
  type Grid,
} from './figureGrid.ts'
import { drawVerticalLegend, legendOf, verticalLegendWidth } from './figureLegend.ts'
import { lookOf, type FinishedStage, type Look } from './figureLook.ts'
import { bodyStyle, formatNumber, quietStyle, smallStyle, titleStyle } from './figureStyle.ts'
import type { Colour, Figure, Surface } from './surface.ts'
import { measureText } from './text.ts'

const usualMargin = 28
const headerHeight = 44
/** Where the picture of a stage with its labels begins, in pixels. */
export const pictureOrigin = { left: usualMargin, top: usualMargin + headerHeight } as const
const captionLine = 20
/** More pixels than this are not drawn unless an element's size is given: a picture must still open everywhere. */
const mostPixels = 8_000_000
/** More than this is never drawn. */
const mostSized = 120_000_000

interface Body {
  readonly width: number
  readonly height: number
  readonly captions: readonly string[]
  draw(surface: Surface, left: number, top: number): void
}

/** A stage of any shape, or a part of one; `everywhere` as in `lookOf`. Throws `bad-request` where it gets too large. */
export function drawStage(
  stage: FinishedStage,
  options: FigureOptions = usualFigure,
  everywhere: Range | null = null,
): Figure {
  const look = lookOf(stage, options, everywhere)
  const { labels, legend, scaleBar } = options
  const body = isVector(stage) ? vectorBody(stage, look) : gridBody(stage, look)
  const notes = legend ? notesOf(stage) : []
  const captions = [...(labels ? [statistics(stage)] : []), ...(legend ? body.captions : [])]
  const { summary } = stage
  const title = summary.title + partTitle(stage)
  const detail = `${formatShape(summary.shape)} · ${summary.dtype}${partDetail(stage)}`
  const titleWidth = labels ? measureText(title, titleStyle) + 12 + measureText(detail, quietStyle) : 0
  const lineWidths = [...captions.map((text) => measureText(text, smallStyle)), ...notes.map(noteWidth)]
  const lines = captions.length + notes.length
  // Without anything round it, the picture is the file.
  const margin = labels || legend || scaleBar ? usualMargin : 0
  const header = labels ? headerHeight : 0
  const footer = lines > 0 ? 18 + lines * captionLine - 8 : 0
  return {
    title: `${title}, ${detail}`,
    width: Math.ceil(Math.max(body.width, titleWidth, ...lineWidths)) + 2 * margin,
    height: margin + header + body.height + footer + margin,
    draw(surface) {
      if (labels) {
        const baseline = margin + 16
        const used = surface.text(title, margin, baseline, titleStyle)
        surface.text(detail, margin + used + 12, baseline, quietStyle)
      }
      body.draw(surface, margin, margin + header)
      let y = margin + header + body.height + 18 + 12
      for (const text of captions) {
        surface.text(text, margin, y, smallStyle)
        y += captionLine
      }
      for (const note of notes) {
        surface.rect(margin, y - 10, 11, 11, note.colour)
        surface.text(note.text, margin + 18, y, smallStyle)
        y += captionLine
      }
    },
  }
}

/** Whether a stage is shown as bars: it has one axis, or pictures of one element each. */
export function isVector({ summary }: FinishedStage): boolean {
  const [height, width] = pictureShape(summary.shape)
  return height * width === 1
}

/** ` · channel 2`, where one channel was cut out. */
function partTitle({ part, summary }: FinishedStage): string {
  if (!part || part.channels[1] - part.channels[0] > 1) return ''
  const [name] = summary.channelNames
  return ` · channel ${part.channels[0]}${name === undefined ? '' : ` · ${name}`}`
}

/** ` · rows 3 to 10, columns 0 to 7`, where a rectangle was cut out. */
function partDetail({ part }: FinishedStage): string {
  if (!part) return ''
  const { left, top, width, height } = part.rect
  const [rows, columns] = pictureShape(part.whole.shape)
  if (width === columns && height === rows) return ''
  return ` · rows ${top} to ${top + height - 1}, columns ${left} to ${left + width - 1}`
}

/** Names of a vector's entries. */
export function entryNames({ summary, tensor, part }: FinishedStage): readonly string[] {
  const first = part?.channels[0] ?? 0
  return Array.from({ length: tensor.data.length }, (_, i) => summary.channelNames[i] ?? String(first + i))
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

function gridBody(stage: FinishedStage, look: Look): Body {
  const grid = stageGrid(stage, look)
  const legend = legendOf(look, stage.summary)
  const legendHeight = Math.max(180, Math.min(grid.height, 560))
  return {
    width: grid.width + (legend ? legendGap + verticalLegendWidth(legend, look.histogram) : 0),
    height: legend ? Math.max(grid.height, legendHeight) : grid.height,
    captions: gridCaptions(stage, grid, look),
    draw(surface, left, top) {
      drawTiles(surface, left, top, stage, grid, look)
      if (legend) drawVerticalLegend(surface, left + grid.width + legendGap, top, legendHeight, legend)
    },
  }
}

/** One tile near 512 pixels; many, larger together the more there are; never smaller than the elements until the bound. */
export function stageGrid(stage: FinishedStage, look: Pick<Look, 'labels' | 'elementSize'> = usualFigure): Grid {
  const [height, width] = pictureShape(stage.summary.shape)
  const count = tileCount(stage)
  const single = { gap: 0, label: 0 }
  const several = { gap: 10, label: look.labels ? 20 : 0 }
  if (look.elementSize !== null) {
    const grid = sizedGrid(count, height, width, look.elementSize, count === 1 ? single : several)
    if (grid.width * grid.height > mostSized) {
      throw new LoupeError(
        'bad-request',
        `At ${look.elementSize} pixels an element, ${stage.summary.title} would be ${grid.width}×${grid.height} pixels. Choose fewer.`,
      )
    }
    return grid
  }
  if (count === 1) {
    const side = Math.max(512, height, width)
    if (height * width > mostPixels || side > longestSide) return fullGrid(1, height, width, mostPixels, single)
    return fitGrid(1, height, width, { width: side, height: side }, single)
  }
  const side = Math.min(1600, Math.max(640, Math.ceil(Math.sqrt(count)) * 56))
  const grid = fitGrid(count, height, width, { width: side, height: side }, several)
  return grid.reduction > 1 ? fullGrid(count, height, width, mostPixels, several) : grid
}

function gridCaptions(stage: FinishedStage, grid: Grid, look: Look): string[] {
  const captions: string[] = []
  if (isColourPicture(stage)) {
    captions.push(`Red, green and blue as one picture${look.scaleBar ? '; the bar shows the range of each' : ''}`)
  }
  const count = tileCount(stage)
  if (look.apart) captions.push('Each channel on its own scale: equal colours are not equal values')
  else if (look.together) captions.push('One scale for all stages of the run')
  else if (count > 1) captions.push(`One scale for all ${count} channels`)
  else if (stage.part) captions.push('On the scale of the whole stage')
  if (grid.reduction > 1) {
    captions.push(`Reduced: each pixel is the mean of ${grid.reduction}×${grid.reduction} elements`)
  }
  return captions
}

function vectorBody(stage: FinishedStage, look: Look): Body {
  return stage.tensor.data.length <= mostBars ? barsBody(stage, look) : profileBody(stage, look)
}

function barsBody(stage: FinishedStage, { labels, scaleBar }: Look): Body {
  const { summary, tensor } = stage
  const names = entryNames(stage)
  const rows = { ...barColumns(names, tensor.data, bodyStyle, 200, labels), rowHeight: 26 }
  const axis = stage.part ? zeroRange(summary.min, summary.max) : barRange(tensor.data)
  const width = rows.nameWidth + rows.valueWidth + 380
  const height = names.length * rows.rowHeight
  return {
    width,
    height: height + (scaleBar ? 30 : 0),
    captions: [],
    draw(surface, left, top) {
      drawBarRows(surface, left, top, width, { names, values: tensor.data }, axis, rows, bodyStyle)
      if (scaleBar) drawBarAxis(surface, left, top + height + 6, width, axis, rows, smallStyle)
    },
  }
}

function profileBody(stage: FinishedStage, look: Look): Body {
  const { summary, tensor } = stage
  const { scale, labels, scaleBar, firstChannel } = look
  const shown = legendOf(look, summary)
  const axis = zeroRange(summary.min, summary.max)
  const room = 1024
  const { step, mean } = profileOf(tensor.data, room)
  const used = mean.length * Math.floor(room / mean.length)
  const height = 280
  const ticks = [...new Set([axis.from, 0, axis.to])].map((value) => ({ value, text: formatNumber(value) }))
  const gutter = scaleBar ? Math.ceil(Math.max(...ticks.map(({ text }) => measureText(text, smallStyle)))) + 8 : 0
  const captions = look.together ? ['One scale for all stages of the run'] : []
  if (step > 1)
    captions.push(`Each column: mean of ${step} entries in colour, from their least to their largest in grey`)
  return {
    width: gutter + used + (shown ? legendGap + verticalLegendWidth(shown, look.histogram) : 0),
    height: height + (labels ? 22 : 0),
    captions,
    draw(surface, left, top) {
      const plot = left + gutter
      drawProfile(surface, plot, top, room, height, tensor.data, axis, scale)
      if (labels) {
        surface.text(String(firstChannel), plot, top + height + 18, smallStyle)
        const last = String(firstChannel + tensor.data.length - 1)
        surface.text(last, plot + used, top + height + 18, smallStyle, 'right')
        surface.text('entry', plot + used / 2, top + height + 18, smallStyle, 'centre')
      }
      for (const { value, text } of scaleBar ? ticks : []) {
        const at = 1 - axisPosition(value, axis)
        // Zero gives way to an end it would touch.
        if (value === 0 && axis.from < 0 && axis.to > 0 && Math.min(at, 1 - at) * profilePlotHeight(height) < 16)
          continue
        const y = top + Math.round(at * profilePlotHeight(height))
        surface.text(text, plot - 8, y + 4, smallStyle, 'right')
      }
      if (shown) drawVerticalLegend(surface, plot + used + legendGap, top, height, shown)
    },
  }
}

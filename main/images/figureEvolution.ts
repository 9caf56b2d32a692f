/** `evolution.png`: the photo and all its stages side by side, joined by arrows: one picture for a slide. */

import type { Histogram, ImageInfo } from '../../shared/api.ts'
import { chooseScale, type ColourScale } from '../../shared/colour.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { byteHistogram } from '../../shared/histogram.ts'
import { finish } from '../../shared/steps.ts'
import { formatShape, pictureShape, type Tensor } from '../../shared/tensor.ts'
import { blendMask, createCanvas, fillRect, type Canvas, type Colour } from './canvas.ts'
import { fillContours } from './fill.ts'
import { barAxis, barColumns, drawBarAxis, drawBarRows, drawProfile, valueAxis } from './figureBars.ts'
import { drawTiles, fitGrid, tileCount, type Grid, type Painted } from './figureGrid.ts'
import { drawHorizontalLegend, horizontalLegendHeight } from './figureLegend.ts'
import { ink, muted, quietStyle, smallStyle } from './figureStyle.ts'
import { entryNames, isVector, type FinishedStage } from './figureStage.ts'
import { drawText, ellipsise, type TextStyle } from './text.ts'

/** Guides a card's texts and legend stand on; powers of two fill them with whole pixels an element. */
const cardWidth = 256
/** A grid may stand out by this much on each side, for its gaps. */
const overhang = 4
const arrowRoom = 60
const margin = 48
const headerHeight = 62
const nameHeight = 54
const legendGap = 18
const rowGap = 44
const noteLine = 18
const cardHeight = nameHeight + cardWidth + legendGap + horizontalLegendHeight
const mostInRow = 8
/** Entries of a vector that still have a readable row each in a card. */
const mostCardBars = 12

const headline: TextStyle = { size: 24, weight: 'bold', colour: ink }
const cardTitle: TextStyle = { size: 17, weight: 'bold', colour: ink }

export interface EvolutionRun {
  readonly image: ImageInfo
  readonly original: Tensor<Uint8Array>
  readonly pipeline: Pipeline
  readonly stages: readonly FinishedStage[]
}

/** Cards in each row: as few rows as hold `mostInRow` each, filled evenly. */
export function evolutionRows(cards: number): number[] {
  const rows = Math.ceil(cards / mostInRow)
  const columns = Math.ceil(cards / rows)
  return Array.from({ length: rows }, (_, row) => Math.min(columns, cards - row * columns))
}

/** Draws the whole evolution of a run. */
export function drawEvolution(run: EvolutionRun): Canvas {
  const cards = [originalCard(run), ...run.stages.map(stageCard)]
  const rows = evolutionRows(cards.length)
  const columns = rows[0]!
  const wraps = rows.length > 1
  // Wrapped rows have an arrow before their first card, and the first row the same room, so that cards stand below each other.
  const lead = wraps ? arrowRoom : 0
  const width = 2 * margin + lead + columns * cardWidth + (columns - 1) * arrowRoom + lead
  const notes = notesOf(cards)
  const footer = 30 + (notes.length - 1) * noteLine
  const height = margin + headerHeight + rows.length * cardHeight + (rows.length - 1) * rowGap + footer + margin - 12
  const canvas = createCanvas(width, height)
  drawHeader(canvas, run, margin + lead, width - 2 * margin - lead)
  cards.forEach((card, i) => {
    const row = Math.floor(i / columns)
    const column = i % columns
    const left = margin + lead + column * (cardWidth + arrowRoom)
    const top = margin + headerHeight + row * (cardHeight + rowGap)
    drawText(canvas, ellipsise(card.title, cardWidth, cardTitle), left, top + 18, cardTitle)
    drawText(canvas, ellipsise(card.detail, cardWidth, quietStyle), left, top + 39, quietStyle)
    card.draw(canvas, left, top + nameHeight)
    const middle = top + nameHeight + cardWidth / 2
    if (i > 0) drawArrow(canvas, left - arrowRoom + 14, middle, arrowRoom - 28)
    if (column === columns - 1 && i < cards.length - 1) drawArrow(canvas, left + cardWidth + 14, middle, arrowRoom - 28)
  })
  notes.forEach((text, i) => {
    const baseline = height - margin + 6 - (notes.length - 1 - i) * noteLine
    drawText(canvas, ellipsise(text, width - 2 * margin - lead, smallStyle), margin + lead, baseline, smallStyle)
  })
  return canvas
}

/** What the figure needs words for, a line each. */
function notesOf(cards: readonly Card[]): readonly string[] {
  const notes = ['Shapes are height×width×channels; the size of the original is width×height.']
  // That a photo is shown smaller needs no words; that a map of numbers is, does.
  if (cards.slice(1).some((card) => card.grid && card.grid.reduction > 1))
    notes.push('Pictures larger than their place are reduced: each pixel is the mean of the area it stands for.')
  if (cards.some((card) => card.summarised))
    notes.push(
      'Each column of a long vector: mean of its entries in colour, from their least to their largest in grey.',
    )
  return notes
}

function drawHeader(canvas: Canvas, run: EvolutionRun, left: number, room: number): void {
  const name = ellipsise(run.image.name, room * 0.6, headline)
  const used = drawText(canvas, name, left, margin + 22, headline)
  const pipeline = { ...quietStyle, size: 17 }
  drawText(canvas, ellipsise(run.pipeline.name, room - used - 16, pipeline), left + used + 16, margin + 22, pipeline)
}

interface Card {
  readonly title: string
  readonly detail: string
  readonly grid: Grid | undefined
  /** Whether it is a profile whose columns stand for several entries each. */
  readonly summarised: boolean
  draw(canvas: Canvas, left: number, top: number): void
}

const pictureBox = { width: cardWidth + 2 * overhang, height: cardWidth + 2 * overhang }

function originalCard({ image, original }: EvolutionRun): Card {
  const summary = { picture: 'light', min: 0, max: 255, channelNames: [] } as const
  return pictureCard(
    'Original',
    `${image.width}×${image.height} px · ${image.format.toUpperCase()}`,
    { summary, tensor: original },
    { name: 'grey', from: 0, to: 255 },
    finish(byteHistogram(original.data)),
  )
}

function stageCard(stage: FinishedStage): Card {
  const { summary } = stage
  const detail = `${formatShape(summary.shape)} · ${summary.dtype}`
  if (!isVector(stage)) return pictureCard(summary.title, detail, stage, chooseScale(summary), summary.histogram)
  const isShort = stage.tensor.data.length <= mostCardBars
  return {
    title: summary.title,
    detail,
    grid: undefined,
    summarised: !isShort && stage.tensor.data.length > cardWidth,
    draw: isShort ? barsDrawing(stage) : profileDrawing(stage),
  }
}

function pictureCard(title: string, detail: string, stage: Painted, scale: ColourScale, histogram: Histogram): Card {
  const [height, width] = pictureShape(stage.tensor.shape)
  const count = tileCount(stage)
  // A single picture keeps to the guides; a grid may stand out by its gaps.
  const box = count === 1 ? { width: cardWidth, height: cardWidth } : pictureBox
  const grid = fitGrid(count, height, width, box, { gap: count > 64 ? 1 : count > 16 ? 2 : 4, label: 0 })
  return {
    title,
    detail,
    grid,
    summarised: false,
    draw(canvas, left, top) {
      // Under its heading; one that stands out does so on both sides.
      const x = left + Math.min(0, Math.round((cardWidth - grid.width) / 2))
      const y = top + Math.round((cardWidth - grid.height) / 2)
      drawTiles(canvas, x, y, stage, grid)
      drawHorizontalLegend(canvas, left, top + cardWidth + legendGap, cardWidth, scale, histogram)
    },
  }
}

function barsDrawing(stage: FinishedStage): Card['draw'] {
  const { summary, tensor } = stage
  const names = entryNames(stage)
  const style: TextStyle = { size: 14, weight: 'regular', colour: ink }
  const rows = {
    ...barColumns(names, tensor.data, style, 96),
    rowHeight: Math.min(34, Math.floor(cardWidth / names.length)),
  }
  const axis = barAxis(summary.kind, summary.min, summary.max)
  return (canvas, left, top) => {
    const height = names.length * rows.rowHeight
    const start = top + Math.round((cardWidth - height) / 2)
    drawBarRows(canvas, left, start, cardWidth, { names, values: tensor.data }, axis, rows, style)
    drawBarAxis(canvas, left, start + height + 6, cardWidth, axis, rows, smallStyle)
  }
}

function profileDrawing(stage: FinishedStage): Card['draw'] {
  const { summary, tensor } = stage
  const scale = chooseScale(summary)
  const axis = valueAxis(summary.min, summary.max)
  const height = 180
  return (canvas, left, top) => {
    const start = top + Math.round((cardWidth - height) / 2)
    drawProfile(canvas, left, start, cardWidth, height, tensor.data, axis, scale)
    drawHorizontalLegend(canvas, left, top + cardWidth + legendGap, cardWidth, scale, summary.histogram)
  }
}

/** An arrow to the right: a line two pixels thick and a head. */
function drawArrow(canvas: Canvas, left: number, middle: number, length: number): void {
  const head = 10
  const colour: Colour = muted
  fillRect(canvas, left, middle - 1, length - head + 2, 2, colour)
  const mask = fillContours([[0, 0, head, 6, 0, 12]], head + 2, 12)
  blendMask(canvas, mask.coverage, mask.width, mask.height, left + length - head, middle - 6, colour)
}

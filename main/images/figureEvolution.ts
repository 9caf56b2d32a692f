/** `evolution.png`: the photo and all its stages side by side, joined by arrows: one picture for a slide. */

import type { ImageInfo } from '../../shared/api.ts'
import { negativeInfinityColour, notANumberColour, positiveInfinityColour } from '../../shared/colour.ts'
import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { byteHistogram } from '../../shared/histogram.ts'
import { finish } from '../../shared/steps.ts'
import { barRange, rangeOfAll, scaledStage, scaleOf, zeroRange, type Range } from '../../shared/scales.ts'
import { formatShape, pictureShape, type Tensor } from '../../shared/tensor.ts'
import { barColumns, drawBarAxis, drawBarRows, drawProfile } from './figureBars.ts'
import { drawTiles, fitGrid, reducedTo, tileCount, type Grid, type Painted } from './figureGrid.ts'
import { drawHorizontalLegend, horizontalLegendRoom, legendLabels, legendOf, type Legend } from './figureLegend.ts'
import { lookOf, type FinishedStage, type Look } from './figureLook.ts'
import { quietStyle, smallStyle } from './figureStyle.ts'
import { entryNames, isVector } from './figureStage.ts'
import type { Colour, Figure, Surface } from './surface.ts'
import { ellipsise, type TextStyle } from './text.ts'

/** Guides a card's texts and legend stand on; powers of two fill them with whole pixels an element. */
const cardWidth = 256
/** A grid may stand out by this much on each side, for its gaps. */
const overhang = 4
const arrowRoom = 60
const usualMargin = 48
const labelHeights = { header: 62, name: 54 } as const
const legendGap = 18
const rowGap = 44
const noteLine = 18
const mostInRow = 8
/** Entries of a vector that still have a readable row each in a card. */
const mostCardBars = 12

const headline: TextStyle = { size: 24, weight: 'bold', colour: 'ink' }
const cardTitle: TextStyle = { size: 17, weight: 'bold', colour: 'ink' }

export interface EvolutionRun {
  readonly image: ImageInfo
  readonly original: Tensor<Uint8Array>
  /** `smallPhoto` of it, where that is there already. */
  readonly small?: Tensor
  readonly pipeline: Pipeline
  readonly stages: readonly FinishedStage[]
}

/** A photo as large as the figure shows it: bytes, or where it had to be made smaller, the means of areas. */
export function smallPhoto(original: Tensor<Uint8Array>): Tensor {
  return reducedTo(cardWidth, original)
}

/** Cards in each row: as few rows as hold `mostInRow` each, filled evenly. */
export function evolutionRows(cards: number): number[] {
  const rows = Math.ceil(cards / mostInRow)
  const columns = Math.ceil(cards / rows)
  return Array.from({ length: rows }, (_, row) => Math.min(columns, cards - row * columns))
}

/** The whole evolution of a run. */
export function drawEvolution(run: EvolutionRun, options: FigureOptions = usualFigure): Figure {
  const { labels, legend, scaleBar } = options
  const everywhere = rangeOfAll(run.stages.map(({ summary }) => scaledStage(summary)))
  const cards = [originalCard(run, options), ...run.stages.map((stage) => stageCard(stage, options, everywhere))]
  const rows = evolutionRows(cards.length)
  const columns = rows[0]!
  const wraps = rows.length > 1
  // Wrapped rows have an arrow before their first card, and the first row the same room, so that cards stand below each other.
  const lead = wraps ? arrowRoom : 0
  const margin = labels || legend || scaleBar ? usualMargin : overhang
  const width = 2 * margin + lead + columns * cardWidth + (columns - 1) * arrowRoom + lead
  const notes = [...(labels ? [shapesNote] : []), ...(legend ? [...notesOf(cards), ...specialNotes(run.stages)] : [])]
  const footer = notes.length * noteLine
  const header = labels ? labelHeights.header : 0
  const name = labels ? labelHeights.name : 0
  const legendRoom = horizontalLegendRoom(options)
  const legendHeight = legend || scaleBar ? legendGap + legendRoom.above + legendRoom.below : 0
  const cardHeight = name + cardWidth + legendHeight
  const height = margin + header + rows.length * cardHeight + (rows.length - 1) * rowGap + footer + margin
  const heading = { left: margin + lead, baseline: margin + 22, room: width - 2 * margin - lead }
  return {
    width,
    height,
    title: `${run.image.name} through ${run.pipeline.name}`,
    draw(surface) {
      if (labels) drawHeader(surface, run, heading)
      cards.forEach((card, i) => {
        const row = Math.floor(i / columns)
        const column = i % columns
        const left = margin + lead + column * (cardWidth + arrowRoom)
        const top = margin + header + row * (cardHeight + rowGap)
        if (labels) {
          surface.text(ellipsise(card.title, cardWidth, cardTitle), left, top + 18, cardTitle)
          surface.text(ellipsise(card.detail, cardWidth, quietStyle), left, top + 39, quietStyle)
        }
        card.draw(surface, left, top + name, top + name + cardWidth + legendGap + legendRoom.above)
        const middle = top + name + cardWidth / 2
        if (i > 0) drawArrow(surface, left - arrowRoom + 14, middle, arrowRoom - 28)
        if (column === columns - 1 && i < cards.length - 1)
          drawArrow(surface, left + cardWidth + 14, middle, arrowRoom - 28)
      })
      notes.forEach(({ text, colour }, i) => {
        const baseline = height - margin + 6 - (notes.length - 1 - i) * noteLine
        const indent = colour ? 18 : 0
        if (colour) surface.rect(heading.left, baseline - 10, 11, 11, colour)
        surface.text(ellipsise(text, heading.room - indent, smallStyle), heading.left + indent, baseline, smallStyle)
      })
    },
  }
}

interface Note {
  readonly text: string
  /** What it is the meaning of. */
  readonly colour?: Colour
}

/** What the titles do not say of themselves. */
const shapesNote: Note = { text: 'Shapes are height×width×channels; the size of the original is width×height.' }

/** What the pictures need words for, a line each. */
function notesOf(cards: readonly Card[]): readonly Note[] {
  const notes: string[] = []
  if (cards.some((card) => card.look?.together)) notes.push('One scale for all stages.')
  if (cards.some((card) => card.look?.apart))
    notes.push('Each channel is painted on its own scale: equal colours are not equal values.')
  // That a photo is shown smaller needs no words; that a map of numbers is, does.
  if (cards.slice(1).some((card) => card.grid && card.grid.reduction > 1))
    notes.push('Pictures larger than their place are reduced: each pixel is the mean of the area it stands for.')
  if (cards.some((card) => card.summarised))
    notes.push(
      'Each column of a long vector: mean of its entries in colour, from their least to their largest in grey.',
    )
  return notes.map((text) => ({ text }))
}

/** What the colours mean that stand on no scale, where any stage has such values. */
function specialNotes(stages: readonly FinishedStage[]): readonly Note[] {
  const infinite = stages.filter(({ summary }) => summary.infinite > 0)
  const holds = (value: number) => infinite.some(({ tensor }) => tensor.data.includes(value))
  return [
    ...(stages.some(({ summary }) => summary.nan > 0) ? [{ text: 'not a number', colour: notANumberColour }] : []),
    ...(holds(Infinity) ? [{ text: 'plus infinity', colour: positiveInfinityColour }] : []),
    ...(holds(-Infinity) ? [{ text: 'minus infinity', colour: negativeInfinityColour }] : []),
  ]
}

function drawHeader(
  surface: Surface,
  run: EvolutionRun,
  { left, baseline, room }: { readonly left: number; readonly baseline: number; readonly room: number },
): void {
  // A name in letters that cannot be drawn would be a row of boxes; the file in hand has it all the same.
  const name = surface.canWrite(run.image.name) ? run.image.name : `A ${run.image.format.toUpperCase()} picture`
  const used = surface.text(ellipsise(name, room * 0.6, headline), left, baseline, headline)
  const pipeline = { ...quietStyle, size: 17 }
  surface.text(ellipsise(run.pipeline.name, room - used - 16, pipeline), left + used + 16, baseline, pipeline)
}

interface Card {
  readonly title: string
  readonly detail: string
  /** Null for the photo before the stages. */
  readonly look: Look | null
  readonly grid: Grid | undefined
  /** Whether it is a profile whose columns stand for several entries each. */
  readonly summarised: boolean
  /** `barTop`: where the bar of a legend below begins. */
  draw(surface: Surface, left: number, top: number, barTop: number): void
}

const pictureBox = { width: cardWidth + 2 * overhang, height: cardWidth + 2 * overhang }

function originalCard(
  { image, original, small = smallPhoto(original) }: EvolutionRun,
  { legend, scaleBar, scales }: FigureOptions,
): Card {
  const own = { name: 'grey', from: 0, to: 255 } as const
  const channels = image.channels
  const scaled = {
    title: 'Original',
    form: 'picture',
    channels,
    colour: channels === 3,
    scale: own,
    summary: null,
  } as const
  const scale = scaleOf(scaled, scales, null)
  const painted = { summary: { picture: 'light', channelNames: [] }, tensor: small } as const
  const histogram = legend ? finish(byteHistogram(original.data)) : null
  const shown = legend || scaleBar ? { scale, labels: legendLabels(scale), histogram, bar: scaleBar } : null
  const look = { scale, channelScale: () => scale, apart: false, firstChannel: 0 }
  return {
    ...pictureCard(painted, look, shown),
    title: 'Original',
    detail: `${image.width}×${image.height} px · ${image.format.toUpperCase()}`,
    look: null,
  }
}

function stageCard(stage: FinishedStage, options: FigureOptions, everywhere: Range | null): Card {
  const { summary } = stage
  const look = lookOf(stage, options, everywhere)
  const legend = legendOf(look, summary)
  const words = { title: summary.title, detail: `${formatShape(summary.shape)} · ${summary.dtype}`, look }
  if (!isVector(stage)) return { ...pictureCard(stage, look, legend), ...words }
  const isShort = stage.tensor.data.length <= mostCardBars
  return {
    ...words,
    grid: undefined,
    summarised: !isShort && stage.tensor.data.length > cardWidth,
    draw: isShort ? barsDrawing(stage, look) : profileDrawing(stage, look, legend),
  }
}

function pictureCard(
  stage: Painted,
  look: Parameters<typeof drawTiles>[5],
  legend: Legend | null,
): Pick<Card, 'grid' | 'summarised' | 'draw'> {
  const [height, width] = pictureShape(stage.tensor.shape)
  const count = tileCount(stage)
  // A single picture keeps to the guides; a grid may stand out by its gaps.
  const box = count === 1 ? { width: cardWidth, height: cardWidth } : pictureBox
  const grid = fitGrid(count, height, width, box, { gap: count > 64 ? 1 : count > 16 ? 2 : 4, label: 0 })
  return {
    grid,
    summarised: false,
    draw(surface, left, top, barTop) {
      // Under its heading; one that stands out does so on both sides.
      const x = left + Math.min(0, Math.round((cardWidth - grid.width) / 2))
      const y = top + Math.round((cardWidth - grid.height) / 2)
      drawTiles(surface, x, y, stage, grid, look)
      if (legend) drawHorizontalLegend(surface, left, barTop, cardWidth, legend)
    },
  }
}

function barsDrawing(stage: FinishedStage, { labels, scaleBar }: Look): Card['draw'] {
  const { tensor } = stage
  const names = entryNames(stage)
  const style: TextStyle = { size: 14, weight: 'regular', colour: 'ink' }
  const rows = {
    ...barColumns(names, tensor.data, style, 96, labels),
    rowHeight: Math.min(34, Math.floor(cardWidth / names.length)),
  }
  const axis = barRange(tensor.data)
  return (surface, left, top) => {
    const height = names.length * rows.rowHeight
    const start = top + Math.round((cardWidth - height) / 2)
    drawBarRows(surface, left, start, cardWidth, { names, values: tensor.data }, axis, rows, style)
    if (scaleBar) drawBarAxis(surface, left, start + height + 6, cardWidth, axis, rows, smallStyle)
  }
}

function profileDrawing({ summary, tensor }: FinishedStage, { scale }: Look, legend: Legend | null): Card['draw'] {
  const axis = zeroRange(summary.min, summary.max)
  const height = 180
  return (surface, left, top, barTop) => {
    const start = top + Math.round((cardWidth - height) / 2)
    drawProfile(surface, left, start, cardWidth, height, tensor.data, axis, scale)
    if (legend) drawHorizontalLegend(surface, left, barTop, cardWidth, legend)
  }
}

/** An arrow to the right: a line two pixels thick and a head. */
function drawArrow(surface: Surface, left: number, middle: number, length: number): void {
  const head = 10
  const tip = left + length
  surface.rect(left, middle - 1, length - head + 2, 2, 'muted')
  surface.polygon([tip - head, middle - 6, tip, middle, tip - head, middle + 6], 'muted')
}

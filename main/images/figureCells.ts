/** Grids of numbers on the colours of their scale: what a formula reads, a kernel, products. */

import { colourOf, inkOn, type ColourScale } from '../../shared/colour.ts'
import type { Box } from './box.ts'
import { drawScaleBar, scaleBarHeight } from './figureLegend.ts'
import { bodyStyle, formatColumn, formatNumber } from './figureStyle.ts'
import { frame, type Colour, type Surface } from './surface.ts'
import { measureText, type TextStyle } from './text.ts'

const numberStyle: TextStyle = { ...bodyStyle, size: 13 }
const black: Colour = [0, 0, 0]
const white: Colour = [255, 255, 255]
/** Between cells, so that a frame round one stands on none of its neighbours. */
const gap = 4
const smallestCell = 44
const markThickness = 3

export interface Cell {
  readonly value: number
  /** Padding has a number and no colour: it is nowhere in the picture. */
  readonly padding?: boolean
  /** Whether it is the one the formula takes. */
  readonly marked?: boolean
}

export interface Panel {
  /** Row by row. */
  readonly cells: readonly Cell[]
  readonly columns: number
  readonly scale: ColourScale
}

/** Whole numbers as they are, others rounded so that they can be compared. */
export function writeNumbers(values: readonly number[]): readonly string[] {
  const whole = values.every((value) => Number.isInteger(value) && Math.abs(value) < 1e6)
  return whole ? values.map(formatNumber) : formatColumn(values)
}

/** Pixels that hold every number of these panels: all cells of a figure are of one size. */
export function cellSize(panels: readonly Panel[], least: number | null): number {
  const texts = panels.flatMap(({ cells }) => writeNumbers(cells.map(({ value }) => value)))
  const widest = texts.reduce((most, text) => Math.max(most, measureText(text, numberStyle)), 0)
  return Math.max(smallestCell, least ?? 0, Math.ceil(widest) + 12)
}

export function gridBox({ cells, columns, scale }: Panel, size: number): Box {
  const texts = writeNumbers(cells.map(({ value }) => value))
  const rows = Math.ceil(cells.length / columns)
  return {
    width: columns * (size + gap) - gap,
    height: rows * (size + gap) - gap,
    draw(surface, left, top) {
      cells.forEach((cell, i) => {
        const x = left + (i % columns) * (size + gap)
        const y = top + Math.floor(i / columns) * (size + gap)
        drawCell(surface, x, y, size, cell, texts[i]!, scale)
      })
    },
  }
}

function drawCell(
  surface: Surface,
  left: number,
  top: number,
  size: number,
  { value, padding, marked }: Cell,
  text: string,
  scale: ColourScale,
): void {
  const baseline = top + Math.round(size / 2 + numberStyle.size * 0.36)
  if (padding) {
    frame(surface, left + 1, top + 1, size - 2, size - 2)
    surface.text(text, left + size / 2, baseline, { ...numberStyle, colour: 'muted' }, 'centre')
  } else {
    const colour = colourOf(value, scale)
    surface.rect(left, top, size, size, colour)
    const ink = inkOn(colour) === '#000000' ? black : white
    surface.text(text, left + size / 2, baseline, { ...numberStyle, colour: ink }, 'centre')
  }
  if (!marked) return
  for (let i = 0; i < markThickness; i++) {
    frame(surface, left - i, top - i, size + 2 * i, size + 2 * i, 'accent')
  }
}

/** One number on its colour. */
export function cellBox(cell: Cell, scale: ColourScale, least: number | null): Box {
  const panel = { cells: [cell], columns: 1, scale }
  return gridBox(panel, cellSize([panel], least))
}

/** Narrower than this, the numbers at its ends touch. */
const narrowestBar = 110

export function scaleBar(scale: ColourScale, width: number): Box {
  const length = Math.max(width, narrowestBar)
  return {
    width: length,
    height: scaleBarHeight,
    draw(surface, left, top) {
      drawScaleBar(surface, left, top, length, scale)
    },
  }
}

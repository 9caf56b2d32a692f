/** The small picture on a stage's card: its channels side by side. */

import type { TensorWindow } from '../../shared/api.ts'
import type { ColourScale } from '../../shared/colour.ts'
import type { Rect, Size } from '../../shared/tensor.ts'
import { bitmapOf, pixelsOf, type Shown } from './pixels.ts'

/** Channels drawn, cells a side, and how many channels are left over for a `+6`. */
export interface CardGrid {
  readonly side: number
  readonly drawn: number
  readonly more: number
}

export function cardGrid(channels: number): CardGrid {
  const side = channels === 1 ? 1 : channels <= 4 ? 2 : 3
  const drawn = channels > side * side ? side * side - 1 : channels
  return { side, drawn, more: channels - drawn }
}

/** Room between cells, as a share of the card. */
const cellGap = 1 / 50

/** Where a channel's picture of `size` elements lies, as shares of the square card. */
export function cardCell(index: number, side: number, size: Size): Rect {
  const gap = side === 1 ? 0 : cellGap
  const cell = (1 - gap * (side - 1)) / side
  const fit = Math.min(cell / size.width, cell / size.height)
  const [width, height] = [size.width * fit, size.height * fit]
  return {
    left: (index % side) * (cell + gap) + (cell - width) / 2,
    top: Math.floor(index / side) * (cell + gap) + (cell - height) / 2,
    width,
    height,
  }
}

/** Draws the channels of a window into the cells of a square canvas, each as large as it fits. */
export function drawCard(
  canvas: HTMLCanvasElement,
  window: TensorWindow,
  shown: readonly Shown[],
  scale: ColourScale,
  side: number,
): void {
  const context = canvas.getContext('2d')!
  const gap = side === 1 ? 0 : Math.round(canvas.width * cellGap)
  const cell = (canvas.width - gap * (side - 1)) / side
  context.clearRect(0, 0, canvas.width, canvas.height)
  for (const [i, what] of shown.entries()) {
    const bitmap = bitmapOf(pixelsOf(window, what, scale))
    // By the stage's own proportions: the last block of a mean stands for fewer elements.
    const fit = Math.min(cell / window.rect.width, cell / window.rect.height)
    const width = Math.max(1, Math.round(window.rect.width * fit))
    const height = Math.max(1, Math.round(window.rect.height * fit))
    const x = Math.round((i % side) * (cell + gap) + (cell - width) / 2)
    const y = Math.round(Math.floor(i / side) * (cell + gap) + (cell - height) / 2)
    context.imageSmoothingEnabled = bitmap.width > width
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, x, y, width, height)
  }
}

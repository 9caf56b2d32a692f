/** Where the channels of a stage go: their grid, and how large an element is. */

import type { StageSummary } from '../../shared/api.ts'
import { chooseScale, paintChannel, paintColour, type ColourScale, type Paintable } from '../../shared/colour.ts'
import { pictureShape, type Tensor } from '../../shared/tensor.ts'
import { drawPixels, strokeAround, type Canvas } from './canvas.ts'
import { hairline, tinyStyle } from './figureStyle.ts'
import { areaMeans, blocks, equalParts } from './reduce.ts'
import { drawText, ellipsise, measureText } from './text.ts'

/** What painting needs to know of a stage, or of the photo before the first one. */
export interface Painted {
  readonly summary: Pick<StageSummary, 'picture' | 'min' | 'max' | 'channelNames'>
  readonly tensor: Tensor
}

export interface Grid {
  readonly columns: number
  readonly rows: number
  /** Pixels of a tile. */
  readonly tileWidth: number
  readonly tileHeight: number
  /** Pixels an element is wide and high; 1 where elements are averaged. */
  readonly scale: number
  /** Elements averaged into a pixel along each axis: 1 for none; not whole where a tile is fitted to a box. */
  readonly reduction: number
  readonly gap: number
  /** Pixels above each tile for its name. */
  readonly label: number
  readonly width: number
  readonly height: number
}

interface GridOptions {
  readonly gap: number
  readonly label: number
}

/** Wider than high is better than the other way round, as pages and screens are. */
const wantedAspect = 1.25

/**
 * The grid that shows `count` tiles of height × width elements largest within a box: whole pixels an element where
 * that fits, else tiles reduced to fit.
 */
export function fitGrid(
  count: number,
  height: number,
  width: number,
  box: { readonly width: number; readonly height: number },
  options: GridOptions,
): Grid {
  let best: { grid: Grid; magnification: number; cost: number } | undefined
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const acrossRoom = (box.width - (columns - 1) * options.gap) / columns
    const downRoom = (box.height - (rows - 1) * options.gap) / rows - options.label
    if (acrossRoom < 1 || downRoom < 1) continue
    const fit = Math.min(acrossRoom / width, downRoom / height)
    const magnification = fit >= 1 ? Math.floor(fit) : fit
    const grid = makeGrid(columns, rows, height, width, magnification >= 1 ? [magnification, 1] : [1, 1 / fit], options)
    const cost = (columns * rows - count) / count + Math.abs(Math.log(grid.width / grid.height / wantedAspect))
    if (!best || magnification > best.magnification || (magnification === best.magnification && cost < best.cost)) {
      best = { grid, magnification, cost }
    }
  }
  // More tiles than the box has pixels: one row of the smallest tiles, which the caller's bound on channels prevents.
  return best?.grid ?? makeGrid(count, 1, height, width, [1, Math.max(width, height)], options)
}

/** Pixels a tile is wide or high at most: a picture one pixel high may have millions of them. */
export const longestSide = 16_384

/**
 * The grid at one pixel an element, or at means over whole blocks where that is more than `pixels` altogether or a
 * tile would be longer than `longestSide`.
 */
export function fullGrid(count: number, height: number, width: number, pixels: number, options: GridOptions): Grid {
  let best: { columns: number; cost: number } | undefined
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const aspect = (columns * width) / (rows * height)
    const cost = (columns * rows - count) / count + Math.abs(Math.log(aspect / wantedAspect))
    if (!best || cost < best.cost) best = { columns, cost }
  }
  const { columns } = best!
  const rows = Math.ceil(count / columns)
  let step = Math.max(
    1,
    Math.ceil(Math.sqrt((columns * rows * width * height) / pixels)),
    Math.ceil(Math.max(width, height) / longestSide),
  )
  let grid = makeGrid(columns, rows, height, width, [1, step], options)
  // Names and gaps take room too: of thousands of flat tiles, nearly all of it.
  while (grid.width * grid.height > 4 * pixels && grid.tileWidth * grid.tileHeight > 1) {
    step *= 2
    grid = makeGrid(columns, rows, height, width, [1, step], options)
  }
  return grid
}

function makeGrid(
  columns: number,
  rows: number,
  height: number,
  width: number,
  [scale, reduction]: readonly [scale: number, reduction: number],
  { gap, label }: GridOptions,
): Grid {
  // Up to the next whole pixel for blocks, the last of which may be smaller; down where equal parts must fit a box.
  const round = Number.isInteger(reduction) ? Math.ceil : Math.floor
  const tileWidth = Math.max(1, round((width * scale) / reduction))
  const tileHeight = Math.max(1, round((height * scale) / reduction))
  return {
    columns,
    rows,
    tileWidth,
    tileHeight,
    scale,
    reduction,
    gap,
    label,
    width: columns * tileWidth + (columns - 1) * gap,
    height: rows * (tileHeight + label) + (rows - 1) * gap,
  }
}

/** Left and top of a tile's picture within its grid. */
export function tileAt(grid: Grid, index: number): readonly [left: number, top: number] {
  const column = index % grid.columns
  const row = Math.floor(index / grid.columns)
  return [column * (grid.tileWidth + grid.gap), row * (grid.tileHeight + grid.label + grid.gap) + grid.label]
}

/** Whether a stage is shown as one picture in colour. */
export function isColourPicture({ summary, tensor }: Painted): boolean {
  return summary.picture === 'light' && pictureShape(tensor.shape)[2] === 3
}

/** How many tiles a stage is shown as. */
export function tileCount(stage: Painted): number {
  return isColourPicture(stage) ? 1 : pictureShape(stage.tensor.shape)[2]
}

/** Paints all tiles of a stage, named where the grid has room for names. */
export function drawTiles(canvas: Canvas, left: number, top: number, stage: Painted, grid: Grid): void {
  const scale = chooseScale(stage.summary)
  const source: Paintable = { shape: pictureShape(stage.tensor.shape), data: stage.tensor.data }
  if (isColourPicture(stage)) {
    drawTile(canvas, left, top, source, 'colour', scale, grid)
    return
  }
  const count = source.shape[2]
  for (let channel = 0; channel < count; channel++) {
    const [x, y] = tileAt(grid, channel)
    drawTile(canvas, left + x, top + y, source, channel, scale, grid)
    if (grid.label > 0) {
      const text = tileLabel(channel, stage.summary.channelNames[channel], grid.tileWidth)
      drawText(canvas, text, left + x, top + y - 5, tinyStyle)
    }
  }
}

/** `0 · Sobel x`, cut to the tile's width; only the number, or nothing, where that is all that fits. */
export function tileLabel(channel: number, name: string | undefined, width: number): string {
  const number = String(channel)
  if (measureText(number, tinyStyle) > width) return ''
  if (name === undefined) return number
  const cut = ellipsise(`${number} · ${name}`, width, tinyStyle)
  // A name cut to its first letter says nothing.
  return cut.length < number.length + 6 && cut.endsWith('…') ? number : cut
}

function drawTile(
  canvas: Canvas,
  left: number,
  top: number,
  source: Paintable,
  channel: number | 'colour',
  scale: ColourScale,
  grid: Grid,
): void {
  const { tileWidth, tileHeight } = grid
  const channels: readonly [number, number] = channel === 'colour' ? [0, 3] : [channel, channel + 1]
  const reduced = grid.reduction > 1 ? reduce(source, channels, grid) : undefined
  const shown = reduced ?? source
  const [height, width] = shown.shape
  const rgba = new Uint8Array(height * width * 4)
  if (channel === 'colour') paintColour(shown, scale, rgba)
  else paintChannel(shown, reduced ? 0 : channel, scale, rgba)
  drawPixels(canvas, rgba, width, height, left, top, grid.scale)
  strokeAround(canvas, left, top, tileWidth, tileHeight, hairline)
}

function reduce(source: Paintable, channels: readonly [number, number], grid: Grid): Paintable {
  const [height, width] = source.shape
  const parts = Number.isInteger(grid.reduction)
    ? { rows: blocks(height, grid.reduction), columns: blocks(width, grid.reduction) }
    : { rows: equalParts(height, grid.tileHeight), columns: equalParts(width, grid.tileWidth) }
  return areaMeans(source, channels, parts.rows, parts.columns)
}

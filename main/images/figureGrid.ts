/** Where the channels of a stage go: their grid, and how large an element is. */

import type { StageSummary } from '../../shared/api.ts'
import { paintChannel, paintColour, type ColourScale, type Paintable } from '../../shared/colour.ts'
import { pictureShape, type Tensor } from '../../shared/tensor.ts'
import type { Look } from './figureLook.ts'
import { formatNumber, tinyStyle } from './figureStyle.ts'
import { areaMeans, blocks, equalParts } from './reduce.ts'
import { frame, type Surface } from './surface.ts'
import { ellipsise, measureText } from './text.ts'

/** What painting needs to know of a stage, or of the photo before the first one. */
export interface Painted {
  readonly summary: Pick<StageSummary, 'picture' | 'channelNames'>
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
  const columns = evenColumns(count, height, width)
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

/** The grid whose elements are `size` pixels wide and high, however large it gets. */
export function sizedGrid(count: number, height: number, width: number, size: number, options: GridOptions): Grid {
  const columns = evenColumns(count, height, width)
  return makeGrid(columns, Math.ceil(count / columns), height, width, [size, 1], options)
}

/** Columns that give a grid nearest to the wanted shape, with few places left empty. */
function evenColumns(count: number, height: number, width: number): number {
  let best = { columns: 1, cost: Infinity }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const aspect = (columns * width) / (rows * height)
    const cost = (columns * rows - count) / count + Math.abs(Math.log(aspect / wantedAspect))
    if (cost < best.cost) best = { columns, cost }
  }
  return best.columns
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
export function drawTiles(
  surface: Surface,
  left: number,
  top: number,
  stage: Painted,
  grid: Grid,
  look: Pick<Look, 'scale' | 'channelScale' | 'apart' | 'firstChannel'>,
): void {
  const source: Paintable = { shape: pictureShape(stage.tensor.shape), data: stage.tensor.data }
  if (isColourPicture(stage)) {
    drawTile(surface, left, top, source, 'colour', look.scale, grid)
    return
  }
  const count = source.shape[2]
  for (let channel = 0; channel < count; channel++) {
    const [x, y] = tileAt(grid, channel)
    const scale = look.apart ? look.channelScale(channel) : look.scale
    drawTile(surface, left + x, top + y, source, channel, scale, grid)
    if (grid.label > 0) {
      const name = stage.summary.channelNames[channel]
      const range = look.apart ? `${formatNumber(scale.from)} to ${formatNumber(scale.to)}` : ''
      const written = name !== undefined && surface.canWrite(name) ? name : undefined
      const text = tileLabel(look.firstChannel + channel, written, grid.tileWidth, range)
      surface.text(text, left + x, top + y - 5, tinyStyle)
    }
  }
}

/**
 * `0 · Sobel x`, cut to the tile's width; only the number, or nothing, where that is all that fits. The range of a scale
 * of its own comes before the name: without it the colours mean nothing.
 */
export function tileLabel(channel: number, name: string | undefined, width: number, range = ''): string {
  const number = String(channel)
  if (range !== '') {
    const texts = [...(name === undefined ? [] : [`${number} · ${name}: ${range}`]), `${number}: ${range}`, range]
    const fits = texts.find((text) => measureText(text, tinyStyle) <= width)
    if (fits !== undefined) return fits
  }
  if (measureText(number, tinyStyle) > width) return ''
  if (name === undefined) return number
  const cut = ellipsise(`${number} · ${name}`, width, tinyStyle)
  // A name cut to its first letter says nothing.
  return cut.length < number.length + 6 && cut.endsWith('…') ? number : cut
}

function drawTile(
  surface: Surface,
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
  surface.picture(rgba, width, height, left, top, grid.scale)
  frame(surface, left, top, tileWidth, tileHeight)
}

/** A picture of numbers no larger than a box of this side: the means of what each pixel of it would stand for. */
export function reducedTo(side: number, tensor: Tensor): Tensor {
  const shape = pictureShape(tensor.shape)
  const [height, width, channels] = shape
  const grid = fitGrid(1, height, width, { width: side, height: side }, { gap: 0, label: 0 })
  return grid.reduction > 1 ? reduce({ shape, data: tensor.data }, [0, channels], grid) : tensor
}

function reduce(source: Paintable, channels: readonly [number, number], grid: Grid): Paintable {
  const [height, width] = source.shape
  const parts = Number.isInteger(grid.reduction)
    ? { rows: blocks(height, grid.reduction), columns: blocks(width, grid.reduction) }
    : { rows: equalParts(height, grid.tileHeight), columns: equalParts(width, grid.tileWidth) }
  return areaMeans(source, channels, parts.rows, parts.columns)
}

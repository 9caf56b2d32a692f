/** What of a source is on screen: which channels as which pictures, in which grid, and which window of it that needs. */

import type { WindowRequest } from '../../shared/api.ts'
import type { Size, TensorData } from '../../shared/tensor.ts'
import { gridLayout, wrapColumns, type Grid } from './layout.ts'
import type { Source } from './source.ts'
import { fitScale, scaleOf, visibleRect, type View } from './zoom.ts'

/** A picture on screen: one channel, or three as red, green and blue. */
export type Tile = number | 'colour'

export interface Choices {
  readonly page: number
  /** The one channel shown alone. */
  readonly solo: number | null
  /** Show the channels of a colour photo apart. */
  readonly split: boolean
}

export const noChoices: Choices = { page: 0, solo: null, split: false }

export interface Arrangement {
  readonly tiles: readonly Tile[]
  readonly grid: Grid
  /** Columns and rows of one picture, in elements. */
  readonly picture: Size
  /** [first, end) of the channels on this page; of a block, of its values. */
  readonly channels: readonly [number, number]
  readonly pages: number
  /** Values of a wrapped vector on this page; the picture may have a few places more. */
  readonly count: number | null
}

const captionHeight = 20
const gap = 12
const smallestTile = 92
/** Values of a vector to a page: more would be smaller than a pixel each. */
const blockPage = 16_384
/** A window of at most this many values is taken whole and never asked for again while zooming. */
const wholeLimit = 1_500_000

export function arrange(source: Source, choices: Choices, box: Size, ratio: number): Arrangement {
  if (source.form !== 'picture') return arrangeVector(source, choices, box, ratio)
  const together = source.colour && !choices.split && choices.solo === null
  const alone = together || choices.solo !== null || source.channels === 1
  const count = alone ? 1 : source.channels
  const grid = gridLayout({
    count,
    box,
    aspect: source.width / source.height,
    caption: count > 1 || choices.solo !== null ? captionHeight : 0,
    gap,
    smallest: smallestTile,
  })
  const page = Math.min(choices.page, grid.pages - 1)
  const first = choices.solo ?? page * grid.perPage
  const end = together ? 3 : Math.min(source.channels, first + (alone ? 1 : grid.perPage))
  const tiles = together ? (['colour'] as const) : Array.from({ length: end - first }, (_, i) => first + i)
  const picture = { width: source.width, height: source.height }
  return {
    tiles,
    grid: snug(grid, picture, ratio),
    picture,
    channels: [first, end],
    pages: grid.pages,
    count: null,
  }
}

function arrangeVector(source: Source, choices: Choices, box: Size, ratio: number): Arrangement {
  const pages = Math.ceil(source.channels / blockPage)
  const first = Math.min(choices.page, pages - 1) * blockPage
  const count = Math.min(blockPage, source.channels - first)
  const width = wrapColumns(count)
  const picture = { width, height: Math.ceil(count / width) }
  const aspect = picture.width / picture.height
  return {
    tiles: [0],
    grid: snug(gridLayout({ count: 1, box, aspect, caption: 0, gap, smallest: smallestTile }), picture, ratio),
    picture,
    channels: [first, first + count],
    pages,
    count,
  }
}

/** Tiles exactly as large as the fitted picture, in whole device pixels, so that captions and pictures share their edges. */
function snug(grid: Grid, picture: Size, ratio: number): Grid {
  const scale = fitScale(grid.tile, picture, ratio)
  const snap = (length: number) => Math.max(1, Math.round(length * scale * ratio)) / ratio
  return { ...grid, tile: { width: snap(picture.width), height: snap(picture.height) } }
}

/** The window that shows the visible part of each picture at about the resolution of the screen. */
export function requestFor(source: Source, plan: Arrangement, view: View, ratio: number): Required<WindowRequest> {
  const { picture, channels, grid } = plan
  const whole = { left: 0, top: 0, width: source.width, height: source.height }
  const depth = channels[1] - channels[0]
  if (plan.count !== null || source.width * source.height * depth <= wholeLimit) {
    return { rect: whole, channels, maxSize: Math.min(16_384, Math.max(whole.width, whole.height)) }
  }
  const rect = visibleRect(view, grid.tile, picture, ratio, 0.25)
  const longest = Math.max(rect.width, rect.height) * scaleOf(view, grid.tile, picture, ratio) * ratio
  // Twice the pixels of the screen and averaged down looks better than fewer and stretched; many channels cannot afford it.
  const generous = longest * longest * 4 * depth <= wholeLimit * 4 ? 2 : 1
  return { rect, channels, maxSize: Math.min(16_384, Math.max(1, Math.ceil(longest * generous))) }
}

/** Elements a block mean of the answer will stand for on each side. */
export function stepOf(request: Required<WindowRequest>): number {
  return Math.max(1, Math.ceil(Math.max(request.rect.width, request.rect.height) / request.maxSize))
}

/** A value of a window, by its place in the stage; undefined where the window does not hold that very element. */
export function elementOf(
  window: {
    readonly rect: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
    readonly channels: readonly [number, number]
    readonly step: number
    readonly shape: readonly [number, number, number]
    readonly data: TensorData
  },
  row: number,
  column: number,
  channel: number,
): number | undefined {
  const { rect, channels, shape, data } = window
  const y = row - rect.top
  const x = column - rect.left
  if (window.step !== 1 || y < 0 || x < 0 || y >= shape[0] || x >= shape[1]) return undefined
  if (channel < channels[0] || channel >= channels[1]) return undefined
  return data[(y * shape[1] + x) * shape[2] + channel - channels[0]]
}

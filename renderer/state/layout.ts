/** How the channels of a stage share the room: rows, columns, and how many to a page. */

import type { Size } from '../../shared/tensor.ts'

export interface GridOptions {
  /** Pictures to place. */
  readonly count: number
  /** The room, in CSS pixels. */
  readonly box: Size
  /** Width over height of one picture. */
  readonly aspect: number
  /** Height of the caption above each picture. */
  readonly caption: number
  readonly gap: number
  /** The longer side of a picture never falls below this; what does not fit goes on further pages. */
  readonly smallest: number
}

export interface Grid {
  readonly columns: number
  readonly rows: number
  readonly perPage: number
  readonly pages: number
  /** The room of one picture without its caption. */
  readonly tile: Size
}

/** The grid with the largest pictures; several pages where they would fall below `smallest`. */
export function gridLayout(options: GridOptions): Grid {
  const { count, box, aspect, caption, gap, smallest } = options
  const needed = {
    width: aspect >= 1 ? smallest : smallest * aspect,
    height: aspect >= 1 ? smallest / aspect : smallest,
  }
  const mostColumns = Math.max(1, Math.floor((box.width + gap) / (needed.width + gap)))
  const mostRows = Math.max(1, Math.floor((box.height + gap) / (needed.height + caption + gap)))
  const perPage = Math.min(count, mostColumns * mostRows)
  let best = tileFor(1, perPage, options)
  let columns = 1
  for (let candidate = 2; candidate <= perPage; candidate++) {
    const tile = tileFor(candidate, perPage, options)
    if (tile.width > best.width + 0.5) {
      best = tile
      columns = candidate
    }
  }
  return { columns, rows: Math.ceil(perPage / columns), perPage, pages: Math.ceil(count / perPage), tile: best }
}

function tileFor(columns: number, count: number, { box, aspect, caption, gap }: GridOptions): Size {
  const rows = Math.ceil(count / columns)
  const width = (box.width - gap * (columns - 1)) / columns
  const height = (box.height - gap * (rows - 1)) / rows - caption
  const used = Math.max(1, Math.min(width, height * aspect))
  return { width: used, height: used / aspect }
}

/** Columns that make a long vector a readable block: a power of two, about as high as wide. */
export function wrapColumns(length: number): number {
  return Math.max(8, 2 ** Math.ceil(Math.log2(Math.sqrt(length))))
}

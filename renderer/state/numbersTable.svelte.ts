/** The visible window of a picture's numbers, as a table that is read instead of looked at. */

import type { Rect } from '../../shared/tensor.ts'
import { elementOf, type Tile } from './arrangement.ts'
import { isCancelled, sentence } from './notices.svelte.ts'
import { channelName, type Source } from './source.ts'
import type { ViewerState } from './viewer.svelte.ts'
import { visibleRect } from './zoom.ts'

export interface NumbersTable {
  readonly title: string
  /** What the numbers of the columns and rows are. */
  readonly columns: readonly number[]
  readonly rows: readonly { readonly row: number; readonly cells: readonly (readonly number[])[] }[]
  /** How much of the picture it is. */
  readonly part: string
}

/** A table larger than this is not read by anyone. */
const mostRows = 32
const mostColumns = 32

export class NumbersTableState {
  table = $state.raw<NumbersTable | null>(null)
  error = $state<string | null>(null)
  open = $state(false)
  #asking: AbortController | null = null

  /** Shows what is seen of the channel with the cursor, or of the first one; of a large part, what is round the cursor. */
  async show(view: ViewerState): Promise<void> {
    const { source, plan } = view
    if (!source || !plan || source.form === 'bars') return
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    this.open = true
    this.error = null
    this.table = null
    const tile = view.hover?.tile ?? plan.tiles[0]!
    const seen = visibleRect(view.view, plan.grid.tile, plan.picture, view.ratio)
    const rect = part(seen, view.hover)
    try {
      const table =
        source.form === 'block'
          ? await vectorTable(source, rect, plan.picture.width, plan.channels, asking.signal)
          : await pictureTable(source, rect, tile, asking.signal)
      if (this.#asking === asking) this.table = table
    } catch (error) {
      if (this.#asking === asking && !isCancelled(error)) this.error = sentence(error)
    }
  }

  close(): void {
    this.#asking?.abort()
    this.#asking = null
    this.open = false
    this.table = null
  }
}

/** At most so many rows and columns of what is seen: those round the cursor, or the middle ones. */
function part(seen: Rect, cursor: { readonly row: number; readonly column: number } | null): Rect {
  const [width, height] = [Math.min(mostColumns, seen.width), Math.min(mostRows, seen.height)]
  const row = cursor?.row ?? seen.top + (seen.height >> 1)
  const column = cursor?.column ?? seen.left + (seen.width >> 1)
  const start = (at: number, first: number, all: number, length: number) =>
    Math.max(first, Math.min(first + all - length, at - (length >> 1)))
  return {
    left: start(column, seen.left, seen.width, width),
    top: start(row, seen.top, seen.height, height),
    width,
    height,
  }
}

async function pictureTable(source: Source, rect: Rect, tile: Tile, signal: AbortSignal): Promise<NumbersTable> {
  const channels = tile === 'colour' ? ([0, 3] as const) : ([tile, tile + 1] as const)
  const window = await source.read({ rect, channels, maxSize: Math.max(rect.width, rect.height) }, signal)
  const wanted = tile === 'colour' ? [0, 1, 2] : [tile]
  const columns = numbers(rect.left, rect.width)
  const name =
    source.channels === 1 ? '' : tile === 'colour' ? ', red, green and blue' : `, ${channelName(source, tile)}`
  return {
    title: `${source.title}${name}`,
    columns,
    rows: numbers(rect.top, rect.height).map((row) => ({
      row,
      cells: columns.map((column) => wanted.map((channel) => elementOf(window, row, column, channel)!)),
    })),
    part: `${rect.width} columns and ${rect.height} rows of ${source.width} × ${source.height}`,
  }
}

/** A vector in the rows it is shown in. */
async function vectorTable(
  source: Source,
  rect: Rect,
  rowLength: number,
  [first, end]: readonly [number, number],
  signal: AbortSignal,
): Promise<NumbersTable> {
  const from = first + rect.top * rowLength
  const to = Math.min(end, from + rect.height * rowLength)
  const { data } = await source.read({ channels: [from, to] }, signal)
  const columns = numbers(rect.left, rect.width)
  return {
    title: source.title,
    columns,
    rows: numbers(0, rect.height).map((row) => ({
      row: from + row * rowLength,
      cells: columns.flatMap((column) => {
        const at = row * rowLength + column
        return at < data.length ? [[data[at]!]] : []
      }),
    })),
    part: `elements ${from} to ${to - 1} of ${source.channels}, ${rowLength} to a row`,
  }
}

function numbers(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => first + i)
}

/**
 * Sources in tiles of their very elements, for values of pictures that are on screen as means: the tile wanted is read
 * before all others, then what is seen of the picture from there outwards, as far as there is room.
 */

import type { TensorWindow } from '../../shared/api.ts'
import type { Place } from '../../shared/explain.ts'
import type { Rect } from '../../shared/tensor.ts'
import { elementOf } from './arrangement.ts'
import type { Source } from './source.ts'

/** What is seen of a source: where, and which channels [first, end). */
export interface Seen {
  readonly rect: Rect
  readonly channels: readonly [number, number]
}

/** How a source is cut: elements a side, and channels. */
interface Cut {
  readonly side: number
  readonly depth: number
}

interface Tile {
  readonly source: string
  readonly at: Place
  readonly window: TensorWindow
}

interface Flight {
  readonly source: string
  readonly ahead: boolean
  readonly abort: AbortController
  readonly landed: Promise<void>
}

/** Bytes of a tile, about: read and sent in a few milliseconds. */
const tileBytes = 1 << 20
const sides = { bytes: 512, floats: 256 }
/** Bytes kept in all, and read ahead of the pointer: all of a colour photo of 24 megapixels. */
const room = 112e6
const roomAhead = 80e6
const flightsAhead = 2
const flightsWanted = 2

export class Tiles {
  /** By source, channels and place, oldest first. Another object when a tile has come that a value was looked for in. */
  #held = $state.raw({ tiles: new Map<string, Tile>() })
  readonly #flights = new Map<string, Flight>()
  /** Tiles that a value was looked for in, and their sources. */
  readonly #missed = new Map<string, string>()
  #bytes = 0
  #focus: { readonly source: Source; readonly at: Place; readonly seen: Seen } | null = null

  /** Values of neighbouring channels, as far as they are here; three from the first on, or one, always lie in one tile. */
  valuesAt(source: Source, at: Place, channels: readonly number[]): readonly number[] | null {
    const key = keyOf(source, at)
    const window = this.#held.tiles.get(key)?.window
    if (!window) {
      this.#missed.set(key, source.key)
      return null
    }
    const values = channels.map((channel) => elementOf(window, at.row, at.column, channel))
    return values.every((value) => value !== undefined) ? values : null
  }

  /** Resolves when the tile of an element is here. Rejects as the source does; `cancelled` where others were wanted since. */
  async read(source: Source, at: Place): Promise<void> {
    const key = keyOf(source, at)
    if (this.#held.tiles.has(key)) return
    const waiting = [...this.#flights].filter(([, flight]) => flight.source === source.key && !flight.ahead)
    const known = this.#flights.get(key)
    if (!known && waiting.length >= flightsWanted) this.#giveUp(waiting[0]![0])
    await (known ?? this.#fetch(source, at, false)).landed
  }

  /** Reads on from an element outwards, until all that is seen is here or the room for it is used. */
  readAhead(source: Source, at: Place, seen: Seen): void {
    if (this.#focus?.source.key !== source.key) this.stop()
    this.#focus = { source, at, seen }
    this.#goOn()
  }

  /** Reads nothing ahead any more. */
  stop(): void {
    this.#focus = null
    for (const [key, { ahead }] of this.#flights) if (ahead) this.#giveUp(key)
  }

  /** Forgets all sources but these. */
  keep(sources: ReadonlySet<string>): void {
    for (const [key, { source }] of this.#held.tiles) if (!sources.has(source)) this.#drop(key)
    for (const [key, source] of this.#missed) if (!sources.has(source)) this.#missed.delete(key)
  }

  #goOn(): void {
    const focus = this.#focus
    if (!focus) return
    const { source, at, seen } = focus
    let used = 0
    let flying = [...this.#flights.values()].filter(({ ahead }) => ahead).length
    for (const near of outwards(source, at, seen)) {
      const key = keyOf(source, near)
      used += this.#held.tiles.get(key)?.window.data.byteLength ?? tileBytes
      if (used > roomAhead || flying >= flightsAhead) return
      if (this.#held.tiles.has(key) || this.#flights.has(key)) continue
      flying++
      // What is read ahead in vain is read again when it is wanted, and then its failure is told.
      this.#fetch(source, near, true).landed.then(
        () => {
          this.#goOn()
        },
        () => undefined,
      )
    }
  }

  #fetch(source: Source, at: Place, ahead: boolean): Flight {
    const key = keyOf(source, at)
    const abort = new AbortController()
    const land = async () => {
      try {
        const window = await source.read(tileAt(source, at), abort.signal)
        if (!abort.signal.aborted) this.#put(key, source.key, at, window)
      } finally {
        if (this.#flights.get(key) === flight) this.#flights.delete(key)
      }
    }
    const flight: Flight = { source: source.key, ahead, abort, landed: Promise.resolve().then(land) }
    this.#flights.set(key, flight)
    return flight
  }

  /** At once no longer under way, so that it can be wanted again. */
  #giveUp(key: string): void {
    this.#flights.get(key)?.abort.abort()
    this.#flights.delete(key)
  }

  #put(key: string, source: string, at: Place, window: TensorWindow): void {
    this.#drop(key)
    this.#held.tiles.set(key, { source, at, window })
    this.#bytes += window.data.byteLength
    while (this.#bytes > room && this.#held.tiles.size > 1) this.#drop(this.#leastNeeded())
    if (this.#missed.delete(key)) this.#held = { tiles: this.#held.tiles }
  }

  #drop(key: string): void {
    this.#bytes -= this.#held.tiles.get(key)?.window.data.byteLength ?? 0
    this.#held.tiles.delete(key)
  }

  /** The oldest of another source than the one pointed at, else the farthest of that. */
  #leastNeeded(): string {
    const focus = this.#focus
    let [last] = this.#held.tiles.keys()
    let farthest = -1
    for (const [key, { source, at }] of this.#held.tiles) {
      if (source !== focus?.source.key) return key
      const distance = Math.hypot(at.row - focus.at.row, at.column - focus.at.column)
      if (distance > farthest) [last, farthest] = [key, distance]
    }
    return last!
  }
}

function cutOf({ summary, height, width }: Source): Cut {
  const bytes = summary === null || summary.dtype === 'uint8'
  const side = bytes ? sides.bytes : sides.floats
  const values = bytes ? tileBytes : tileBytes / 8
  return { side, depth: Math.max(3, Math.floor(values / (Math.min(side, height) * Math.min(side, width)))) }
}

function keyOf(source: Source, { row, column, channel }: Place): string {
  const { side, depth } = cutOf(source)
  return [source.key, Math.floor(row / side), Math.floor(column / side), Math.floor(channel / depth)].join(' ')
}

function tileAt(source: Source, { row, column, channel }: Place): { rect: Rect; channels: readonly [number, number] } {
  const { side, depth } = cutOf(source)
  const [top, left, first] = [row - (row % side), column - (column % side), channel - (channel % depth)]
  const [height, width] = [Math.min(side, source.height - top), Math.min(side, source.width - left)]
  return { rect: { left, top, width, height }, channels: [first, Math.min(source.channels, first + depth)] }
}

/** An element of each tile that is seen, nearest first: by rings round the tile of `at`, channels further off later. */
function* outwards(source: Source, at: Place, { rect, channels }: Seen): Generator<Place, void, void> {
  const { side, depth } = cutOf(source)
  const axis = (first: number, end: number, size: number, here: number) => ({
    from: Math.floor(first / size) - Math.floor(here / size),
    to: Math.floor((end - 1) / size) - Math.floor(here / size),
  })
  const rows = axis(rect.top, rect.top + rect.height, side, at.row)
  const columns = axis(rect.left, rect.left + rect.width, side, at.column)
  const groups = axis(channels[0], channels[1], depth, at.channel)
  const reach = ({ from, to }: { from: number; to: number }) => Math.max(Math.abs(from), Math.abs(to))
  const start = tileAt(source, at)
  for (let distance = 0; distance <= Math.max(reach(rows), reach(columns)) + reach(groups); distance++) {
    for (let group = groups.from; group <= groups.to; group++) {
      const ring = distance - Math.abs(group)
      if (ring < 0) continue
      for (let y = Math.max(-ring, rows.from); y <= Math.min(ring, rows.to); y++) {
        // Of the rows between the first and the last of a ring only its two sides.
        const step = Math.abs(y) === ring ? 1 : 2 * ring
        for (let x = -ring; x <= ring; x += step) {
          if (x < columns.from || x > columns.to) continue
          yield {
            row: start.rect.top + y * side,
            column: start.rect.left + x * side,
            channel: start.channels[0] + group * depth,
          }
        }
      }
    }
  }
}

/** The numbers at the element pointed at: of the window on screen, or where that is of means of a tile read for it. */

import type { TensorWindow } from '../../shared/api.ts'
import type { Place } from '../../shared/explain.ts'
import type { Rect } from '../../shared/tensor.ts'
import { elementOf, type Arrangement, type Tile } from './arrangement.ts'
import type { Source } from './source.ts'
import type { Tiles } from './tiles.svelte.ts'

/** Where the pointer or the keyboard's cursor is: an element of the stage. Of a vector only `tile` counts. */
export interface Element {
  readonly row: number
  readonly column: number
  /** The channel, or `colour` where three are seen at once. */
  readonly tile: Tile
}

/** The numbers at the element pointed at: one, or three of a colour photo; null until they are known. */
export interface Readout {
  readonly row: number
  readonly column: number
  readonly channel: Tile
  readonly values: readonly number[] | null
}

/** What is on screen of a source, and how it is laid out. */
interface Seen {
  readonly source: Source
  readonly window: TensorWindow
  readonly plan: Arrangement
}

export class ElementReader {
  readonly #tiles: Tiles

  constructor(tiles: Tiles) {
    this.#tiles = tiles
  }

  readoutOf(seen: Seen, { row, column, tile }: Element): Readout {
    const values = this.#valuesAt(seen, { row, column, tile })
    if (seen.source.form !== 'block') return { row, column, channel: tile, values }
    return { row: 0, column: 0, channel: seen.plan.channels[0] + row * seen.plan.picture.width + column, values }
  }

  /** As far as they are in hand. */
  #valuesAt({ source, window, plan }: Seen, element: Element): readonly number[] | null {
    const shown = valuesIn(window, element, source, plan)
    // Vectors are always on screen as they are.
    if (shown || source.form !== 'picture') return shown
    return this.#tiles.valuesAt(source, placeOf(element), channelsOf(element))
  }

  /** Reads an element that is on screen only as part of a mean, and those round it that are seen in `rect`. */
  async read({ source, plan }: Pick<Seen, 'source' | 'plan'>, element: Element, rect: Rect): Promise<void> {
    const at = placeOf(element)
    const wanted = this.#tiles.read(source, at)
    this.#tiles.readAhead(source, at, { rect, channels: plan.channels })
    await wanted
  }

  /** Nothing is pointed at any more. */
  stop(): void {
    this.#tiles.stop()
  }
}

function placeOf({ row, column, tile }: Element): Place {
  return { row, column, channel: tile === 'colour' ? 0 : tile }
}

function channelsOf({ tile }: Element): readonly number[] {
  return tile === 'colour' ? [0, 1, 2] : [tile]
}

function valuesIn(
  window: TensorWindow,
  { row, column, tile }: Element,
  { form }: Source,
  { channels, picture }: Arrangement,
): readonly number[] | null {
  const values =
    form === 'bars'
      ? [elementOf(window, 0, 0, tile as number)]
      : form === 'block'
        ? [elementOf(window, 0, 0, channels[0] + row * picture.width + column)]
        : channelsOf({ row, column, tile }).map((channel) => elementOf(window, row, column, channel))
  return values.every((value) => value !== undefined) ? values : null
}

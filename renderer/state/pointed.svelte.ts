/** The numbers at the element pointed at: of the window on screen, or of a small one read round it. */

import type { TensorWindow } from '../../shared/api.ts'
import { elementOf, patchRound, type Arrangement, type Tile } from './arrangement.ts'
import type { Source } from './source.ts'

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
  /** Elements round the last one that had to be read, so that the next ones are in hand. */
  #patch = $state.raw<{ readonly source: Source; readonly window: TensorWindow } | null>(null)
  #asking: AbortController | null = null

  readoutOf(seen: Seen, { row, column, tile }: Element): Readout {
    const values = this.valuesAt(seen, { row, column, tile })
    if (seen.source.form !== 'block') return { row, column, channel: tile, values }
    return { row: 0, column: 0, channel: seen.plan.channels[0] + row * seen.plan.picture.width + column, values }
  }

  /** As far as they are in hand. */
  valuesAt({ source, window, plan }: Seen, element: Element): readonly number[] | null {
    const patch = this.#patch?.source === source ? this.#patch.window : null
    return valuesIn(window, element, source, plan) ?? (patch && valuesIn(patch, element, source, plan))
  }

  /** A small read for an element that is on screen only as part of a mean; whoever asks next is answered instead. */
  async read(source: Source, element: Element): Promise<void> {
    this.stop()
    const asking = new AbortController()
    this.#asking = asking
    const channels = element.tile === 'colour' ? ([0, 3] as const) : ([element.tile, element.tile + 1] as const)
    try {
      const window = await source.read({ rect: patchRound(element, source), channels }, asking.signal)
      if (this.#asking === asking) this.#patch = { source, window }
    } catch (error) {
      if (this.#asking === asking) throw error
    }
  }

  stop(): void {
    this.#asking?.abort()
    this.#asking = null
  }
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
        : (tile === 'colour' ? [0, 1, 2] : [tile]).map((channel) => elementOf(window, row, column, channel))
  return values.every((value) => value !== undefined) ? values : null
}

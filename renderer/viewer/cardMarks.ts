/** What is marked on a stage's card: where the cursor is in it, and what of it is read. In shares of the card's square. */

import type { Region } from '../../shared/explain.ts'
import type { Rect } from '../../shared/tensor.ts'
import { cardCell, cardGrid } from '../draw/card.ts'
import type { Reading } from '../state/cursor.svelte.ts'
import { wrapColumns } from '../state/layout.ts'
import type { CardPicture } from '../state/stageSlots.ts'

export interface CardMark extends Rect {
  readonly key: string
  /** `spot`: the corresponding element; `field`: the receptive field. */
  readonly kind: 'spot' | 'field'
  readonly chosen: boolean
}

/** A receptive field to be outlined; `chosen`: of the chosen probe. */
export interface MarkedField {
  readonly key: string
  readonly region: Region
  readonly chosen: boolean
}

export function cardMarks(
  { source, window }: CardPicture,
  reading: Reading | null,
  fields: readonly MarkedField[],
): readonly CardMark[] {
  const marks: CardMark[] = []
  if (source.form === 'bars') return marks
  const mark = (
    key: string,
    part: Pick<CardMark, 'kind' | 'chosen'>,
    rect: Rect,
    channels: readonly [number, number],
  ) => {
    if (source.form === 'block') {
      const columns = wrapColumns(window.channels[1])
      const rows = Math.ceil(window.channels[1] / columns)
      const whole = channels[1] - channels[0] >= source.channels
      if (channels[0] >= window.channels[1] || (!whole && channels[1] - channels[0] > 1)) return
      const at = { left: channels[0] % columns, top: Math.floor(channels[0] / columns), width: 1, height: 1 }
      const cell = cardCell(0, 1, { width: columns, height: rows })
      marks.push({
        key,
        ...part,
        ...inside(cell, whole ? { left: 0, top: 0, width: columns, height: rows } : at, columns),
      })
      return
    }
    const grid = source.colour ? { side: 1, drawn: 1 } : cardGrid(source.channels)
    for (let i = 0; i < grid.drawn; i++) {
      if (!source.colour && (i < channels[0] || i >= channels[1])) continue
      const cell = cardCell(i, grid.side, source)
      marks.push({ key: `${key}:${i}`, ...part, ...inside(cell, rect, source.width) })
    }
  }
  for (const { key, region, chosen } of fields) mark(key, { kind: 'field', chosen }, region.rect, region.channels)
  if (reading?.place) {
    const { row, column, channel } = reading.place
    const rect = { left: column, top: row, width: 1, height: 1 }
    mark('spot', { kind: 'spot', chosen: false }, rect, [channel, channel + 1])
  }
  return marks
}

/** A rectangle of elements inside the share of the card that shows `columns` of them side by side. */
function inside(cell: Rect, rect: Rect, columns: number): Rect {
  const element = cell.width / columns
  return {
    left: cell.left + rect.left * element,
    top: cell.top + rect.top * element,
    width: rect.width * element,
    height: rect.height * element,
  }
}

/** An element of a stage: that it is there, and where one of a vector stands in the picture it was flattened from. */

import type { PlannedStage } from '../../../shared/api.ts'
import { LoupeError } from '../../../shared/errors.ts'
import type { Place } from '../../../shared/explain.ts'
import type { LayerSpec } from '../../../shared/layers/index.ts'
import { elementCount, pictureShape, type Shape } from '../../../shared/tensor.ts'
import type { Elements } from '../../layers/explain.ts'
import { reachOf } from '../../layers/index.ts'

/** Throws `bad-request` saying what the valid range is. */
export function checkPlace({ index, shape }: PlannedStage, { row, column, channel }: Place): void {
  const axes = [
    ['row', row],
    ['column', column],
    ['channel', channel],
  ] as const
  for (const [i, [name, at]] of axes.entries()) {
    const count = pictureShape(shape)[i]!
    if (at < count) continue
    const range = count === 1 ? `only ${name} 0` : `${name}s 0 to ${count - 1}`
    throw new LoupeError('bad-request', `There is no ${name} ${at} in stage ${index}: it has ${range}.`, {
      stage: index,
    })
  }
}

export function elementAt({ row, column, channel }: Place): Elements {
  return { rows: [row], columns: [column], channels: [channel] }
}

/** The one element there is, or null where there is none or more than one. */
function onlyOne({ rows, columns, channels }: Elements): Place | null {
  if (rows.length !== 1 || columns.length !== 1 || channels.length !== 1) return null
  return { row: rows[0]!, column: columns[0]!, channel: channels[0]! }
}

export interface Unflattened {
  /** The picture stage. */
  readonly stage: number
  readonly place: (channel: number) => Place
}

/** The picture whose elements, one each, a vector stage has; null where there is none. */
export function unflatten(layers: readonly LayerSpec[], shapes: readonly Shape[], stage: number): Unflattened | null {
  if (shapes[stage]!.length !== 1) return null
  // The stages through which each element comes from one other.
  const through: number[] = []
  let at = stage
  while (shapes[at]!.length === 1) {
    const reach = reachOf(layers[at]!, shapes[at - 1]!, elementAt({ row: 0, column: 0, channel: 0 }))
    if (!onlyOne(reach) || elementCount(shapes[at - 1]!) !== elementCount(shapes[at]!)) return null
    through.push(at--)
  }
  const place = (channel: number) =>
    through.reduce<Place>((found, index) => onlyOne(reachOf(layers[index]!, shapes[index - 1]!, elementAt(found)))!, {
      row: 0,
      column: 0,
      channel,
    })
  return { stage: at, place }
}

/**
 * One cursor, all stages: where an element stands in the stage before and in the one after.
 *
 * The rule. Between neighbouring stages an element corresponds to the centre of what it reads, as the engine tells it
 * (`receptiveField` of three neighbouring elements gives the whole plane, turned and mirrored layers among them); down
 * the other way this is inverted, and the nearest element taken. Half-way between two, the upper left counts. Between
 * the photo and the input stage, which only resizes it, places are proportional. A flattened element is the one of the
 * picture it was. There is no corresponding place where nothing is near (the padding, what a crop cut away), nor beyond
 * a layer that reads a whole vector.
 */

import type { Place, Region } from '../../shared/explain.ts'
import { elementCount, pictureShape, type Shape } from '../../shared/tensor.ts'

/** How the elements of a stage stand over those of the one before. */
export type Link =
  | {
      readonly kind: 'plane'
      /** Row and column before = matrix · (row, column) + offset. */
      readonly matrix: readonly [readonly [number, number], readonly [number, number]]
      readonly offset: readonly [number, number]
      /** Rows and columns an element reads. */
      readonly reach: readonly [number, number]
    }
  /** Element k of a vector is element k of what was before. */
  | { readonly kind: 'index' }
  /** Element k of a vector is made of all of channel k. */
  | { readonly kind: 'channels' }
  | { readonly kind: 'none' }

/** What an element of the stage reads of the one before; null: nothing. */
export type Ask = (place: Place) => Promise<Region | null>

export async function linkOf(before: Shape, after: Shape, ask: Ask): Promise<Link> {
  const [height, width, depth] = pictureShape(before)
  if (after.length !== 3) {
    const count = elementCount(after)
    const region = await ask({ row: 0, column: 0, channel: count - 1 })
    if (region?.count === 1 && elementCount(before) === count) return { kind: 'index' }
    const alone = region && region.channels[1] - region.channels[0] === 1
    if (before.length === 3 && alone && region.count === height * width && count === depth) return { kind: 'channels' }
    return { kind: 'none' }
  }
  if (before.length !== 3) return { kind: 'none' }
  const [rows, columns] = pictureShape(after)
  // Two neighbours in the middle, where windows are whole.
  const row = Math.max(0, (rows >> 1) - 1)
  const column = Math.max(0, (columns >> 1) - 1)
  const [here, below, right] = await Promise.all([
    ask({ row, column, channel: 0 }),
    rows > 1 ? ask({ row: row + 1, column, channel: 0 }) : null,
    columns > 1 ? ask({ row, column: column + 1, channel: 0 }) : null,
  ])
  if (!here) return proportional(before, after)
  const from = centre(here)
  const step = (other: Region | null, alone: readonly [number, number]): readonly [number, number] => {
    if (!other) return alone
    const to = centre(other)
    return [to[0] - from[0], to[1] - from[1]]
  }
  const byRow = step(below, [1, 0])
  const byColumn = step(right, [0, 1])
  const whole = [below, right].every(
    (other) => !other || (other.rect.width === here.rect.width && other.rect.height === here.rect.height),
  )
  // Where windows are so large that every one is cut, only the proportions are left to go by.
  if (!whole || determinant(byRow, byColumn) === 0) return proportional(before, after)
  return {
    kind: 'plane',
    matrix: [
      [byRow[0], byColumn[0]],
      [byRow[1], byColumn[1]],
    ],
    offset: [from[0] - byRow[0] * row - byColumn[0] * column, from[1] - byRow[1] * row - byColumn[1] * column],
    reach: [here.rect.height, here.rect.width],
  }
}

/** A stage that is its input resized. */
export function proportional(before: Shape, after: Shape): Link {
  const [height, width] = pictureShape(before)
  const [rows, columns] = pictureShape(after)
  const [down, across] = [height / rows, width / columns]
  return {
    kind: 'plane',
    matrix: [
      [down, 0],
      [0, across],
    ],
    offset: [(down - 1) / 2, (across - 1) / 2],
    reach: [down + 1, across + 1],
  }
}

/** A place that may lie between elements, on its way through several stages. */
export type Spot = Place

/** The place in the stage before; null: there is none. */
export function upward(link: Link, spot: Spot, before: Shape): Spot | null {
  const [height, width, depth] = pictureShape(before)
  switch (link.kind) {
    case 'plane': {
      const { matrix, offset, reach } = link
      const row = matrix[0][0] * spot.row + matrix[0][1] * spot.column + offset[0]
      const column = matrix[1][0] * spot.row + matrix[1][1] * spot.column + offset[1]
      const inside = kept(row, height, reach[0])
      const beside = kept(column, width, reach[1])
      if (inside === null || beside === null) return null
      return { row: inside, column: beside, channel: channelIn(spot.channel, depth) }
    }
    case 'index': {
      if (before.length !== 3) return spot
      const pixel = Math.floor(spot.channel / depth)
      return { row: Math.floor(pixel / width), column: pixel % width, channel: spot.channel % depth }
    }
    case 'channels':
      return { row: (height - 1) / 2, column: (width - 1) / 2, channel: spot.channel }
    case 'none':
      return null
  }
}

/** The place in the stage after. */
export function downward(link: Link, spot: Spot, before: Shape, after: Shape): Spot | null {
  const [, width, depth] = pictureShape(before)
  const [rows, columns, channels] = pictureShape(after)
  switch (link.kind) {
    case 'plane': {
      const [[a, b], [c, d]] = link.matrix
      const over = determinant([a, b], [c, d])
      const [y, x] = [spot.row - link.offset[0], spot.column - link.offset[1]]
      // What an element reads, in elements of its own stage.
      const inside = kept(
        (d * y - b * x) / over,
        rows,
        (link.reach[0] * Math.abs(d) + link.reach[1] * Math.abs(b)) / Math.abs(over),
      )
      const beside = kept(
        (a * x - c * y) / over,
        columns,
        (link.reach[1] * Math.abs(a) + link.reach[0] * Math.abs(c)) / Math.abs(over),
      )
      if (inside === null || beside === null) return null
      return { row: inside, column: beside, channel: channelIn(spot.channel, channels) }
    }
    case 'index': {
      if (before.length !== 3) return spot
      const { row, column, channel } = elementNear(spot)
      return { row: 0, column: 0, channel: (row * width + column) * depth + channel }
    }
    case 'channels':
      return { row: 0, column: 0, channel: spot.channel }
    case 'none':
      return null
  }
}

/** The element a spot is nearest to; the upper left where it lies half-way. */
export function elementNear({ row, column, channel }: Spot): Place {
  const near = (at: number) => Math.ceil(at - 0.5 - 1e-9) + 0
  return { row: near(row), column: near(column), channel }
}

/** The same channel where the stage has it, else the first. */
function channelIn(channel: number, channels: number): number {
  return channel < channels ? channel : 0
}

/** Kept on the axis if what is read there is still near enough; `reach` elements are read round each. */
function kept(at: number, length: number, reach: number): number | null {
  const inside = Math.max(0, Math.min(length - 1, at))
  return Math.abs(inside - at) <= reach / 2 ? inside : null
}

function centre({ rect }: Region): readonly [number, number] {
  return [rect.top + (rect.height - 1) / 2, rect.left + (rect.width - 1) / 2]
}

function determinant(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] * b[1] - a[1] * b[0]
}

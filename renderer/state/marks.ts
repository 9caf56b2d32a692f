/** Lists of marks, as a brush makes them: short where one mark can say what several would. */

import type { Mark } from '../../shared/layers/definition.ts'
import type { Size } from '../../shared/tensor.ts'

export interface Spot {
  readonly row: number
  readonly column: number
}

/** The square of `size` elements round an element, cut at the edges of the picture; null where nothing of it is inside. */
export function stampAt(
  at: Spot,
  size: number,
  picture: Size,
): Pick<Mark, 'row' | 'column' | 'height' | 'width'> | null {
  const along = (centre: number, length: number): readonly [number, number] => {
    const first = centre - ((size - 1) >> 1)
    return [Math.max(0, first), Math.min(length, first + size)]
  }
  const [top, bottom] = along(at.row, picture.height)
  const [left, right] = along(at.column, picture.width)
  if (bottom <= top || right <= left) return null
  return { row: top, column: left, height: bottom - top, width: right - left }
}

/** The elements on a straight line, without the one it begins at unless it is all there is. */
export function lineTo(from: Spot, to: Spot): readonly Spot[] {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column))
  if (steps === 0) return [to]
  return Array.from({ length: steps }, (_, i) => ({
    row: from.row + Math.round(((to.row - from.row) * (i + 1)) / steps),
    column: from.column + Math.round(((to.column - from.column) * (i + 1)) / steps),
  }))
}

/**
 * The list with a mark more: earlier ones that it covers go, it grows the last one where both are one rectangle, and one
 * that gives back what was there is left out where nothing lies under it.
 */
export function withMark(marks: readonly Mark[], mark: Mark): Mark[] {
  const kept = marks.filter((earlier) => !contains(mark, earlier))
  if (mark.value === null && !kept.some((earlier) => overlap(mark, earlier))) return kept
  const last = kept.at(-1)
  const joined = last && joinedOf(last, mark)
  return joined ? [...kept.slice(0, -1), joined] : [...kept, mark]
}

function contains(outer: Mark, inner: Mark): boolean {
  return (
    (outer.channel === null || outer.channel === inner.channel) &&
    outer.row <= inner.row &&
    outer.column <= inner.column &&
    outer.row + outer.height >= inner.row + inner.height &&
    outer.column + outer.width >= inner.column + inner.width
  )
}

function overlap(a: Mark, b: Mark): boolean {
  return (
    (a.channel === null || b.channel === null || a.channel === b.channel) &&
    a.row < b.row + b.height &&
    b.row < a.row + a.height &&
    a.column < b.column + b.width &&
    b.column < a.column + a.width
  )
}

/** Both as one, where they paint the same and lie in the same rows, or the same columns, without a gap. */
function joinedOf(a: Mark, b: Mark): Mark | null {
  if (a.channel !== b.channel || a.value?.join() !== b.value?.join() || (a.value === null) !== (b.value === null)) {
    return null
  }
  const touch = (from: number, length: number, other: number, otherLength: number) =>
    from <= other + otherLength && other <= from + length
  const rows = a.row === b.row && a.height === b.height && touch(a.column, a.width, b.column, b.width)
  const columns = a.column === b.column && a.width === b.width && touch(a.row, a.height, b.row, b.height)
  if (!rows && !columns && !contains(a, b)) return null
  const [row, column] = [Math.min(a.row, b.row), Math.min(a.column, b.column)]
  return {
    ...b,
    row,
    column,
    height: Math.max(a.row + a.height, b.row + b.height) - row,
    width: Math.max(a.column + a.width, b.column + b.width) - column,
  }
}

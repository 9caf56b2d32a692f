/** Where a layer reads, as a plane: from the middles of what three neighbouring elements read, which element reads a place. */

export interface Point {
  readonly row: number
  readonly column: number
}

/**
 * The element that reads about `wanted`, if `at` reads round `from`, and the next one down and to the right (steps of
 * `down.by` and `right.by`) round theirs. Null where moving the element does not move what is read.
 */
export function readingElement(
  wanted: Point,
  at: Point,
  from: Point,
  down: { readonly by: number; readonly from: Point },
  right: { readonly by: number; readonly from: Point },
): Point | null {
  const slope = (next: { readonly by: number; readonly from: Point }) =>
    next.by === 0
      ? null
      : { row: (next.from.row - from.row) / next.by, column: (next.from.column - from.column) / next.by }
  const rows = slope(down)
  const columns = slope(right)
  const dy = wanted.row - from.row
  const dx = wanted.column - from.column
  if (rows && columns) {
    const area = rows.row * columns.column - rows.column * columns.row
    if (area === 0) return null
    return {
      row: Math.round(at.row + (dy * columns.column - dx * columns.row) / area),
      column: Math.round(at.column + (dx * rows.row - dy * rows.column) / area),
    }
  }
  const only = rows ?? columns
  if (!only) return null
  const length = only.row ** 2 + only.column ** 2
  if (length === 0) return null
  const steps = Math.round((dy * only.row + dx * only.column) / length)
  return rows ? { row: at.row + steps, column: at.column } : { row: at.row, column: at.column + steps }
}

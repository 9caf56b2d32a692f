/** Sorting and searching: NaN comes last, equal elements keep their order. */

import { flatOf, fromFlat, type NDArray, ownFlat } from './array.ts'
import { few, RowOrder, sortFew, wholeRange } from './digits.ts'
import { int64 } from './dtype.ts'
import { type Flat, isWide, newDoubles, type Wide } from './storage.ts'

type Compare = (x: number | bigint, y: number | bigint) => number

/** NaN after all numbers. */
export const compare: Compare = (x, y) => {
  if (x < y) return -1
  if (x > y) return 1
  return x === y ? 0 : x !== x ? (y !== y ? 0 : 1) : -1
}

/** The axis brought to the end, the work done on C-ordered rows, and the axis put back. */
function alongAxis(a: NDArray, axis: number, work: (moved: NDArray) => NDArray): NDArray {
  const rest = a.shape.map((_, i) => i).filter((i) => i !== axis)
  const done = work(a.transpose([...rest, axis]))
  const back = a.shape.map((_, i) => (i < axis ? i : i === axis ? a.ndim - 1 : i - 1))
  return axis === a.ndim - 1 ? done : done.transpose(back).copy()
}

/** In place. */
function sortNumbers(row: Flat): void {
  if (isWide(row)) {
    row.sort()
    return
  }
  if (row.length <= few) {
    sortFew(row)
    return
  }
  // JavaScript's own sort is quick, but puts −0 before 0: those are put back as they came.
  const zeros = row.some((value) => Object.is(value, -0)) ? row.filter((value) => value === 0) : null
  const range = wholeRange(row)
  if (range === null || range.most - range.least > row.length) row.sort()
  else sortCounted(row, range.least, range.most)
  if (zeros !== null) row.set(zeros, row.indexOf(0))
}

/** Whole numbers, of which there are few different ones. */
function sortCounted(row: Float64Array, least: number, most: number): void {
  const counts = new Uint32Array(most - least + 1)
  for (let i = 0; i < row.length; i++) counts[row[i]! - least]!++
  for (let i = 0, from = 0; i < counts.length; i++) {
    const to = from + counts[i]!
    row.fill(least + i, from, to)
    from = to
  }
}

export function sort(a: NDArray, axis: number): NDArray {
  return alongAxis(a, axis, (moved) => {
    const flat = flatOf(moved).slice()
    const count = a.shape[axis]!
    for (let from = 0; from < flat.length && count > 1; from += count) {
      sortNumbers(flat.subarray(from, from + count))
    }
    return fromFlat(flat, a.dtype, moved.shape)
  })
}

/** The order of whole numbers that doubles do not hold. */
function orderOfWide(row: Wide): Int32Array {
  return new Int32Array(row.length).map((_, i) => i).sort((i, j) => compare(row[i]!, row[j]!))
}

export function argsort(a: NDArray, axis: number): NDArray {
  return alongAxis(a, axis, (moved) => {
    const flat = flatOf(moved)
    const count = a.shape[axis]!
    const out = newDoubles(flat.length)
    const order = new RowOrder(count)
    for (let from = 0; from < flat.length; from += count) {
      const row = flat.subarray(from, from + count)
      out.set(isWide(row) ? orderOfWide(row) : order.of(row), from)
    }
    return fromFlat(out, int64, moved.shape)
  })
}

/** Where in a sorted row each value would go: before equal ones, or after them. */
export function searchSorted(sorted: NDArray, values: NDArray, right: boolean): NDArray {
  const row = flatOf(sorted)
  const out = Float64Array.from({ length: values.size }, () => 0)
  const wanted = flatOf(values)
  for (let i = 0; i < out.length; i++) {
    let [low, high] = [0, row.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const way = compare(row[middle]!, wanted[i]!)
      if (way < 0 || (right && way === 0)) low = middle + 1
      else high = middle
    }
    out[i] = low
  }
  return fromFlat(out, int64, values.shape)
}

export interface Unique {
  readonly values: NDArray
  readonly first: NDArray
  readonly inverse: NDArray
  readonly counts: NDArray
}

/** The different elements, sorted, with where each was first, which one each element is, and how many there are. */
export function unique(a: NDArray): Unique {
  const flat = flatOf(a)
  const order = isWide(flat) ? orderOfWide(flat) : new RowOrder(flat.length).of(flat)
  const { first, inverse, counts } = groups(order, (i, j) => compare(flat[i]!, flat[j]!) === 0)
  const values = fromFlat(pick(flat, first), a.dtype, [first.length])
  return { values, first: ints(first), inverse: fromFlat(inverse, int64, a.shape), counts: ints(counts) }
}

/** The same without the places, which cost most. */
export function distinct(a: NDArray): Pick<Unique, 'values' | 'counts'> {
  const row = ownFlat(a)
  sortNumbers(row)
  const starts = newDoubles(row.length)
  let found = 0
  for (let i = 0; i < row.length; i++) if (i === 0 || compare(row[i]!, row[i - 1]!) !== 0) starts[found++] = i
  const first = starts.slice(0, found)
  const counts = first.map((start, i) => (first[i + 1] ?? row.length) - start)
  return { values: fromFlat(pick(row, first), a.dtype, [found]), counts: ints(counts) }
}

/** The same of the slices along an axis, in the order of their elements. */
export function uniqueAlong(a: NDArray, axis: number): Unique {
  const rest = a.shape.map((_, i) => i).filter((i) => i !== axis)
  const flat = flatOf(a.transpose([axis, ...rest]))
  const length = a.shape[axis]!
  const each = length === 0 ? 0 : flat.length / length
  const way = (i: number, j: number) => {
    for (let k = 0; k < each; k++) {
      const way = compare(flat[i * each + k]!, flat[j * each + k]!)
      if (way !== 0) return way
    }
    return 0
  }
  const order = new Int32Array(length).map((_, i) => i).sort(way)
  const { first, inverse, counts } = groups(order, (i, j) => way(i, j) === 0)
  const rows = pick(
    flat,
    newDoubles(first.length * each).map((_, i) => first[Math.floor(i / each)]! * each + (i % each)),
  )
  const moved = fromFlat(rows, a.dtype, [first.length, ...rest.map((i) => a.shape[i]!)])
  const back = a.shape.map((_, i) => (i === axis ? 0 : i < axis ? i + 1 : i))
  const values = axis === 0 ? moved : moved.transpose(back).copy()
  return { values, first: ints(first), inverse: fromFlat(inverse, int64, [length]), counts: ints(counts) }
}

const ints = (list: Float64Array) => fromFlat(list, int64, [list.length])

/** Equal ones together, from their order: where each group was first, the group of each, and how many each has. */
function groups(order: Int32Array, same: (i: number, j: number) => boolean) {
  const [first, counts, inverse] = [order, order, order].map(({ length }) => newDoubles(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  let last = -1
  for (let i = 0; i < order.length; i++) {
    const place = order[i]!
    if (i === 0 || !same(place, order[i - 1]!)) first[++last] = place
    counts[last]!++
    inverse[place] = last
  }
  return { first: first.slice(0, last + 1), inverse, counts: counts.slice(0, last + 1) }
}

function pick(flat: Flat, places: Float64Array): Flat {
  const out = flat.slice(0, places.length)
  places.forEach((place, i) => (out[i] = flat[place]!))
  return out
}

export function sortedDoubles(flat: Flat, from: number, count: number): Float64Array {
  const part = flat.subarray(from, from + count)
  const row = isWide(part) ? Float64Array.from(part as ArrayLike<bigint>, Number) : part.slice()
  sortNumbers(row)
  return row
}

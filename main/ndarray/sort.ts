/** Sorting and searching: NaN comes last, equal elements keep their order. */

import { flatOf, fromFlat, type NDArray, ownFlat } from './array.ts'
import { int64 } from './dtype.ts'
import { type Flat, isWide } from './storage.ts'

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

/** In place. JavaScript's own sort, which is quick, but puts −0 before 0: those are put back as they came. */
function sortNumbers(row: Flat): void {
  if (isWide(row)) {
    row.sort()
    return
  }
  const zeros = row.filter((value) => value === 0)
  row.sort()
  if (zeros.some((value) => Object.is(value, -0))) row.set(zeros, row.indexOf(zeros[0]!))
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

/** The order in which one row of values is sorted. */
function order(values: ArrayLike<number | bigint>, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => i).sort((i, j) => compare(values[from + i]!, values[from + j]!))
}

export function argsort(a: NDArray, axis: number): NDArray {
  return alongAxis(a, axis, (moved) => {
    const flat = flatOf(moved)
    const count = a.shape[axis]!
    const out = new Float64Array(flat.length)
    for (let from = 0; from < flat.length; from += count) out.set(order(flat, from, count), from)
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
  const { first, inverse, counts } = groups(flat.length, (i, j) => compare(flat[i]!, flat[j]!))
  const values = fromFlat(pick(flat, first), a.dtype, [first.length])
  return { values, first: ints(first), inverse: fromFlat(inverse, int64, a.shape), counts: ints(counts) }
}

/** The same without the places, which cost most. */
export function distinct(a: NDArray): Pick<Unique, 'values' | 'counts'> {
  const row = ownFlat(a)
  sortNumbers(row)
  const starts: number[] = []
  for (let i = 0; i < row.length; i++) if (i === 0 || compare(row[i]!, row[i - 1]!) !== 0) starts.push(i)
  const counts = starts.map((start, i) => (starts[i + 1] ?? row.length) - start)
  return { values: fromFlat(pick(row, starts), a.dtype, [starts.length]), counts: ints(counts) }
}

/** The same of the slices along an axis, in the order of their elements. */
export function uniqueAlong(a: NDArray, axis: number): Unique {
  const rest = a.shape.map((_, i) => i).filter((i) => i !== axis)
  const flat = flatOf(a.transpose([axis, ...rest]))
  const length = a.shape[axis]!
  const each = length === 0 ? 0 : flat.length / length
  const { first, inverse, counts } = groups(length, (i, j) => {
    for (let k = 0; k < each; k++) {
      const way = compare(flat[i * each + k]!, flat[j * each + k]!)
      if (way !== 0) return way
    }
    return 0
  })
  const rows = pick(
    flat,
    first.flatMap((place) => Array.from({ length: each }, (_, k) => place * each + k)),
  )
  const moved = fromFlat(rows, a.dtype, [first.length, ...rest.map((i) => a.shape[i]!)])
  const back = a.shape.map((_, i) => (i === axis ? 0 : i < axis ? i + 1 : i))
  const values = axis === 0 ? moved : moved.transpose(back).copy()
  return { values, first: ints(first), inverse: fromFlat(inverse, int64, [length]), counts: ints(counts) }
}

const ints = (list: readonly number[]) => fromFlat(Float64Array.from(list), int64, [list.length])

/** Equal ones of `count` together: where each group was first, the group of each, and how many each has. */
function groups(count: number, way: (i: number, j: number) => number) {
  const sorted = Array.from({ length: count }, (_, i) => i).sort(way)
  const first: number[] = []
  const counts: number[] = []
  const inverse = new Float64Array(count)
  sorted.forEach((place, i) => {
    const same = i > 0 && way(place, sorted[i - 1]!) === 0
    if (!same) {
      first.push(place)
      counts.push(0)
    }
    counts[counts.length - 1]!++
    inverse[place] = first.length - 1
  })
  return { first, inverse, counts }
}

function pick(flat: ReturnType<typeof ownFlat>, places: readonly number[]): ReturnType<typeof ownFlat> {
  if (isWide(flat)) {
    const out = flat.slice(0, places.length)
    places.forEach((place, i) => (out[i] = flat[place]!))
    return out
  }
  return Float64Array.from(places, (place) => flat[place]!)
}

export function sortedDoubles(flat: ArrayLike<number | bigint>, from: number, count: number): Float64Array {
  const row = Float64Array.from({ length: count }, (_, i) => Number(flat[from + i]!))
  sortNumbers(row)
  return row
}

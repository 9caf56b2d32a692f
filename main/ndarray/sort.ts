/** Sorting and searching: NaN comes last, equal elements keep their order. */

import { flatOf, fromFlat, type NDArray, ownFlat } from './array.ts'
import { int64 } from './dtype.ts'
import { isWide } from './storage.ts'
import { flatten } from './shape.ts'

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

export function sort(a: NDArray, axis: number): NDArray {
  return alongAxis(a, axis, (moved) => {
    const flat = flatOf(moved).slice()
    const count = a.shape[axis]!
    for (let from = 0; from < flat.length && count > 1; from += count) {
      const row = flat.subarray(from, from + count)
      if (isWide(row)) row.sort()
      else row.sort(compare)
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
  const sorted = order(flat, 0, flat.length)
  const first: number[] = []
  const counts: number[] = []
  const inverse = new Float64Array(flat.length)
  sorted.forEach((place, i) => {
    const same = i > 0 && compare(flat[place]!, flat[sorted[i - 1]!]!) === 0
    if (!same) {
      first.push(place)
      counts.push(0)
    }
    counts[counts.length - 1]!++
    inverse[place] = first.length - 1
  })
  const ints = (list: readonly number[]) => fromFlat(Float64Array.from(list), int64, [list.length])
  const row = flatten(a)
  const values = row.size === 0 ? row : fromFlat(pick(ownFlat(row), first), a.dtype, [first.length])
  return { values, first: ints(first), inverse: fromFlat(inverse, int64, a.shape), counts: ints(counts) }
}

function pick(flat: ReturnType<typeof ownFlat>, places: readonly number[]): ReturnType<typeof ownFlat> {
  if (isWide(flat)) {
    const out = flat.slice(0, places.length)
    places.forEach((place, i) => (out[i] = flat[place]!))
    return out
  }
  return Float64Array.from(places, (place) => flat[place]!)
}

export function quantile(sorted: Float64Array, q: number): number {
  const last = sorted.length - 1
  if (last < 0 || Number.isNaN(sorted[last]!)) return NaN
  const at = q * last
  const below = Math.floor(at)
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, last)]!]
  const t = at - below
  return t >= 0.5 ? high - (high - low) * (1 - t) : low + (high - low) * t
}

export function sortedDoubles(flat: ArrayLike<number | bigint>, from: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => Number(flat[from + i]!)).sort(compare)
}

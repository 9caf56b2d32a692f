/** Medians and quantiles: of each row, sorted; and the same without its NaN. */

import { doublesOf, type NDArray, type Scalar, sizeOf } from './array.ts'
import { axes, truthOf } from './arguments.ts'
import { asArray } from './convert.ts'
import { float64 } from './dtype.ts'
import { into } from './elementwise.ts'
import { valueError } from './errors.ts'
import { roundEven } from './numbers.ts'
import { allAxes, finish, perRow, reducedShape, rows } from './reduce.ts'
import { type Axes, result } from './reductions.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { sortedDoubles } from './sort.ts'
import { type Flat, newDoubles } from './storage.ts'

/** Where a quantile lies between the places of a sorted row, from `q` times the last place. */
const methods: ReadonlyMap<string, (at: number) => number> = new Map([
  ['linear', (at) => at],
  ['lower', Math.floor],
  ['higher', Math.ceil],
  ['nearest', roundEven],
  ['midpoint', (at) => (Math.floor(at) + Math.ceil(at)) / 2],
])

/**
 * A row in order; NaN, which comes last, is left out where it does not count. There may be as many rows as a photo has
 * pixels: none is kept.
 */
function sortedRow(flat: Flat, from: number, count: number, skip: boolean): Float64Array {
  const row = sortedDoubles(flat, from, count)
  const numbers = skip ? row.findIndex((x) => x !== x) : -1
  return numbers < 0 ? row : row.subarray(0, numbers)
}

function between(sorted: Float64Array, at: number): number {
  const last = sorted.length - 1
  if (last < 0 || Number.isNaN(sorted[last]!)) return NaN
  const below = Math.floor(at)
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, last)]!]
  const t = at - below
  return t >= 0.5 ? high - (high - low) * (1 - t) : low + (high - low) * t
}

/** Several quantiles come first in the shape. */
function ranked(scale: number, skip: boolean): NumpyFunction {
  return fn(
    "a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False",
    (value, q, along, out, _, method, keepdims) => {
      const place = methods.get(String(method))
      if (!place) {
        const known = [...methods.keys()].join(', ')
        throw valueError(`quantiles by the method '${String(method)}' are not part of the lab: only ${known}`)
      }
      const a = asArray(value)
      const over = axes(along, a.ndim)
      const list = doublesOf(asArray(q)).map((one) => one / scale)
      if (list.some((one) => !(one >= 0 && one <= 1))) {
        throw valueError(
          scale === 1 ? 'Quantiles must be in the range [0, 1]' : 'Percentiles must be in the range [0, 100]',
        )
      }
      const all = allAxes(a, over)
      const shape = reducedShape(a.shape, all, truthOf(keepdims))
      const size = sizeOf(shape)
      const found = newDoubles(list.length * size)
      const { flat, count } = rows(a, all)
      for (let i = 0; i < size; i++) {
        const row = sortedRow(flat, i * count, count, skip)
        list.forEach((one, j) => (found[j * size + i] = between(row, place(one * (row.length - 1)))))
      }
      const chosen = ['lower', 'higher', 'nearest'].includes(String(method))
      const dtype = chosen || a.dtype.kind === 'f' ? a.dtype : float64
      return into(out, finish(found, dtype, [...asArray(q).shape, ...shape], float64))
    },
  )
}

function median(a: NDArray, over: Axes, keepdims: boolean, skip: boolean): NDArray | Scalar {
  const values = perRow(a, over, (flat, from, count) => {
    const row = sortedRow(flat, from, count, skip)
    const { length } = row
    if (length === 0 || Number.isNaN(row[length - 1]!)) return NaN
    const middle = length >>> 1
    // A mean, even of one: it begins at +0, so it is never −0.
    return 0 + (length % 2 === 1 ? row[middle]! : (row[middle - 1]! + row[middle]!) / 2)
  })
  const dtype = a.dtype.kind === 'f' ? a.dtype : float64
  return result(a, over, keepdims, values, dtype, float64)
}

const middle = (skip: boolean) =>
  fn('a, axis=None, out=None, overwrite_input=False, keepdims=False', (value, along, out, _, keepdims) => {
    const a = asArray(value)
    return into(out, median(a, axes(along, a.ndim), truthOf(keepdims), skip))
  })

export const ranks: Readonly<Record<string, NumpyFunction>> = {
  median: middle(false),
  percentile: ranked(100, false),
  quantile: ranked(1, false),
  nanmedian: middle(true),
  nanpercentile: ranked(100, true),
  nanquantile: ranked(1, true),
}

/** The reductions of the namespace: each takes `axis` and `keepdims`. */

import type { Scalar } from './array.ts'
import { doublesOf, fromFlat, type NDArray, sizeOf, unwrap } from './array.ts'
import { axes, axis, float, truthOf } from './arguments.ts'
import { asArray } from './convert.ts'
import { bool, type DType, dtypes, float64, int64, optionalDType, promote } from './dtype.ts'
import { valueError } from './errors.ts'
import { into } from './elementwise.ts'
import {
  allAxes,
  checkNotEmpty,
  extreme,
  finish,
  perRow,
  productValues,
  reducedShape,
  sumType,
  sumValues,
} from './reduce.ts'
import { ravel } from './shape.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { quantile, sortedDoubles } from './sort.ts'
import type { Flat } from './storage.ts'
import { apply } from './ufunc.ts'
import type { Value } from './values.ts'

type Axes = readonly number[] | null

function result(a: NDArray, over: Axes, keepdims: boolean, values: Flat, dtype: DType, from = dtype): NDArray | Scalar {
  return finish(values, dtype, reducedShape(a.shape, allAxes(a, over), keepdims), from)
}

function terms(a: NDArray, over: Axes): number {
  return allAxes(a, over).reduce((product, axis) => product * a.shape[axis]!, 1)
}

/** A mean is a float, of whole numbers a float64. */
function meanType(a: NDArray, type: Value): DType {
  return optionalDType(type) ?? (a.dtype.kind === 'f' ? a.dtype : float64)
}

function sum(a: NDArray, over: Axes, type: Value, keepdims: boolean, initial = 0): NDArray | Scalar {
  const dtype = optionalDType(type) ?? sumType(a.dtype)
  const integral = dtype.integral && a.dtype.kind === 'f'
  return result(a, over, keepdims, sumValues(integral ? asArray(apply('trunc', [a])) : a, over, dtype, initial), dtype)
}

function prod(a: NDArray, over: Axes, type: Value, keepdims: boolean, initial = 1): NDArray | Scalar {
  const dtype = optionalDType(type) ?? sumType(a.dtype)
  return result(a, over, keepdims, productValues(a, over, dtype, initial), dtype)
}

function mean(a: NDArray, over: Axes, type: Value, keepdims: boolean): NDArray | Scalar {
  const dtype = meanType(a, type)
  const inner = dtype === dtypes.float16 ? dtypes.float32 : dtype.kind === 'f' ? dtype : float64
  const total = result(a, over, keepdims, sumValues(a, over, inner), inner)
  const divided = apply('true_divide', [total, BigInt(terms(a, over))])
  return dtype === inner
    ? divided
    : unwrap(fromFlat(doublesOf(asArray(divided)).slice(), dtype, asArray(divided).shape, inner))
}

function variance(a: NDArray, over: Axes, type: Value, ddof: number, keepdims: boolean): NDArray | Scalar {
  const dtype = meanType(a, type)
  const center = mean(a, over, dtype, true)
  const away = apply('subtract', [a, center], dtype)
  const squares = asArray(apply('multiply', [away, away]))
  const total = result(squares, over, keepdims, sumValues(squares, over, dtype), dtype)
  return apply('true_divide', [total, Math.max(terms(a, over) - ddof, 0)])
}

function extremes(largest: boolean): (a: NDArray, over: Axes, keepdims: boolean) => NDArray | Scalar {
  const place = extreme(largest)
  return (a, over, keepdims) => {
    checkNotEmpty(a, over, largest ? 'maximum' : 'minimum')
    const values = perRow(a, over, (flat, from, count) => flat[from + place(flat, from, count)]!)
    return result(a, over, keepdims, values, a.dtype)
  }
}

export const max = extremes(true)
export const min = extremes(false)

/** any (true): whether one is; all (false): whether none is not. */
function truths(wanted: boolean): (a: NDArray, over: Axes, keepdims: boolean) => NDArray | Scalar {
  return (a, over, keepdims) => {
    const values = perRow(a, over, (flat, from, count) => {
      for (let i = from; i < from + count; i++) if ((Number(flat[i]!) !== 0) === wanted) return wanted ? 1 : 0
      return wanted ? 0 : 1
    })
    return result(a, over, keepdims, values, bool)
  }
}

function positions(largest: boolean): NumpyFunction {
  const place = extreme(largest)
  const name = largest ? 'argmax' : 'argmin'
  return fn('a, axis=None, out=None, *, keepdims=False', (value, along, out, keepdims) => {
    const a = along === null ? ravel(asArray(value)) : asArray(value)
    const over = along === null ? [0] : [axis(along, a.ndim)]
    if (terms(a, over) === 0) throw valueError(`attempt to get ${name} of an empty sequence`)
    const found = perRow(a, over, place)
    if (along === null && truthOf(keepdims)) {
      return into(
        out,
        finish(
          found,
          int64,
          asArray(value).shape.map(() => 1),
        ),
      )
    }
    return into(out, result(a, over, truthOf(keepdims), found, int64))
  })
}

function countNonzero(a: NDArray, over: Axes, keepdims: boolean): Value {
  const counts = perRow(a, over, (flat, from, count) => {
    let n = 0
    for (let i = from; i < from + count; i++) if (Number(flat[i]!) !== 0) n++
    return n
  })
  if (over === null && !keepdims) return BigInt(counts[0]!)
  return result(a, over, keepdims, counts, int64)
}

/** Quantiles of each row, by straight lines between neighbours; several of them come first. */
function quantiles(a: NDArray, q: Value, scale: number, over: Axes, keepdims: boolean): NDArray | Scalar {
  const list = doublesOf(asArray(q)).map((value) => value / scale)
  if (list.some((value) => !(value >= 0 && value <= 1))) {
    throw valueError(
      scale === 1 ? 'Quantiles must be in the range [0, 1]' : 'Percentiles must be in the range [0, 100]',
    )
  }
  const shape = reducedShape(a.shape, allAxes(a, over), keepdims)
  const rows: Float64Array[] = []
  perRow(a, over, (flat, from, count) => rows.push(sortedDoubles(flat, from, count)))
  const out = new Float64Array(list.length * sizeOf(shape))
  list.forEach((value, i) => rows.forEach((row, j) => (out[i * rows.length + j] = quantile(row, value))))
  const dtype = a.dtype.kind === 'f' ? a.dtype : float64
  return finish(out, dtype, [...asArray(q).shape, ...shape], float64)
}

function median(a: NDArray, over: Axes, keepdims: boolean): NDArray | Scalar {
  const values = perRow(a, over, (flat, from, count) => {
    const row = sortedDoubles(flat, from, count)
    if (count === 0 || Number.isNaN(row[count - 1]!)) return NaN
    const middle = count >>> 1
    // A mean, even of one: it begins at +0, so it is never −0.
    return 0 + (count % 2 === 1 ? row[middle]! : (row[middle - 1]! + row[middle]!) / 2)
  })
  return result(a, over, keepdims, values, a.dtype.kind === 'f' ? a.dtype : float64, float64)
}

function average(a: NDArray, over: Axes, weights: Value, keepdims: boolean): NDArray | Scalar {
  if (weights === null) return mean(a, over, null, keepdims)
  let w = asArray(weights)
  if (w.ndim === 1 && a.ndim > 1 && over?.length === 1) {
    w = w.view(
      a.shape.map((_, i) => (i === over[0] ? w.size : 1)),
      a.shape.map((_, i) => (i === over[0] ? w.steps[0]! : 0)),
    )
  }
  const common = promote(a.dtype, w.dtype)
  const dtype = common.kind === 'f' ? common : float64
  const scale = sum(asArray(apply('multiply', [w, ones(a)], dtype)), over, null, keepdims)
  if (doublesOf(asArray(scale)).includes(0)) throw valueError("Weights sum to zero, can't be normalized")
  return apply('true_divide', [sum(asArray(apply('multiply', [a, w], dtype)), over, null, keepdims), scale])
}

const ones = (a: NDArray) => fromFlat(new Float64Array(a.size).fill(1), float64, a.shape)

/** Running totals along one axis; without an axis of all elements in a row. */
function cumulative(value: Value, along: Value, type: Value, product: boolean): NDArray {
  const a = along === null ? ravel(asArray(value)) : asArray(value)
  const at = along === null ? 0 : axis(along, a.ndim)
  const dtype = optionalDType(type) ?? sumType(a.dtype)
  const out = fromFlat(doublesOf(a).slice(), dtype, a.shape, a.dtype)
  const line = (i: number) =>
    out.view(
      out.shape.filter((_, j) => j !== at),
      out.steps.filter((_, j) => j !== at),
      i * out.steps[at]!,
    )
  if (out.ndim === 1 && dtype === float64) {
    const { data } = out.storage
    for (let i = 1; i < data.length; i++)
      data[i] = product ? (data[i - 1] as number) * (data[i] as number) : (data[i - 1] as number) + (data[i] as number)
    return out
  }
  for (let i = 1; i < out.shape[at]!; i++) {
    into(line(i), apply(product ? 'multiply' : 'add', [line(i - 1), line(i)]))
  }
  return out
}

/** Without the NaN: what stands for them leaves the reduction as it was. */
function withoutNan(a: NDArray, instead: number): NDArray {
  return a.dtype.kind === 'f'
    ? fromFlat(
        doublesOf(a).map((x) => (x !== x ? instead : x)),
        a.dtype,
        a.shape,
      )
    : a
}

function nanmean(a: NDArray, over: Axes, keepdims: boolean): NDArray | Scalar {
  const total = sum(withoutNan(a, 0), over, null, keepdims)
  const counted = asArray(apply('logical_not', [apply('isnan', [a])]))
  return apply('true_divide', [total, apply('add', [sum(counted, over, null, keepdims), 0.0])])
}

function nanvar(a: NDArray, over: Axes, keepdims: boolean): NDArray | Scalar {
  const away = asArray(apply('subtract', [a, nanmean(a, over, true)]))
  return nanmean(asArray(apply('multiply', [away, away])), over, keepdims)
}

const usual = (work: (a: NDArray, over: Axes, keepdims: boolean) => NDArray | Scalar): NumpyFunction =>
  fn('a, axis=None, out=None, keepdims=False', (value, along, out, keepdims) => {
    const a = asArray(value)
    return into(out, work(a, axes(along, a.ndim), truthOf(keepdims)))
  })

const typed = (work: (a: NDArray, over: Axes, type: Value, keepdims: boolean) => NDArray | Scalar): NumpyFunction =>
  fn('a, axis=None, dtype=None, out=None, keepdims=False', (value, along, dtype, out, keepdims) => {
    const a = asArray(value)
    return into(out, work(a, axes(along, a.ndim), dtype, truthOf(keepdims)))
  })

const totalled = (
  work: (a: NDArray, over: Axes, type: Value, keepdims: boolean, initial: number) => NDArray | Scalar,
  identity: number,
): NumpyFunction =>
  fn(
    `a, axis=None, dtype=None, out=None, keepdims=False, initial=${identity}`,
    (value, along, dtype, out, keepdims, initial) => {
      const a = asArray(value)
      return into(out, work(a, axes(along, a.ndim), dtype, truthOf(keepdims), float(initial)))
    },
  )

/** An extreme of the elements and, where it is given, of `initial`. */
const bounded = (
  work: (a: NDArray, over: Axes, keepdims: boolean) => NDArray | Scalar,
  name: 'minimum' | 'maximum',
): NumpyFunction =>
  fn('a, axis=None, out=None, keepdims=False, initial=None', (value, along, out, keepdims, initial) => {
    const a = asArray(value)
    const over = axes(along, a.ndim)
    if (initial === null) return into(out, work(a, over, truthOf(keepdims)))
    const shape = reducedShape(a.shape, allAxes(a, over), truthOf(keepdims))
    const start = fromFlat(new Float64Array(sizeOf(shape)).fill(float(initial)), a.dtype, shape, float64)
    if (terms(a, over) === 0) return into(out, unwrap(start))
    return into(out, apply(name, [work(a, over, truthOf(keepdims)), start]))
  })

const spread = (root: boolean): NumpyFunction =>
  fn('a, axis=None, dtype=None, out=None, ddof=0, keepdims=False', (value, along, dtype, out, ddof, keepdims) => {
    const a = asArray(value)
    const squared = variance(a, axes(along, a.ndim), dtype, float(ddof), truthOf(keepdims))
    return into(out, root ? apply('sqrt', [squared]) : squared)
  })

const ranked = (scale: number): NumpyFunction =>
  fn(
    "a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False",
    (value, q, along, out, _, method, keepdims) => {
      if (method !== 'linear')
        throw valueError(`quantiles by the method '${String(method)}' are not part of the lab: only 'linear'`)
      const a = asArray(value)
      return into(out, quantiles(a, q, scale, axes(along, a.ndim), truthOf(keepdims)))
    },
  )

const rootOf = (a: NDArray | Scalar) => apply('sqrt', [a])

export const reductions: Readonly<Record<string, NumpyFunction>> = {
  sum: totalled(sum, 0),
  prod: totalled(prod, 1),
  mean: typed(mean),
  std: spread(true),
  var: spread(false),
  min: bounded(min, 'minimum'),
  max: bounded(max, 'maximum'),
  amin: bounded(min, 'minimum'),
  amax: bounded(max, 'maximum'),
  ptp: usual((a, over, keepdims) => apply('subtract', [max(a, over, keepdims), min(a, over, keepdims)])),
  any: usual(truths(true)),
  all: usual(truths(false)),
  argmax: positions(true),
  argmin: positions(false),
  median: usual(median),
  percentile: ranked(100),
  quantile: ranked(1),
  average: fn('a, axis=None, weights=None, *, keepdims=False', (value, along, weights, keepdims) => {
    const a = asArray(value)
    return average(a, axes(along, a.ndim), weights, truthOf(keepdims))
  }),
  count_nonzero: fn('a, axis=None, *, keepdims=False', (value, along, keepdims) => {
    const a = asArray(value)
    return countNonzero(a, axes(along, a.ndim), truthOf(keepdims))
  }),
  cumsum: fn('a, axis=None, dtype=None, out=None', (a, along, dtype, out) =>
    into(out, cumulative(a, along, dtype, false)),
  ),
  cumprod: fn('a, axis=None, dtype=None, out=None', (a, along, dtype, out) =>
    into(out, cumulative(a, along, dtype, true)),
  ),
  nansum: typed((a, over, type, keepdims) => sum(withoutNan(a, 0), over, type, keepdims)),
  nanprod: typed((a, over, type, keepdims) => prod(withoutNan(a, 1), over, type, keepdims)),
  nanmax: usual((a, over, keepdims) => max(withoutNan(a, -Infinity), over, keepdims)),
  nanmin: usual((a, over, keepdims) => min(withoutNan(a, Infinity), over, keepdims)),
  nanmean: usual(nanmean),
  nanvar: usual(nanvar),
  nanstd: usual((a, over, keepdims) => rootOf(nanvar(a, over, keepdims))),
}

/** The reductions of the namespace: each takes `axis` and `keepdims`. */

import type { Scalar } from './array.ts'
import { cast, doublesOf, fromFlat, type NDArray, ownFlat, sizeOf, unwrap } from './array.ts'
import { axes, axis, float, truthOf } from './arguments.ts'
import { broadcastView } from './broadcast.ts'
import { asArray } from './convert.ts'
import { bool, type DType, dtypes, float64, int64, optionalDType, promote } from './dtype.ts'
import { valueError } from './errors.ts'
import { into } from './elementwise.ts'
import {
  allAxes,
  checkNotEmpty,
  extreme,
  extremeValues,
  finish,
  perRow,
  productValues,
  reducedShape,
  sumType,
  sumValues,
} from './reduce.ts'
import { ravel } from './shape.ts'
import { runningTotals } from './running.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { type Flat, isWide } from './storage.ts'
import { apply } from './ufunc.ts'
import { tightShape, type Value } from './values.ts'

export type Axes = readonly number[] | null

export function result(
  a: NDArray,
  over: Axes,
  keepdims: boolean,
  values: Flat,
  dtype: DType,
  from = dtype,
): NDArray | Scalar {
  return finish(values, dtype, reducedShape(a.shape, allAxes(a, over), keepdims), from)
}

function terms(a: NDArray, over: Axes): number {
  return allAxes(a, over).reduce((product, axis) => product * a.shape[axis]!, 1)
}

/** A mean is a float, of whole numbers a float64. */
function meanType(a: NDArray, type: Value): DType {
  return optionalDType(type) ?? (a.dtype.kind === 'f' ? a.dtype : float64)
}

/** `where`: which elements take part, in the shape of the array; null for all. */
function maskOf(a: NDArray, where: Value): NDArray | null {
  if (where === true) return null
  const given = asArray(where)
  const seen = broadcastView(given, a.shape)
  if (seen !== null) return seen
  throw valueError(
    'operands could not be broadcast together with remapped shapes [original->remapped]: ' +
      `${tightShape(a.shape)} ${tightShape(given.shape)} `,
  )
}

/** The array with `instead` for what takes no part. */
function masked(a: NDArray, mask: NDArray | null, instead: number): NDArray {
  if (mask === null) return a
  const flat = ownFlat(a)
  const [parts, other] = [doublesOf(mask), isWide(flat) ? BigInt(instead) : instead]
  for (let i = 0; i < flat.length; i++) if (parts[i] === 0) flat[i] = other
  return fromFlat(flat, a.dtype, a.shape)
}

export function sum(
  a: NDArray,
  over: Axes,
  type: Value,
  keepdims: boolean,
  initial = 0,
  mask: NDArray | null = null,
): NDArray | Scalar {
  const dtype = optionalDType(type) ?? sumType(a.dtype)
  const whole = dtype.integral && a.dtype.kind === 'f' ? asArray(apply('trunc', [a])) : a
  const values = dtype.integral
    ? sumValues(masked(whole, mask, 0), over, dtype, initial)
    : sumValues(whole, over, dtype, initial, mask)
  return result(a, over, keepdims, values, dtype)
}

export function prod(
  a: NDArray,
  over: Axes,
  type: Value,
  keepdims: boolean,
  initial = 1,
  mask: NDArray | null = null,
): NDArray | Scalar {
  const dtype = optionalDType(type) ?? sumType(a.dtype)
  return result(a, over, keepdims, productValues(masked(a, mask, 1), over, dtype, initial), dtype)
}

/** How many elements each row has: an int of Python's, or of a mask an array. */
function counted(a: NDArray, over: Axes, keepdims: boolean, mask: NDArray | null): Value {
  return mask === null ? BigInt(terms(a, over)) : sum(mask, over, null, keepdims)
}

function mean(a: NDArray, over: Axes, type: Value, keepdims: boolean, mask: NDArray | null = null): NDArray | Scalar {
  const dtype = meanType(a, type)
  const inner = dtype === dtypes.float16 ? dtypes.float32 : dtype.kind === 'f' ? dtype : float64
  const total = result(a, over, keepdims, sumValues(a, over, inner, 0, mask), inner)
  const divided = apply('true_divide', [total, counted(a, over, keepdims, mask)])
  return divided.dtype === dtype ? divided : unwrap(cast(asArray(divided), dtype))
}

function variance(
  a: NDArray,
  over: Axes,
  type: Value,
  ddof: number,
  keepdims: boolean,
  mask: NDArray | null = null,
): NDArray | Scalar {
  const dtype = meanType(a, type)
  const center = mean(a, over, dtype, true, mask)
  const away = apply('subtract', [a, center], dtype)
  const squares = asArray(apply('multiply', [away, away]))
  const total = result(squares, over, keepdims, sumValues(squares, over, dtype, 0, mask), dtype)
  if (mask === null) return apply('true_divide', [total, Math.max(terms(a, over) - ddof, 0)])
  const count = apply('maximum', [apply('subtract', [counted(a, over, keepdims, mask), ddof]), 0.0])
  return apply('true_divide', [total, count], dtype)
}

function extremes(largest: boolean): (a: NDArray, over: Axes, keepdims: boolean) => NDArray | Scalar {
  return (a, over, keepdims) => {
    checkNotEmpty(a, over, largest ? 'maximum' : 'minimum')
    return result(a, over, keepdims, extremeValues(a, over, largest), a.dtype)
  }
}

export const max = extremes(true)
export const min = extremes(false)

/** any (true): whether one is; all (false): whether none is not. */
export function truths(wanted: boolean): (a: NDArray, over: Axes, keepdims: boolean) => NDArray | Scalar {
  return (a, over, keepdims) => {
    const values = perRow(a, over, (flat, from, count) => {
      for (let i = from; i < from + count; i++) if ((Number(flat[i]!) !== 0) === wanted) return wanted ? 1 : 0
      return wanted ? 0 : 1
    })
    return result(a, over, keepdims, values, bool)
  }
}

export function positions(largest: boolean): NumpyFunction {
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
export function cumulative(value: Value, along: Value, type: Value, product: boolean): NDArray {
  const a = along === null ? ravel(asArray(value)) : asArray(value)
  const at = along === null ? 0 : axis(along, a.ndim)
  const dtype = optionalDType(type) ?? sumType(a.dtype)
  return runningTotals(a, at, dtype, product)
}

export const usual = (work: (a: NDArray, over: Axes, keepdims: boolean) => NDArray | Scalar): NumpyFunction =>
  fn('a, axis=None, out=None, keepdims=False', (value, along, out, keepdims) => {
    const a = asArray(value)
    return into(out, work(a, axes(along, a.ndim), truthOf(keepdims)))
  })

/** any and all: what takes no part is as the elements that do not matter. */
const logical = (wanted: boolean): NumpyFunction => {
  const work = truths(wanted)
  return fn('a, axis=None, out=None, keepdims=False, *, where=True', (value, along, out, keepdims, where) => {
    const a = asArray(value)
    const chosen = masked(a, maskOf(a, where), wanted ? 0 : 1)
    return into(out, work(chosen, axes(along, a.ndim), truthOf(keepdims)))
  })
}

const totalled = (work: typeof sum, identity: number): NumpyFunction =>
  fn(
    `a, axis=None, dtype=None, out=None, keepdims=False, initial=${identity}, where=True`,
    (value, along, dtype, out, keepdims, initial, where) => {
      const a = asArray(value)
      return into(out, work(a, axes(along, a.ndim), dtype, truthOf(keepdims), float(initial), maskOf(a, where)))
    },
  )

/** An extreme of the elements that take part and, where it is given, of `initial`. */
const bounded = (
  work: (a: NDArray, over: Axes, keepdims: boolean) => NDArray | Scalar,
  name: 'minimum' | 'maximum',
): NumpyFunction =>
  fn(
    'a, axis=None, out=None, keepdims=False, initial=None, where=True',
    (value, along, out, keepdims, initial, where) => {
      const given = asArray(value)
      const mask = maskOf(given, where)
      const over = axes(along, given.ndim)
      if (initial === null) {
        if (mask !== null) {
          throw valueError(
            `reduction operation '${name}' does not have an identity, so to use a where mask one has to specify ` +
              "'initial'",
          )
        }
        return into(out, work(given, over, truthOf(keepdims)))
      }
      const a = masked(given, mask, float(initial))
      const shape = reducedShape(a.shape, allAxes(a, over), truthOf(keepdims))
      const start = fromFlat(new Float64Array(sizeOf(shape)).fill(float(initial)), a.dtype, shape, float64)
      if (terms(a, over) === 0) return into(out, unwrap(start))
      return into(out, apply(name, [work(a, over, truthOf(keepdims)), start]))
    },
  )

const spread = (root: boolean): NumpyFunction =>
  fn(
    'a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True',
    (value, along, dtype, out, ddof, keepdims, where) => {
      const a = asArray(value)
      const over = axes(along, a.ndim)
      const squared = variance(a, over, dtype, float(ddof), truthOf(keepdims), maskOf(a, where))
      return into(out, root ? apply('sqrt', [squared]) : squared)
    },
  )

export const reductions: Readonly<Record<string, NumpyFunction>> = {
  sum: totalled(sum, 0),
  prod: totalled(prod, 1),
  mean: fn(
    'a, axis=None, dtype=None, out=None, keepdims=False, *, where=True',
    (value, along, dtype, out, keepdims, where) => {
      const a = asArray(value)
      return into(out, mean(a, axes(along, a.ndim), dtype, truthOf(keepdims), maskOf(a, where)))
    },
  ),
  std: spread(true),
  var: spread(false),
  min: bounded(min, 'minimum'),
  max: bounded(max, 'maximum'),
  amin: bounded(min, 'minimum'),
  amax: bounded(max, 'maximum'),
  ptp: usual((a, over, keepdims) => apply('subtract', [max(a, over, keepdims), min(a, over, keepdims)])),
  any: logical(true),
  all: logical(false),
  argmax: positions(true),
  argmin: positions(false),
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
}

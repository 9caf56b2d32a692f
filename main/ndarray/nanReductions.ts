/** Reductions that leave not-a-number out. */

import { doublesOf, fromFlat, type NDArray, type Scalar, unwrap } from './array.ts'
import { axes, float, truthOf } from './arguments.ts'
import { asArray } from './convert.ts'
import { dtypes, float64 } from './dtype.ts'
import { into, where } from './elementwise.ts'
import { valueError } from './errors.ts'
import { type Axes, cumulative, max, min, positions, prod, sum, truths, usual } from './reductions.ts'
import { Session } from './session.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { apply } from './ufunc.ts'
import type { Value } from './values.ts'

/** What stands for them leaves the reduction as it was. */
function withoutNan(a: NDArray, instead: number): NDArray {
  return a.dtype.kind === 'f'
    ? fromFlat(
        doublesOf(a).map((x) => (x !== x ? instead : x)),
        a.dtype,
        a.shape,
      )
    : a
}

/** NaN there, in the dtype of the values. */
function withNan(there: NDArray | Scalar, values: NDArray | Scalar): NDArray | Scalar {
  return unwrap(asArray(where(there, fromFlat(Float64Array.of(NaN), dtypes.float16, []), values)))
}

function nanmean(a: NDArray, over: Axes, keepdims: boolean): NDArray | Scalar {
  const total = sum(withoutNan(a, 0), over, null, keepdims)
  const counted = sum(asArray(apply('logical_not', [apply('isnan', [a])])), over, null, keepdims)
  return apply('true_divide', [total, counted], a.dtype.kind === 'f' ? a.dtype : float64)
}

function nanvar(a: NDArray, over: Axes, ddof: number, keepdims: boolean): NDArray | Scalar {
  const dtype = a.dtype.kind === 'f' ? a.dtype : float64
  const away = withoutNan(asArray(apply('subtract', [a, nanmean(a, over, true)])), 0)
  const squares = sum(asArray(apply('multiply', [away, away])), over, null, keepdims)
  const counted = sum(asArray(apply('logical_not', [apply('isnan', [a])])), over, null, keepdims)
  const left = asArray(apply('subtract', [counted, ddof]))
  const few = apply('less_equal', [left, 0.0])
  const divided = apply('true_divide', [squares, left], dtype)
  return withNan(few, divided)
}

const spread = (root: boolean): NumpyFunction =>
  fn('a, axis=None, dtype=None, out=None, ddof=0, keepdims=False', (value, along, type, out, ddof, keepdims) => {
    const a = type === null ? asArray(value) : asArray(apply('add', [value, 0.0]))
    const squared = nanvar(a, axes(along, a.ndim), float(ddof), truthOf(keepdims))
    return into(out, root ? apply('sqrt', [squared]) : squared)
  })

const totalled = (work: typeof sum, identity: number): NumpyFunction =>
  fn('a, axis=None, dtype=None, out=None, keepdims=False', (value, along, dtype, out, keepdims) => {
    const a = withoutNan(asArray(value), identity)
    return into(out, work(a, axes(along, a.ndim), dtype, truthOf(keepdims)))
  })

const ofAll = truths(false)

/** NaN where there is nothing else to choose from. */
const extreme = (work: typeof max, instead: number): NumpyFunction =>
  usual((a, over, keepdims) => {
    const found = work(withoutNan(a, instead), over, keepdims)
    if (a.dtype.kind !== 'f') return found
    const nothing = ofAll(asArray(apply('isnan', [a])), over, keepdims)
    return withNan(nothing, found)
  })

function place(largest: boolean): NumpyFunction {
  const usually = positions(largest)
  return fn(usually.signature, (value, along, out, keepdims) => {
    const a = asArray(value)
    if (doublesOf(asArray(ofAll(asArray(apply('isnan', [a])), axes(along, a.ndim), false))).includes(1)) {
      throw valueError('All-NaN slice encountered')
    }
    return usually.call([withoutNan(a, largest ? -Infinity : Infinity), along, out, keepdims], new Session())
  })
}

const running = (product: boolean): NumpyFunction =>
  fn('a, axis=None, dtype=None, out=None', (a: Value, along, dtype, out) =>
    into(out, cumulative(withoutNan(asArray(a), product ? 1 : 0), along, dtype, product)),
  )

export const nanReductions: Readonly<Record<string, NumpyFunction>> = {
  nansum: totalled(sum, 0),
  nanprod: totalled(prod, 1),
  nanmax: extreme(max, -Infinity),
  nanmin: extreme(min, Infinity),
  nanargmax: place(true),
  nanargmin: place(false),
  nanmean: usual(nanmean),
  nanvar: spread(false),
  nanstd: spread(true),
  nancumsum: running(false),
  nancumprod: running(true),
}

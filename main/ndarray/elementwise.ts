/** The elementwise functions of the namespace. */

import { cast, doublesOf, fromFlat, NDArray, Scalar, unwrap, zeros } from './array.ts'
import { float, int, truthOf } from './arguments.ts'
import { assign, write } from './assign.ts'
import { broadcastShapes, broadcastView } from './broadcast.ts'
import { asArray, asOperand } from './convert.ts'
import { bool, checkRange, dtypes, float64, floatFor, optionalDType, resultType } from './dtype.ts'
import { typeError, valueError } from './errors.ts'
import { nonzero } from './indexing.ts'
import { operations, roundEven } from './numbers.ts'
import { isWide } from './storage.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { apply, checkOutput } from './ufunc.ts'
import { Tuple, type Value } from './values.ts'

/** The result itself, or written into the array given as `out`. */
export function into(out: Value, result: NDArray | Scalar): NDArray | Scalar {
  if (out === null) return result
  if (!(out instanceof NDArray)) throw typeError('return arrays must be of ArrayType')
  const source = asArray(result)
  if (broadcastView(source, out.shape) === null) {
    throw valueError(
      `non-broadcastable output operand with shape (${out.shape.join(',')}) doesn't match the broadcast shape ` +
        `(${source.shape.join(',')})`,
    )
  }
  assign(out, source)
  return out
}

const other: Readonly<Record<string, string>> = {
  divide: 'true_divide',
  mod: 'remainder',
  abs: 'absolute',
  bitwise_not: 'invert',
  bitwise_invert: 'invert',
  float_power: 'power',
  radians: 'deg2rad',
  degrees: 'rad2deg',
  asin: 'arcsin',
  acos: 'arccos',
  atan: 'arctan',
  atan2: 'arctan2',
  pow: 'power',
  conjugate: 'positive',
  real: 'positive',
}

/** Where `where` is false, the array given as `out` keeps what it has; without one the lab leaves 0 there. */
function written(name: string, operands: readonly Value[], out: Value, chosen: Value, type: Value): NDArray | Scalar {
  const result = apply(name, operands, optionalDType(type))
  if (out instanceof NDArray) checkOutput(name, result.dtype, out.dtype)
  if (chosen === true) return into(out, result)
  const kept = out === null ? fromFlat(new Float64Array(1), result.dtype, []) : out
  const mixed = cast(asArray(where(chosen, result, kept)), out instanceof NDArray ? out.dtype : result.dtype)
  return into(out, unwrap(mixed))
}

function ufunc(name: string): NumpyFunction {
  return operations[name]!.inputs === 1
    ? fn('x, out=None, *, where=True, dtype=None', (x, out, where, dtype) => written(name, [x], out, where, dtype))
    : fn('x1, x2, out=None, *, where=True, dtype=None', (x1, x2, out, where, dtype) =>
        written(name, [x1, x2], out, where, dtype),
      )
}

const ufuncs = Object.fromEntries([
  ...Object.keys(operations).map((name) => [name, ufunc(name)] as const),
  ...Object.entries(other).map(([name, same]) => [name, ufunc(same)] as const),
])

/** To so many decimals, ties to even: NumPy multiplies, rounds and divides. */
function round(value: Value, decimals: number): NDArray | Scalar {
  const a = asArray(value)
  if (a.dtype.integral && decimals >= 0) return unwrap(a.dtype === bool ? cast(a, dtypes.float16) : a.copy())
  const scale = 10 ** Math.abs(decimals)
  const single = a.dtype === dtypes.float32
  const fit = single ? Math.fround : (x: number) => x
  const values = doublesOf(a).map((x) => {
    if (decimals === 0) return roundEven(x)
    return decimals > 0 ? fit(roundEven(fit(x * scale)) / scale) : fit(roundEven(fit(x / scale)) * scale)
  })
  return unwrap(fromFlat(values, a.dtype, a.shape, a.dtype.integral ? a.dtype : float64))
}

export function clip(a: Value, low: Value, high: Value): NDArray | Scalar {
  if (low === null && high === null) return unwrap(asArray(a).copy())
  // Of equal ones (−0 and 0) the limit is taken, as NumPy does.
  const raised = low === null ? a : apply('maximum', [low, a])
  return high === null ? asScalarOrArray(raised) : apply('minimum', [high, raised])
}

function asScalarOrArray(value: Value): NDArray | Scalar {
  return value instanceof Scalar ? value : asArray(value)
}

export function where(condition: Value, x: Value, y: Value): NDArray | Scalar {
  const chosen = asArray(condition)
  const [a, b] = [asOperand(x), asOperand(y)]
  const dtype = resultType([a, b])
  for (const { array, weak } of [a, b]) {
    if (weak === 'int' && dtype.kind !== 'f') checkRange(BigInt(array.at(0)), dtype)
  }
  const shape = broadcastShapes([chosen.shape, a.array.shape, b.array.shape])
  const filled = ({ array }: typeof a) => {
    const made = zeros(shape, dtype)
    write(made, broadcastView(array, shape)!)
    return made.storage
  }
  const out = zeros(shape, dtype)
  write(out, broadcastView(b.array, shape)!)
  const whole = a.dtype === dtype && a.array.contiguous && a.array.offset === 0 && a.array.size === out.size
  const yes = whole ? a.array.storage : filled(a)
  const mask = doublesOf(broadcastView(chosen, shape)!)
  const wide = isWide(yes.data) || isWide(out.storage.data)
  const from = wide && !isWide(yes.data) ? filled(a).widen() : yes.data
  const to = wide ? out.storage.widen() : out.storage.data
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) to[i] = from[i]!
  // A new array without a base, and not the whole a 0-d one: np.where keeps those.
  return out
}

/** |a − b| ≤ atol + rtol · |b|. */
export function isclose(a: Value, b: Value, rtol: number, atol: number, equalNan: boolean): NDArray | Scalar {
  const [x, y] = [asArray(a), asArray(b)]
  const shape = broadcastShapes([x.shape, y.shape])
  const [left, right] = [doublesOf(broadcastView(x, shape)!), doublesOf(broadcastView(y, shape)!)]
  const close = left.map((p, i) => {
    const q = right[i]!
    if (p === q || (equalNan && p !== p && q !== q)) return 1
    return Number.isFinite(q) && Math.abs(p - q) <= atol + rtol * Math.abs(q) ? 1 : 0
  })
  return unwrap(fromFlat(close, bool, shape))
}

function nanToNum(value: Value, nan: number, posinf: Value, neginf: Value): NDArray | Scalar {
  const a = asArray(value)
  if (a.dtype.integral) return unwrap(a.copy())
  const largest = a.dtype === float64 ? Number.MAX_VALUE : a.dtype === dtypes.float32 ? 3.4028234663852886e38 : 65504
  const up = posinf === null ? largest : float(posinf)
  const down = neginf === null ? -largest : float(neginf)
  const values = doublesOf(a).map((x) => (x !== x ? nan : x === Infinity ? up : x === -Infinity ? down : x))
  return unwrap(fromFlat(values, a.dtype, a.shape))
}

function sinc(value: Value): NDArray | Scalar {
  const a = asArray(value)
  const values = doublesOf(a).map((x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)))
  return unwrap(fromFlat(values, floatFor(a.dtype), a.shape))
}

function interp(x: Value, xp: Value, fp: Value): NDArray | Scalar {
  const a = asArray(x)
  const [at, values] = [doublesOf(asArray(xp)), doublesOf(asArray(fp))]
  if (at.length !== values.length) throw valueError('fp and xp are not of the same length.')
  if (at.length === 0) throw valueError('array of sample points is empty')
  const last = at.length - 1
  const out = doublesOf(a).map((p) => {
    if (p !== p) return p
    if (p < at[0]!) return values[0]!
    if (p >= at[last]!) return values[last]!
    let i = 0
    while (at[i + 1]! <= p) i++
    return ((values[i + 1]! - values[i]!) / (at[i + 1]! - at[i]!)) * (p - at[i]!) + values[i]!
  })
  return unwrap(fromFlat(out, float64, a.shape))
}

const rounding = fn('a, decimals=0, out=None', (a, decimals, out) => into(out, round(a, int(decimals))))

export const elementwise: Readonly<Record<string, NumpyFunction>> = {
  ...ufuncs,
  round: rounding,
  around: rounding,
  fix: fn('x, out=None', (x, out) => into(out, apply('trunc', [x]))),
  clip: fn('a, a_min=None, a_max=None, out=None', (a, low, high, out) => into(out, clip(a, low, high))),
  where: fn('condition, x=None, y=None', (condition, x, y) => {
    if (x === null && y === null) return new Tuple(nonzero(asArray(condition)))
    if (x === null || y === null) throw valueError('either both or neither of x and y should be given')
    return where(condition, x, y)
  }),
  isclose: fn('a, b, rtol=1e-05, atol=1e-08, equal_nan=False', (a, b, rtol, atol, nan) =>
    isclose(a, b, float(rtol), float(atol), truthOf(nan)),
  ),
  nan_to_num: fn('x, copy=True, nan=0.0, posinf=None, neginf=None', (x, _copy, nan, posinf, neginf) =>
    nanToNum(x, float(nan), posinf, neginf),
  ),
  sinc: fn('x', sinc),
  interp: fn('x, xp, fp', interp),
}

/** The functions that make arrays. */

import { checkShape, doublesOf, fromFlat, NDArray, Scalar, sizeOf, zeros } from './array.ts'
import { axis, float, int, ints, truthOf } from './arguments.ts'
import { assign, valueFor } from './assign.ts'
import { broadcastShapes, broadcastView } from './broadcast.ts'
import { asArray, asOperand, fromNested } from './convert.ts'
import { bool, type DType, dtypes, float64, int64, optionalDType, promote, resultType } from './dtype.ts'
import { NumpyError, typeError, valueError } from './errors.ts'
import { setItem } from './indexing.ts'
import { stack } from './join.ts'
import { copyIn, expandDims, moveAxes, ordered, ravel, reshape } from './shape.ts'
import { roundHalf } from './storage.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { apply } from './ufunc.ts'
import { checkItems, Tuple, type Value } from './values.ts'

function filled(shape: readonly number[], value: Value, dtype: DType): NDArray {
  const out = zeros(shape, dtype)
  assign(out, valueFor(out, value))
  return out
}

function array(object: Value, type: Value, copy: boolean, ndmin: number): NDArray {
  const dtype = optionalDType(type)
  const keep = object instanceof NDArray && !copy && (dtype === null || dtype === object.dtype)
  const made = keep ? object : fromNested(object, dtype)
  const missing = Array.from({ length: Math.max(0, ndmin - made.ndim) }, (_, i) => i)
  return missing.length === 0 ? made : expandDims(made, missing)
}

function asarray(object: Value, type: Value): NDArray {
  return array(object, type, false, 0)
}

export function arange(first: Value, last: Value, by: Value, type: Value): NDArray {
  const [start, stop, step] = last === null ? [0n, first, by ?? 1n] : [first, last, by ?? 1n]
  // At least 64 bits, whatever the type of the limits.
  const dtype = optionalDType(type) ?? [start, stop, step].map((value) => asOperand(value).dtype).reduce(promote, int64)
  const [from, to, each] = [start, stop, step].map(float) as [number, number, number]
  if (each === 0) throw new NumpyError('ZeroDivisionError', `${dtype.kind === 'f' ? 'float ' : ''}division by zero`)
  const length = Math.max(0, Math.ceil((to - from) / each))
  if (!Number.isFinite(length)) throw valueError('arange: cannot compute length')
  checkShape([length], dtype)
  // NumPy takes the difference of the first two elements and multiplies it.
  const delta = dtype.kind === 'f' ? from + each - from : each
  const values = Float64Array.from({ length }, (_, i) => (i === 1 ? from + each : from + i * delta))
  return fromFlat(values, dtype, [length], dtype.kind === 'f' ? dtype : dtype.kind === 'b' ? bool : float64)
}

interface Spaced {
  readonly a: NDArray
  readonly step: NDArray | Scalar
}

export function linspace(start: Value, stop: Value, num: Value, endpoint: boolean, type: Value, at = 0): Spaced {
  const [first, last] = [asOperand(start), asOperand(stop)]
  const shape = broadcastShapes([first.array.shape, last.array.shape])
  const common = resultType([first, last])
  const real = common.kind === 'f' ? common : float64
  if (shape.length === 0) return spaced(start, stop, num, endpoint, type, real)
  checkShape([...shape, int(num)], float64)
  checkItems(sizeOf(shape))
  const [low, high] = [first, last].map(({ array }) => elementsOf(broadcastView(array, shape)!))
  const rows = low!.map((from, i) => spaced(from, high![i], num, endpoint, type, real))
  const whole = stack(
    rows.map(({ a }) => a),
    0,
  )
  const moved = moveAxes(reshape(whole, [...shape, int(num)]), [-1], [at])
  const steps = rows.map(({ step }) => (step as Scalar).value as number)
  return { a: moved.contiguous ? moved : moved.copy(), step: fromFlat(Float64Array.from(steps), real, shape) }
}

const elementsOf = (a: NDArray) => Array.from(doublesOf(a), (value) => new Scalar(a.dtype, value))

/** The steps are made in the type that both ends have together. */
function spaced(start: Value, stop: Value, num: Value, endpoint: boolean, type: Value, real: DType): Spaced {
  const count = int(num)
  if (count < 0) throw valueError(`Number of samples, ${count}, must be non-negative.`)
  const parts = endpoint ? count - 1 : count
  const fit = real === dtypes.float32 ? Math.fround : real === dtypes.float16 ? roundHalf : (x: number) => x
  const [from, to] = [fit(float(start)), fit(float(stop))]
  const step = parts > 0 ? fit(fit(to - from) / parts) : NaN
  checkShape([count], float64)
  const values = Float64Array.from({ length: count }, (_, i) =>
    fit(parts > 0 ? fit(step === 0 ? (i / parts) * (to - from) : i * step) + from : i * (to - from) + from),
  )
  if (endpoint && count > 1) values[count - 1] = to
  const dtype = optionalDType(type)
  if (dtype?.integral) values.forEach((value, i) => (values[i] = Math.floor(value)))
  return { a: fromFlat(values, dtype ?? real, [count], float64), step: new Scalar(real, step) }
}

/** Each the same number of times the one before. */
function geomspace(start: number, stop: number, count: number, endpoint: boolean, dtype: DType | null): NDArray {
  if (start === 0 || stop === 0) throw valueError('Geometric sequence cannot include zero')
  if (start < 0 !== stop < 0) throw valueError('from a negative number to a positive one the steps would be complex')
  const [from, to] = [Math.abs(start), Math.abs(stop)]
  const powers = linspace(Math.log10(from), Math.log10(to), BigInt(count), endpoint, null).a
  const made = asArray(apply('power', [10.0, powers]))
  const values = doublesOf(made).slice()
  if (count > 0) values[0] = from
  if (count > 1 && endpoint) values[count - 1] = to
  return fromFlat(
    values.map((value) => (start < 0 ? -value : value)),
    dtype ?? float64,
    [count],
    float64,
  )
}

/** A column for each power, the highest first. */
function vander(x: NDArray, n: Value, increasing: boolean): NDArray {
  if (x.ndim !== 1) throw valueError('x must be a one-dimensional array or sequence.')
  const columns = n === null ? x.size : int(n)
  const out = zeros([x.size, columns], promote(x.dtype, int64))
  // As NumPy does: one multiplication after the other, which is not a power rounded once.
  let power = filled([x.size], 1n, out.dtype)
  for (let i = 0; i < columns; i++) {
    if (i > 0) power = asArray(apply('multiply', [power, x]))
    assign(out.view([x.size], [columns], increasing ? i : columns - 1 - i), power)
  }
  return out
}

function eye(rows: number, columns: number, k: number, dtype: DType): NDArray {
  const out = zeros([rows, columns], dtype)
  for (let i = Math.max(-k, 0); i < Math.min(rows, columns - k); i++) out.storage.data[i * columns + i + k] = 1
  return out
}

/** What stands on the k-th diagonal of the last two axes and below it (1), and above it (0). */
function triangle(rows: number, columns: number, k: number, dtype: DType): NDArray {
  checkShape([rows, columns], dtype)
  const values = Float64Array.from({ length: rows * columns }, (_, i) =>
    i % columns <= Math.floor(i / columns) + k ? 1 : 0,
  )
  return fromFlat(values, dtype, [rows, columns])
}

function masked(m: Value, k: number, lower: boolean): NDArray {
  const a = asArray(m).ndim < 2 ? asArray(broadcastView(asArray(m), [asArray(m).size, asArray(m).size])) : asArray(m)
  const mask = triangle(a.shape.at(-2)!, a.shape.at(-1)!, lower ? k : k - 1, bool)
  const out = a.copy()
  const cleared = lower ? apply('logical_not', [mask]) : mask
  const seen = broadcastView(asArray(cleared), out.shape)!
  setItem(out, seen, 0n)
  return out
}

export function diagonal(a: NDArray, offset: number, first: number, second: number): NDArray {
  if (a.ndim < 2) throw valueError('diag requires an array of at least two dimensions')
  const rest = a.shape.map((_, i) => i).filter((i) => i !== first && i !== second)
  const [rows, columns] = [a.shape[first]!, a.shape[second]!]
  const count = Math.max(0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns))
  const start = offset >= 0 ? offset * a.steps[second]! : -offset * a.steps[first]!
  const view = a.view(
    [...rest.map((i) => a.shape[i]!), count],
    [...rest.map((i) => a.steps[i]!), a.steps[first]! + a.steps[second]!],
    count > 0 ? start : 0,
  )
  view.writeable = false
  return view
}

function diag(v: Value, k: number): NDArray {
  const a = asArray(v)
  if (a.ndim === 2) return diagonal(a, k, 0, 1)
  if (a.ndim !== 1) throw valueError('Input must be 1- or 2-d.')
  const n = a.size + Math.abs(k)
  const out = zeros([n, n], a.dtype)
  const step = n + 1
  if (a.size > 0) assign(out.view([a.size], [step], k >= 0 ? k : -k * n), a)
  return out
}

function like(a: Value, type: Value, shape: Value): { shape: readonly number[]; dtype: DType } {
  const prototype = asArray(a)
  return { shape: shape === null ? prototype.shape : ints(shape), dtype: optionalDType(type) ?? prototype.dtype }
}

const typed = (type: Value) => optionalDType(type) ?? float64

function fillType(value: Value, type: Value): DType {
  return optionalDType(type) ?? asArray(value).dtype
}

const blank = fn("shape, dtype=None, order='C'", (shape, dtype, order) =>
  ordered(ints(shape), order, (to) => zeros(to, typed(dtype))),
)

export const creation: Readonly<Record<string, NumpyFunction>> = {
  array: fn('object, dtype=None, *, copy=True, ndmin=0', (object, dtype, copy, ndmin) =>
    array(object, dtype, truthOf(copy), int(ndmin)),
  ),
  asarray: fn('a, dtype=None', asarray),
  asanyarray: fn('a, dtype=None', asarray),
  ascontiguousarray: fn('a, dtype=None', (a, dtype) => {
    const made = asarray(a, dtype)
    return made.contiguous && made.ndim > 0 ? made : made.copy()
  }),
  copy: fn("a, order='K'", (a, order) => copyIn(asArray(a), order)),
  zeros: blank,
  empty: blank,
  ones: fn("shape, dtype=None, order='C'", (shape, dtype, order) =>
    ordered(ints(shape), order, (to) => filled(to, 1n, typed(dtype))),
  ),
  full: fn('shape, fill_value, dtype=None', (shape, value, dtype) =>
    filled(ints(shape), value, fillType(value, dtype)),
  ),
  zeros_like: fn('a, dtype=None, *, shape=None', (a, type, given) => {
    const { shape, dtype } = like(a, type, given)
    return zeros(shape, dtype)
  }),
  empty_like: fn('prototype, dtype=None, *, shape=None', (a, type, given) => {
    const { shape, dtype } = like(a, type, given)
    return zeros(shape, dtype)
  }),
  ones_like: fn('a, dtype=None, *, shape=None', (a, type, given) => {
    const { shape, dtype } = like(a, type, given)
    return filled(shape, 1n, dtype)
  }),
  full_like: fn('a, fill_value, dtype=None, *, shape=None', (a, value, type, given) => {
    const { shape, dtype } = like(a, type, given)
    return filled(shape, value, dtype)
  }),
  arange: fn('start, stop=None, step=None, dtype=None', arange),
  linspace: fn(
    'start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0',
    (start, stop, num, endpoint, retstep, dtype, at) => {
      const { a, step } = linspace(start, stop, num, truthOf(endpoint), dtype, int(at))
      return truthOf(retstep) ? new Tuple([a, step]) : a
    },
  ),
  logspace: fn('start, stop, num=50, endpoint=True, base=10.0', (start, stop, num, endpoint, base) =>
    apply('power', [base, linspace(start, stop, num, truthOf(endpoint), null).a]),
  ),
  eye: fn('N, M=None, k=0, dtype=None', (n, m, k, dtype) =>
    eye(int(n), m === null ? int(n) : int(m), int(k), typed(dtype)),
  ),
  identity: fn('n, dtype=None', (n, dtype) => eye(int(n), int(n), 0, typed(dtype))),
  tri: fn('N, M=None, k=0, dtype=None', (n, m, k, dtype) =>
    triangle(int(n), m === null ? int(n) : int(m), int(k), typed(dtype)),
  ),
  tril: fn('m, k=0', (m, k) => masked(m, int(k), true)),
  triu: fn('m, k=0', (m, k) => masked(m, int(k), false)),
  diag: fn('v, k=0', (v, k) => diag(v, int(k))),
  diagonal: fn('a, offset=0, axis1=0, axis2=1', (value, offset, axis1, axis2) => {
    const a = asArray(value)
    return diagonal(a, int(offset), axis(axis1, a.ndim), axis(axis2, a.ndim))
  }),
  geomspace: fn('start, stop, num=50, endpoint=True, dtype=None', (start, stop, num, endpoint, dtype) =>
    geomspace(float(start), float(stop), int(num), truthOf(endpoint), optionalDType(dtype)),
  ),
  diagflat: fn('v, k=0', (v, k) => diag(ravel(asArray(v)), int(k))),
  vander: fn('x, N=None, increasing=False', (x, n, increasing) => vander(asArray(x), n, truthOf(increasing))),
  fromiter: fn('iter, dtype', (iterable, dtype) => {
    if (dtype === null) throw typeError('fromiter needs a dtype')
    return fromNested(iterable, optionalDType(dtype))
  }),
}

/** The functions that make arrays. */

import { checkShape, fromFlat, NDArray, Scalar, zeros } from './array.ts'
import { axis, float, int, ints, truthOf } from './arguments.ts'
import { assign, valueFor } from './assign.ts'
import { broadcastView } from './broadcast.ts'
import { asArray, asOperand, fromNested } from './convert.ts'
import { bool, type DType, dtypes, float64, optionalDType, resultType } from './dtype.ts'
import { typeError, valueError } from './errors.ts'
import { setItem } from './indexing.ts'
import { stack } from './join.ts'
import { expandDims } from './shape.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { apply } from './ufunc.ts'
import { Tuple, type Value } from './values.ts'

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

function arange(first: Value, last: Value, by: Value, type: Value): NDArray {
  const [start, stop, step] = last === null ? [0n, first, by ?? 1n] : [first, last, by ?? 1n]
  const dtype = optionalDType(type) ?? resultType([start, stop, step].map(asOperand))
  const [from, to, each] = [start, stop, step].map(float) as [number, number, number]
  if (each === 0) throw valueError('Maximum allowed size exceeded')
  const length = Math.max(0, Math.ceil((to - from) / each))
  if (!Number.isFinite(length)) throw valueError('arange: cannot compute length')
  checkShape([length], dtype)
  // NumPy takes the difference of the first two elements and multiplies it.
  const delta = dtype.kind === 'f' ? from + each - from : each
  const values = Float64Array.from({ length }, (_, i) => (i === 1 ? from + each : from + i * delta))
  return fromFlat(values, dtype, [length], dtype.kind === 'f' ? dtype : dtype.kind === 'b' ? bool : float64)
}

function linspace(start: Value, stop: Value, num: Value, endpoint: boolean, type: Value): { a: NDArray; step: number } {
  const count = int(num)
  if (count < 0) throw valueError(`Number of samples, ${count}, must be non-negative.`)
  const [from, to] = [float(start), float(stop)]
  const parts = endpoint ? count - 1 : count
  // Between two float32 numbers the steps are made in float32.
  const fit = resultType([start, stop].map(asOperand)) === dtypes.float32 ? Math.fround : (x: number) => x
  const step = parts > 0 ? fit(fit(to - from) / parts) : NaN
  checkShape([count], float64)
  const values = Float64Array.from({ length: count }, (_, i) =>
    fit(parts > 0 ? fit(step === 0 ? (i / parts) * (to - from) : i * step) + from : i * (to - from) + from),
  )
  if (endpoint && count > 1) values[count - 1] = to
  const dtype = optionalDType(type)
  if (dtype?.integral) values.forEach((value, i) => (values[i] = Math.floor(value)))
  return { a: fromFlat(values, dtype ?? float64, [count], float64), step }
}

function eye(rows: number, columns: number, k: number, dtype: DType): NDArray {
  const out = zeros([rows, columns], dtype)
  for (let i = 0; i < rows; i++) if (i + k >= 0 && i + k < columns) out.storage.data[i * columns + i + k] = 1
  return out
}

/** What stands on the k-th diagonal of the last two axes and below it (1), and above it (0). */
function triangle(rows: number, columns: number, k: number, dtype: DType): NDArray {
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

function meshgrid(arrays: readonly Value[], indexing: string): NDArray[] {
  if (indexing !== 'xy' && indexing !== 'ij') throw valueError("Valid values for `indexing` are 'xy' and 'ij'.")
  const rows = arrays.map(asArray)
  const order = rows.map((_, i) => (indexing === 'xy' && rows.length > 1 && i < 2 ? 1 - i : i))
  const shape = order.map((i) => rows[i]!.size)
  return rows.map((row, i) => {
    const at = order.indexOf(i)
    const seen = row.view(
      shape.map((_, j) => (j === at ? row.size : 1)),
      shape.map((_, j) => (j === at ? (row.ndim === 0 ? 0 : row.steps[0]!) : 0)),
    )
    return broadcastView(seen, shape)!.copy()
  })
}

function indices(shape: readonly number[]): NDArray {
  const grids = shape.map((length, at) => {
    const row = arange(BigInt(length), null, null, null)
    const seen = row.view(
      shape.map((_, j) => (j === at ? length : 1)),
      shape.map((_, j) => (j === at ? 1 : 0)),
    )
    return broadcastView(seen, shape)!
  })
  return stack(grids, 0)
}

function like(a: Value, type: Value, shape: Value): { shape: readonly number[]; dtype: DType } {
  const prototype = asArray(a)
  return { shape: shape === null ? prototype.shape : ints(shape), dtype: optionalDType(type) ?? prototype.dtype }
}

const typed = (type: Value) => optionalDType(type) ?? float64

function fillType(value: Value, type: Value): DType {
  return optionalDType(type) ?? asArray(value).dtype
}

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
  copy: fn('a', (a) => fromNested(a)),
  zeros: fn("shape, dtype=None, order='C'", (shape, dtype) => zeros(ints(shape), typed(dtype))),
  empty: fn("shape, dtype=None, order='C'", (shape, dtype) => zeros(ints(shape), typed(dtype))),
  ones: fn("shape, dtype=None, order='C'", (shape, dtype) => filled(ints(shape), 1n, typed(dtype))),
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
    'start, stop, num=50, endpoint=True, retstep=False, dtype=None',
    (start, stop, num, endpoint, retstep, dtype) => {
      const { a, step } = linspace(start, stop, num, truthOf(endpoint), dtype)
      return truthOf(retstep) ? new Tuple([a, new Scalar(float64, step)]) : a
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
  meshgrid: fn("*xi, indexing='xy'", (arrays, indexing) => meshgrid(arrays as Value[], indexing as string)),
  indices: fn('dimensions', (dimensions) => indices(ints(dimensions))),
  fromiter: fn('iter, dtype', (iterable, dtype) => {
    if (dtype === null) throw typeError('fromiter needs a dtype')
    return fromNested(iterable, optionalDType(dtype))
  }),
}

/** The functions of the namespace that sort, search, count and compare whole arrays. */

import { doublesOf, flatOf, fromFlat, type NDArray, Scalar, unwrap } from './array.ts'
import { axis, float, int, truthOf } from './arguments.ts'
import { asArray } from './convert.ts'
import { bool, float64, int64 } from './dtype.ts'
import { typeError, valueError } from './errors.ts'
import { creation } from './creation.ts'
import { isclose } from './elementwise.ts'
import { nonzero } from './indexing.ts'
import { concatenate, stack, span, take } from './join.ts'
import { Session } from './session.ts'
import { flatten, ravel } from './shape.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { argsort, compare, searchSorted, sort, unique } from './sort.ts'
import { apply } from './ufunc.ts'
import { commonShape } from './broadcast.ts'
import { Tuple, type Value } from './values.ts'

const ints = (list: readonly number[]) => fromFlat(Float64Array.from(list), int64, [list.length])

function along(value: Value, given: Value): { a: NDArray; at: number } {
  const a = asArray(value)
  return given === null ? { a: flatten(a), at: 0 } : { a, at: axis(given, a.ndim) }
}

function equalArrays(a: Value, b: Value): boolean {
  const [x, y] = [asArray(a), asArray(b)]
  if (x.ndim !== y.ndim || x.shape.some((length, i) => length !== y.shape[i])) return false
  return doublesOf(asArray(apply('equal', [x, y]))).every((value) => value === 1)
}

function extremes(value: Value, given: Value): { low: number; high: number } {
  const [low, high] = given === null ? [Infinity, -Infinity] : [...(given as Iterable<Value>)].map(float)
  if (given !== null) {
    if (low! > high!) throw valueError('max must be larger than min in range parameter.')
    return low === high ? { low: low! - 0.5, high: high! + 0.5 } : { low: low!, high: high! }
  }
  const flat = doublesOf(asArray(value))
  if (flat.length === 0) return { low: 0, high: 1 }
  let [first, last] = [flat[0]!, flat[0]!]
  for (const x of flat) {
    if (!Number.isFinite(x)) throw valueError(`autodetected range of [${first}, ${last}] is not finite`)
    first = Math.min(first, x)
    last = Math.max(last, x)
  }
  return first === last ? { low: first - 0.5, high: last + 0.5 } : { low: first, high: last }
}

/** Edges of so many equal bins, or those given; and how many elements (or what weight) each bin has. */
function histogram(value: Value, bins: Value, given: Value, density: boolean, weights: Value): Tuple {
  const flat = doublesOf(asArray(value))
  const w = weights === null ? null : doublesOf(asArray(weights))
  if (w !== null && w.length !== flat.length) throw valueError('weights should have the same shape as a.')
  const edges = bins instanceof Scalar || typeof bins === 'bigint' ? equalEdges(value, int(bins), given) : asArray(bins)
  if (edges.ndim !== 1) throw valueError('`bins` must be 1d, when an array')
  const at = doublesOf(edges)
  if (at.some((edge, i) => i > 0 && edge < at[i - 1]!))
    throw valueError('`bins` must increase monotonically, when an array')
  const last = at.length - 1
  const counts = new Float64Array(Math.max(last, 0))
  flat.forEach((x, i) => {
    if (!(x >= at[0]! && x <= at[last]!)) return
    let [low, high] = [0, last]
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (at[middle]! <= x) low = middle
      else high = middle
    }
    counts[low]! += w === null ? 1 : w[i]!
  })
  if (!density) return new Tuple([fromFlat(counts, w === null ? int64 : float64, [counts.length]), edges])
  const total = counts.reduce((sum, count) => sum + count, 0)
  const heights = counts.map((count, i) => count / (at[i + 1]! - at[i]!) / total)
  return new Tuple([fromFlat(heights, float64, [heights.length]), edges])
}

function equalEdges(value: Value, bins: number, given: Value): NDArray {
  if (bins < 1) throw valueError('`bins` must be positive, when an integer')
  const { low, high } = extremes(value, given)
  const { dtype } = asArray(value)
  const type = dtype.kind === 'f' ? dtype : float64
  return creation.linspace!.call(
    [new Scalar(type, low), new Scalar(type, high), BigInt(bins + 1), true, false, type],
    new Session(),
  ) as NDArray
}

function bincount(value: Value, weights: Value, minlength: number): NDArray {
  const a = asArray(value)
  if (!a.dtype.integral) {
    throw typeError("Cannot cast array data from dtype('float64') to dtype('int64') according to the rule 'safe'")
  }
  if (a.ndim !== 1) throw valueError('object too deep for desired array')
  const flat = doublesOf(a)
  const w = weights === null ? null : doublesOf(asArray(weights))
  if (flat.some((x) => x < 0)) throw valueError("'list' argument must have no negative elements")
  const size = flat.reduce((largest, x) => Math.max(largest, x + 1), minlength)
  if (size > 1 << 24) throw valueError('np.bincount counts up to 2**24 different numbers here')
  const counts = new Float64Array(size)
  flat.forEach((x, i) => (counts[x]! += w === null ? 1 : w[i]!))
  return fromFlat(counts, w === null ? int64 : float64, [size])
}

function digitize(x: Value, bins: Value, right: boolean): Value {
  const edges = asArray(bins)
  const at = doublesOf(edges)
  const falling = at.length > 1 && at[0]! > at[at.length - 1]!
  if (!falling) return unwrap(searchSorted(edges, asArray(x), !right))
  const reversed = fromFlat(at.slice().reverse(), float64, [at.length])
  return apply('subtract', [BigInt(at.length), searchSorted(reversed, asArray(x), right)])
}

function diff(value: Value, n: number, given: Value): NDArray | Scalar {
  let a = asArray(value)
  if (a.ndim === 0) throw valueError('diff requires input that is at least one dimensional')
  if (n < 0) throw valueError(`order must be non-negative but got ${n}`)
  const at = axis(given, a.ndim)
  for (let turn = 0; turn < n; turn++) {
    const count = Math.max(a.shape[at]! - 1, 0)
    const [after, before] = [span(a, at, Math.min(1, a.shape[at]!), count), span(a, at, 0, count)]
    a = asArray(apply(a.dtype === bool ? 'not_equal' : 'subtract', [after, before]))
  }
  return a
}

/** Which of the first are among the second. */
function isin(element: Value, test: Value, invert: boolean): NDArray | Scalar {
  const a = asArray(element)
  const among = new Set<number | bigint>(flatOf(asArray(test)))
  const found = Float64Array.from({ length: a.size }, () => 0)
  const flat = flatOf(a)
  for (let i = 0; i < found.length; i++) found[i] = among.has(flat[i]!) === invert ? 0 : 1
  return unwrap(fromFlat(found, bool, a.shape))
}

const distinct = (value: Value) => unique(asArray(value)).values

function setOperation(a: Value, b: Value, keep: (inA: boolean, inB: boolean) => boolean): NDArray {
  const all = distinct(concatenate([ravel(asArray(a)), ravel(asArray(b))], 0))
  const [inA, inB] = [doublesOf(asArray(isin(all, a, false))), doublesOf(asArray(isin(all, b, false)))]
  const places = Array.from({ length: all.size }, (_, i) => i).filter((i) => keep(inA[i] === 1, inB[i] === 1))
  return take(all, places, 0)
}

function compatible(value: Value, other: Value): boolean {
  return commonShape([asArray(value).shape, asArray(other).shape]) !== null
}

/** The discrete convolution of two rows: NumPy's `correlate` with the second one turned round. */
function correlate(a: Value, v: Value, mode: string, turn: boolean): NDArray {
  const [x, y] = [asArray(a), asArray(v)]
  if (x.size === 0 || y.size === 0) throw valueError(turn ? 'v cannot be empty' : 'second argument cannot be empty')
  if (x.ndim > 1 || y.ndim > 1) throw valueError('object too deep for desired array')
  const long = doublesOf(x)
  const short = turn ? doublesOf(y).slice().reverse() : doublesOf(y)
  const total = long.length + short.length - 1
  const full = Float64Array.from({ length: total }, (_, n) => {
    let sum = 0
    for (let k = 0; k < short.length; k++) {
      const at = n - short.length + 1 + k
      if (at >= 0 && at < long.length) sum += long[at]! * short[k]!
    }
    return sum
  })
  const [larger, smaller] = [Math.max(long.length, short.length), Math.min(long.length, short.length)]
  const count = mode === 'full' ? total : mode === 'same' ? larger : larger - smaller + 1
  if (mode !== 'full' && mode !== 'same' && mode !== 'valid') {
    throw valueError(`mode must be one of 'valid', 'same', or 'full' (got '${mode}')`)
  }
  const from = mode === 'full' ? 0 : mode === 'same' ? Math.floor((smaller - 1) / 2) : smaller - 1
  const dtype = asArray(apply('multiply', [take(ravel(x), [0], 0), take(ravel(y), [0], 0)])).dtype
  return fromFlat(full.slice(from, from + count), dtype, [count])
}

export const searching: Readonly<Record<string, NumpyFunction>> = {
  sort: fn('a, axis=-1, kind=None', (value, given) => {
    const { a, at } = along(value, given)
    return sort(a, at)
  }),
  argsort: fn('a, axis=-1, kind=None', (value, given) => {
    const { a, at } = along(value, given)
    return argsort(a, at)
  }),
  lexsort: fn('keys', (keys) => {
    const rows = [...(keys as Iterable<Value>)].map((key) => flatOf(asArray(key)))
    const places = Array.from({ length: rows[0]?.length ?? 0 }, (_, i) => i)
    return ints(places.sort((i, j) => rows.reduceRight((way, row) => way || compare(row[i]!, row[j]!), 0)))
  }),
  searchsorted: fn("a, v, side='left'", (a, v, side) => unwrap(searchSorted(asArray(a), asArray(v), side === 'right'))),
  unique: fn('ar, return_index=False, return_inverse=False, return_counts=False', (value, index, inverse, counts) => {
    const found = unique(asArray(value))
    const parts: Value[] = [found.values]
    if (truthOf(index)) parts.push(found.first)
    if (truthOf(inverse)) parts.push(found.inverse)
    if (truthOf(counts)) parts.push(found.counts)
    return parts.length === 1 ? found.values : new Tuple(parts)
  }),
  nonzero: fn('a', (a) => new Tuple(nonzero(asArray(a)))),
  flatnonzero: fn('a', (a) => nonzero(ravel(asArray(a)))[0]),
  argwhere: fn('a', (a) => {
    const found = nonzero(asArray(a))
    return found.length === 0 ? fromFlat(new Float64Array(0), int64, [asArray(a).size, 0]) : stack(found, 0).transpose()
  }),
  extract: fn('condition, arr', (condition, arr) =>
    take(ravel(asArray(arr)), Array.from(doublesOf(nonzero(ravel(asArray(condition)))[0]!)), 0),
  ),
  histogram: fn('a, bins=10, range=None, density=False, weights=None', (a, bins, range, density, weights) =>
    histogram(a, bins, range, truthOf(density), weights),
  ),
  bincount: fn('x, weights=None, minlength=0', (x, weights, minlength) => bincount(x, weights, int(minlength))),
  digitize: fn('x, bins, right=False', (x, bins, right) => digitize(x, bins, truthOf(right))),
  diff: fn('a, n=1, axis=-1', (a, n, given) => diff(a, int(n), given)),
  ediff1d: fn('ary', (a) => diff(flatten(asArray(a)), 1, -1n)),
  isin: fn('element, test_elements, *, invert=False', (a, test, invert) => isin(a, test, truthOf(invert))),
  intersect1d: fn('ar1, ar2', (a, b) => setOperation(a, b, (inA, inB) => inA && inB)),
  union1d: fn('ar1, ar2', (a, b) => setOperation(a, b, () => true)),
  setdiff1d: fn('ar1, ar2', (a, b) =>
    take(distinct(a), Array.from(doublesOf(nonzero(asArray(isin(distinct(a), b, true)))[0]!)), 0),
  ),
  setxor1d: fn('ar1, ar2', (a, b) => setOperation(a, b, (inA, inB) => inA !== inB)),
  array_equal: fn('a1, a2', equalArrays),
  array_equiv: fn(
    'a1, a2',
    (a, b) => compatible(a, b) && doublesOf(asArray(apply('equal', [a, b]))).every((x) => x === 1),
  ),
  allclose: fn('a, b, rtol=1e-05, atol=1e-08, equal_nan=False', (a, b, rtol, atol, nan) =>
    doublesOf(asArray(isclose(a, b, float(rtol), float(atol), truthOf(nan)))).every((x) => x === 1),
  ),
  convolve: fn("a, v, mode='full'", (a, v, mode) =>
    asArray(v).size > asArray(a).size ? correlate(v, a, String(mode), true) : correlate(a, v, String(mode), true),
  ),
  correlate: fn("a, v, mode='valid'", (a, v, mode) => correlate(a, v, String(mode), false)),
}

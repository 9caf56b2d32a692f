/** The functions of the namespace that sort, search, count and compare whole arrays. */

import { doublesOf, flatOf, fromFlat, type NDArray, type Scalar, unwrap } from './array.ts'
import { axis, float, truthOf } from './arguments.ts'
import { asArray } from './convert.ts'
import { bool, int64 } from './dtype.ts'
import { valueError } from './errors.ts'
import { isclose } from './elementwise.ts'
import { nonzero } from './indexing.ts'
import { arraysOf, concatenate, stack, take } from './join.ts'
import { flatten, ravel } from './shape.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { argsort, compare, distinct, searchSorted, sort, unique, uniqueAlong } from './sort.ts'
import { apply } from './ufunc.ts'
import { commonShape } from './broadcast.ts'
import { Tuple, type Value } from './values.ts'

const ints = (list: readonly number[]) => fromFlat(Float64Array.from(list), int64, [list.length])

function along(value: Value, given: Value): { a: NDArray; at: number } {
  const a = asArray(value)
  return given === null ? { a: flatten(a), at: 0 } : { a, at: axis(given, a.ndim) }
}

function equalArrays(a: Value, b: Value, nan: boolean): boolean {
  const [x, y] = [asArray(a), asArray(b)]
  if (x.ndim !== y.ndim || x.shape.some((length, i) => length !== y.shape[i])) return false
  const same = doublesOf(asArray(apply('equal', [x, y])))
  const [left, right] = [doublesOf(x), doublesOf(y)]
  return same.every((value, i) => value === 1 || (nan && Number.isNaN(left[i]) && Number.isNaN(right[i])))
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

const valuesOf = (value: Value) => distinct(asArray(value)).values

function setOperation(a: Value, b: Value, keep: (inA: boolean, inB: boolean) => boolean): NDArray {
  const all = valuesOf(concatenate([ravel(asArray(a)), ravel(asArray(b))], 0))
  const [inA, inB] = [a, b].map((some) => doublesOf(asArray(isin(all, valuesOf(some), false)))) as [
    Float64Array,
    Float64Array,
  ]
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
    const rows = arraysOf(keys).map((key) => flatOf(key))
    const places = Array.from({ length: rows[0]?.length ?? 0 }, (_, i) => i)
    return ints(places.sort((i, j) => rows.reduceRight((way, row) => way || compare(row[i]!, row[j]!), 0)))
  }),
  searchsorted: fn("a, v, side='left'", (a, v, side) => unwrap(searchSorted(asArray(a), asArray(v), side === 'right'))),
  unique: fn(
    'ar, return_index=False, return_inverse=False, return_counts=False, axis=None',
    (value, index, inverse, counts, given) => {
      const a = asArray(value)
      if (given === null && !truthOf(index) && !truthOf(inverse)) {
        const found = distinct(a)
        return truthOf(counts) ? new Tuple([found.values, found.counts]) : found.values
      }
      const found = given === null ? unique(a) : uniqueAlong(a, axis(given, a.ndim))
      const parts: Value[] = [found.values]
      if (truthOf(index)) parts.push(found.first)
      if (truthOf(inverse)) parts.push(found.inverse)
      if (truthOf(counts)) parts.push(found.counts)
      return parts.length === 1 ? found.values : new Tuple(parts)
    },
  ),
  nonzero: fn('a', (a) => new Tuple(nonzero(asArray(a)))),
  flatnonzero: fn('a', (a) => nonzero(ravel(asArray(a)))[0]),
  argwhere: fn('a', (a) => {
    const found = nonzero(asArray(a))
    return found.length === 0 ? fromFlat(new Float64Array(0), int64, [asArray(a).size, 0]) : stack(found, 0).transpose()
  }),
  extract: fn('condition, arr', (condition, arr) =>
    take(ravel(asArray(arr)), Array.from(doublesOf(nonzero(ravel(asArray(condition)))[0]!)), 0),
  ),
  isin: fn('element, test_elements, *, invert=False', (a, test, invert) => isin(a, test, truthOf(invert))),
  intersect1d: fn('ar1, ar2', (a, b) => setOperation(a, b, (inA, inB) => inA && inB)),
  union1d: fn('ar1, ar2', (a, b) => setOperation(a, b, () => true)),
  setdiff1d: fn('ar1, ar2', (a, b) =>
    take(valuesOf(a), Array.from(doublesOf(nonzero(asArray(isin(valuesOf(a), b, true)))[0]!)), 0),
  ),
  setxor1d: fn('ar1, ar2', (a, b) => setOperation(a, b, (inA, inB) => inA !== inB)),
  array_equal: fn('a1, a2, equal_nan=False', (a, b, nan) => equalArrays(a, b, truthOf(nan))),
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

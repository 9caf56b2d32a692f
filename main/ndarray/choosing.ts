/** Elements chosen, or written, by lists of places and masks: beside indexing. */

import { doublesOf, fromFlat, NDArray, rowMajor, type Scalar, unwrap } from './array.ts'
import { axis } from './arguments.ts'
import { assign, valueFor } from './assign.ts'
import { broadcastShapes, broadcastView } from './broadcast.ts'
import { asArray, asOperand } from './convert.ts'
import { canCast, int64, resultType } from './dtype.ts'
import { where } from './elementwise.ts'
import { NumpyError, typeError, valueError } from './errors.ts'
import { getItem, nonzero, setItem } from './indexing.ts'
import { take } from './join.ts'
import { flatten, ravel } from './shape.ts'
import { fn, type NumpyFunction } from './signature.ts'
import { newDoubles } from './storage.ts'
import { sequence, Tuple, type Value } from './values.ts'

function target(value: Value): NDArray {
  if (value instanceof NDArray) return value
  throw typeError('the first argument must be an array')
}

/** So many of the values, from the start again where there are too few. */
function repeated(a: NDArray, values: Value, count: number): NDArray {
  const given = flatten(valueFor(a, values))
  if (given.size === 0 && count > 0) throw valueError('cannot put from an empty list')
  const places = newDoubles(count).map((_, i) => i % given.size)
  return take(given, places, 0)
}

/** Writes into the array's elements, counted in C order, however it lies in memory. */
function writeFlat(a: NDArray, places: NDArray, values: NDArray): void {
  if (a.contiguous) setItem(a.view([a.size], [1]), places, values)
  else {
    const flat = flatten(a)
    setItem(flat, places, values)
    assign(a, flat.view(a.shape, rowMajor(a.shape)))
  }
}

/** Writes values at places counted in C order, again from the first where there are too few. */
export function put(value: Value, indices: Value, values: Value): null {
  const a = target(value)
  const places = flatten(asArray(indices))
  if (places.size > 0) writeFlat(a, places, repeated(a, values, places.size))
  return null
}

/** `cycle`: each true place takes the next value; else the value of its own place. */
function putMask(value: Value, mask: Value, values: Value, cycle: boolean): null {
  const a = target(value)
  const chosen = flatten(asArray(mask))
  if (chosen.size !== a.size) throw valueError('place: mask and data must be the same size')
  const places = nonzero(chosen)[0]!
  if (places.size === 0) return null
  const all = repeated(a, values, cycle ? places.size : a.size)
  writeFlat(a, places, cycle ? all : take(all, doublesOf(places), 0))
  return null
}

function copyTo(value: Value, source: Value, casting: string, mask: Value): null {
  const a = target(value)
  const given = valueFor(a, source)
  const { array, dtype, weak } = asOperand(source)
  if (!canCast(weak === 'int' && a.dtype.kind !== 'b' ? a.dtype : dtype, a.dtype, casting)) {
    const types = `from dtype('${dtype.name}') to dtype('${a.dtype.name}')`
    throw typeError(
      `Cannot cast ${array.ndim === 0 ? 'scalar' : 'array data'} ${types} according to the rule '${casting}'`,
    )
  }
  if (mask === true) assign(a, given)
  else assign(a, asArray(where(mask, given, a)))
  return null
}

function fillDiagonal(value: Value, filling: Value): null {
  const a = target(value)
  if (a.ndim < 2) throw valueError('array must be at least 2-d')
  const [rows, columns] = a.shape as [number, number]
  const equal = a.shape.every((length) => length === rows)
  if (a.ndim > 2 && !equal) throw valueError('All dimensions of input must be of equal length')
  const count = Math.min(rows, columns)
  const step = a.steps.reduce((sum, one) => sum + one, 0)
  assign(a.view([count], [step]), repeated(a, filling, count))
  return null
}

/** The index of every axis but one is its own place; of that one it is what the array says. */
function alongKey(a: NDArray, indices: Value, at: number): Tuple {
  const list = asArray(indices)
  if (!list.dtype.integral) throw new NumpyError('IndexError', '`indices` must be an integer array')
  if (list.ndim !== a.ndim) throw valueError('`indices` and `arr` must have the same number of dimensions')
  return new Tuple(
    a.shape.map((length, i) => {
      if (i === at) return list
      const row = fromFlat(
        Float64Array.from({ length }, (_, place) => place),
        int64,
        [length],
      )
      return row.view(
        a.shape.map((_, j) => (j === i ? length : 1)),
        a.shape.map((_, j) => (j === i ? 1 : 0)),
      )
    }),
  )
}

/** With `axis=None` the elements in a row. */
function along(value: Value, given: Value): { a: NDArray; at: number } {
  const a = asArray(value)
  return given === null ? { a: ravel(a), at: 0 } : { a, at: axis(given, a.ndim) }
}

/** Of several arrays, the one whose number stands at each place. */
export function choose(value: Value, choices: Value): NDArray | Scalar {
  const which = asArray(value)
  const all = (sequence(choices) ?? [choices]).map(asOperand)
  const shape = broadcastShapes([which.shape, ...all.map(({ array }) => array.shape)])
  const numbers = doublesOf(broadcastView(which, shape)!)
  if (numbers.some((x) => x < 0 || x >= all.length)) throw valueError('invalid entry in choice array')
  const dtype = resultType(all)
  const lists = all.map(({ array }) => doublesOf(broadcastView(array, shape)!))
  return unwrap(
    fromFlat(
      numbers.map((x, i) => lists[x]![i]!),
      dtype,
      shape,
    ),
  )
}

/** Of the first condition that is true at a place, the choice; else the default. */
function select(conditions: Value, choices: Value, otherwise: Value): NDArray | Scalar {
  const [tests, list] = [sequence(conditions) ?? [], sequence(choices) ?? []]
  if (tests.length !== list.length) {
    throw valueError('list of cases must be same length as list of conditions')
  }
  if (tests.length === 0) throw valueError('select with an empty condition list is not possible')
  return tests.reduceRight<NDArray | Scalar>(
    (rest, test, i) => where(test, list[i], i === tests.length - 1 ? otherwise : rest),
    asArray(otherwise),
  )
}

export function compress(condition: Value, value: Value, given: Value): NDArray {
  const { a, at } = along(value, given)
  return take(a, doublesOf(nonzero(flatten(asArray(condition)))[0]!), at)
}

export const choosing: Readonly<Record<string, NumpyFunction>> = {
  put: fn('a, ind, v', put),
  place: fn('arr, mask, vals', (a, mask, values) => putMask(a, mask, values, true)),
  putmask: fn('a, mask, values', (a, mask, values) => putMask(a, mask, values, false)),
  copyto: fn("dst, src, casting='same_kind', where=True", (to, from, casting, mask) =>
    copyTo(to, from, String(casting), mask),
  ),
  fill_diagonal: fn('a, val', fillDiagonal),
  take_along_axis: fn('arr, indices, axis=-1', (value, indices, given) => {
    const { a, at } = along(value, given)
    return getItem(a, alongKey(a, indices, at))
  }),
  put_along_axis: fn('arr, indices, values, axis', (value, indices, values, given) => {
    const a = target(value)
    const at = axis(given, a.ndim)
    setItem(a, alongKey(a, indices, at), values)
    return null
  }),
  choose: fn('a, choices', choose),
  select: fn('condlist, choicelist, default=0', select),
  compress: fn('condition, a, axis=None', compress),
}

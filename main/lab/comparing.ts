/** Truth, equality and order of values: Python's own here, arrays in main/ndarray. */

import { binary as arrayBinary, truth as arrayTruth } from '../ndarray/index.ts'
import { isArray, isDType, isNumeric, isScalarType } from './arrays.ts'
import { raised } from './errors.ts'
import type { Meter } from './limits.ts'
import { compareIntFloat } from './numbers.ts'
import { typeName } from './types.ts'
import { Dict, DictView, isList, itemsOf, PySet, Range, Tuple, Type, type Value } from './values.ts'

/** An int, or a bool as one, or a float; undefined for what is no number. */
export function plainNumber(value: Value): bigint | number | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined
}

/** Elements of an array, 1 for all else. */
export function sizeOf(value: Value): number {
  return isArray(value) ? value.size : 1
}

/** The items of a list or tuple. */
export function elements(value: Value): readonly Value[] {
  return value instanceof Tuple ? itemsOf(value) : (value as readonly Value[])
}

/** Whether `if value:` goes on. */
export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value !== 0n
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'string') return value !== ''
  if (value === null) return false
  if (isList(value)) return value.length > 0
  if (value instanceof Tuple) return value.length > 0
  if (isNumeric(value)) return arrayTruth(value)
  if (value instanceof Dict || value instanceof PySet) return value.entries.size > 0
  const length = lengthIfAny(value)
  return length === undefined || length > 0
}

/** The length of views and ranges; undefined for what has none. */
function lengthIfAny(value: Value): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Range) return value.length
  return value instanceof DictView ? value.dict.entries.size : undefined
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

export function compare(comparison: Comparison, a: Value, b: Value, meter: Meter): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return decide(comparison, a < b ? -1 : a > b ? 1 : 0)
  if (isNumeric(a) || isNumeric(b)) {
    if (a === null || b === null || typeof a === 'string' || typeof b === 'string') {
      if (!isArray(a) && !isArray(b) && (comparison === '==' || comparison === '!=')) return comparison === '!='
    }
    meter.work(sizeOf(a) + sizeOf(b))
    const result = arrayBinary(comparison, a, b)
    if (isArray(result)) meter.hold(result.nbytes)
    return result
  }
  if (comparison === '==' || comparison === '!=') return equal(a, b, meter, 0) === (comparison === '==')
  return decide(comparison, order(comparison, a, b, meter, 0))
}

function decide(comparison: Comparison, sign: number): boolean {
  switch (comparison) {
    case '==':
      return sign === 0
    case '!=':
      return sign !== 0
    case '<':
      return sign < 0
    case '<=':
      return sign <= 0
    case '>':
      return sign > 0
    case '>=':
      return sign >= 0
  }
}

/** Whether `a == b` holds; arrays within containers must be of one element to tell. */
export function equal(a: Value, b: Value, meter: Meter, depth = 0): boolean {
  const [x, y] = [plainNumber(a), plainNumber(b)]
  if (x !== undefined && y !== undefined) return orderNumbers(x, y) === 0
  if (a === b) return true
  if (isNumeric(a) || isNumeric(b)) return truth(compare('==', a, b, meter))
  if (isDType(a) || isDType(b)) return sameDType(a, b)
  if (depth > 200) throw raised('RecursionError', 'maximum recursion depth exceeded in comparison')
  if ((isList(a) && isList(b)) || (a instanceof Tuple && b instanceof Tuple)) {
    const [left, right] = [elements(a), elements(b)]
    meter.work(left.length)
    return (
      left.length === right.length &&
      left.every((item, i) => identical(item, right[i]!) || equal(item, right[i]!, meter, depth + 1))
    )
  }
  if (a instanceof Dict && b instanceof Dict) {
    if (a.entries.size !== b.entries.size) return false
    meter.work(a.entries.size)
    for (const [key, [, value]] of a.entries) {
      const other = b.entries.get(key)
      if (!other || !(identical(value, other[1]) || equal(value, other[1], meter, depth + 1))) return false
    }
    return true
  }
  if (a instanceof Range && b instanceof Range) {
    if (a.length !== b.length || a.length === 0) return a.length === b.length
    return a.start === b.start && (a.length === 1 || a.step === b.step)
  }
  const [left, right] = [keysOf(a), keysOf(b)]
  if (left && right) return left.size === right.size && [...left.keys()].every((key) => right.has(key))
  return false
}

function keysOf(value: Value): ReadonlyMap<unknown, unknown> | undefined {
  if (value instanceof PySet) return value.entries
  return value instanceof DictView && value.typeName === 'dict_keys' ? value.dict.entries : undefined
}

/** A dtype equals the type that stands for it: `a.dtype == np.uint8`, `== 'uint8'`, `== float`. */
function sameDType(a: Value, b: Value): boolean {
  const nameOf = (value: Value) => {
    if (isDType(value)) return value.name
    if (isScalarType(value)) return value.dtype.name
    if (typeof value === 'string') return value
    return value instanceof Type ? value.dtype?.name : undefined
  }
  return (isDType(a) || isDType(b)) && nameOf(a) === nameOf(b)
}

/** `a is b`: not-a-number is itself, as an object of Python's is. */
export function identical(a: Value, b: Value): boolean {
  return Object.is(a, b)
}

/** Less, equal or more; NaN where neither. `a < b` of values without an order is refused. */
function order(comparison: Comparison, a: Value, b: Value, meter: Meter, depth: number): number {
  const [x, y] = [plainNumber(a), plainNumber(b)]
  if (x !== undefined && y !== undefined) return orderNumbers(x, y)
  if (typeof a === 'string' && typeof b === 'string') return orderTexts(a, b)
  if (depth > 200) throw raised('RecursionError', 'maximum recursion depth exceeded in comparison')
  if ((isList(a) && isList(b)) || (a instanceof Tuple && b instanceof Tuple)) {
    const [left, right] = [elements(a), elements(b)]
    const length = Math.min(left.length, right.length)
    for (let i = 0; i < length; i++) {
      const [p, q] = [left[i]!, right[i]!]
      if (identical(p, q) || equal(p, q, meter, depth + 1)) continue
      if (isNumeric(p) || isNumeric(q))
        return truth(compare(comparison, p, q, meter)) === comparison.startsWith('<') ? -1 : 1
      return order(comparison, p, q, meter, depth + 1)
    }
    return left.length - right.length
  }
  if (a instanceof PySet && b instanceof PySet) return orderSets(a, b)
  throw raised('TypeError', `'${comparison}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
}

function orderNumbers(a: bigint | number, b: bigint | number): number {
  if (typeof a === 'bigint') return typeof b === 'bigint' ? (a < b ? -1 : a > b ? 1 : 0) : compareIntFloat(a, b)
  if (typeof b === 'bigint') return -compareIntFloat(b, a)
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN
}

/** By code points, as Python orders them. */
function orderTexts(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    if (a[i] === b[i]) continue
    const [p, q] = [a.codePointAt(i)!, b.codePointAt(i)!]
    return p < q ? -1 : 1
  }
  return a.length - b.length
}

/** Contained, equal, containing; NaN where neither contains the other. */
function orderSets(a: PySet, b: PySet): number {
  const within = (inner: PySet, outer: PySet) => [...inner.entries.keys()].every((key) => outer.entries.has(key))
  if (within(a, b)) return a.entries.size === b.entries.size ? 0 : -1
  return within(b, a) ? 1 : Number.NaN
}

/** -1, 0 or 1 for sorting, by `<` alone. */
export function lessThan(a: Value, b: Value, meter: Meter): boolean {
  return truth(compare('<', a, b, meter))
}

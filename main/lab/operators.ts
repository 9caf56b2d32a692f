/** Operators: Python's own numbers and containers here, arrays in main/ndarray. */

import { binary as arrayBinary, inplace, unary as arrayUnary } from '../ndarray/index.ts'
import { isArray, isNumeric, isNumpyScalar } from './arrays.ts'
import { elements, plainNumber, sizeOf } from './comparing.ts'
import { raised } from './errors.ts'
import { percentFormat } from './format.ts'
import { keyOf } from './keys.ts'
import type { Meter } from './limits.ts'
import {
  divideInts,
  floorDivideFloats,
  floorDivideInts,
  intToFloat,
  moduloFloats,
  moduloInts,
  multiplyInts,
  powerFloats,
  powerInts,
  shiftInt,
} from './numbers.ts'
import { typeName } from './types.ts'
import { Dict, isList, itemsOf, PySet, Tuple, type Value } from './values.ts'

export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '&' | '|' | '^' | '<<' | '>>'

export const operators: ReadonlySet<string> = new Set<Operator>([
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '**',
  '@',
  '&',
  '|',
  '^',
  '<<',
  '>>',
])

/** `written`: how messages name the operator. */
export function binary(operator: Operator, a: Value, b: Value, meter: Meter, written: string = operator): Value {
  if (typeof a === 'number' && typeof b === 'number') return floats(operator, a, b) ?? unsupported(written, a, b)
  if (typeof a === 'bigint' && typeof b === 'bigint') return ints(operator, a, b) ?? unsupported(written, a, b)
  if (typeof a === 'string' && operator === '%') return percent(a, b)
  if (typeof a === 'string' && operator === '+' && isNumpyScalar(b)) return concatenate(a, b, meter)!
  const times = operator === '*' ? repetition(a, b, meter) : undefined
  if (times !== undefined) return times
  if (isNumeric(a) || isNumeric(b)) {
    // A list takes in an array; a sum of both is the array's.
    meter.work(sizeOf(a) + sizeOf(b))
    const result = arrayBinary(operator, a, b)
    if (operator === '@') countProducts(a, b, result, meter)
    if (isArray(result)) meter.hold(result.nbytes)
    return result
  }
  const [x, y] = [plainNumber(a), plainNumber(b)]
  if (x !== undefined && y !== undefined) {
    if (typeof a === 'boolean' && typeof b === 'boolean' && '&|^'.includes(operator)) {
      return operator === '&' ? a && b : operator === '|' ? a || b : a !== b
    }
    const result =
      typeof x === 'bigint' && typeof y === 'bigint' ? ints(operator, x, y) : floats(operator, asFloat(x), asFloat(y))
    return result ?? unsupported(written, a, b)
  }
  return containers(operator, a, b, meter) ?? unsupported(written, a, b)
}

/** A list or a text so many times, that being one of NumPy's whole numbers. */
function repetition(a: Value, b: Value, meter: Meter): Value | undefined {
  const [sequence, count] = isNumpyScalar(a) ? [b, a] : [a, b]
  if (!isNumpyScalar(count) || !isSequence(sequence) || count.dtype.kind === 'b') return undefined
  if (count.dtype.kind === 'f') {
    throw raised('TypeError', `can't multiply sequence by non-int of type '${typeName(count)}'`)
  }
  return repeat(sequence, BigInt(count.value), meter)
}

function asFloat(value: bigint | number): number {
  return typeof value === 'bigint' ? intToFloat(value) : value
}

function floats(operator: Operator, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      if (b === 0) throw raised('ZeroDivisionError', 'float division by zero')
      return a / b
    case '//':
      return floorDivideFloats(a, b)
    case '%':
      return moduloFloats(a, b)
    case '**':
      return powerFloats(a, b)
    case '@':
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>':
      return undefined
  }
}

function ints(operator: Operator, a: bigint, b: bigint): bigint | number | undefined {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return multiplyInts(a, b)
    case '/':
      return divideInts(a, b)
    case '//':
      return floorDivideInts(a, b)
    case '%':
      return moduloInts(a, b)
    case '**':
      return powerInts(a, b)
    case '&':
      return a & b
    case '|':
      return a | b
    case '^':
      return a ^ b
    case '<<':
      return shiftInt(a, b)
    case '>>':
      if (b < 0n) throw raised('ValueError', 'negative shift count')
      return a >> b
    case '@':
      return undefined
  }
}

function unsupported(operator: string, a: Value, b: Value): never {
  const sign = operator === '**' ? '** or pow()' : operator
  throw raised('TypeError', `unsupported operand type(s) for ${sign}: '${typeName(a)}' and '${typeName(b)}'`)
}

function containers(operator: Operator, a: Value, b: Value, meter: Meter): Value | undefined {
  switch (operator) {
    case '+':
      return concatenate(a, b, meter)
    case '*': {
      if (typeof b === 'bigint' || typeof b === 'boolean') return repeat(a, BigInt(b), meter)
      if (typeof a === 'bigint' || typeof a === 'boolean') return repeat(b, BigInt(a), meter)
      const [sequence, other] = isSequence(a) ? [a, b] : [b, a]
      if (!isSequence(sequence)) return undefined
      throw raised('TypeError', `can't multiply sequence by non-int of type '${typeName(other)}'`)
    }
    case '|':
      if (a instanceof Dict && b instanceof Dict) {
        const both = new Dict()
        for (const [key, entry] of [...a.entries, ...b.entries]) both.entries.set(key, entry)
        return both
      }
      return sets(operator, a, b)
    case '&':
    case '^':
    case '-':
      return sets(operator, a, b)
    case '%':
    case '@':
    case '**':
    case '/':
    case '//':
    case '<<':
    case '>>':
      return undefined
  }
}

function isSequence(value: Value): boolean {
  return typeof value === 'string' || isList(value) || value instanceof Tuple
}

function concatenate(a: Value, b: Value, meter: Meter): Value | undefined {
  if (typeof a === 'string') {
    if (typeof b !== 'string') throw raised('TypeError', `can only concatenate str (not "${typeName(b)}") to str`)
    meter.hold(2 * (a.length + b.length))
    return a + b
  }
  const type = isList(a) ? 'list' : a instanceof Tuple ? 'tuple' : null
  if (type === null) return undefined
  if (isList(a) ? !isList(b) : !(b instanceof Tuple)) {
    throw raised('TypeError', `can only concatenate ${type} (not "${typeName(b)}") to ${type}`)
  }
  const [left, right] = [elements(a), elements(b)]
  meter.work(left.length + right.length)
  meter.hold(8 * (left.length + right.length))
  const both = [...left, ...right]
  return type === 'list' ? both : new Tuple(both)
}

function repeat(sequence: Value, times: bigint, meter: Meter): Value | undefined {
  if (!isSequence(sequence)) return undefined
  const count = times < 0n ? 0 : Number(times)
  const length = typeof sequence === 'string' ? sequence.length : elements(sequence).length
  const bytes = length * count * (typeof sequence === 'string' ? 2 : 8)
  meter.hold(bytes)
  if (length * count > largestLength) throw raised('MemoryError', `${length * count} elements are too many for the lab`)
  if (typeof sequence === 'string') return length === 0 ? '' : sequence.repeat(count)
  meter.work(length * count)
  const items = elements(sequence)
  const all: Value[] = new Array<Value>(length * count)
  for (let i = 0; i < all.length; i++) all[i] = items[i % length]!
  return isList(sequence) ? all : new Tuple(all)
}

/** Elements of a list, characters of a text, at most. */
export const largestLength = 1 << 24

/** Counts the multiplications of a product of arrays, which are more than its elements: a · b · result = (all of them)². */
export function countProducts(a: Value, b: Value, result: Value, meter: Meter): void {
  const [x, y, z] = [a, b, result].map((value) => (isArray(value) ? value.size : 1)) as [number, number, number]
  meter.work(Math.sqrt(x * y * z) / 8)
}

function percent(text: string, values: Value): string {
  const list = values instanceof Tuple ? itemsOf(values) : [values]
  return percentFormat(text, values instanceof Dict ? [] : list, (name) => {
    if (!(values instanceof Dict)) throw raised('TypeError', 'format requires a mapping')
    const entry = values.entries.get(keyOf(name))
    if (!entry) throw raised('KeyError', name)
    return entry[1]
  })
}

function sets(operator: Operator, a: Value, b: Value): PySet | undefined {
  if (!(a instanceof PySet) || !(b instanceof PySet)) return undefined
  const result = new PySet()
  const keep = (from: PySet, wanted: (key: unknown) => boolean) => {
    for (const [key, value] of from.entries) if (wanted(key)) result.entries.set(key, value)
  }
  const [left, right] = [a.entries, b.entries]
  keep(a, (key) => operator === '|' || right.has(key) === (operator === '&'))
  if (operator === '|') keep(b, (key) => !left.has(key))
  if (operator === '^') keep(b, (key) => !left.has(key))
  return result
}

/** `a operator= b`: arrays and lists keep their identity; all else is a new value. */
export function augmented(operator: Operator, a: Value, b: Value, meter: Meter): Value {
  if (isArray(a)) {
    meter.work(a.size)
    return inplace(operator, a, b)
  }
  if (a instanceof PySet && b instanceof PySet) {
    const result = sets(operator, a, b)
    if (result) {
      a.entries.clear()
      for (const [key, value] of result.entries) a.entries.set(key, value)
      return a
    }
  }
  if (isList(a) && operator === '*' && typeof b === 'bigint') {
    const repeated = repeat(a, b, meter) as readonly Value[]
    a.length = 0
    for (const item of repeated) a.push(item)
    return a
  }
  return binary(operator, a, b, meter, `${operator}=`)
}

export function unary(operator: '-' | '+' | '~', value: Value): Value {
  if (isNumeric(value)) return arrayUnary(operator, value)
  const number = plainNumber(value)
  if (number !== undefined && !(operator === '~' && typeof number === 'number')) {
    if (operator === '-') return -number
    return operator === '+' ? number : ~(number as bigint)
  }
  throw raised('TypeError', `bad operand type for unary ${operator}: '${typeName(value)}'`)
}

/** `a[key]`: reading, assigning and deleting, in sequences, dicts and arrays; and `in`. */

import { boundsOf, getItem as arrayGet, setItem as arraySet } from '../ndarray/index.ts'
import { isArray, isNumpyScalar, scalarItem } from './arrays.ts'
import { raised } from './errors.ts'
import { codePoints, itemsAtOnce } from './iterate.ts'
import { keyOf } from './keys.ts'
import type { Meter } from './limits.ts'
import { compare, equal, identical, truth } from './comparing.ts'
import { typeName } from './types.ts'
import {
  Dict,
  DictView,
  isList,
  itemsOf,
  LabObject,
  PyIterator,
  PySet,
  Range,
  Slice,
  Tuple,
  type List,
  type Value,
} from './values.ts'

/** An int, or what counts as one; undefined for anything else. */
export function indexNumber(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (isNumpyScalar(value) && value.dtype.kind !== 'f') return BigInt(scalarItem(value))
  if (isArray(value) && value.ndim === 0 && value.dtype.kind !== 'f') return BigInt(value.at(value.offset))
  return undefined
}

/** An int, or what counts as one. Throws TypeError for anything else. */
export function requireIndex(value: Value): bigint {
  const number = indexNumber(value)
  if (number !== undefined) return number
  throw raised('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`)
}

/** `start:stop:step` between square brackets; that bounds are whole numbers is for who takes them to see. */
export function makeSlice(start: Value, stop: Value, step: Value): Slice {
  const bound = (value: Value): Value => indexNumber(value) ?? value
  return new Slice(bound(start), bound(stop), bound(step))
}

export function getItem(value: Value, key: Value, meter: Meter): Value {
  if (isArray(value)) {
    const result = arrayGet(value, key) as Value
    // Views hold nothing of their own; picks by index or mask do.
    if (isArray(result)) meter.hold(result.base === null ? result.nbytes : 64)
    return result
  }
  if (isList(value)) return sequenceItem(value, key, 'list', meter)
  if (value instanceof Dict) {
    const entry = value.entries.get(keyOf(key))
    if (!entry) throw raised('KeyError', key)
    return entry[1]
  }
  if (value instanceof Tuple) {
    const found = sequenceItem(itemsOf(value), key, 'tuple', meter)
    return key instanceof Slice ? new Tuple(found as List) : found
  }
  if (typeof value === 'string') {
    const characters = codePoints(value) === value.length ? value : Array.from(value)
    if (key instanceof Slice) {
      const picked = sliceIndices(key, characters.length)
      meter.hold(2 * picked.length)
      return Array.from(picked, (i) => characters[i]!).join('')
    }
    return characters[position(key, characters.length, 'string')]!
  }
  if (value instanceof Range) return rangeItem(value, key)
  if (value instanceof LabObject && value.item) {
    const found = value.item(key)
    if (isArray(found)) meter.hold(found.nbytes)
    return found
  }
  if (isNumpyScalar(value)) throw raised('IndexError', 'invalid index to scalar variable.')
  throw raised('TypeError', `'${typeName(value)}' object is not subscriptable`)
}

function sequenceItem(items: readonly Value[], key: Value, what: string, meter: Meter): Value {
  if (!(key instanceof Slice)) return items[position(key, items.length, what)]!
  const picked = sliceIndices(key, items.length)
  meter.work(picked.length)
  meter.hold(8 * picked.length)
  return Array.from(picked, (i) => items[i]!)
}

function position(key: Value, length: number, what: string): number {
  const number = indexNumber(key)
  if (number === undefined) {
    const kind = what === 'string' ? 'string indices must be integers' : `${what} indices must be integers or slices`
    throw raised('TypeError', `${kind}, not ${what === 'string' ? `'${typeName(key)}'` : typeName(key)}`)
  }
  const index = number < 0n ? number + BigInt(length) : number
  if (index < 0n || index >= BigInt(length)) throw raised('IndexError', `${what} index out of range`)
  return Number(index)
}

interface Picked {
  readonly start: number
  readonly step: number
  readonly length: number
}

/** What a slice picks of a sequence, as Python's `slice.indices`. */
export function slicePicked(slice: Slice, length: number): Picked {
  const { start, stop, step } = boundsOf(slice)
  const by = step ?? 1n
  if (by === 0n) throw raised('ValueError', 'slice step cannot be zero')
  const size = BigInt(length)
  const [lowest, highest] = by > 0n ? [0n, size] : [-1n, size - 1n]
  const bound = (given: bigint | null, usual: bigint) => {
    if (given === null) return usual
    const index = given < 0n ? given + size : given
    return index < lowest ? lowest : index > highest ? highest : index
  }
  const first = bound(start, by > 0n ? lowest : highest)
  const end = bound(stop, by > 0n ? highest : lowest)
  const { length: count } = new Range(first, end, by)
  return { start: Number(first), step: count > 1 ? Number(by) : 1, length: count }
}

function sliceIndices(slice: Slice, length: number): number[] {
  const { start, step, length: count } = slicePicked(slice, length)
  return Array.from({ length: count }, (_, i) => start + i * step)
}

function rangeItem(range: Range, key: Value): Value {
  if (key instanceof Slice) {
    const { start, step, length } = slicePicked(key, range.length)
    const first = range.start + BigInt(start) * range.step
    const by = range.step * BigInt(step)
    return new Range(first, first + BigInt(length) * by, by)
  }
  const number = indexNumber(key)
  if (number === undefined) throw raised('TypeError', `range indices must be integers or slices, not ${typeName(key)}`)
  const index = number < 0n ? number + BigInt(range.length) : number
  if (index < 0n || index >= BigInt(range.length)) throw raised('IndexError', 'range object index out of range')
  return range.start + index * range.step
}

export function setItem(target: Value, key: Value, value: Value, meter: Meter): void {
  if (isArray(target)) {
    if (isArray(value)) meter.work(value.size)
    arraySet(target, key, value)
  } else if (isList(target)) {
    if (key instanceof Slice) setSlice(target, key, value, meter)
    else {
      const index = indexNumber(key)
      if (index !== undefined && !inRange(index, target.length)) {
        throw raised('IndexError', 'list assignment index out of range')
      }
      target[position(key, target.length, 'list')] = value
    }
  } else if (target instanceof Dict) {
    setEntry(target, key, value, meter)
  } else if (target instanceof LabObject && target.setItem) {
    target.setItem(key, value)
  } else {
    throw raised('TypeError', `'${typeName(target)}' object does not support item assignment`)
  }
}

function inRange(index: bigint, length: number): boolean {
  return index >= -BigInt(length) && index < BigInt(length)
}

export function setEntry(dict: Dict, key: Value, value: Value, meter: Meter): void {
  const hashed = keyOf(key)
  const known = dict.entries.get(hashed)
  if (!known) meter.hold(100)
  // A key that is there stays as it was written first.
  dict.entries.set(hashed, [known ? known[0] : key, value])
}

function setSlice(target: List, slice: Slice, value: Value, meter: Meter): void {
  if (!(isList(value) || value instanceof Tuple)) {
    const items = itemsAtOnce(value, meter)
    if (!items) throw raised('TypeError', 'the lab assigns to slices from lists, tuples and arrays')
    setSlice(target, slice, [...items], meter)
    return
  }
  const items = isList(value) ? [...value] : [...itemsOf(value)]
  const { start, step, length } = slicePicked(slice, target.length)
  meter.hold(8 * items.length)
  meter.work(target.length + items.length)
  if (slice.step === null || slice.step === 1n) {
    const tail = target.slice(start + length)
    target.length = start
    for (const item of items) target.push(item)
    for (const item of tail) target.push(item)
    return
  }
  if (items.length !== length) {
    throw raised('ValueError', `attempt to assign sequence of size ${items.length} to extended slice of size ${length}`)
  }
  items.forEach((item, i) => (target[start + i * step] = item))
}

export function deleteItem(target: Value, key: Value): void {
  if (isList(target)) {
    if (key instanceof Slice) {
      const gone = new Set(sliceIndices(key, target.length))
      const kept = target.filter((_, i) => !gone.has(i))
      target.length = 0
      for (const item of kept) target.push(item)
    } else {
      const index = indexNumber(key)
      if (index !== undefined && !inRange(index, target.length)) {
        throw raised('IndexError', 'list assignment index out of range')
      }
      target.splice(position(key, target.length, 'list'), 1)
    }
  } else if (target instanceof Dict) {
    if (!target.entries.delete(keyOf(key))) throw raised('KeyError', key)
  } else {
    throw raised('TypeError', `'${typeName(target)}' object doesn't support item deletion`)
  }
}

function isIterable(value: Value): boolean {
  return isList(value) || value instanceof Tuple || value instanceof DictView || value instanceof PyIterator
}

/** `item in container`. */
export function contains(container: Value, item: Value, meter: Meter): boolean {
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item)
    throw raised('TypeError', `'in <string>' requires string as left operand, not ${typeName(item)}`)
  }
  if (container instanceof Dict || container instanceof PySet) return container.entries.has(keyOf(item))
  if (container instanceof DictView && container.typeName === 'dict_keys')
    return container.dict.entries.has(keyOf(item))
  if (container instanceof Range) {
    const number = indexNumber(typeof item === 'number' && Number.isInteger(item) ? BigInt(item) : item)
    if (number === undefined) return false
    const { start, stop, step } = container
    return step > 0n
      ? number >= start && number < stop && (number - start) % step === 0n
      : number <= start && number > stop && (start - number) % -step === 0n
  }
  if (isArray(container)) {
    const same = compare('==', container, item, meter)
    if (!isArray(same)) return truth(same)
    meter.work(same.size)
    for (const place of same.storage.data) if (place) return true
    return false
  }
  if (!isIterable(container)) throw raised('TypeError', `argument of type '${typeName(container)}' is not iterable`)
  const items = itemsAtOnce(container, meter)
  if (!items) throw raised('TypeError', 'the lab does not look for a value in a generator; make it a list first')
  meter.work(items.length)
  return items.some((other) => identical(other, item) || equal(other, item, meter))
}

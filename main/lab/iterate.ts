/** Going through values: what `for` does, and what takes all of them at once. */

import { iterate as arrayItems } from '../ndarray/index.ts'
import { isArray } from './arrays.ts'
import { FlatIterator } from './arrayObjects.ts'
import { raised } from './errors.ts'
import type { Meter } from './limits.ts'
import { largestLength } from './operators.ts'
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
  Tuple,
  Walk,
  type Key,
  type Steps,
  type Value,
} from './values.ts'

/** An iterator of a value. Throws TypeError for one that has none. */
export function iterator(value: Value): PyIterator {
  if (value instanceof PyIterator) return value
  if (value instanceof Range) return new RangeWalk(value)
  if (isList(value)) return new Walk(value, 'list_iterator')
  if (value instanceof Tuple) return new Walk(itemsOf(value), 'tuple_iterator')
  if (typeof value === 'string') return new Walk(value, 'str_iterator')
  if (value instanceof Dict) return new EntryWalk(value.entries, ([key]) => key, 'dict')
  if (value instanceof PySet) return new EntryWalk(value.entries, (item) => item, 'set')
  if (value instanceof DictView) return viewWalk(value)
  if (isArray(value)) return new Walk(arrayItems(value) as Iterable<Value>, 'iterator')
  if (value instanceof LabObject && value.items) return new Walk(value.items())
  throw raised('TypeError', `'${typeName(value)}' object is not iterable`)
}

class RangeWalk extends PyIterator {
  override readonly typeName = 'range_iterator'
  #next: bigint
  readonly #step: bigint
  #left: number
  constructor({ start, step, length }: Range) {
    super()
    this.#next = start
    this.#step = step
    this.#left = length
  }
  next(): Value | undefined {
    if (this.#left <= 0) return undefined
    this.#left--
    const value = this.#next
    this.#next += this.#step
    return value
  }
}

/** Goes through a dict or set, which must not change its size meanwhile. */
class EntryWalk<E> extends PyIterator {
  readonly #entries: ReadonlyMap<Key, E>
  readonly #walk: Iterator<E>
  readonly #take: (entry: E) => Value
  readonly #what: string
  readonly #size: number
  constructor(entries: ReadonlyMap<Key, E>, take: (entry: E) => Value, what: 'dict' | 'set') {
    super()
    this.#entries = entries
    this.#walk = entries.values()
    this.#take = take
    this.#what = what === 'dict' ? 'dictionary' : 'Set'
    this.#size = entries.size
  }
  next(): Value | undefined {
    if (this.#entries.size !== this.#size) throw raised('RuntimeError', `${this.#what} changed size during iteration`)
    const turn = this.#walk.next()
    return turn.done === true ? undefined : this.#take(turn.value)
  }
}

function viewWalk({ typeName: kind, dict }: DictView): PyIterator {
  const take = (entry: readonly [Value, Value]) =>
    kind === 'dict_keys' ? entry[0] : kind === 'dict_values' ? entry[1] : new Tuple(entry)
  return new EntryWalk(dict.entries, take, 'dict')
}

/** A place in a list, and a small number in it. */
const bytesAnItem = 32

/** All items at once, where no function of the program has to run for them; undefined where one has. */
export function itemsAtOnce(value: Value, meter: Meter): readonly Value[] | undefined {
  if (isList(value)) return value
  if (value instanceof Tuple) return itemsOf(value)
  if (value instanceof Range) requireLength(value.length)
  const walk = iterator(value)
  if (walk.stepwise) return undefined
  const items: Value[] = []
  for (let item = walk.next(); item !== undefined; item = walk.next()) {
    items.push(item)
    if ((items.length & 1023) === 0) {
      meter.work(1024)
      meter.hold(bytesAnItem * 1024)
      requireLength(items.length)
    }
  }
  return items
}

/** All items, resting on the way. The list is the caller's own. */
export function* collect(value: Value, meter: Meter): Steps<Value[]> {
  if (isList(value)) return [...value]
  if (value instanceof Tuple) return [...itemsOf(value)]
  if (value instanceof Range) requireLength(value.length)
  const walk = iterator(value)
  const items: Value[] = []
  for (;;) {
    const item = walk.stepwise ? yield* walk.step() : walk.next()
    if (item === undefined) return items
    if (meter.tick()) yield null
    meter.hold(bytesAnItem)
    items.push(item)
    requireLength(items.length)
  }
}

export function requireLength(length: number): void {
  if (length > largestLength)
    throw raised('MemoryError', `more than ${largestLength} elements are too many for the lab`)
}

/** `len(value)`. */
export function lengthOf(value: Value): number {
  if (value instanceof FlatIterator) return value.length
  if (typeof value === 'string') return codePoints(value)
  if (isList(value) || value instanceof Tuple || value instanceof Range) return value.length
  if (value instanceof Dict || value instanceof PySet) return value.entries.size
  if (value instanceof DictView) return value.dict.entries.size
  if (isArray(value)) {
    if (value.ndim === 0) throw raised('TypeError', 'len() of unsized object')
    return value.shape[0]!
  }
  if (value instanceof LabObject && value.items) return value.items().length
  throw raised('TypeError', `object of type '${typeName(value)}' has no len()`)
}

/** Characters as Python counts them. */
export function codePoints(text: string): number {
  if (/^[\0-\x7f]*$/.test(text)) return text.length
  return Array.from(text).length
}

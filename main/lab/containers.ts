/** The methods of list, tuple, dict and set. */

import { raised } from './errors.ts'
import { collect, itemsAtOnce, lengthOf } from './iterate.ts'
import { keyOf } from './keys.ts'
import { equal, identical, lessThan } from './comparing.ts'
import { methodTable, type MethodTable, type Runtime } from './signatures.ts'
import { deleteItem, requireIndex, setEntry } from './subscripts.ts'
import { repr } from './text.ts'
import {
  Activation,
  Deferred,
  Dict,
  DictView,
  itemsOf,
  noNames,
  PySet,
  Tuple,
  type List,
  type Outcome,
  type Steps,
  type Value,
} from './values.ts'

/** The value of an outcome, however it comes about. */
export function* settle(outcome: Outcome): Steps {
  if (outcome instanceof Activation) return yield outcome
  if (outcome instanceof Deferred) return yield* outcome.steps
  return outcome
}

/** Sorted by `key` (None: by the items), stable, resting on the way. */
export function* sorted(items: readonly Value[], key: Value, reverse: boolean, runtime: Runtime): Steps<Value[]> {
  const { meter } = runtime
  let from: [by: Value, item: Value][] = []
  for (const item of items) {
    const by = key === null ? item : yield* settle(runtime.call(key, { positional: [item], named: noNames }))
    from.push([by, item])
  }
  let to = from.slice()
  for (let width = 1; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length)
      const end = Math.min(start + 2 * width, from.length)
      let [left, right] = [start, middle]
      for (let at = start; at < end; at++) {
        if (meter.tick()) yield null
        const second =
          left >= middle ||
          (right < end &&
            (reverse
              ? lessThan(from[left]![0], from[right]![0], meter)
              : lessThan(from[right]![0], from[left]![0], meter)))
        to[at] = second ? from[right++]! : from[left++]!
      }
    }
    ;[from, to] = [to, from]
  }
  return from.map(([, item]) => item)
}

function indexOf(items: readonly Value[], value: Value, runtime: Runtime): number {
  runtime.meter.work(items.length)
  return items.findIndex((item) => identical(item, value) || equal(item, value, runtime.meter))
}

function occurrences(items: readonly Value[], value: Value, runtime: Runtime): bigint {
  runtime.meter.work(items.length)
  return BigInt(items.filter((item) => identical(item, value) || equal(item, value, runtime.meter)).length)
}

function* extend(self: List, values: Value, runtime: Runtime): Steps {
  const items = yield* collect(values, runtime.meter)
  runtime.meter.hold(8 * items.length)
  runtime.meter.work(items.length)
  for (const item of items) self.push(item)
  return null
}

function* sortInPlace(self: List, key: Value, reverse: boolean, runtime: Runtime): Steps {
  const items = yield* sorted([...self], key, reverse, runtime)
  items.forEach((item, i) => (self[i] = item))
  self.length = items.length
  return null
}

export function extended(self: List, values: Value, runtime: Runtime): Deferred {
  return new Deferred(extend(self, values, runtime))
}

export const listMethods: MethodTable<List> = methodTable<List>([
  [
    'append',
    'object',
    (self, { meter }, value) => {
      meter.hold(8)
      self.push(value!)
      return null
    },
  ],
  ['extend', 'iterable', (self, runtime, values) => extended(self, values!, runtime)],
  [
    'insert',
    'index, object',
    (self, { meter }, index, value) => {
      const at = requireIndex(index!)
      meter.hold(8)
      self.splice(Number(at < 0n ? (at + BigInt(self.length) < 0n ? 0n : at + BigInt(self.length)) : at), 0, value!)
      return null
    },
  ],
  [
    'pop',
    'index=',
    (self, _, index = -1n) => {
      if (self.length === 0) throw raised('IndexError', 'pop from empty list')
      const at = requireIndex(index)
      const place = at < 0n ? at + BigInt(self.length) : at
      if (place < 0n || place >= BigInt(self.length)) throw raised('IndexError', 'pop index out of range')
      return self.splice(Number(place), 1)[0]!
    },
  ],
  [
    'remove',
    'value',
    (self, runtime, value) => {
      const at = indexOf(self, value!, runtime)
      if (at < 0) throw raised('ValueError', 'list.remove(x): x not in list')
      deleteItem(self, BigInt(at))
      return null
    },
  ],
  [
    'clear',
    '',
    (self) => {
      self.length = 0
      return null
    },
  ],
  [
    'index',
    'value',
    (self, runtime, value) => {
      const at = indexOf(self, value!, runtime)
      if (at < 0) throw raised('ValueError', `${repr(value!)} is not in list`)
      return BigInt(at)
    },
  ],
  ['count', 'value', (self, runtime, value) => occurrences(self, value!, runtime)],
  [
    'sort',
    '*, key=, reverse=',
    (self, runtime, key = null, reverse = false) =>
      new Deferred(sortInPlace(self, key, reverse !== false && reverse !== 0n, runtime)),
  ],
  [
    'reverse',
    '',
    (self) => {
      self.reverse()
      return null
    },
  ],
  [
    'copy',
    '',
    (self, { meter }) => {
      meter.hold(8 * self.length)
      return [...self]
    },
  ],
])

export const tupleMethods: MethodTable<Tuple> = methodTable<Tuple>([
  [
    'index',
    'value',
    (self, runtime, value) => {
      const at = indexOf(itemsOf(self), value!, runtime)
      if (at < 0) throw raised('ValueError', 'tuple.index(x): x not in tuple')
      return BigInt(at)
    },
  ],
  ['count', 'value', (self, runtime, value) => occurrences(itemsOf(self), value!, runtime)],
])

/** Puts the entries of a dict, or of pairs, into a dict. */
export function* updateDict(self: Dict, from: Value, runtime: Runtime): Steps {
  const { meter } = runtime
  if (from instanceof Dict) {
    for (const [key, value] of [...from.entries.values()]) setEntry(self, key, value, meter)
    return null
  }
  const pairs = yield* collect(from, meter)
  for (const [i, pair] of pairs.entries()) {
    const parts = itemsAtOnce(pair, meter) ?? []
    if (parts.length !== 2) {
      throw raised('ValueError', `dictionary update sequence element #${i} has length ${lengthOf(pair)}; 2 is required`)
    }
    setEntry(self, parts[0]!, parts[1]!, meter)
  }
  return null
}

export const dictMethods: MethodTable<Dict> = methodTable<Dict>([
  ['keys', '', (self) => new DictView('dict_keys', self)],
  ['values', '', (self) => new DictView('dict_values', self)],
  ['items', '', (self) => new DictView('dict_items', self)],
  [
    'get',
    'key, default=',
    (self, _, key, other = null) => self.entries.get(keyOf(key!))?.[1] ?? nullOr(self, key!, other),
  ],
  [
    'pop',
    'key, default=',
    (self, _, key, other) => {
      const hashed = keyOf(key!)
      const entry = self.entries.get(hashed)
      if (entry) self.entries.delete(hashed)
      else if (other === undefined) throw raised('KeyError', key!)
      return entry ? entry[1] : other!
    },
  ],
  [
    'popitem',
    '',
    (self) => {
      const last = [...self.entries].at(-1)
      if (!last) throw raised('KeyError', 'popitem(): dictionary is empty')
      self.entries.delete(last[0])
      return new Tuple(last[1])
    },
  ],
  [
    'setdefault',
    'key, default=',
    (self, { meter }, key, other = null) => {
      const entry = self.entries.get(keyOf(key!))
      if (entry) return entry[1]
      setEntry(self, key!, other, meter)
      return other
    },
  ],
  ['update', 'other', (self, runtime, other) => new Deferred(updateDict(self, other!, runtime))],
  [
    'clear',
    '',
    (self) => {
      self.entries.clear()
      return null
    },
  ],
  [
    'copy',
    '',
    (self, { meter }) => {
      meter.hold(100 * self.entries.size)
      const copy = new Dict()
      for (const [key, entry] of self.entries) copy.entries.set(key, entry)
      return copy
    },
  ],
])

/** None where that is what is stored, the default where nothing is. */
function nullOr(dict: Dict, key: Value, other: Value): Value {
  return dict.entries.has(keyOf(key)) ? null : other
}

function addTo(set: PySet, value: Value, runtime: Runtime): void {
  const key = keyOf(value)
  if (set.entries.has(key)) return
  runtime.meter.hold(80)
  set.entries.set(key, value)
}

export function* makeSet(values: Value, runtime: Runtime): Steps<PySet> {
  const set = new PySet()
  for (const item of yield* collect(values, runtime.meter)) addTo(set, item, runtime)
  return set
}

function setOperation(keep: (inLeft: boolean, inRight: boolean) => boolean) {
  return (self: PySet, runtime: Runtime, other: Value | undefined) =>
    new Deferred(
      (function* () {
        const right = yield* makeSet(other!, runtime)
        const result = new PySet()
        for (const [key, value] of [...self.entries, ...right.entries]) {
          if (keep(self.entries.has(key), right.entries.has(key))) result.entries.set(key, value)
        }
        return result
      })(),
    )
}

function setTest(test: (self: PySet, other: PySet) => boolean) {
  return (self: PySet, runtime: Runtime, other: Value | undefined) =>
    new Deferred(
      (function* () {
        return test(self, yield* makeSet(other!, runtime))
      })(),
    )
}

const within = (inner: PySet, outer: PySet) => [...inner.entries.keys()].every((key) => outer.entries.has(key))

export const setMethods: MethodTable<PySet> = methodTable<PySet>([
  [
    'add',
    'elem',
    (self, runtime, value) => {
      addTo(self, value!, runtime)
      return null
    },
  ],
  [
    'discard',
    'elem',
    (self, _, value) => {
      self.entries.delete(keyOf(value!))
      return null
    },
  ],
  [
    'remove',
    'elem',
    (self, _, value) => {
      if (!self.entries.delete(keyOf(value!))) throw raised('KeyError', value!)
      return null
    },
  ],
  ['union', 'other', setOperation((left, right) => left || right)],
  ['intersection', 'other', setOperation((left, right) => left && right)],
  ['difference', 'other', setOperation((left, right) => left && !right)],
  ['symmetric_difference', 'other', setOperation((left, right) => left !== right)],
  ['issubset', 'other', setTest(within)],
  ['issuperset', 'other', setTest((self, other) => within(other, self))],
  ['isdisjoint', 'other', setTest((self, other) => ![...other.entries.keys()].some((key) => self.entries.has(key)))],
  [
    'update',
    'other',
    (self, runtime, other) =>
      new Deferred(
        (function* () {
          for (const item of yield* collect(other!, runtime.meter)) addTo(self, item, runtime)
          return null
        })(),
      ),
  ],
  [
    'copy',
    '',
    (self) => {
      const copy = new PySet()
      for (const [key, value] of self.entries) copy.entries.set(key, value)
      return copy
    },
  ],
])

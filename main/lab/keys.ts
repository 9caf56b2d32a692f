/** What dicts and sets tell apart: equal values have one key, so 1, 1.0 and True are the same. */

import { isArray, isNumpyScalar, scalarItem } from './arrays.ts'
import { raised } from './errors.ts'
import { typeName } from './types.ts'
import { Dict, DictView, isList, itemsOf, PySet, Slice, Tuple, type Key, type Value } from './values.ts'

/** The key of a hashable value: equal values have the same, in the sense of a JavaScript Map. */
export function keyOf(value: Value): Key {
  if (typeof value === 'bigint' || value === null) return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (typeof value === 'string') return `s${value}`
  if (value instanceof Tuple) return tupleKey(value, 0)
  if (isNumpyScalar(value)) return keyOf(scalarItem(value))
  const unhashable =
    isList(value) ||
    value instanceof Dict ||
    value instanceof PySet ||
    value instanceof Slice ||
    value instanceof DictView ||
    isArray(value)
  if (unhashable) throw raised('TypeError', `unhashable type: '${typeName(value)}'`)
  return value
}

/** Objects within tuples, numbered as they come. */
const numbers = new WeakMap<object, number>()
let counted = 0

function tupleKey(tuple: Tuple, depth: number): string {
  if (depth > 200) throw raised('RecursionError', 'maximum recursion depth exceeded')
  const parts = itemsOf(tuple).map((item) => {
    const key = item instanceof Tuple ? tupleKey(item, depth + 1) : keyOf(item)
    const text = typeof key === 'object' && key !== null ? `object ${numberOf(key)}` : `${typeof key} ${String(key)}`
    return `${text.length}:${text}`
  })
  return `t${parts.join('')}`
}

function numberOf(key: object): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  numbers.set(key, ++counted)
  return counted
}

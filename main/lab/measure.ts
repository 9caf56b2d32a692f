/** How many bytes values hold, all that they reach included, each once. */

import { isArray } from './arrays.ts'
import { PyException } from './errors.ts'
import {
  Dict,
  DictView,
  isList,
  itemsOf,
  LabObject,
  PySet,
  Tuple,
  UserFunction,
  type Scope,
  type Value,
} from './values.ts'

export function measureValues(values: readonly Value[], scopes: readonly Scope[]): number {
  const seen = new Set<unknown>()
  const left: unknown[] = []
  let bytes = 0
  const see = (value: unknown) => {
    if (typeof value === 'string') bytes += 2 * value.length
    else if (typeof value === 'bigint') bytes += 24
    else if (typeof value === 'number') bytes += 12
    else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value)
      left.push(value)
    }
  }
  const seeScope = (scope: Scope | null) => {
    for (let here = scope; here !== null && !seen.has(here); here = here.outer) {
      seen.add(here)
      for (const slot of here.slots) see(slot)
      see(here.frame.result)
    }
  }
  for (const value of values) see(value)
  for (const scope of scopes) seeScope(scope)
  while (left.length > 0) {
    const value = left.pop() as Exclude<Value, null | string | bigint | number | boolean>
    if (isList(value) || value instanceof Tuple) {
      const items = isList(value) ? value : itemsOf(value)
      bytes += 48 + 8 * items.length
      for (const item of items) see(item)
    } else if (isArray(value)) {
      const { data } = value.storage
      bytes += 64
      if (seen.has(data.buffer)) continue
      seen.add(data.buffer)
      bytes += data.byteLength
    } else if (value instanceof Dict) {
      for (const [key, item] of value.entries.values()) {
        bytes += 100
        see(key)
        see(item)
      }
    } else if (value instanceof PySet) {
      for (const item of value.entries.values()) {
        bytes += 80
        see(item)
      }
    } else if (value instanceof DictView) see(value.dict)
    else if (value instanceof UserFunction) {
      for (const item of value.defaults) see(item)
      seeScope(value.outer)
    } else if (value instanceof PyException) value.args.forEach(see)
    else if (value instanceof LabObject) bytes += 32 + value.bytes
  }
  return bytes
}

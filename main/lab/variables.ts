/** What a session's variables are, in a line each. */

import type { LabArray, LabValue, LabVariable } from '../../shared/lab.ts'
import type { NDArray } from '../ndarray/index.ts'
import { isArray } from './arrays.ts'
import { Raised } from './errors.ts'
import type { KeptArrays } from './kept.ts'
import { isPicture, regionOfView } from './regions.ts'
import { repr } from './text.ts'
import { typeName } from './types.ts'
import { Builtin, Dict, isList, itemsOf, Module, PySet, Tuple, type Value } from './values.ts'

/** Characters of a variable's text. */
const longestText = 80
/** Variables listed. */
const mostListed = 1000

type Globals = ReadonlyMap<string, Value>

export function describeVariables(globals: Globals, kept: KeptArrays): LabVariable[] {
  const names = namesOfArrays(globals)
  const listed = Array.from(globals).filter(
    ([name, value]) => !name.startsWith('_') && !(value instanceof Module) && !(value instanceof Builtin),
  )
  return listed.slice(0, mostListed).map(([name, value]) => ({
    name,
    kind: typeName(value).split('.').at(-1)!,
    id: isArray(value) ? kept.idOf(value) : null,
    array: isArray(value) ? describeArray(value, names, kept) : null,
    text: shortText(value),
  }))
}

/** What a cell's last line gave. */
export function describeValue(value: Value, globals: Globals, kept: KeptArrays): LabValue {
  const text = fullText(value)
  if (!isArray(value)) return { id: null, text, array: null }
  return { id: kept.idOf(value), text, array: describeArray(value, namesOfArrays(globals), kept) }
}

/** The first variable that holds each array. */
function namesOfArrays(globals: Globals): ReadonlyMap<NDArray, string> {
  const names = new Map<NDArray, string>()
  for (const [name, value] of globals) if (isArray(value) && !names.has(value)) names.set(value, name)
  return names
}

function describeArray(array: NDArray, names: ReadonlyMap<NDArray, string>, kept: KeptArrays): LabArray {
  const { base, shape } = array
  return {
    dtype: array.dtype.name,
    shape: [...shape],
    strides: array.strides,
    bytes: array.nbytes,
    picture: isPicture(shape),
    view: base && { base: names.get(base) ?? null, baseId: kept.idOf(base), region: regionOfView(array, base) },
  }
}

function fullText(value: Value): string {
  try {
    return repr(value)
  } catch (error) {
    // Too deep or too long to be written out.
    if (!(error instanceof Raised)) throw error
    return `<${typeName(value)}>`
  }
}

/** The beginning of its `repr`, in one line; of long containers no more is looked at than is shown. */
function shortText(value: Value): string {
  const line = fullText(beginning(value, 0)).replace(/\s+/g, ' ')
  return line.length <= longestText ? line : `${line.slice(0, longestText - 1)}…`
}

/** A value whose text begins as that of the whole one does. */
function beginning(value: Value, depth: number): Value {
  if (typeof value === 'string') return value.slice(0, longestText)
  if (depth > 3) return value
  const some = (items: Iterable<Value>) => {
    const first: Value[] = []
    for (const item of items) {
      if (first.length > longestText / 3) break
      first.push(beginning(item, depth + 1))
    }
    return first
  }
  if (isList(value)) return some(value)
  if (value instanceof Tuple) return new Tuple(some(itemsOf(value)))
  if (value instanceof Dict) {
    const short = new Dict()
    for (const [key, [name, item]] of value.entries) {
      if (short.entries.size > longestText / 6) break
      short.entries.set(key, [name, beginning(item, depth + 1)])
    }
    return short
  }
  if (value instanceof PySet) {
    const short = new PySet()
    for (const [key, item] of value.entries) {
      if (short.entries.size > longestText / 3) break
      short.entries.set(key, item)
    }
    return short
  }
  return value
}

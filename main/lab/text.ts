/** `str` and `repr` of every value, as Python writes them. */

import { arrayRepr, arrayStr, isArrayValue, isScalarType } from './arrays.ts'
import { ExceptionType, messageOf, PyException, raised } from './errors.ts'
import { floatRepr } from './numbers.ts'
import {
  Builtin,
  Dict,
  DictView,
  ellipsis,
  Imaginary,
  isList,
  itemsOf,
  LabObject,
  Module,
  PySet,
  Range,
  Slice,
  Tuple,
  Type,
  UserFunction,
  type Value,
} from './values.ts'

/** Longest text made of one value. */
const longest = 64 * 1024 ** 2

export function str(value: Value): string {
  if (typeof value === 'string') return value
  if (value instanceof PyException) return messageOf(value, str, repr)
  if (isArrayValue(value)) return arrayStr(value)
  return repr(value)
}

export function repr(value: Value): string {
  return represent(value, [])
}

/** `inside`: the containers this one is in; one that holds itself is shown as dots. */
function represent(value: Value, inside: readonly Value[]): string {
  if (typeof value === 'bigint') return intText(value)
  if (typeof value === 'number') return floatRepr(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quote(value)
  if (value === null) return 'None'
  if (isList(value)) return contained(value, inside, '[...]', (within) => `[${list(value, within)}]`)
  if (value instanceof Tuple) {
    const items = itemsOf(value)
    return contained(value, inside, '(...)', (within) => `(${list(items, within)}${items.length === 1 ? ',' : ''})`)
  }
  if (isArrayValue(value)) return arrayRepr(value)
  if (value === ellipsis) return 'Ellipsis'
  if (value instanceof Slice) {
    return `slice(${[value.start, value.stop, value.step].map((bound) => repr(bound as Value)).join(', ')})`
  }
  if (value instanceof Imaginary) return `${floatRepr(value.imag).replace(/\.0$/, '')}j`
  if (isScalarType(value)) return `<class 'numpy.${value.dtype.name}'>`
  if (value instanceof LabObject) return objectRepr(value, inside)
  return '<object>'
}

function objectRepr(value: LabObject, inside: readonly Value[]): string {
  if (value instanceof Dict) {
    return contained(value, inside, '{...}', (within) => `{${pairs(value, within).join(', ')}}`)
  }
  if (value instanceof PySet) {
    if (value.entries.size === 0) return 'set()'
    return contained(value, inside, '{...}', (within) => `{${list([...value.entries.values()], within)}}`)
  }
  if (value instanceof DictView) {
    return contained(value, inside, '...', (within) => `${value.typeName}([${list([...viewItems(value)], within)}])`)
  }
  if (value instanceof Range) {
    const step = value.step === 1n ? '' : `, ${value.step}`
    return `range(${value.start}, ${value.stop}${step})`
  }
  if (value instanceof PyException) return `${value.typeName}(${list(value.args, inside)})`
  if (value instanceof ExceptionType) return `<class '${value.fullName}'>`
  if (value instanceof Type) return `<class '${value.name}'>`
  if (value instanceof UserFunction) return `<function ${value.name}>`
  if (value instanceof Builtin) return `<built-in function ${value.name}>`
  if (value instanceof Module) return `<module '${value.name}'>`
  return value.describe()
}

/** What a look at a dict hands out, one after the other. */
function* viewItems(view: DictView): Generator<Value> {
  for (const [key, value] of view.dict.entries.values()) {
    if (view.typeName === 'dict_keys') yield key
    else if (view.typeName === 'dict_values') yield value
    else yield new Tuple([key, value])
  }
}

function contained(
  value: Value,
  inside: readonly Value[],
  dots: string,
  write: (within: readonly Value[]) => string,
): string {
  if (inside.includes(value)) return dots
  if (inside.length > 200) {
    throw raised('RecursionError', 'maximum recursion depth exceeded while getting the repr of an object')
  }
  return write([...inside, value])
}

function list(items: readonly Value[], within: readonly Value[]): string {
  let text = ''
  for (let i = 0; i < items.length; i++) {
    text += (i === 0 ? '' : ', ') + represent(items[i]!, within)
    requireShort(text)
  }
  return text
}

function pairs(dict: Dict, within: readonly Value[]): string[] {
  let length = 0
  return Array.from(dict.entries.values(), ([key, value]) => {
    const text = `${represent(key, within)}: ${represent(value, within)}`
    length += text.length
    requireShort(text, length)
    return text
  })
}

function requireShort(text: string, length = text.length): void {
  if (length > longest) throw raised('MemoryError', 'this text is too long for the lab')
}

/** Python refuses to write very long ints out. */
export function intText(value: bigint): string {
  if (value > mostDigits || value < -mostDigits) {
    throw raised(
      'ValueError',
      'Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit',
    )
  }
  return value.toString()
}
const mostDigits = 10n ** 4300n - 1n

const escapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

/** A text in quotes: single ones, unless it has some and no double ones. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(/[\\\n\r\t'"]|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) => {
    if (character === "'" || character === '"') return character === mark ? `\\${character}` : character
    const known = escapes.get(character)
    if (known !== undefined) return known
    const code = character.codePointAt(0)!
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  })
  return mark + body + mark
}

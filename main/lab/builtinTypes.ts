/** Python's own types: what they make when they are called, and what they hold. */

import { dtypes, type DType } from '../ndarray/index.ts'
import { isArray, isNumpyScalar, scalarItem, scalarTypeOf } from './arrays.ts'
import { dictMethods, listMethods, makeSet, setMethods, tupleMethods, updateDict } from './containers.ts'
import { PyException, raised, ExceptionType } from './errors.ts'
import { collect } from './iterate.ts'
import { truth } from './comparing.ts'
import { floatToInt, intToFloat } from './numbers.ts'
import { bindArguments, bindMethod, type Bound, type MethodTable, type Runtime } from './signatures.ts'
import { stringMethods } from './strings.ts'
import { indexNumber, makeSlice, requireIndex } from './subscripts.ts'

import { quote, str } from './text.ts'
import { typeName } from './types.ts'
import {
  Builtin,
  Deferred,
  Dict,
  isList,
  PySet,
  Range,
  Slice,
  Tuple,
  Type,
  type Arguments,
  type Outcome,
  type Steps,
  type Value,
} from './values.ts'

export function makeTypes(runtime: Runtime): [string, Type][] {
  const { meter } = runtime
  const types: [string, Type][] = []
  const add = (
    name: string,
    signature: string,
    call: (...values: Bound) => Outcome,
    holds: (value: Value) => boolean,
    { members, dtype }: { members?: (name: string) => Value | undefined; dtype?: DType } = {},
  ) =>
    types.push([name, new Type(name, (args) => call(...bindArguments(name, signature, args)), holds, members, dtype)])

  add(
    'int',
    'x=, base=',
    (x, base) => toInt(x === undefined ? 0n : x, base),
    (value) => typeof value === 'bigint' || typeof value === 'boolean',
    {
      dtype: dtypes.int64,
    },
  )
  add(
    'float',
    'x=',
    (x) => toFloat(x === undefined ? 0 : x),
    (value) => typeof value === 'number' || isFloat64(value),
    { dtype: dtypes.float64 },
  )
  add(
    'bool',
    'x=',
    (x) => (x === undefined ? false : truth(x)),
    (value) => typeof value === 'boolean',
    { dtype: dtypes.bool },
  )
  add(
    'str',
    'object=',
    (value) => (value === undefined ? '' : str(value)),
    (value) => typeof value === 'string',
    {
      members: methodsOf(stringMethods, (value) => typeof value === 'string', 'str', runtime),
    },
  )
  add('list', 'iterable=', (values) => (values === undefined ? [] : new Deferred(makeList(values, runtime))), isList, {
    members: methodsOf(listMethods, isList, 'list', runtime),
  })
  add(
    'tuple',
    'iterable=',
    (values) =>
      new Deferred(
        (function* () {
          return values instanceof Tuple
            ? values
            : new Tuple(values === undefined ? [] : yield* makeList(values, runtime))
        })(),
      ),
    (value) => value instanceof Tuple,
    { members: methodsOf(tupleMethods, (value): value is Tuple => value instanceof Tuple, 'tuple', runtime) },
  )
  add(
    'set',
    'iterable=',
    (values) => (values === undefined ? new PySet() : new Deferred(makeSet(values, runtime))),
    (value) => value instanceof PySet,
    { members: methodsOf(setMethods, (value): value is PySet => value instanceof PySet, 'set', runtime) },
  )
  types.push([
    'dict',
    new Type(
      'dict',
      (args) => new Deferred(makeDict(args, runtime)),
      (value) => value instanceof Dict,
      methodsOf(dictMethods, (value): value is Dict => value instanceof Dict, 'dict', runtime),
    ),
  ])
  const range = (args: Arguments): Outcome => {
    const numbers = args.positional.map(requireIndex)
    if (args.named.size > 0) throw raised('TypeError', 'range() takes no keyword arguments')
    if (numbers.length === 0 || numbers.length > 3) {
      const most = numbers.length === 0 ? 'at least 1 argument' : 'at most 3 arguments'
      throw raised('TypeError', `range expected ${most}, got ${numbers.length}`)
    }
    const [first, second, step = 1n] = numbers
    if (step === 0n) throw raised('ValueError', 'range() arg 3 must not be zero')
    meter.hold(64)
    return second === undefined ? new Range(0n, first!, 1n) : new Range(first!, second, step)
  }
  types.push(['range', new Type('range', range, (value) => value instanceof Range)])
  const slice = (args: Arguments): Outcome => {
    const [a = null, b, c = null] = args.positional
    return b === undefined ? makeSlice(null, a, null) : makeSlice(a, b, c)
  }
  types.push(['slice', new Type('slice', slice, (value) => value instanceof Slice)])
  return types
}

function isFloat64(value: Value): boolean {
  return isNumpyScalar(value) && value.dtype.name === 'float64'
}

function* makeList(values: Value, runtime: Runtime): Steps<Value[]> {
  const items = yield* collect(values, runtime.meter)
  runtime.meter.hold(8 * items.length)
  return items
}

function* makeDict({ positional, named }: Arguments, runtime: Runtime): Steps {
  if (positional.length > 1) throw raised('TypeError', `dict expected at most 1 argument, got ${positional.length}`)
  const dict = new Dict()
  if (positional.length === 1) yield* updateDict(dict, positional[0]!, runtime)
  for (const [name, value] of named) dict.entries.set(`s${name}`, [name, value])
  return dict
}

/** `str.upper` as a function of the text. */
function methodsOf<S extends Value>(
  table: MethodTable<S>,
  holds: (value: Value) => value is S,
  type: string,
  runtime: Runtime,
): (name: string) => Value | undefined {
  return (name) => {
    const method = table.get(name)
    return (
      method &&
      new Builtin(name, ({ positional, named }) => {
        const [self, ...rest] = positional
        if (self === undefined || !holds(self)) {
          throw raised('TypeError', `unbound method ${type}.${name}() needs an argument of type ${type}`)
        }
        return bindMethod(method, self, runtime).call({ positional: rest, named })
      })
    )
  }
}

/** The type of a value, as `type(value)` gives it. */
export function typeOf(value: Value, builtins: ReadonlyMap<string, Value>): Value {
  if (value instanceof PyException) return value.type
  if (isNumpyScalar(value)) return scalarTypeOf(value)
  const name = typeName(value)
  const known = builtins.get(name)
  if (known instanceof Type || known instanceof ExceptionType) return known
  return otherType(name)
}

const otherTypes = new Map<string, Type>()

/** A type that is only looked at: the same each time. */
export function otherType(name: string): Type {
  const known = otherTypes.get(name)
  if (known) return known
  const refuse = () => {
    throw raised('TypeError', `the lab does not make values of '${name}' by calling their type`)
  }
  const made = new Type(name, refuse, (value) => typeName(value) === name)
  otherTypes.set(name, made)
  return made
}

function plainOf(value: Value): Value {
  if (isNumpyScalar(value)) return scalarItem(value)
  if (isArray(value) && value.size === 1) {
    const element = value.at(value.offset)
    return value.dtype.kind === 'f' ? Number(element) : BigInt(element)
  }
  if (isArray(value)) throw raised('TypeError', 'only length-1 arrays can be converted to Python scalars')
  return value
}

function toInt(given: Value, base: Value | undefined): Value {
  const value = plainOf(given)
  if (base !== undefined) {
    const radix = indexNumber(base)
    if (typeof value !== 'string') throw raised('TypeError', "int() can't convert non-string with explicit base")
    if (radix === undefined || radix < 0n || radix === 1n || radix > 36n) {
      throw raised('ValueError', 'int() base must be >= 2 and <= 36, or 0')
    }
    return parseInteger(value, Number(radix))
  }
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') return floatToInt(value)
  if (typeof value === 'string') return parseInteger(value, 10)
  throw raised(
    'TypeError',
    `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
  )
}

function parseInteger(text: string, base: number): bigint {
  const bad = () => raised('ValueError', `invalid literal for int() with base ${base}: ${quote(text)}`)
  const match = /^\s*([-+]?)(0[xX]|0[oO]|0[bB])?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)\s*$/.exec(text)
  if (!match) throw bad()
  const [, sign, prefix, written] = match
  const bases: ReadonlyMap<string, number> = new Map([
    ['0x', 16],
    ['0o', 8],
    ['0b', 2],
  ])
  const prefixed = prefix === undefined ? undefined : bases.get(prefix.toLowerCase())
  // `0b1` in base 16 is a number of three digits.
  const digits = (prefixed !== undefined && prefixed !== base && base !== 0 ? prefix! + written! : written!).replaceAll(
    '_',
    '',
  )
  const radix = base === 0 ? (prefixed ?? 10) : base
  if (digits.length > 4300 && (radix & (radix - 1)) !== 0) {
    throw raised(
      'ValueError',
      `Exceeds the limit (4300 digits) for integer string conversion: value has ${digits.length} digits; use sys.set_int_max_str_digits() to increase the limit`,
    )
  }
  let value = 0n
  for (const digit of digits.toLowerCase()) {
    const number = parseInt(digit, 36)
    if (number >= radix) throw bad()
    value = value * BigInt(radix) + BigInt(number)
  }
  return sign === '-' ? -value : value
}

function toFloat(given: Value): number {
  const value = plainOf(given)
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return intToFloat(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string') {
    const text = value.trim().toLowerCase()
    if (/^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+)?$/.test(text)) {
      return Number(text.replaceAll('_', ''))
    }
    if (/^[-+]?(?:inf|infinity)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
    if (/^[-+]?nan$/.test(text)) return Number.NaN
    throw raised('ValueError', `could not convert string to float: ${quote(value)}`)
  }
  throw raised('TypeError', `float() argument must be a string or a real number, not '${typeName(value)}'`)
}

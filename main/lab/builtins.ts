/** The functions every program has, and the names it has not, with why. */

import { isArray, isNumeric, isScalarType, scalarItem } from './arrays.ts'
import { makeTypes, typeOf } from './builtinTypes.ts'
import { settle, sorted } from './containers.ts'
import { exceptionTypes, raised } from './errors.ts'
import { formatValue } from './format.ts'
import { collect, iterator, lengthOf } from './iterate.ts'
import { keyOf } from './keys.ts'
import { lessThan, truth } from './comparing.ts'
import { binary } from './operators.ts'
import { Combined, Filtered, Mapped, Numbered } from './lazy.ts'
import { roundFloat, roundInt } from './numbers.ts'
import { builtin, type Bound, type Runtime } from './signatures.ts'
import { indexNumber, requireIndex } from './subscripts.ts'
import { repr, str } from './text.ts'
import { typeName } from './types.ts'
import {
  Builtin,
  Deferred,
  isList,
  itemsOf,
  noNames,
  PyIterator,
  Range,
  Tuple,
  Type,
  UserFunction,
  Walk,
  type Steps,
  type Value,
} from './values.ts'

/** What Python has and the lab must not, or does not, have. */
const refused: ReadonlyMap<string, string> = new Map([
  ...['open', 'input', 'exit', 'quit', 'breakpoint', 'help'].map(
    (name) => [name, 'no files, no keyboard, no process'] as const,
  ),
  ...['eval', 'exec', 'compile', '__import__'].map((name) => [name, 'programs do not make programs'] as const),
  ...[
    'globals',
    'locals',
    'vars',
    'dir',
    'getattr',
    'setattr',
    'delattr',
    'hasattr',
    'object',
    'super',
    'property',
    'classmethod',
    'staticmethod',
    'id',
    'memoryview',
  ].map((name) => [name, 'values have fixed attributes, and there are no classes'] as const),
  ...['bytes', 'bytearray', 'complex', 'frozenset'].map((name) => [name, 'there are no values of this type'] as const),
])

/** Why a name of Python's is not here; undefined for a name that is none. */
export function whyNoBuiltin(name: string): string | undefined {
  const why = refused.get(name)
  return why === undefined ? undefined : `name '${name}' is not in the lab: ${why}`
}

/** Exceptions that are not Python's own. */
const ofNumpy = new Set(['AxisError', 'LinAlgError', 'UFuncTypeError'])

export function makeBuiltins(runtime: Runtime): ReadonlyMap<string, Value> {
  const { meter } = runtime
  const ofPython = [...exceptionTypes].filter(([name]) => !ofNumpy.has(name))
  const all = new Map<string, Value>([...ofPython, ...makeTypes(runtime)])
  const add = (name: string, signature: string, call: (...values: Bound) => ReturnType<Builtin['call']>) =>
    all.set(name, builtin(name, signature, call))
  const deferred = (steps: Steps) => new Deferred(steps)

  add('print', '*values, sep=, end=, file=, flush=', (values, sep, end, file) => {
    if (file !== undefined && file !== null)
      throw raised('TypeError', 'the lab prints to its own output only: no file=')
    const separator = sep === undefined || sep === null ? ' ' : textOf(sep, 'sep')
    const last = end === undefined || end === null ? '\n' : textOf(end, 'end')
    runtime.write((values as readonly Value[]).map(str).join(separator) + last)
    return null
  })
  add('len', 'obj', (value) => BigInt(lengthOf(value!)))
  add('abs', 'x', (x) => absolute(x!, runtime))
  add('repr', 'obj', (value) => repr(value!))
  add('ascii', 'obj', (value) => formatAscii(value!))
  add('format', 'value, format_spec=', (value, spec = '') => formatValue(value!, textOf(spec, 'format() argument 2')))
  add('callable', 'obj', (value) => value instanceof Builtin || value instanceof UserFunction || isScalarType(value!))
  add('hash', 'obj', (value) => {
    const key = keyOf(value!)
    if (typeof key === 'bigint') return key % (2n ** 61n - 1n)
    throw raised('TypeError', 'the lab tells no hash values of anything but integers')
  })
  add('chr', 'i', (i) => {
    const code = requireIndex(i!)
    if (code < 0n || code > 0x10ffffn) throw raised('ValueError', 'chr() arg not in range(0x110000)')
    return String.fromCodePoint(Number(code))
  })
  add('ord', 'c', (c) => {
    const characters = typeof c === 'string' ? Array.from(c) : []
    if (characters.length !== 1) {
      const got = typeof c === 'string' ? `string of length ${characters.length}` : typeName(c!)
      throw raised('TypeError', `ord() expected a character, but ${got} found`)
    }
    return BigInt(characters[0]!.codePointAt(0)!)
  })
  for (const [name, base, prefix] of [
    ['bin', 2, '0b'],
    ['oct', 8, '0o'],
    ['hex', 16, '0x'],
  ] as const) {
    add(name, 'number', (number) => {
      const value = requireIndex(number!)
      return value < 0n ? `-${prefix}${(-value).toString(base)}` : prefix + value.toString(base)
    })
  }
  add('round', 'number, ndigits=', (number, digits = null) => round(number!, digits, runtime))
  add('pow', 'base, exp, mod=', (base, exponent, modulus = null) => {
    if (modulus === null) return binary('**', base!, exponent!, meter)
    return powerModulo(base!, exponent!, modulus, runtime)
  })
  add('divmod', 'x, y', (x, y) => new Tuple([binary('//', x!, y!, meter), binary('%', x!, y!, meter)]))
  add('sum', 'iterable, start=', (values, start = 0n) => deferred(sum(values!, start, runtime)))
  for (const name of ['min', 'max'] as const) {
    add(name, '*args, key=, default=', (args, key = null, other) =>
      deferred(extreme(name, args as readonly Value[], key, other, runtime)),
    )
  }
  for (const [name, decisive] of [
    ['any', true],
    ['all', false],
  ] as const) {
    add(name, 'iterable', (values) => deferred(quantify(values!, decisive, runtime)))
  }
  add('sorted', 'iterable, *, key=, reverse=', (values, key = null, reverse = false) =>
    deferred(
      (function* () {
        return yield* sorted(yield* collect(values!, meter), key, truth(reverse), runtime)
      })(),
    ),
  )
  add('reversed', 'sequence', (value) => reversed(value!))
  add('enumerate', 'iterable, start=', (values, start = 0n) => new Numbered(iterator(values!), start as bigint))
  add(
    'zip',
    '*iterables, strict=',
    (lists, strict = false) => new Combined((lists as readonly Value[]).map(iterator), truth(strict)),
  )
  add('map', 'func, *iterables', (func, lists) => new Mapped(func!, (lists as readonly Value[]).map(iterator), runtime))
  add('filter', 'function, iterable', (func, values) => new Filtered(func!, iterator(values!), runtime))
  add('iter', 'object', (value) => iterator(value!))
  add('next', 'iterator, default=', (walk, other) => deferred(next(walk!, other)))
  add('isinstance', 'obj, class_or_tuple', (value, types) => isInstance(value!, types!))
  add('issubclass', 'cls, class_or_tuple', (type, types) => {
    const wanted = types instanceof Tuple ? itemsOf(types) : [types!]
    return wanted.includes(type!)
  })
  all.set(
    'type',
    new Type(
      'type',
      ({ positional }) => {
        if (positional.length !== 1)
          throw raised('TypeError', 'the lab makes no classes: type() takes exactly one argument')
        return typeOf(positional[0]!, all)
      },
      (value) => value instanceof Type,
    ),
  )
  all.set('__name__', '__main__')
  return all
}

function textOf(value: Value, what: string): string {
  if (typeof value === 'string') return value
  throw raised('TypeError', `${what} must be None or a string, not ${typeName(value)}`)
}

function formatAscii(value: Value): string {
  return formatValue(repr(value), '').replace(
    /[^\0-\x7f]/gu,
    (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )
}

function absolute(value: Value, runtime: Runtime): Value {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'bigint') return value < 0n ? -value : value
  if (typeof value === 'number') return Math.abs(value)
  if (isNumeric(value)) return runtime.numpy('abs', [value])
  throw raised('TypeError', `bad operand type for abs(): '${typeName(value)}'`)
}

function round(value: Value, digits: Value, runtime: Runtime): Value {
  const places = digits === null ? null : requireIndex(digits)
  if (isArray(value)) return runtime.numpy('round', [value, places ?? 0n])
  if (isNumeric(value)) {
    const plain = scalarItem(value)
    if (places === null || typeof plain !== 'number') return round(plain, digits, runtime)
    return runtime.numpy('round', [value, places])
  }
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'bigint') return places === null ? value : roundInt(value, Number(places))
  if (typeof value !== 'number') throw raised('TypeError', `type ${typeName(value)} doesn't define __round__ method`)
  if (places !== null) return roundFloat(value, Number(places))
  if (Number.isNaN(value)) throw raised('ValueError', 'cannot convert float NaN to integer')
  if (!Number.isFinite(value)) throw raised('OverflowError', 'cannot convert float infinity to integer')
  return BigInt(roundFloat(value, 0))
}

function powerModulo(base: Value, exponent: Value, modulus: Value, runtime: Runtime): Value {
  const [a, b, m] = [base, exponent, modulus].map(indexNumber)
  if (a === undefined || b === undefined || m === undefined) {
    throw raised('TypeError', 'pow() 3rd argument not allowed unless all arguments are integers')
  }
  if (m === 0n) throw raised('ValueError', 'pow() 3rd argument cannot be 0')
  if (b < 0n) throw raised('ValueError', 'the lab has no inverses modulo a number')
  let [result, factor, left] = [1n, a % m, b]
  for (; left > 0n; left >>= 1n) {
    runtime.meter.work(32)
    if (left & 1n) result = (result * factor) % m
    factor = (factor * factor) % m
  }
  return binary('%', result, m, runtime.meter)
}

function* sum(values: Value, start: Value, { meter }: Runtime): Steps {
  if (typeof start === 'string') throw raised('TypeError', "sum() can't sum strings [use ''.join(seq) instead]")
  let total: Value = start
  const walk = iterator(values)
  for (;;) {
    const item = walk.stepwise ? yield* walk.step() : walk.next()
    if (item === undefined) return total
    if (meter.tick()) yield null
    total = binary('+', total, item, meter)
  }
}

function* extreme(
  name: 'min' | 'max',
  args: readonly Value[],
  key: Value,
  other: Value | undefined,
  runtime: Runtime,
): Steps {
  const { meter } = runtime
  if (args.length === 0) throw raised('TypeError', `${name} expected at least 1 argument, got 0`)
  const items = args.length === 1 ? yield* collect(args[0]!, meter) : args
  if (items.length === 0) {
    if (other !== undefined && args.length === 1) return other
    throw raised('ValueError', `${name}() arg is an empty sequence`)
  }
  let best: Value | undefined
  let bestBy: Value = null
  for (const item of items) {
    const by = key === null ? item : yield* settle(runtime.call(key, { positional: [item], named: noNames }))
    if (meter.tick()) yield null
    const better = best === undefined || (name === 'min' ? lessThan(by, bestBy, meter) : lessThan(bestBy, by, meter))
    if (better) {
      best = item
      bestBy = by
    }
  }
  return best!
}

function* quantify(values: Value, decisive: boolean, { meter }: Runtime): Steps {
  const walk = iterator(values)
  for (;;) {
    const item = walk.stepwise ? yield* walk.step() : walk.next()
    if (item === undefined) return !decisive
    if (meter.tick()) yield null
    if (truth(item) === decisive) return decisive
  }
}

function reversed(value: Value): Value {
  if (isList(value)) return new Walk(value.toReversed(), 'list_reverseiterator')
  if (value instanceof Tuple) return new Walk(itemsOf(value).toReversed(), 'reversed')
  if (typeof value === 'string') return new Walk(Array.from(value).reverse(), 'reversed')
  if (value instanceof Range) {
    const { start, step, length } = value
    const last = start + BigInt(length - 1) * step
    return iterator(new Range(last, start - step, -step))
  }
  if (value instanceof PyIterator) {
    throw raised('TypeError', `'${typeName(value)}' object is not reversible`)
  }
  const items: Value[] = []
  const walk = iterator(value)
  for (let item = walk.next(); item !== undefined; item = walk.next()) items.push(item)
  return new Walk(items.reverse(), 'reversed')
}

function* next(walk: Value, other: Value | undefined): Steps {
  if (!(walk instanceof PyIterator)) throw raised('TypeError', `'${typeName(walk)}' object is not an iterator`)
  const item = walk.stepwise ? yield* walk.step() : walk.next()
  if (item !== undefined) return item
  if (other !== undefined) return other
  throw raised('StopIteration')
}

function isInstance(value: Value, types: Value): boolean {
  const wanted = types instanceof Tuple ? itemsOf(types) : [types]
  return wanted.some((type) => {
    if (type instanceof Tuple) return isInstance(value, type)
    if (type instanceof Type) return type.holds(value)
    if (isScalarType(type)) return isNumeric(value) && !isArray(value) && value.dtype === type.dtype
    const exception = [...exceptionTypes.values()].find((known) => known === type)
    if (exception) {
      const own =
        typeof value === 'object' && value !== null && 'type' in value ? exceptionTypes.get(typeName(value)) : undefined
      return own?.isA(exception) ?? false
    }
    throw raised('TypeError', 'isinstance() arg 2 must be a type, a tuple of types, or a union')
  })
}

/**
 * The values of a lab program, as main/ndarray has them too: an int is a bigint, a float a number, a list a JavaScript
 * array; bool, None and str are JavaScript's own. All others are classes of this room or of main/ndarray, whose attributes
 * are looked up in tables of ours and never by a name on an object of JavaScript's.
 */

import {
  ellipsis,
  Imaginary,
  Slice,
  Tuple,
  type DType,
  type NDArray,
  type Scalar,
  type ScalarType,
} from '../ndarray/index.ts'

import type { Runtime } from './signatures.ts'
import type { Source, Tree } from './tree.ts'

export { ellipsis, Imaginary, Slice, Tuple }

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | Tuple
  | Slice
  | Imaginary
  | typeof ellipsis
  | LabObject
  | NDArray
  | Scalar
  | DType
  | ScalarType

/** A list: the only mutable array, and never one of JavaScript's that a program did not make. */
export type List = Value[]

export function isList(value: Value): value is List {
  return Array.isArray(value)
}

export function itemsOf(tuple: Tuple): readonly Value[] {
  return tuple.items as readonly Value[]
}

/** Everything of this room that a program can hold. */
export abstract class LabObject {
  /** The name Python gives its type. */
  abstract readonly typeName: string

  /** What it holds besides values, in bytes. */
  get bytes(): number {
    return 0
  }

  /** `value.name`, where attributes.ts has no table for it. */
  attribute?(name: string, runtime: Runtime): Value | undefined

  /** `value.name = …`; false where that cannot be. */
  setAttribute?(name: string, value: Value): boolean

  /** What it goes through, and has as many of as its length, where it is a sequence. */
  items?(): readonly Value[]

  /** `value[key]` and `value[key] = …`, where it is no sequence of Python's. */
  item?(key: Value): Value
  setItem?(key: Value, value: Value): void

  /** Its `repr`, where text.ts does not know better. */
  describe(): string {
    return `<${this.typeName} object>`
  }
}

/** What Map tells apart as Python tells keys apart; see `keyOf`. */
export type Key = unknown

export class Dict extends LabObject {
  readonly typeName = 'dict'
  readonly entries = new Map<Key, [key: Value, value: Value]>()
}

export class PySet extends LabObject {
  readonly typeName = 'set'
  readonly entries = new Map<Key, Value>()
}

/** The keys, values or items of a dict as they are when it is looked at. */
export class DictView extends LabObject {
  readonly typeName: 'dict_keys' | 'dict_values' | 'dict_items'
  readonly dict: Dict
  constructor(typeName: 'dict_keys' | 'dict_values' | 'dict_items', dict: Dict) {
    super()
    this.typeName = typeName
    this.dict = dict
  }
}

export class Range extends LabObject {
  readonly typeName = 'range'
  readonly start: bigint
  readonly stop: bigint
  readonly step: bigint
  readonly length: number
  constructor(start: bigint, stop: bigint, step: bigint) {
    super()
    this.start = start
    this.stop = stop
    this.step = step
    const span = step > 0n ? stop - start : start - stop
    const size = step > 0n ? step : -step
    this.length = span <= 0n ? 0 : Number((span + size - 1n) / size)
  }

  /** For main/ndarray, which reads any iterable as a sequence. */
  *[Symbol.iterator](): Generator<bigint> {
    for (let i = 0, value = this.start; i < this.length; i++, value += this.step) yield value
  }
}

export class Module extends LabObject {
  readonly typeName = 'module'
  readonly name: string
  readonly members: ReadonlyMap<string, Value>
  constructor(name: string, members: ReadonlyMap<string, Value>) {
    super()
    this.name = name
    this.members = members
  }
}

/** What a call was given. */
export interface Arguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}
export const noNames: ReadonlyMap<string, Value> = new Map()

/** What a computation asks of the machine that runs it: a rest (null), or a call whose result it goes on with. */
export type Request = Activation | null
/** A computation that can rest and call functions of the program. */
export type Steps<T = Value> = Generator<Request, T, Value>

/** A call of a function of the program that has not begun. */
export class Activation {
  readonly callee: UserFunction
  readonly args: Arguments
  constructor(callee: UserFunction, args: Arguments) {
    this.callee = callee
    this.args = args
  }
}

/** What a built-in function answers: a value, or a computation that ends in one. */
export class Deferred {
  readonly steps: Steps
  constructor(steps: Steps) {
    this.steps = steps
  }
}
export type Outcome = Value | Deferred | Activation

export class Builtin extends LabObject {
  readonly typeName: string = 'builtin_function_or_method'
  readonly name: string
  readonly call: (args: Arguments) => Outcome
  /** Its parameters, as a reader is shown them. */
  readonly signature: string
  constructor(name: string, call: (args: Arguments) => Outcome, signature = '') {
    super()
    this.name = name
    this.call = call
    this.signature = signature
  }
}

/** A type as a value: it is called, compared, and asked for in isinstance. */
export class Type extends Builtin {
  override readonly typeName = 'type'
  /** Whether a value is of this type. */
  readonly holds: (value: Value) => boolean
  /** Methods as functions of the object, such as `str.upper`. */
  readonly members: (name: string) => Value | undefined
  /** What `dtype=` makes of it. */
  readonly dtype: DType | undefined
  constructor(
    name: string,
    call: (args: Arguments) => Outcome,
    holds: (value: Value) => boolean,
    members: (name: string) => Value | undefined = () => undefined,
    dtype?: DType,
  ) {
    super(name, call)
    this.holds = holds
    this.members = members
    this.dtype = dtype
  }
}

export interface Parameter {
  readonly name: string
  readonly kind: 'positional-only' | 'either' | 'named-only' | 'rest' | 'names'
  /** Whether it may be left out. */
  readonly optional: boolean
}

export class UserFunction extends LabObject {
  readonly typeName = 'function'
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly defaults: readonly (Value | undefined)[]
  readonly outer: Scope
  readonly code: FunctionCode
  constructor(code: FunctionCode, defaults: readonly (Value | undefined)[], outer: Scope) {
    super()
    this.name = code.name
    this.parameters = code.parameters
    this.defaults = defaults
    this.outer = outer
    this.code = code
  }
}

export interface FunctionCode {
  readonly source: Source
  readonly name: string
  /** With the functions around it, as messages name it. */
  readonly fullName: string
  readonly parameters: readonly Parameter[]
  readonly slots: number
  readonly doc: string | null
  run(scope: Scope): Steps
}

/** The variables of one call (or comprehension), and those around it. */
export interface Scope {
  readonly slots: (Value | undefined)[]
  readonly outer: Scope | null
  /** Where the program is: what a traceback tells. */
  readonly frame: Frame
}

export interface Frame {
  readonly name: string
  readonly source: Source
  /** Of the statement in hand. */
  line: number
  /** What in it is evaluated, or has failed; null where only the statement is known. */
  at: Tree | null
  /** What a function returns, once it has. */
  result: Value
}

/** Hands out one value after another; `undefined` at the end. */
export abstract class PyIterator extends LabObject {
  readonly typeName: string = 'iterator'
  /** Whether a value may need functions of the program to run: then `step` is asked, else `next`. */
  readonly stepwise: boolean = false
  abstract next(): Value | undefined
  // eslint-disable-next-line require-yield -- those that rest override it
  *step(): Steps<Value | undefined> {
    return this.next()
  }
}

/** The iterator of anything JavaScript can iterate. */
export class Walk extends PyIterator {
  override readonly typeName: string
  readonly #source: Iterator<Value>
  constructor(source: Iterable<Value>, typeName = 'iterator') {
    super()
    this.#source = source[Symbol.iterator]()
    this.typeName = typeName
  }
  next(): Value | undefined {
    const turn = this.#source.next()
    return turn.done === true ? undefined : turn.value
  }
}

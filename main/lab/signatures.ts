/** Built-in functions with Python's signatures, and how what a call gives is bound to them. */

import { raised } from './errors.ts'
import type { Session } from '../ndarray/index.ts'
import type { Meter } from './limits.ts'
import type { LabImages } from './pictures.ts'
import { Builtin, type Arguments, type Outcome, type Value } from './values.ts'

/** What built-in functions may use of the program they are called in. */
export interface Runtime {
  readonly meter: Meter
  readonly session: Session
  readonly images: LabImages
  /** Prints. */
  write(text: string): void
  /** What a function of NumPy's makes of these. */
  numpy(name: string, values: readonly Value[]): Value
  /** Calls any value; what it answers may have to be run first. */
  call(callee: Value, args: Arguments): Outcome
}

interface Slot {
  readonly name: string
  readonly kind: 'usual' | 'named' | 'rest'
  readonly optional: boolean
}

/** One value a parameter, `undefined` where it was left out; a rest parameter has a list. */
export type Bound = readonly (Value | undefined)[]

const signatures = new Map<string, readonly Slot[]>()

/** Reads `x, y=, *, key=` (and `*rest`); `=` marks what may be left out. */
function readSignature(text: string): readonly Slot[] {
  const known = signatures.get(text)
  if (known) return known
  let kind: Slot['kind'] = 'usual'
  const slots: Slot[] = []
  for (const part of text.split(', ').filter((piece) => piece !== '')) {
    if (part === '*') kind = 'named'
    else if (part.startsWith('*')) {
      slots.push({ name: part.slice(1), kind: 'rest', optional: true })
      kind = 'named'
    } else slots.push({ name: part.replace('=', ''), kind, optional: part.endsWith('=') })
  }
  signatures.set(text, slots)
  return slots
}

/** Throws TypeError, worded as Python does, for arguments that are missing, unknown or too many. */
export function bindArguments(name: string, signature: string, { positional, named }: Arguments): Bound {
  const slots = readSignature(signature)
  const usual = slots.filter(({ kind }) => kind === 'usual')
  if (positional.length > usual.length && !slots.some(({ kind }) => kind === 'rest')) {
    const takes = usual.length === 1 ? 'exactly one argument' : `at most ${usual.length} arguments`
    throw raised(
      'TypeError',
      `${name}() takes ${usual.length === 0 ? 'no arguments' : takes} (${positional.length} given)`,
    )
  }
  let used = 0
  const values = slots.map((slot, i) => {
    if (slot.kind === 'rest') return positional.slice(i)
    const given = slot.kind === 'usual' && i < positional.length
    if (named.has(slot.name)) {
      if (given) throw raised('TypeError', `${name}() got multiple values for argument '${slot.name}'`)
      used++
      return named.get(slot.name)
    }
    if (given) return positional[i]
    if (!slot.optional) {
      throw raised('TypeError', `${name}() missing required argument '${slot.name}' (pos ${i + 1})`)
    }
    return undefined
  })
  if (used < named.size) {
    const unknown = [...named.keys()].find((key) => !slots.some((slot) => slot.name === key && slot.kind !== 'rest'))!
    throw raised('TypeError', `${name}() got an unexpected keyword argument '${unknown}'`)
  }
  return values
}

/** A signature as a reader is shown it: what may be left out as `name=…`. */
export function readableSignature(signature: string): string {
  return signature.replace(/=(?=, |$)/g, '=…')
}

/** A built-in function of the values of its parameters. */
export function builtin(name: string, signature: string, call: (...values: Bound) => Outcome): Builtin {
  return new Builtin(name, (args) => call(...bindArguments(name, signature, args)), signature)
}

/** A method: a function that has its object and the program it is called in. */
export interface Method<S> {
  readonly name: string
  readonly signature: string
  readonly call: (self: S, runtime: Runtime, ...values: Bound) => Outcome
}

export type MethodTable<S> = ReadonlyMap<string, Method<S>>

type MethodEntry<S> = readonly [
  name: string,
  signature: string,
  call: (self: S, runtime: Runtime, ...values: Bound) => Outcome,
]

export function methodTable<S>(entries: readonly MethodEntry<S>[]): MethodTable<S> {
  return new Map(entries.map(([name, signature, call]) => [name, { name, signature, call }]))
}

export function bindMethod<S>(method: Method<S>, self: S, runtime: Runtime): Builtin {
  const { name, signature, call } = method
  return new Builtin(name, (args) => call(self, runtime, ...bindArguments(name, signature, args)), signature)
}

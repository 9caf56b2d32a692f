/**
 * Runs compiled programs. Calls of the program's own functions are kept on a stack of ours, so that recursion is as deep
 * as Python's whatever JavaScript's own stack holds, and a program rests, and is stopped, wherever it is.
 */

import type { Session } from '../ndarray/index.ts'
import { asRaised, useSession } from './arrays.ts'
import { attributeOf, setAttributeOf } from './attributes.ts'
import { makeBuiltins, whyNoBuiltin } from './builtins.ts'
import { ExceptionType, Halted, PyException, Raised, raised, tracedFrame, type TracedLine } from './errors.ts'
import { openScope } from './functions.ts'
import type { Meter } from './limits.ts'
import { measureValues } from './measure.ts'
import { callNumpy, callScalarType } from './numpy.ts'
import { noImages, type LabImages } from './pictures.ts'
import type { Runtime } from './signatures.ts'
import type { Source } from './tree.ts'
import { exceptionOf } from './trying.ts'
import { typeName } from './types.ts'
import {
  Activation,
  Builtin,
  UserFunction,
  type Arguments,
  type Frame,
  type Module,
  type Outcome,
  type Scope,
  type Steps,
  type Value,
} from './values.ts'

/** Calls within calls, as Python allows. */
const deepest = 1000

interface Running {
  readonly steps: Steps
  readonly scope: Scope
  /** Of its statement in hand, while it waits for another. */
  pending: number
}

export interface MachineParts {
  readonly meter: Meter
  readonly session: Session
  /** Takes what is printed. */
  readonly write: (text: string) => void
  /** What can be imported, by its full name. */
  readonly modules: (machine: Machine) => ReadonlyMap<string, Module>
}

export class Machine implements Runtime {
  readonly meter: Meter
  readonly session: Session
  /** What the cell in hand can open. */
  images: LabImages = noImages
  readonly globals = new Map<string, Value>()
  readonly builtins: ReadonlyMap<string, Value>
  /** Exceptions whose handlers run, the innermost last. */
  readonly handling: PyException[] = []
  readonly #modules: ReadonlyMap<string, Module>
  /** Whether the run in hand is to end where it is. */
  interrupted = false
  readonly #write: (text: string) => void
  readonly #stack: Running[] = []

  constructor({ meter, session, write, modules }: MachineParts) {
    this.meter = meter
    this.session = session
    this.#write = write
    this.builtins = makeBuiltins(this)
    this.#modules = modules(this)
    meter.measure = () => this.measure()
  }

  write(text: string): void {
    this.meter.print(text.length)
    this.#write(text)
  }

  attribute(value: Value, name: string): Value {
    return attributeOf(value, name, this)
  }

  setAttribute(value: Value, name: string, to: Value): void {
    setAttributeOf(value, name, to)
  }

  numpy(name: string, values: readonly Value[]): Value {
    return callNumpy(this, name, values)
  }

  call(callee: Value, args: Arguments): Outcome {
    if (callee instanceof Builtin) return callee.call(args)
    if (callee instanceof UserFunction) return new Activation(callee, args)
    if (callee instanceof ExceptionType) {
      if (args.named.size > 0) throw raised('TypeError', `${callee.name}() takes no keyword arguments`)
      return new PyException(callee, args.positional)
    }
    const made = callScalarType(callee, args)
    if (made !== undefined) return made
    throw raised('TypeError', `'${typeName(callee)}' object is not callable`)
  }

  /** `import numpy.random as r`: with a name of its own the innermost module, else the outermost. */
  importModule(path: string, innermost: boolean): Value {
    const module = this.#modules.get(path)
    if (!module) throw this.#noModule(path)
    return innermost ? module : this.#modules.get(path.split('.')[0]!)!
  }

  importFrom(path: string, name: string): Value {
    const module = this.#modules.get(path)
    if (!module) throw this.#noModule(path)
    if (name === '*') throw raised('ImportError', `the lab does not have 'from ${path} import *'; name what you need`)
    const member = module.members.get(name) ?? this.#modules.get(`${path}.${name}`)
    if (member === undefined)
      throw raised('ImportError', `cannot import name '${name}' from '${path}': it is not in the lab`)
    return member
  }

  #noModule(path: string): Error {
    return raised(
      'ModuleNotFoundError',
      `No module named '${path}' in the lab; it has numpy, PIL and matplotlib.pyplot`,
    )
  }

  unknownName(name: string): Error {
    return raised('NameError', whyNoBuiltin(name) ?? `name '${name}' is not defined`)
  }

  /**
   * Runs a program to its end. Yields 0 when it rests: how much is left nobody knows.
   * Throws `Raised` for an exception nothing caught and `Halted` for a limit, each with its trace.
   */
  *run(source: Source, begin: (scope: Scope) => Steps): Generator<number, Value, void> {
    const frame: Frame = { name: '<module>', source, line: 1, at: null, result: null }
    const scope: Scope = { slots: [], outer: null, frame }
    const stack = this.#stack
    stack.length = 0
    this.handling.length = 0
    stack.push({ steps: begin(scope), scope, pending: 0 })
    let input: Value = null
    let failure: { readonly error: unknown } | null = null
    while (stack.length > 0) {
      const top = stack.at(-1)!
      try {
        useSession(this.session)
        const turn: IteratorResult<Activation | null, Value> = failure
          ? top.steps.throw(failure.error)
          : top.steps.next(input)
        failure = null
        input = null
        if (turn.done === true) {
          stack.pop()
          this.#resume()
          input = turn.value
        } else if (turn.value === null) {
          yield 0
          if (this.interrupted) failure = { error: new Halted('KeyboardInterrupt', '') }
        } else failure = this.#enter(turn.value, top)
      } catch (error) {
        stack.pop()
        this.#resume()
        failure = { error: traced(error, tracedFrame(top.scope.frame)) }
      }
    }
    if (failure) throw failure.error
    return input
  }

  /** Begins a call; the failure, where it cannot begin. */
  #enter({ callee, args }: Activation, caller: Running): { readonly error: unknown } | null {
    if (this.#stack.length >= deepest) return { error: raised('RecursionError', 'maximum recursion depth exceeded') }
    try {
      const scope = openScope(callee, args)
      caller.pending = this.meter.pending
      this.meter.waiting += caller.pending
      this.meter.pending = 0
      this.#stack.push({ steps: callee.code.run(scope), scope, pending: 0 })
      return null
    } catch (error) {
      return { error }
    }
  }

  #resume(): void {
    const caller = this.#stack.at(-1)
    if (!caller) return
    this.meter.waiting -= caller.pending
    this.meter.pending = caller.pending
    caller.pending = 0
  }

  /** Bytes of everything the program can reach. */
  measure(): number {
    const scopes = this.#stack.map(({ scope }) => scope)
    return measureValues([...this.globals.values(), ...(this.meter.kept as Set<Value>)], scopes)
  }
}

/** The error with where it passed through, outermost first. */
function traced(error: unknown, place: TracedLine): unknown {
  const told = asRaised(error)
  if (told instanceof Halted) {
    told.trace.unshift(place)
    return told
  }
  const exception = exceptionOf(told)
  if (!exception) return told
  exception.trace.unshift(place)
  return told instanceof Raised ? told : new Raised(exception)
}

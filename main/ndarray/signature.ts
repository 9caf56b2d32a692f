/** Functions with Python's signatures: the same data binds keywords, completes names and is shown to the reader. */

import { typeError } from './errors.ts'
import type { Session } from './session.ts'
import { Tuple, type Value } from './values.ts'

export interface Parameter {
  readonly name: string
  /** `*args` takes the rest; a parameter after it, or after a lone `*`, is given by keyword only. */
  readonly kind: 'usual' | 'rest' | 'keyword'
  readonly required: boolean
  readonly default: Value
}

export interface NumpyFunction {
  /** As written in Python, without name and parentheses: "a, axis=None, keepdims=False". */
  readonly signature: string
  readonly parameters: readonly Parameter[]
  /** Takes one value a parameter, in order (a rest parameter: an array of values). */
  readonly call: (values: readonly Value[], session: Session) => Value
}

function literal(text: string): Value {
  if (text === 'None') return null
  if (text === 'True') return true
  if (text === 'False') return false
  if (text === '()') return new Tuple([])
  if (/^-?\d+$/.test(text)) return BigInt(text)
  if (/^'.*'$/.test(text)) return text.slice(1, -1)
  return Number(text)
}

function parse(signature: string): Parameter[] {
  const parameters: Parameter[] = []
  let kind: Parameter['kind'] = 'usual'
  for (const part of signature.split(', ')) {
    if (part === '') continue
    if (part === '*') {
      kind = 'keyword'
      continue
    }
    if (part.startsWith('*')) {
      parameters.push({ name: part.slice(1), kind: 'rest', required: false, default: null })
      kind = 'keyword'
      continue
    }
    const [name, value] = part.split('=')
    parameters.push({
      name: name!,
      kind,
      required: value === undefined,
      default: value === undefined ? null : literal(value),
    })
  }
  return parameters
}

/** A function of its parameters' values. */
export function fn(signature: string, call: (...values: Value[]) => Value): NumpyFunction {
  return { signature, parameters: parse(signature), call: (values) => call(...values) }
}

/** One that also needs the session: its random generator, or how it prints. */
export function sessionFn(signature: string, call: (session: Session, ...values: Value[]) => Value): NumpyFunction {
  return { signature, parameters: parse(signature), call: (values, session) => call(session, ...values) }
}

/**
 * The values of all parameters, in order.
 * @throws TypeError as Python does: a missing, unknown, doubled or surplus argument
 */
function bind(
  name: string,
  { parameters }: NumpyFunction,
  positional: readonly Value[],
  keywords: Readonly<Record<string, Value>> = {},
): Value[] {
  const left = new Map(Object.entries(keywords))
  const usual = parameters.filter(({ kind }) => kind === 'usual').length
  const rest = parameters.some(({ kind }) => kind === 'rest')
  if (!rest && positional.length > usual) {
    const least = parameters.filter(({ kind, required }) => kind === 'usual' && required).length
    const takes = `${least < usual ? `from ${least} to ` : ''}${usual} positional argument${usual === 1 ? '' : 's'}`
    throw typeError(`${name}() takes ${takes} but ${positional.length} were given`)
  }
  const missing: string[] = []
  const values = parameters.map((parameter, i) => {
    if (parameter.kind === 'rest') return positional.slice(i)
    const given = parameter.kind === 'usual' && i < positional.length
    if (left.has(parameter.name)) {
      if (given) throw typeError(`${name}() got multiple values for argument '${parameter.name}'`)
      const value = left.get(parameter.name)
      left.delete(parameter.name)
      return value
    }
    if (given) return positional[i]
    if (parameter.required) missing.push(`'${parameter.name}'`)
    return parameter.default
  })
  const [unknown] = left.keys()
  if (unknown !== undefined) throw typeError(`${name}() got an unexpected keyword argument '${unknown}'`)
  if (missing.length > 0) {
    const names = missing.length === 1 ? missing[0]! : `${missing.slice(0, -1).join(', ')} and ${missing.at(-1)!}`
    throw typeError(
      `${name}() missing ${missing.length} required positional argument${missing.length === 1 ? '' : 's'}: ${names}`,
    )
  }
  return values
}

/** Binds and calls. */
export function callFunction(
  name: string,
  called: NumpyFunction,
  session: Session,
  positional: readonly Value[],
  keywords: Readonly<Record<string, Value>> = {},
): Value {
  return called.call(bind(name, called, positional, keywords), session)
}

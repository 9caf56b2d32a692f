/** Functions of the program: `def` and `lambda`, their parameters, and how a call gives them values. */

import { all, plainCode, valueOf, type Code } from './code.ts'
import type { Compiler } from './compiler.ts'
import { raised } from './errors.ts'
import { compileExpression } from './expressions.ts'
import { literalText } from './literals.ts'
import { addBindings, Names } from './names.ts'
import { compileBlock } from './statements.ts'
import type { Tree } from './tree.ts'
import {
  Dict,
  Tuple,
  UserFunction,
  type Arguments,
  type FunctionCode,
  type Parameter,
  type Scope,
  type Value,
} from './values.ts'

/** The function's value, made anew each time the definition is run. */
export function compileFunction(compiler: Compiler, tree: Tree): { readonly name: string; readonly code: Code } {
  const { source } = compiler
  const nameTree = tree.children.find(({ type }) => type === 'VariableName')!
  const list = tree.children.find(({ type }) => type === 'ParamList')!
  const body = tree.children.find(({ type }) => type === 'Body')!
  const name = source.textOf(nameTree)
  const names = new Names(compiler.names)
  const { parameters, defaults } = readParameters(compiler, list.children.slice(1, -1), names)
  const statements = body.children.slice(1)
  addBindings(statements, names, source)
  const block = compileBlock(
    { ...compiler, names, inFunction: true, inLoop: false, within: `${compiler.within}${name}.<locals>.` },
    statements,
  )
  const [first] = statements
  const text = first?.type === 'ExpressionStatement' ? first.children[0] : undefined
  const code: FunctionCode = {
    source,
    name,
    fullName: compiler.within + name,
    parameters,
    get slots() {
      return names.size
    },
    doc: text ? literalText(compiler, text) : null,
    *run(scope) {
      yield* block(scope)
      return scope.frame.result
    },
  }
  return { name, code: makeFunction(code, defaults) }
}

export function compileLambda(compiler: Compiler, tree: Tree): Code {
  const list = tree.children.find(({ type }) => type === 'ParamList')
  const names = new Names(compiler.names)
  const { parameters, defaults } = readParameters(compiler, list?.children ?? [], names)
  const within = `${compiler.within}<lambda>.<locals>.`
  const body = compileExpression({ ...compiler, names, inFunction: true, inLoop: false, within }, tree.children.at(-1)!)
  const code: FunctionCode = {
    source: compiler.source,
    name: '<lambda>',
    fullName: `${compiler.within}<lambda>`,
    parameters,
    get slots() {
      return names.size
    },
    doc: null,
    run: (scope) => valueOf(body, scope),
  }
  return makeFunction(code, defaults)
}

function makeFunction(code: FunctionCode, defaults: readonly (Code | null)[]): Code {
  const given = defaults.map((value) => value ?? plainCode(() => null))
  return all(given, (values, scope) => {
    const own = values.map((value, i) => (defaults[i] === null ? undefined : value))
    return new UserFunction(code, own, scope)
  })
}

function readParameters(
  compiler: Compiler,
  children: readonly Tree[],
  names: Names,
): { parameters: Parameter[]; defaults: (Code | null)[] } {
  const { source } = compiler
  const parameters: Parameter[] = []
  const defaults: (Code | null)[] = []
  let kind: Parameter['kind'] = 'either'
  const groups: Tree[][] = [[]]
  for (const child of children) {
    if (child.type === ',') groups.push([])
    else groups.at(-1)!.push(child)
  }
  groups.forEach((group, i) => {
    const [first, second] = group
    if (first === undefined) {
      // The grammar leaves out the `/` that ends the parameters by place alone.
      if (i < groups.length - 1) {
        parameters.forEach((parameter, k) => (parameters[k] = { ...parameter, kind: 'positional-only' }))
      }
      return
    }
    if (first.type === '/') {
      parameters.forEach((parameter, k) => (parameters[k] = { ...parameter, kind: 'positional-only' }))
      return
    }
    if (first.type === '*' && second === undefined) {
      kind = 'named-only'
      return
    }
    const star = first.type === '*' || first.type === '**'
    if (parameters.at(-1)?.kind === 'names') {
      throw source.error('arguments cannot follow var-keyword argument', first.from)
    }
    if (first.type === '*' && kind === 'named-only') throw source.error('* argument may appear only once', first.from)
    const nameTree = star ? second! : first
    if (nameTree.type !== 'VariableName') throw source.error('invalid syntax', nameTree.from)
    const name = source.textOf(nameTree)
    if (parameters.some((parameter) => parameter.name === name)) {
      throw source.error(`duplicate argument '${name}' in function definition`, nameTree.from)
    }
    const assign = group.findIndex(({ type }) => type === 'AssignOp')
    const value = assign < 0 ? null : compileExpression(compiler, group[assign + 1]!)
    if (
      !star &&
      value === null &&
      kind === 'either' &&
      defaults.some((other, k) => other && parameters[k]!.kind !== 'rest')
    ) {
      throw source.error('non-default argument follows default argument', nameTree.from)
    }
    names.add(name)
    parameters.push({
      name,
      kind: first.type === '*' ? 'rest' : first.type === '**' ? 'names' : kind,
      optional: value !== null,
    })
    defaults.push(value)
    if (first.type === '*') kind = 'named-only'
  })
  return { parameters, defaults }
}

/** The variables of a call. Throws TypeError, worded as Python does, for arguments that do not fit. */
export function openScope(callee: UserFunction, { positional, named }: Arguments): Scope {
  const { parameters, defaults, code, outer } = callee
  const name = code.fullName
  const slots = new Array<Value | undefined>(code.slots)
  const byPlace = parameters.filter(({ kind }) => kind === 'either' || kind === 'positional-only')
  let taken = 0
  let used = 0
  const missing: string[] = []
  const missingNamed: string[] = []
  parameters.forEach((parameter, i) => {
    const { kind } = parameter
    if (kind === 'rest') {
      slots[i] = new Tuple(positional.slice(byPlace.length))
      return
    }
    if (kind === 'names') {
      const dict = new Dict()
      for (const [key, value] of named) {
        const known = parameters.some(
          (other) => other.name === key && other.kind !== 'positional-only' && other !== parameter,
        )
        if (known) continue
        dict.entries.set(`s${key}`, [key, value])
        used++
      }
      slots[i] = dict
      return
    }
    const place = kind === 'named-only' ? -1 : taken++
    const given = place >= 0 && place < positional.length
    const byName = kind === 'positional-only' ? undefined : named.get(parameter.name)
    if (byName !== undefined) {
      if (given) throw raised('TypeError', `${name}() got multiple values for argument '${parameter.name}'`)
      used++
      slots[i] = byName
    } else if (given) slots[i] = positional[place]
    else if (defaults[i] !== undefined) slots[i] = defaults[i]
    else (kind === 'named-only' ? missingNamed : missing).push(`'${parameter.name}'`)
  })
  const hasRest = parameters.some(({ kind }) => kind === 'rest')
  if (positional.length > byPlace.length && !hasRest) throw tooMany(callee, byPlace, positional.length)
  if (used < named.size) {
    const unknown = [...named.keys()].find((key) => !parameters.some((parameter) => parameter.name === key))
    throw raised('TypeError', `${name}() got an unexpected keyword argument '${unknown ?? [...named.keys()][0]!}'`)
  }
  if (missing.length > 0) throw missed(name, 'positional', missing)
  if (missingNamed.length > 0) throw missed(name, 'keyword-only', missingNamed)
  return { slots, outer, frame: { name: code.name, source: code.source, line: 0, at: null, result: null } }
}

function missed(name: string, what: string, names: readonly string[]): Error {
  const listed =
    names.length === 1
      ? names[0]!
      : names.length === 2
        ? names.join(' and ')
        : `${names.slice(0, -1).join(', ')}, and ${names.at(-1)!}`
  const s = names.length === 1 ? '' : 's'
  return raised('TypeError', `${name}() missing ${names.length} required ${what} argument${s}: ${listed}`)
}

function tooMany({ code: { fullName: name } }: UserFunction, byPlace: readonly Parameter[], given: number): Error {
  const most = byPlace.length
  const least = byPlace.filter(({ optional }) => !optional).length
  const takes = least === most ? String(most) : `from ${least} to ${most}`
  const s = most === 1 && least === most ? '' : 's'
  const was = given === 1 ? 'was' : 'were'
  return raised('TypeError', `${name}() takes ${takes} positional argument${s} but ${given} ${was} given`)
}

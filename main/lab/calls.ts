/** Calls: the arguments, `*` and `**` among them, and the line a traceback names. */

import type { Code } from './code.ts'
import { steppedCode } from './code.ts'
import { betweenCommas, type Compiler } from './compiler.ts'
import { compileComprehension } from './comprehensions.ts'
import { raised } from './errors.ts'
import { compileExpression } from './expressions.ts'
import { collect } from './iterate.ts'
import { isComprehension } from './names.ts'
import { typeName } from './types.ts'
import type { Tree } from './tree.ts'
import { Activation, Deferred, Dict, noNames, type Arguments, type Scope, type Steps, type Value } from './values.ts'

interface Argument {
  readonly kind: 'value' | 'named' | '*' | '**'
  readonly name: string
  readonly code: Code
}

export function compileCall(compiler: Compiler, tree: Tree): Code {
  const { machine, source } = compiler
  const [called, list] = tree.children
  const callee = compileExpression(compiler, called!)
  const args = compileArguments(compiler, list!)
  const line = source.lineOf(called!.from)
  const simple = args.every(({ kind }) => kind === 'value')
  const codes = args.map(({ code }) => code)
  const gather = simple ? null : (scope: Scope) => gatherArguments(compiler, args, scope)
  const [c0, c1] = codes
  const allPlain = codes.every((code) => !code.steps)
  return steppedCode(function* (scope) {
    const target = callee.steps ? yield* callee.run(scope) : callee.run(scope)
    let given: Arguments
    if (gather) given = yield* gather(scope)
    else {
      const positional: Value[] = []
      if (allPlain && codes.length === 1) positional.push(c0!.run(scope) as Value)
      else if (allPlain && codes.length === 2) positional.push(c0!.run(scope) as Value, c1!.run(scope) as Value)
      else for (const code of codes) positional.push(code.steps ? yield* code.run(scope) : code.run(scope))
      given = { positional, named: noNames }
    }
    if (machine.meter.tick()) yield null
    scope.frame.line = line
    scope.frame.at = tree
    const outcome = machine.call(target, given)
    if (outcome instanceof Activation) return yield outcome
    return outcome instanceof Deferred ? yield* outcome.steps : outcome
  })
}

function compileArguments(compiler: Compiler, list: Tree): Argument[] {
  const { source } = compiler
  if (isComprehension(list)) return [{ kind: 'value', name: '', code: compileComprehension(compiler, list) }]
  const args: Argument[] = []
  for (const part of betweenCommas(list.children.slice(1, -1))) {
    const [first, second, third] = part
    if (first === undefined) throw source.error('invalid syntax', list.from)
    if ((first.type === '*' || first.type === '**') && part.length === 2) {
      args.push({ kind: first.type, name: '', code: compileExpression(compiler, second!) })
    } else if (second?.type === 'AssignOp' && third && part.length === 3) {
      const name = source.textOf(first)
      if (first.type !== 'VariableName') {
        throw source.error('expression cannot contain assignment, perhaps you meant "=="?', first.from)
      }
      if (args.some((arg) => arg.kind === 'named' && arg.name === name)) {
        throw source.error(`keyword argument repeated: ${name}`, first.from)
      }
      args.push({ kind: 'named', name, code: compileExpression(compiler, third) })
    } else if (part.length === 1) {
      if (args.some(({ kind }) => kind === 'named')) {
        throw source.error('positional argument follows keyword argument', first.from)
      }
      args.push({ kind: 'value', name: '', code: compileExpression(compiler, first) })
    } else throw source.error('invalid syntax. Perhaps you forgot a comma?', first.from)
  }
  return args
}

function* gatherArguments({ machine }: Compiler, args: readonly Argument[], scope: Scope): Steps<Arguments> {
  const positional: Value[] = []
  const named = new Map<string, Value>()
  const add = (name: string, value: Value) => {
    if (named.has(name)) throw raised('TypeError', `got multiple values for keyword argument '${name}'`)
    named.set(name, value)
  }
  for (const { kind, name, code } of args) {
    const value = code.steps ? yield* code.run(scope) : code.run(scope)
    if (kind === 'value') positional.push(value)
    else if (kind === 'named') add(name, value)
    else if (kind === '*') for (const item of yield* collect(value, machine.meter)) positional.push(item)
    else {
      if (!(value instanceof Dict)) {
        throw raised('TypeError', `argument after ** must be a mapping, not ${typeName(value)}`)
      }
      for (const [key, item] of value.entries.values()) {
        if (typeof key !== 'string') throw raised('TypeError', 'keywords must be strings')
        add(key, item)
      }
    }
  }
  return { positional, named }
}

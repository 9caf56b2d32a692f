/** A whole program, compiled: its statements, and what its last line gives. */

import type { Machine } from './machine.ts'
import { compileList } from './expressions.ts'
import { addBindings, Names } from './names.ts'
import { compileBlock, flatten } from './statements.ts'
import { parseProgram, type Source } from './tree.ts'
import { valueOf } from './code.ts'
import type { Scope, Steps } from './values.ts'

/** Throws `Unreadable`. What runs gives the value of the last statement, if that is an expression with no `;` after it. */
export function compileProgram(source: Source, machine: Machine): (scope: Scope) => Steps {
  const tree = parseProgram(source)
  const names = new Names(null)
  addBindings(tree.children, names, source)
  const compiler = { source, machine, names, inFunction: false, inLoop: false, within: '' }
  const statements = flatten(tree.children)
  const last = statements.at(-1)
  const silent = tree.children.at(-1)?.type === 'StatementGroup' && tree.children.at(-1)?.children.at(-1)?.type === ';'
  if (last?.type !== 'ExpressionStatement' || silent) {
    const block = compileBlock(compiler, tree.children)
    return function* (scope) {
      yield* block(scope)
      return null
    }
  }
  const block = compileBlock(compiler, statements.slice(0, -1))
  const value = compileList(compiler, last.children, last)
  return function* (scope) {
    yield* block(scope)
    scope.frame.line = source.lineOf(last.from)
    scope.frame.at = null
    machine.meter.pending = 0
    return yield* valueOf(value, scope)
  }
}

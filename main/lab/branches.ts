/** `and`, `or`, `not` and `a if test else b`: what is not always evaluated. */

import { one, plainCode, steppedCode, type Code } from './code.ts'
import { truth } from './comparing.ts'
import type { Compiler } from './compiler.ts'
import { compileExpression } from './expressions.ts'
import type { Tree } from './tree.ts'

/**
 * `and`, `or` and `not`. The grammar lets `not` take in what follows (`not a and b` as `not (a and b)`), so that the
 * words are laid out again and put together by Python's own precedence.
 */
export function compileBoolean(compiler: Compiler, tree: Tree): Code {
  const words: (Tree | 'and' | 'or' | 'not')[] = []
  const lay = (part: Tree): void => {
    const { type, children } = part
    const [first, second] = children
    if (type === 'UnaryExpression' && first!.type === 'not') {
      words.push('not')
      lay(second!)
    } else if (type === 'BinaryExpression' && (second!.type === 'and' || second!.type === 'or')) {
      lay(first!)
      words.push(second!.type)
      lay(children[2]!)
    } else words.push(part)
  }
  lay(tree)
  let at = 0
  const readNot = (): Code => {
    const word = words[at++]
    if (word === 'not') return one(readNot(), (value) => !truth(value))
    if (word === undefined || typeof word === 'string') throw compiler.source.error('invalid syntax', tree.from)
    return compileExpression(compiler, word)
  }
  const readAnd = (): Code => {
    let code = readNot()
    while (words[at] === 'and') {
      at++
      code = shortCircuit(code, readNot(), false)
    }
    return code
  }
  let code = readAnd()
  while (words[at] === 'or') {
    at++
    code = shortCircuit(code, readAnd(), true)
  }
  return code
}

/** The left value where its truth is `decisive`, else the right one. */
function shortCircuit(a: Code, b: Code, decisive: boolean): Code {
  if (!a.steps && !b.steps) {
    return plainCode((scope) => {
      const left = a.run(scope)
      return truth(left) === decisive ? left : b.run(scope)
    })
  }
  return steppedCode(function* (scope) {
    const left = a.steps ? yield* a.run(scope) : a.run(scope)
    if (truth(left) === decisive) return left
    return b.steps ? yield* b.run(scope) : b.run(scope)
  })
}

export function compileConditional(compiler: Compiler, tree: Tree): Code {
  const [yes, , test, , no] = tree.children.map((child) =>
    child.type === 'if' || child.type === 'else' ? null : compileExpression(compiler, child),
  )
  const [a, t, b] = [yes!, test!, no!]
  if (!a.steps && !t.steps && !b.steps) {
    return plainCode((scope) => (truth(t.run(scope)) ? a.run(scope) : b.run(scope)))
  }
  return steppedCode(function* (scope) {
    const chosen = truth(t.steps ? yield* t.run(scope) : t.run(scope)) ? a : b
    return chosen.steps ? yield* chosen.run(scope) : chosen.run(scope)
  })
}

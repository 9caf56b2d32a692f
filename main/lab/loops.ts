/** `while` and `for`. */

import { notInLab, type Compiler } from './compiler.ts'
import { truth } from './comparing.ts'
import { compileExpression, compileList } from './expressions.ts'
import { iterator } from './iterate.ts'
import { compileBody, go, type Block, type Statement } from './statements.ts'
import { compileTargets } from './targets.ts'
import type { Tree } from './tree.ts'

/** The block behind `else`, which runs where a loop ends by itself. */
function elseBlock(compiler: Compiler, tree: Tree): Block | null {
  const at = tree.children.findIndex(({ type }) => type === 'else')
  return at < 0 ? null : compileBody(compiler, tree.children[at + 1], tree)
}

export function compileWhile(compiler: Compiler, tree: Tree, line: number): Statement {
  const { meter } = compiler.machine
  const test = compileExpression(compiler, tree.children[1]!)
  const block = compileBody({ ...compiler, inLoop: true }, tree.children[2], tree)
  const otherwise = elseBlock(compiler, tree)
  return {
    line,
    *run(scope) {
      for (;;) {
        scope.frame.line = line
        if (meter.tick()) yield null
        if (!truth(test.steps ? yield* test.run(scope) : test.run(scope))) break
        const next = yield* block(scope)
        if (next === go.break) return go.on
        if (next === go.return) return next
      }
      return otherwise ? yield* otherwise(scope) : go.on
    },
  }
}

export function compileFor(compiler: Compiler, tree: Tree, line: number): Statement {
  const { meter } = compiler.machine
  const { children } = tree
  if (children[0]!.type === 'async') throw notInLab(compiler, "'async'", tree)
  const at = children.findIndex(({ type }) => type === 'in')
  const end = children.findIndex(({ type }) => type === 'Body')
  if (at < 0 || end < 0) throw compiler.source.error('invalid syntax', tree.from)
  const items = compileList(compiler, children.slice(at + 1, end), tree)
  const store = compileTargets(compiler, children.slice(1, at), tree)
  const block = compileBody({ ...compiler, inLoop: true }, children[end], tree)
  const otherwise = elseBlock(compiler, tree)
  return {
    line,
    *run(scope) {
      const source = items.steps ? yield* items.run(scope) : items.run(scope)
      const walk = iterator(source)
      meter.kept.add(source)
      try {
        for (;;) {
          scope.frame.line = line
          const item = walk.stepwise ? yield* walk.step() : walk.next()
          if (item === undefined) break
          if (meter.tick()) yield null
          const more = store(scope, item)
          if (more) yield* more
          const next = yield* block(scope)
          if (next === go.break) return go.on
          if (next === go.return) return next
        }
      } finally {
        meter.kept.delete(source)
      }
      return otherwise ? yield* otherwise(scope) : go.on
    },
  }
}

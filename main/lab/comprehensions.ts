/** List, dict and set comprehensions, and generator expressions: scopes of their own, as Python has them. */

import { steppedCode, valueOf, type Code } from './code.ts'
import type { Compiler } from './compiler.ts'
import { compileExpression, compileList } from './expressions.ts'
import { iterator, requireLength } from './iterate.ts'
import { keyOf } from './keys.ts'
import { addTarget, Names } from './names.ts'
import { truth } from './comparing.ts'
import { setEntry } from './subscripts.ts'
import { compileTargets, type Store } from './targets.ts'
import type { Tree } from './tree.ts'
import { Dict, PyIterator, PySet, type Request, type Scope, type Steps, type Value } from './values.ts'

type Clause =
  { readonly kind: 'for'; readonly store: Store; readonly items: Code } | { readonly kind: 'if'; readonly test: Code }

export function compileComprehension(compiler: Compiler, tree: Tree): Code {
  const { source, machine } = compiler
  const { meter } = machine
  const parts = tree.children.slice(1, -1)
  const begin = parts.findIndex(({ type }) => type === 'for' || type === 'async')
  const names = new Names(compiler.names, true)
  const inner: Compiler = { ...compiler, names }
  const clauses = readClauses(parts.slice(begin), compiler, inner, names)
  const head = parts.slice(0, begin)
  const isDict = tree.type === 'DictionaryComprehensionExpression'
  if (isDict ? head.length !== 3 : head.length !== 1) throw source.error('invalid syntax', tree.from)
  const element = compileExpression(inner, head[0]!)
  const value = isDict ? compileExpression(inner, head[2]!) : null
  const [opening, ...rest] = clauses
  if (opening?.kind !== 'for') throw source.error('invalid syntax', tree.from)
  const first = opening

  /** Goes through all combinations, handing each to `each`; the first items come from the scope around. */
  function* walk(from: Value, scope: Scope, each: (scope: Scope) => Steps<void>): Steps<void> {
    yield* loop(first.store, from, scope, () => nest(rest, scope, each))
  }
  function* nest(left: readonly Clause[], scope: Scope, each: (scope: Scope) => Steps<void>): Steps<void> {
    const [next, ...others] = left
    if (next === undefined) yield* each(scope)
    else if (next.kind === 'if') {
      if (truth(yield* valueOf(next.test, scope))) yield* nest(others, scope, each)
    } else yield* loop(next.store, yield* valueOf(next.items, scope), scope, () => nest(others, scope, each))
  }
  function* loop(store: Store, from: Value, scope: Scope, body: () => Steps<void>): Steps<void> {
    const items = iterator(from)
    for (;;) {
      const item = items.stepwise ? yield* items.step() : items.next()
      if (item === undefined) return
      if (meter.tick()) yield null
      const stored = store(scope, item)
      if (stored) yield* stored
      yield* body()
    }
  }
  const open = (scope: Scope): Scope => ({
    slots: new Array<Value | undefined>(names.size),
    outer: scope,
    frame: scope.frame,
  })

  if (tree.type === 'ComprehensionExpression' || tree.type === 'ArgList') {
    return steppedCode(function* (scope) {
      const from = iterator(yield* valueOf(first.items, scope))
      return new GeneratorExpression(generate(from, open(scope)))
    })
  }
  function* generate(from: Value, scope: Scope): Generator<Request | Handed, void, Value> {
    yield* walk(from, scope, function* (here) {
      const made = yield* valueOf(element, here)
      yield new Handed(made) as never
    })
  }
  return steppedCode(function* (scope) {
    const from = yield* valueOf(first.items, scope)
    const list: Value[] = []
    const dict = new Dict()
    const set = new PySet()
    const result: Value = isDict ? dict : tree.type === 'SetComprehensionExpression' ? set : list
    meter.kept.add(result)
    const before = meter.pending
    yield* walk(from, open(scope), function* (here) {
      meter.pending = before
      const made = yield* valueOf(element, here)
      if (value) setEntry(dict, made, yield* valueOf(value, here), meter)
      else if (result === set) {
        const key = keyOf(made)
        if (!set.entries.has(key)) set.entries.set(key, made)
        meter.hold(80)
      } else {
        list.push(made)
        meter.hold(32)
        requireLength(list.length)
      }
    })
    meter.kept.delete(result)
    return result
  })
}

/** What a generator expression hands out, told apart from what its computation asks of the machine. */
class Handed {
  readonly value: Value
  constructor(value: Value) {
    this.value = value
  }
}

class GeneratorExpression extends PyIterator {
  override readonly typeName = 'generator'
  override readonly stepwise = true
  readonly #steps: Generator<Request | Handed, void, Value>
  constructor(steps: Generator<Request | Handed, void, Value>) {
    super()
    this.#steps = steps
  }
  next(): Value | undefined {
    throw new Error('a generator is asked by steps')
  }
  override *step(): Steps<Value | undefined> {
    let turn = this.#steps.next(null)
    for (;;) {
      if (turn.done === true) return undefined
      if (turn.value instanceof Handed) return turn.value.value
      let answer: Value
      try {
        answer = yield turn.value
      } catch (error) {
        turn = this.#steps.throw(error)
        continue
      }
      turn = this.#steps.next(answer)
    }
  }
}

function readClauses(parts: readonly Tree[], outer: Compiler, inner: Compiler, names: Names): Clause[] {
  const { source } = outer
  const starts = parts.flatMap(({ type }, i) => (type === 'for' || type === 'if' ? [i] : []))
  const groups = starts.map((start, i) => parts.slice(start, starts[i + 1] ?? parts.length))
  for (const group of groups) {
    if (group[0]!.type !== 'for') continue
    const end = group.findIndex(({ type }) => type === 'in')
    group.slice(1, end).forEach((target) => addTarget(target, names, source))
  }
  return groups.map((group, i): Clause => {
    if (group[0]!.type === 'if') return { kind: 'if', test: compileExpression(inner, group[1]!) }
    const end = group.findIndex(({ type }) => type === 'in')
    if (end < 0) throw source.error('invalid syntax', group[0]!.from)
    const targets = group.slice(1, end)
    return {
      kind: 'for',
      store: compileTargets(inner, targets, group[0]!),
      items: compileList(i === 0 ? outer : inner, group.slice(end + 1), group[0]!),
    }
  })
}

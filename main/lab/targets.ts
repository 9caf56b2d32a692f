/** What can be assigned to: names, places in containers, attributes, and tuples of them. */

import { valueOf } from './code.ts'
import type { Compiler } from './compiler.ts'
import { betweenCommas } from './compiler.ts'
import { raised } from './errors.ts'
import { compileExpression, compileSubscript } from './expressions.ts'
import { collect, iterator } from './iterate.ts'
import { setItem } from './subscripts.ts'
import { typeName } from './types.ts'
import type { Source, Tree } from './tree.ts'
import { isList, itemsOf, Tuple, type Scope, type Steps, type Value } from './values.ts'

/** Stores a value; where that can run long, answers with what is left to do. */
export type Store = (scope: Scope, value: Value) => Steps<void> | undefined

/** Stores into a variable. */
export function storeName({ names, machine }: Compiler, name: string): (scope: Scope, value: Value) => undefined {
  const place = names.find(name)
  if (place.kind === 'global') {
    const { globals } = machine
    return (_, value) => void globals.set(name, value)
  }
  const { up, slot } = place
  return (scope, value) => {
    let holder = scope
    for (let i = 0; i < up; i++) holder = holder.outer!
    holder.slots[slot] = value
  }
}

/** One target, or several between commas. */
export function compileTargets(compiler: Compiler, trees: readonly Tree[], at: Tree): Store {
  if (trees.length === 0) throw compiler.source.error('invalid syntax', at.from)
  // Where a whole statement could have been a comparison, that is asked.
  if (trees.length === 1) return compileTarget(compiler, trees[0]!, at.type === 'AssignStatement')
  return compileUnpacking(compiler, trees)
}

function compileTarget(compiler: Compiler, tree: Tree, alone = false): Store {
  const { source, machine } = compiler
  switch (tree.type) {
    case 'VariableName':
      return storeName(compiler, source.textOf(tree))
    case 'ParenthesizedExpression':
      return compileTarget(compiler, tree.children[1]!)
    case 'TupleExpression':
    case 'ArrayExpression':
      return compileUnpacking(compiler, tree.children.slice(1, -1))
    case 'MemberExpression': {
      const [object, mark, ...rest] = tree.children
      const container = compileExpression(compiler, object!)
      if (mark!.type === '.') {
        const name = source.textOf(rest[0]!)
        return function* (scope, value) {
          machine.setAttribute(yield* valueOf(container, scope), name, value)
        }
      }
      const key = compileSubscript(compiler, rest.slice(0, -1), tree)
      const { meter } = machine
      if (!container.steps && !key.steps) {
        return (scope, value) => {
          const [target, at] = [container.run(scope), key.run(scope)]
          scope.frame.at = tree
          setItem(target, at, value, meter)
          return undefined
        }
      }
      return function* (scope, value) {
        const target = yield* valueOf(container, scope)
        const at = yield* valueOf(key, scope)
        scope.frame.at = tree
        setItem(target, at, value, meter)
      }
    }
    default:
      throw source.error(`cannot assign to ${describe(tree, source, alone)}`, tree.from)
  }
}

function describe(tree: Tree, source: Source, alone: boolean): string {
  const { type, children } = tree
  if (type === 'Boolean' || type === 'None') return source.textOf(tree)
  if (type.endsWith('ComprehensionExpression')) return 'comprehension'
  if (type === 'BinaryExpression' && /^(?:[<>]=?|[=!]=|CompareOp)$/.test(source.textOf(children[1]!)))
    return 'comparison'
  const what =
    type === 'CallExpression' ? 'function call' : type === 'Number' || type === 'String' ? 'literal' : 'expression'
  return alone ? `${what} here. Maybe you meant '==' instead of '='?` : what
}

function compileUnpacking(compiler: Compiler, trees: readonly Tree[]): Store {
  const { source, machine } = compiler
  const parts = betweenCommas(trees)
  const starred = parts.findIndex((part) => part[0]!.type === '*')
  if (parts.filter((part) => part[0]!.type === '*').length > 1) {
    throw source.error('multiple starred expressions in assignment', trees[0]!.from)
  }
  const stores = parts.map((part) => {
    const rest = part[0]!.type === '*' ? part.slice(1) : part
    if (rest.length !== 1) throw source.error('invalid syntax', (rest[0] ?? part[0]!).from)
    return compileTarget(compiler, rest[0]!)
  })
  const whole: Tree = { type: 'Targets', from: trees[0]!.from, to: trees.at(-1)!.to, children: [] }
  return function* (scope, value) {
    scope.frame.at = whole
    const items = yield* unpack(value, stores.length, starred, machine.meter)
    for (const [i, store] of stores.entries()) {
      const more = store(scope, items[i]!)
      if (more) yield* more
    }
  }
}

/** The items of a value for `count` targets, of which `starred` (−1: none) takes in a list. */
function* unpack(value: Value, count: number, starred: number, meter: Compiler['machine']['meter']): Steps<Value[]> {
  if (isList(value) || value instanceof Tuple) {
    const items = isList(value) ? value : itemsOf(value)
    if (starred < 0 && items.length === count) return items as Value[]
  }
  const least = starred < 0 ? count : count - 1
  let walk
  try {
    walk = iterator(value)
  } catch {
    throw raised('TypeError', `cannot unpack non-iterable ${typeName(value)} object`)
  }
  const items: Value[] = []
  // Not further than one too many: what is unpacked may never end.
  while (starred < 0 && items.length <= count) {
    const item = walk.stepwise ? yield* walk.step() : walk.next()
    if (item === undefined) break
    items.push(item)
  }
  if (starred >= 0) for (const item of yield* collect(walk, meter)) items.push(item)
  if (items.length < least) {
    const expected = starred < 0 ? String(least) : `at least ${least}`
    throw raised('ValueError', `not enough values to unpack (expected ${expected}, got ${items.length})`)
  }
  if (starred < 0) {
    if (items.length > count) throw raised('ValueError', `too many values to unpack (expected ${count})`)
    return items
  }
  const rest = items.splice(starred, items.length - least)
  items.splice(starred, 0, rest)
  return items
}

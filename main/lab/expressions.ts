/** Expressions, compiled. */

import { float } from '../ndarray/index.ts'
import { compileBoolean, compileConditional } from './branches.ts'
import { compileCall } from './calls.ts'
import { all, one, oneAt, plainCode, steppedCode, twoAt, type Code } from './code.ts'
import { betweenCommas, notInLab, type Compiler } from './compiler.ts'
import { compileComprehension } from './comprehensions.ts'
import { raised } from './errors.ts'
import { compileLambda } from './functions.ts'
import { collect } from './iterate.ts'
import { compileNumber, compileString, imaginaryPart } from './literals.ts'
import { isComprehension } from './names.ts'
import { compare, identical, truth, type Comparison } from './comparing.ts'
import { binary, operators, unary, type Operator } from './operators.ts'
import { contains, getItem, makeSlice, setEntry } from './subscripts.ts'
import { storeName } from './targets.ts'
import { typeName } from './types.ts'
import type { Tree } from './tree.ts'
import { Dict, ellipsis, Imaginary, PySet, Tuple, type Scope, type Value } from './values.ts'
import { keyOf } from './keys.ts'

export function compileExpression(compiler: Compiler, tree: Tree): Code {
  const { source } = compiler
  if (isComprehension(tree)) return compileComprehension(compiler, tree)
  switch (tree.type) {
    case 'VariableName':
      return compileName(compiler, source.textOf(tree), tree)
    case 'Number':
      return compileNumber(compiler, tree)
    case 'String':
    case 'ContinuedString':
    case 'FormatString':
      return compileString(compiler, tree)
    case 'Boolean': {
      const value = source.textOf(tree) === 'True'
      return plainCode(() => value)
    }
    case 'None':
      return plainCode(() => null)
    case 'Ellipsis':
      return plainCode(() => ellipsis)
    case 'ParenthesizedExpression':
      return compileExpression(compiler, only(compiler, tree))
    case 'TupleExpression':
      return compileItems(compiler, tree.children.slice(1, -1), (items) => new Tuple(items))
    case 'ArrayExpression':
      return compileItems(compiler, tree.children.slice(1, -1), (items) => items)
    case 'SetExpression':
      return compileSet(compiler, tree)
    case 'DictionaryExpression':
      return compileDict(compiler, tree)
    case 'UnaryExpression':
      return compileUnary(compiler, tree)
    case 'BinaryExpression':
      return compileBinary(compiler, tree)
    case 'ConditionalExpression':
      return compileConditional(compiler, tree)
    case 'NamedExpression': {
      const [target, , value] = tree.children
      const store = storeName(compiler, source.textOf(target!))
      return one(compileExpression(compiler, value!), (result, scope) => {
        store(scope, result)
        return result
      })
    }
    case 'LambdaExpression':
      return compileLambda(compiler, tree)
    case 'CallExpression':
      return compileCall(compiler, tree)
    case 'MemberExpression':
      return compileMember(compiler, tree)
    case 'YieldExpression':
      throw notInLab(compiler, "'yield'", tree)
    case 'AwaitExpression':
      throw notInLab(compiler, "'await'", tree)
    default:
      throw source.error('invalid syntax', tree.from)
  }
}

function only(compiler: Compiler, tree: Tree): Tree {
  const inner = tree.children.filter(({ type }) => type !== '(' && type !== ')')
  if (inner.length !== 1) throw compiler.source.error('invalid syntax', tree.from)
  return inner[0]!
}

/** Expressions between commas: a tuple, where there is a comma, else the one. */
export function compileList(compiler: Compiler, trees: readonly Tree[], at: Tree): Code {
  if (trees.length === 0) throw compiler.source.error('invalid syntax', at.from)
  if (trees.some(({ type }) => type === ',' || type === '*')) {
    return compileItems(compiler, trees, (items) => new Tuple(items))
  }
  if (trees.length !== 1) throw compiler.source.error('invalid syntax', trees[1]!.from)
  return compileExpression(compiler, trees[0]!)
}

/** The items of a display; `*items` are taken one by one. */
function compileItems(compiler: Compiler, trees: readonly Tree[], make: (items: Value[]) => Value): Code {
  const parts = betweenCommas(trees)
  const { meter } = compiler.machine
  const starred = parts.map((part) => part[0]?.type === '*')
  const codes = parts.map((part) => {
    const rest = part[0]?.type === '*' ? part.slice(1) : part
    if (rest.length !== 1) throw compiler.source.error('invalid syntax', (rest[0] ?? trees[0]!).from)
    return compileExpression(compiler, rest[0]!)
  })
  const bytes = 8 * codes.length + 48
  if (!starred.includes(true)) {
    return all(codes, (items) => {
      meter.hold(bytes)
      return make(items)
    })
  }
  return steppedCode(function* (scope) {
    const items: Value[] = []
    for (const [i, code] of codes.entries()) {
      const value = code.steps ? yield* code.run(scope) : code.run(scope)
      if (starred[i]) for (const item of yield* collect(value, meter)) items.push(item)
      else items.push(value)
    }
    meter.hold(8 * items.length)
    return make(items)
  })
}

function compileSet(compiler: Compiler, tree: Tree): Code {
  const { meter } = compiler.machine
  return compileItems(compiler, tree.children.slice(1, -1), (items) => {
    const set = new PySet()
    meter.hold(80 * items.length)
    for (const item of items) {
      const key = keyOf(item)
      if (!set.entries.has(key)) set.entries.set(key, item)
    }
    return set
  })
}

function compileDict(compiler: Compiler, tree: Tree): Code {
  const { meter } = compiler.machine
  const kinds: ('pair' | 'spread')[] = []
  const codes: Code[] = []
  for (const part of betweenCommas(tree.children.slice(1, -1))) {
    const [first, second, third] = part
    if (first!.type === '**' && part.length === 2) {
      kinds.push('spread')
      codes.push(compileExpression(compiler, second!))
    } else if (second?.type === ':' && third && part.length === 3) {
      kinds.push('pair')
      codes.push(compileExpression(compiler, first!), compileExpression(compiler, third))
    } else throw compiler.source.error('invalid syntax', first!.from)
  }
  return all(codes, (values) => {
    const dict = new Dict()
    let next = 0
    for (const kind of kinds) {
      if (kind === 'pair') setEntry(dict, values[next++]!, values[next++]!, meter)
      else {
        const other = values[next++]!
        if (!(other instanceof Dict)) throw raised('TypeError', `'${typeName(other)}' object is not a mapping`)
        for (const [key, value] of other.entries.values()) setEntry(dict, key, value, meter)
      }
    }
    return dict
  })
}

function compileName({ names, machine }: Compiler, name: string, tree: Tree): Code {
  const place = names.find(name)
  if (place.kind === 'slot') {
    const { up, slot } = place
    if (up === 0) {
      return plainCode((scope) => {
        const value = scope.slots[slot]
        if (value !== undefined) return value
        scope.frame.at = tree
        throw raised(
          'UnboundLocalError',
          `cannot access local variable '${name}' where it is not associated with a value`,
        )
      })
    }
    return plainCode((scope) => {
      let holder: Scope = scope
      for (let i = 0; i < up; i++) holder = holder.outer!
      const value = holder.slots[slot]
      if (value !== undefined) return value
      scope.frame.at = tree
      throw raised(
        'NameError',
        `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`,
      )
    })
  }
  const { globals } = machine
  return plainCode((scope) => {
    const value = globals.get(name) ?? machine.builtins.get(name)
    if (value !== undefined) return value
    if (globals.has(name)) return null
    scope.frame.at = tree
    throw machine.unknownName(name)
  })
}

function compileUnary(compiler: Compiler, tree: Tree): Code {
  const [operator, operand] = tree.children
  if (operator!.type === 'not') return compileBoolean(compiler, tree)
  const sign = compiler.source.textOf(operator!)
  if (sign !== '-' && sign !== '+' && sign !== '~') throw compiler.source.error('invalid syntax', tree.from)
  return oneAt(tree, compileExpression(compiler, operand!), (value) => unary(sign, value))
}

function compileBinary(compiler: Compiler, tree: Tree): Code {
  const [left, operator, ...rest] = tree.children
  const { source, machine } = compiler
  if (!left || !operator || rest.length === 0) throw source.error('invalid syntax', tree.from)
  if (operator.type === 'and' || operator.type === 'or') return compileBoolean(compiler, tree)
  if (comparisonOf(compiler, tree)) return compileComparison(compiler, tree)
  const text = source.textOf(operator)
  if (!operators.has(text)) throw source.error('invalid syntax', operator.from)
  const sign = text as Operator
  const { meter } = machine
  return twoAt(tree, compileExpression(compiler, left), compileExpression(compiler, rest[0]!), (a, b) =>
    binary(sign, a, b, meter),
  )
}

/** `==`, `not in`, …; undefined where the expression is no comparison. */
function comparisonOf({ source }: Compiler, { type, children }: Tree): string | undefined {
  if (type !== 'BinaryExpression') return undefined
  const words = children.slice(1, -1).map((child) => source.textOf(child))
  const word = words.join(' ')
  return comparisons.has(word) ? word : undefined
}
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'is', 'is not'])

/** `a < b <= c`: each value evaluated once, and none after the first comparison that does not hold. */
function compileComparison(compiler: Compiler, tree: Tree): Code {
  const { meter } = compiler.machine
  const signs: string[] = []
  const trees: Tree[] = []
  let first = tree
  for (;;) {
    const sign = comparisonOf(compiler, first)
    if (sign === undefined) break
    signs.unshift(sign)
    trees.unshift(first.children.at(-1)!)
    first = first.children[0]!
  }
  const codes = [first, ...trees].map((part) => compileExpression(compiler, part))
  const tests = signs.map((sign) => comparison(sign))
  if (tests.length === 1) return twoAt(tree, codes[0]!, codes[1]!, (a, b) => tests[0]!(a, b, meter))
  return steppedCode(function* (scope) {
    let left = codes[0]!.steps ? yield* codes[0]!.run(scope) : codes[0]!.run(scope)
    let result: Value = true
    for (const [i, test] of tests.entries()) {
      const code = codes[i + 1]!
      const right = code.steps ? yield* code.run(scope) : code.run(scope)
      result = test(left, right, meter)
      if (i < tests.length - 1 && !truth(result)) return result
      left = right
    }
    return result
  })
}

type Test = (a: Value, b: Value, meter: Compiler['machine']['meter']) => Value

function comparison(sign: string): Test {
  switch (sign) {
    case 'in':
      return (a, b, meter) => contains(b, a, meter)
    case 'not in':
      return (a, b, meter) => !contains(b, a, meter)
    case 'is':
      return (a, b) => identical(a, b)
    case 'is not':
      return (a, b) => !identical(a, b)
    default:
      return (a, b, meter) => compare(sign as Comparison, a, b, meter)
  }
}

function compileMember(compiler: Compiler, tree: Tree): Code {
  const { machine, source } = compiler
  const [object, mark, ...rest] = tree.children
  const code = compileExpression(compiler, object!)
  if (mark!.type === '.') {
    const name = source.textOf(rest[0]!)
    return oneAt(tree, code, (value) => machine.attribute(value, name))
  }
  const { meter } = machine
  const key = compileSubscript(compiler, rest.slice(0, -1), tree)
  return twoAt(tree, code, key, (value, at) => getItem(value, at, meter))
}

/** What stands between square brackets: a value, a slice, or a tuple of them. */
export function compileSubscript(compiler: Compiler, trees: readonly Tree[], at: Tree): Code {
  const parts = betweenCommas(trees)
  if (parts.length === 0) throw compiler.source.error('invalid syntax', at.from)
  if (parts.some((part) => part[0]!.type === '*')) return compileItems(compiler, trees, (items) => new Tuple(items))
  const codes = parts.map((part) => compileSlicePart(compiler, part))
  const isTuple = trees.some(({ type }) => type === ',')
  return isTuple ? all(codes, (items) => new Tuple(items)) : codes[0]!
}

function compileSlicePart(compiler: Compiler, part: readonly Tree[]): Code {
  if (!part.some(({ type }) => type === ':')) {
    if (part.length !== 1) throw compiler.source.error('invalid syntax', part[0]!.from)
    return compileExpression(compiler, part[0]!)
  }
  const bounds: (Tree | undefined)[] = [undefined]
  for (const child of part) {
    if (child.type === ':') bounds.push(undefined)
    else if (bounds.at(-1) === undefined) bounds[bounds.length - 1] = child
    else throw compiler.source.error('invalid syntax', child.from)
  }
  if (bounds.length > 3) throw compiler.source.error('invalid syntax', part[0]!.from)
  const codes = [0, 1, 2].map((i) => {
    const bound = bounds[i]
    if (bound === undefined) return plainCode(() => null)
    return (i === 2 ? compilePoints(compiler, bound) : null) ?? compileExpression(compiler, bound)
  })
  return all(codes, ([start, stop, step]) => makeSlice(start!, stop!, step!))
}

/** A step such as `5j` or `n*1j`: for np.mgrid and its like a number of points; null for any other. */
function compilePoints(compiler: Compiler, step: Tree): Code | null {
  const size = imaginaryPart(compiler, step)
  if (size !== null) return plainCode(() => new Imaginary(size))
  const [left, sign, right] = step.children
  if (step.type !== 'BinaryExpression' || compiler.source.textOf(sign!) !== '*') return null
  const unit = imaginaryPart(compiler, right!)
  if (unit === null) return null
  return all([compileExpression(compiler, left!)], ([many]) => new Imaginary(float(many) * unit))
}

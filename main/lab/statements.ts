/** Statements, compiled: each says how the block goes on. */

import { valueOf, type Code } from './code.ts'
import { truth } from './comparing.ts'
import { notInLab, type Compiler } from './compiler.ts'
import { raised } from './errors.ts'
import { compileList, compileExpression, compileSubscript } from './expressions.ts'
import { compileFunction } from './functions.ts'
import { compileFor, compileWhile } from './loops.ts'
import { extended } from './containers.ts'
import { importedNames } from './names.ts'
import { augmented, operators, type Operator } from './operators.ts'
import { deleteItem, getItem, setItem } from './subscripts.ts'
import { compileTargets, storeName } from './targets.ts'
import type { Tree } from './tree.ts'
import { compileRaise, compileTry } from './trying.ts'
import { isList, type Scope, type Steps, type Value } from './values.ts'

/** How a block goes on after a statement. */
export const go = { on: 0, break: 1, continue: 2, return: 3 } as const
export type Go = (typeof go)[keyof typeof go]

export interface Statement {
  readonly line: number
  readonly run: (scope: Scope) => Steps<Go>
  /** The same without rests, where nothing in it needs them. */
  readonly plain?: (scope: Scope) => Go
}

export type Block = (scope: Scope) => Steps<Go>

export function compileBlock(compiler: Compiler, trees: readonly Tree[]): Block {
  const { meter } = compiler.machine
  const statements = flatten(trees).map((tree) => compileStatement(compiler, tree))
  return function* (scope) {
    const { frame } = scope
    for (const { line, plain, run } of statements) {
      frame.line = line
      frame.at = null
      meter.pending = 0
      if (meter.tick()) yield null
      const next = plain ? plain(scope) : yield* run(scope)
      if (next !== go.on) return next
    }
    return go.on
  }
}

/** Statements that stand on one line between semicolons are statements like others. */
export function flatten(trees: readonly Tree[]): Tree[] {
  return trees.flatMap((tree) =>
    tree.type === 'StatementGroup' ? tree.children.filter(({ type }) => type !== ';') : [tree],
  )
}

/** The statements of a `Body`, which begins with its colon. */
export function compileBody(compiler: Compiler, tree: Tree | undefined, at: Tree): Block {
  if (tree?.type !== 'Body') throw compiler.source.error("expected ':'", at.from)
  return compileBlock(compiler, tree.children.slice(1))
}

const refused: ReadonlyMap<string, string> = new Map([
  ['ClassDefinition', "'class'"],
  ['WithStatement', "'with'"],
  ['YieldStatement', "'yield'"],
  ['MatchStatement', "'match'"],
  ['DecoratedStatement', "decorators ('@')"],
  ['TypeDefinition', "'type'"],
])

function compileStatement(compiler: Compiler, tree: Tree): Statement {
  const { source } = compiler
  const line = source.lineOf(tree.from)
  const { type, children } = tree
  switch (type) {
    case 'ExpressionStatement':
      return ofCode(line, compileList(compiler, children, tree), () => undefined)
    case 'AssignStatement':
      return compileAssign(compiler, tree, line)
    case 'UpdateStatement':
      return compileUpdate(compiler, tree, line)
    case 'PassStatement':
    case 'ScopeStatement':
      return ofPlain(line, () => go.on)
    case 'BreakStatement':
    case 'ContinueStatement': {
      const which = type === 'BreakStatement' ? 'break' : 'continue'
      if (!compiler.inLoop) {
        throw source.error(which === 'break' ? "'break' outside loop" : "'continue' not properly in loop", tree.from)
      }
      return ofPlain(line, () => go[which])
    }
    case 'ReturnStatement':
      return compileReturn(compiler, tree, line)
    case 'IfStatement':
      return compileIf(compiler, tree, line)
    case 'WhileStatement':
      return compileWhile(compiler, tree, line)
    case 'ForStatement':
      return compileFor(compiler, tree, line)
    case 'FunctionDefinition': {
      if (children[0]!.type === 'async') throw notInLab(compiler, "'async'", tree)
      const { name, code } = compileFunction(compiler, tree)
      const store = storeName(compiler, name)
      return ofCode(line, code, store)
    }
    case 'AssertStatement':
      return compileAssert(compiler, tree, line)
    case 'DeleteStatement':
      return compileDelete(compiler, tree, line)
    case 'ImportStatement':
      return compileImport(compiler, tree, line)
    case 'TryStatement':
      return compileTry(compiler, tree, line)
    case 'RaiseStatement':
      return compileRaise(compiler, tree, line)
    default: {
      if (type === 'PrintStatement') {
        throw source.error("Missing parentheses in call to 'print'. Did you mean print(...)?", tree.from)
      }
      const what = refused.get(type)
      throw what === undefined ? source.error('invalid syntax', tree.from) : notInLab(compiler, what, tree)
    }
  }
}

/* eslint-disable require-yield -- a plain statement run as one of steps has nothing to rest for */
function ofPlain(line: number, plain: (scope: Scope) => Go): Statement {
  return {
    line,
    plain,
    *run(scope) {
      return plain(scope)
    },
  }
}
/* eslint-enable require-yield */

function ofCode(line: number, code: Code, then: (scope: Scope, value: Value) => undefined): Statement {
  if (!code.steps) {
    const { run } = code
    return ofPlain(line, (scope) => {
      then(scope, run(scope))
      return go.on
    })
  }
  const { run } = code
  return {
    line,
    *run(scope) {
      then(scope, yield* run(scope))
      return go.on
    },
  }
}

function compileAssign(compiler: Compiler, tree: Tree, line: number): Statement {
  const { children } = tree
  const groups: Tree[][] = [[]]
  for (const child of children) {
    if (child.type === 'AssignOp') groups.push([])
    else if (child.type !== 'TypeDef') groups.at(-1)!.push(child)
  }
  // `x: int` alone says something to the reader only.
  if (groups.length === 1) return ofPlain(line, () => go.on)
  const value = compileList(compiler, groups.pop()!, tree)
  const stores = groups.map((group) => compileTargets(compiler, group, tree))
  const [store] = stores
  const { machine } = compiler
  return {
    line,
    *run(scope) {
      const made = value.steps ? yield* value.run(scope) : value.run(scope)
      if (stores.length === 1) {
        const more = store!(scope, made)
        if (more) yield* more
        return go.on
      }
      machine.meter.kept.add(made)
      for (const each of stores) {
        const more = each(scope, made)
        if (more) yield* more
      }
      machine.meter.kept.delete(made)
      return go.on
    },
  }
}

/** `a += b`: what is read and what is stored to is found once. */
function compileUpdate(compiler: Compiler, tree: Tree, line: number): Statement {
  const { source, machine } = compiler
  const at = tree.children.findIndex(({ type }) => type === 'UpdateOp')
  const [target] = tree.children
  const sign = source.textOf(tree.children[at]!).slice(0, -1)
  if (!operators.has(sign)) throw source.error('invalid syntax', tree.from)
  const operator = sign as Operator
  if (at > 1 || target!.type === 'TupleExpression') {
    throw source.error("'tuple' is an illegal expression for augmented assignment", tree.from)
  }
  const value = compileList(compiler, tree.children.slice(at + 1), tree)
  const { meter } = machine
  const update = (old: Value, by: Value): Steps | Value =>
    isList(old) && operator === '+' ? extend(old, by) : augmented(operator, old, by, meter)
  function* extend(old: Value[], by: Value): Steps {
    yield* extended(old, by, machine).steps
    return old
  }
  const isSteps = (made: Steps | Value): made is Steps =>
    typeof made === 'object' && made !== null && 'next' in made && 'throw' in made

  const inner = target!.type === 'ParenthesizedExpression' ? target!.children[1]! : target!
  if (inner.type === 'VariableName') {
    const read = compileExpression(compiler, inner)
    const store = storeName(compiler, source.textOf(inner))
    return {
      line,
      *run(scope) {
        const old = yield* valueOf(read, scope)
        const by = value.steps ? yield* value.run(scope) : value.run(scope)
        const made = update(old, by)
        store(scope, isSteps(made) ? yield* made : made)
        return go.on
      },
    }
  }
  if (inner.type !== 'MemberExpression') {
    throw source.error('illegal expression for augmented assignment', tree.from)
  }
  const [object, mark, ...rest] = inner.children
  const container = compileExpression(compiler, object!)
  const name = mark!.type === '.' ? source.textOf(rest[0]!) : null
  const key = name === null ? compileSubscript(compiler, rest.slice(0, -1), inner) : null
  return {
    line,
    *run(scope) {
      const owner = yield* valueOf(container, scope)
      const where = key ? yield* valueOf(key, scope) : null
      const old = key ? getItem(owner, where, meter) : machine.attribute(owner, name!)
      const by = value.steps ? yield* value.run(scope) : value.run(scope)
      const made = update(old, by)
      const result = isSteps(made) ? yield* made : made
      if (key) setItem(owner, where, result, meter)
      else machine.setAttribute(owner, name!, result)
      return go.on
    },
  }
}

function compileReturn(compiler: Compiler, tree: Tree, line: number): Statement {
  if (!compiler.inFunction) throw compiler.source.error("'return' outside function", tree.from)
  const rest = tree.children.slice(1)
  if (rest.length === 0) {
    return ofPlain(line, ({ frame }) => {
      frame.result = null
      return go.return
    })
  }
  const code = compileList(compiler, rest, tree)
  return {
    line,
    *run(scope) {
      scope.frame.result = code.steps ? yield* code.run(scope) : code.run(scope)
      return go.return
    },
  }
}

function compileIf(compiler: Compiler, tree: Tree, line: number): Statement {
  const branches: { readonly test: Code | null; readonly line: number; readonly block: Block }[] = []
  const { children } = tree
  for (let i = 0; i < children.length;) {
    const word = children[i]!
    const hasTest = word.type !== 'else'
    const body = children[i + (hasTest ? 2 : 1)]
    branches.push({
      test: hasTest ? compileExpression(compiler, children[i + 1]!) : null,
      line: compiler.source.lineOf(word.from),
      block: compileBody(compiler, body, word),
    })
    i += hasTest ? 3 : 2
  }
  return {
    line,
    *run(scope) {
      for (const { test, line: testLine, block } of branches) {
        if (test) {
          scope.frame.line = testLine
          if (!truth(test.steps ? yield* test.run(scope) : test.run(scope))) continue
        }
        return yield* block(scope)
      }
      return go.on
    },
  }
}

function compileAssert(compiler: Compiler, tree: Tree, line: number): Statement {
  const [, test, , message] = tree.children
  const condition = compileExpression(compiler, test!)
  const text = message ? compileExpression(compiler, message) : null
  return {
    line,
    *run(scope) {
      if (truth(yield* valueOf(condition, scope))) return go.on
      const error = text ? raised('AssertionError', yield* valueOf(text, scope)) : raised('AssertionError')
      scope.frame.at = test!
      throw error
    },
  }
}

function compileDelete(compiler: Compiler, tree: Tree, line: number): Statement {
  const { source, machine } = compiler
  const removals = tree.children.slice(1).flatMap((target): ((scope: Scope) => Steps<void>)[] => {
    if (target.type === ',') return []
    if (target.type === 'VariableName') {
      const read = compileExpression(compiler, target)
      const name = source.textOf(target)
      const place = compiler.names.find(name)
      return [
        function* (scope) {
          yield* valueOf(read, scope)
          if (place.kind === 'global') {
            if (!machine.globals.delete(name)) throw machine.unknownName(name)
            return
          }
          let holder = scope
          for (let i = 0; i < place.up; i++) holder = holder.outer!
          holder.slots[place.slot] = undefined
        },
      ]
    }
    if (target.type !== 'MemberExpression' || target.children[1]!.type !== '[') {
      const literal = target.type === 'Number' || target.type === 'String'
      throw source.error(literal ? 'cannot delete literal' : 'the lab deletes names and items only', target.from)
    }
    const container = compileExpression(compiler, target.children[0]!)
    const key = compileSubscript(compiler, target.children.slice(2, -1), target)
    return [
      function* (scope) {
        const owner = yield* valueOf(container, scope)
        deleteItem(owner, yield* valueOf(key, scope))
      },
    ]
  })
  return {
    line,
    *run(scope) {
      for (const remove of removals) yield* remove(scope)
      return go.on
    },
  }
}

function compileImport(compiler: Compiler, tree: Tree, line: number): Statement {
  const { source, machine } = compiler
  const { children } = tree
  const isFrom = children[0]!.type === 'from'
  const end = children.findIndex(({ type }) => type === 'import')
  const module = isFrom
    ? children
        .slice(1, end)
        .map((child) => source.textOf(child))
        .join('')
    : ''
  const stores = importedNames(tree, source).map(([what, variable]) => ({
    what,
    renamed: children.some(({ type }) => type === 'as'),
    variable,
    store: storeName(compiler, variable),
  }))
  return ofPlain(line, (scope) => {
    for (const { what, variable, renamed, store } of stores) {
      const value = isFrom ? machine.importFrom(module, what) : machine.importModule(what, renamed && variable !== what)
      store(scope, value)
    }
    return go.on
  })
}

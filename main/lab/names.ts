/** Which variable a name means: decided before a program runs, by where in it the name is given a value. */

import type { Source, Tree } from './tree.ts'

/** Where a variable is: in the program's own names, or so many scopes out in a slot. */
export type Place = { readonly kind: 'global' } | { readonly kind: 'slot'; readonly up: number; readonly slot: number }

export class Names {
  readonly outer: Names | null
  /** A comprehension's: `:=` in it is for the function around it. */
  readonly inner: boolean
  readonly #slots = new Map<string, number>()
  readonly #declared = new Map<string, 'global' | 'nonlocal'>()

  /** `outer` null: the program's own. */
  constructor(outer: Names | null, inner = false) {
    this.outer = outer
    this.inner = inner
  }

  get size(): number {
    return this.#slots.size
  }

  declare(name: string, as: 'global' | 'nonlocal'): void {
    this.#declared.set(name, as)
  }

  /** Makes a name a variable of this scope, unless it is declared to be another's. */
  add(name: string): void {
    if (this.outer === null || this.#declared.has(name) || this.#slots.has(name)) return
    this.#slots.set(name, this.#slots.size)
  }

  find(name: string): Place {
    if (this.outer === null || this.#declared.get(name) === 'global') return { kind: 'global' }
    const slot = this.#slots.get(name)
    if (slot !== undefined) return { kind: 'slot', up: 0, slot }
    const found = this.outer.find(name)
    return found.kind === 'slot' ? { ...found, up: found.up + 1 } : found
  }

  /** Whether a function around this one has the name: what `nonlocal` needs. */
  hasOutside(name: string): boolean {
    const place = this.outer?.find(name)
    return place?.kind === 'slot'
  }
}

/** What has names of its own. */
const scopes = new Set(['LambdaExpression', 'FunctionDefinition'])
const comprehensions = new Set([
  'ArrayComprehensionExpression',
  'DictionaryComprehensionExpression',
  'SetComprehensionExpression',
  'ComprehensionExpression',
])

export function isComprehension({ type, children }: Tree): boolean {
  return comprehensions.has(type) || (type === 'ArgList' && children.some((child) => child.type === 'for'))
}

/** Adds every name that statements give a value to, not looking into functions. */
export function addBindings(trees: readonly Tree[], names: Names, source: Source): void {
  for (const tree of trees) if (tree.type === 'ScopeStatement') addDeclarations(tree, names, source)
  for (const tree of trees) addBinding(tree, names, source)
}

function addDeclarations({ children }: Tree, names: Names, source: Source): void {
  const [keyword, ...rest] = children
  for (const child of rest) {
    if (child.type !== 'VariableName') continue
    const name = source.textOf(child)
    if (keyword!.type === 'nonlocal' && !names.hasOutside(name)) {
      throw source.error(
        names.outer === null
          ? 'nonlocal declaration not allowed at module level'
          : `no binding for nonlocal '${name}' found`,
        child.from,
      )
    }
    names.declare(name, keyword!.type === 'global' ? 'global' : 'nonlocal')
  }
}

function addBinding(tree: Tree, names: Names, source: Source): void {
  const { type, children } = tree
  const add = (child: Tree) => names.add(source.textOf(child))
  if (type === 'FunctionDefinition') {
    const name = children.find((child) => child.type === 'VariableName')
    if (name) add(name)
    // Defaults are evaluated here.
    addAll(
      children.filter((child) => child.type === 'ParamList'),
      names,
      source,
    )
    return
  }
  if (type === 'ScopeStatement') return
  if (scopes.has(type)) return
  switch (type) {
    case 'AssignStatement':
    case 'UpdateStatement': {
      const last = children.findLastIndex(
        (child) => child.type === 'AssignOp' || child.type === 'UpdateOp' || child.type === 'TypeDef',
      )
      children.slice(0, last).forEach((child) => addTarget(child, names, source))
      break
    }
    case 'ForStatement': {
      const end = children.findIndex((child) => child.type === 'in')
      children.slice(1, end).forEach((child) => addTarget(child, names, source))
      break
    }
    case 'NamedExpression':
      add(children[0]!)
      break
    case 'DeleteStatement':
      children.slice(1).forEach((child) => addTarget(child, names, source))
      break
    case 'TryStatement':
      children.forEach((child, i) => {
        if (children[i - 1]?.type === 'as') addTarget(child, names, source)
      })
      break
    case 'ImportStatement':
      for (const [, name] of importedNames(tree, source)) names.add(name)
      return
  }
  if (isComprehension(tree)) {
    // Its own names are its own; those given by `:=` are not.
    addNamed(children, names, source)
    return
  }
  addAll(children, names, source)
}

function addAll(trees: readonly Tree[], names: Names, source: Source): void {
  for (const tree of trees) if (tree.type === 'ScopeStatement') addDeclarations(tree, names, source)
  for (const tree of trees) addBinding(tree, names, source)
}

function addNamed(trees: readonly Tree[], names: Names, source: Source): void {
  for (const tree of trees) {
    if (tree.type === 'NamedExpression') names.add(source.textOf(tree.children[0]!))
    if (!scopes.has(tree.type)) addNamed(tree.children, names, source)
  }
}

/** Adds the names of a target: `a`, `(a, *b)`, `[a, b]`; not those of `a[b]`. */
export function addTarget({ type, from, to, children }: Tree, names: Names, source: Source): void {
  if (type === 'VariableName') names.add(source.text.slice(from, to))
  if (type === 'TupleExpression' || type === 'ArrayExpression' || type === 'ParenthesizedExpression') {
    children.forEach((child) => addTarget(child, names, source))
  }
}

/** What an import names: the module or member, and the variable it is given to. */
export function importedNames({ children }: Tree, source: Source): [what: string, variable: string][] {
  const start = children.findIndex((child) => child.type === 'import') + 1
  const found: [string, string][] = []
  let what = ''
  let variable: string | null = null
  const done = () => {
    if (what !== '') found.push([what, variable ?? what.split('.')[0]!])
    what = ''
    variable = null
  }
  for (let i = start; i < children.length; i++) {
    const child = children[i]!
    if (child.type === ',') done()
    else if (child.type === 'as') variable = source.textOf(children[++i]!)
    else if (child.type !== '(' && child.type !== ')') what += source.textOf(child)
  }
  done()
  return found
}

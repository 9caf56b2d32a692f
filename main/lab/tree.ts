/** The parse tree of a program as plain nodes, without comments; and everything in it that is no Python. */

import { parser } from '@lezer/python'
import { longestProgram } from '../../shared/lab.ts'
import { PyException, Raised, exceptionTypes } from './errors.ts'

export interface Tree {
  /** The name @lezer/python gives it: `CallExpression`, `VariableName`, `for`, `,`. */
  readonly type: string
  readonly from: number
  readonly to: number
  readonly children: readonly Tree[]
}

/** Deepest nesting. */
const deepest = 250

/** A program that cannot be read, or has what the lab has not: told before anything of it runs. */
export class Unreadable extends Raised {
  /** Where in the source. */
  readonly from: number
  constructor(type: 'SyntaxError' | 'IndentationError' | 'MemoryError', message: string, from: number) {
    super(new PyException(exceptionTypes.get(type)!, [message]))
    this.from = from
  }
}

export class Source {
  /** What a traceback calls it. */
  readonly name: string
  readonly text: string
  readonly lines: readonly string[]
  readonly #starts: readonly number[]

  constructor(text: string, name = '<lab>') {
    this.name = name
    // Line ends of other systems; a mark of the byte order.
    this.text = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
    this.lines = this.text.split('\n')
    let start = 0
    this.#starts = this.lines.map((line) => {
      const here = start
      start += line.length + 1
      return here
    })
  }

  /** The line of a place, from 1 on. */
  lineOf(place: number): number {
    let [low, high] = [0, this.#starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= place) low = middle
      else high = middle
    }
    return low + 1
  }

  /** Line and column of a place, from 1 on. */
  positionOf(place: number): { readonly line: number; readonly column: number } {
    const line = this.lineOf(place)
    return { line, column: place - this.#starts[line - 1]! + 1 }
  }

  textOf({ from, to }: Tree): string {
    return this.text.slice(from, to)
  }

  /** What stands before a place on its line, if that is white space; undefined otherwise. */
  indentAt(place: number): string | undefined {
    const start = this.#starts[this.lineOf(place) - 1]!
    const before = this.text.slice(start, place)
    return /^[ \t\f]*$/.test(before) ? before : undefined
  }

  error(message: string, place: number, type: 'SyntaxError' | 'IndentationError' = 'SyntaxError'): Unreadable {
    return new Unreadable(type, message, Math.min(place, this.text.length))
  }
}

/** The tree of a program. Throws `Unreadable` for the first thing in it that is no Python. */
export function parseProgram(source: Source): Tree {
  if (source.text.length > longestProgram) {
    throw new Unreadable('MemoryError', `a program in the lab has at most ${longestProgram} characters`, 0)
  }
  // `1.` is a number of Python's that the grammar does not know: it reads a digit there; texts come from the source.
  const read = source.text
    .replace(/(?<![\w.])(\d[\d_]*)\.(?![\d.\w])/g, '$10')
    .replace(/(?<![\w.])(\d[\d_]*)\.(?=[eE][-+]?\d)/g, '$10')
  const root = node('Script', 0, source.text.length)
  const open: MutableTree[] = [root]
  parser.parse(read).iterate({
    enter({ name, from, to, type }) {
      if (name === 'Script') return true
      if (name === 'Comment') return false
      const parent = open.at(-1)!
      if (type.isError) throw errorAt(source, from, open)
      if (open.length > deepest) throw source.error('too many nested parentheses or expressions for the lab', from)
      const here = node(name, from, to)
      parent.children.push(here)
      open.push(here)
      return true
    },
    leave({ name }) {
      // A comment was never entered; `leave` is called for what `enter` did not refuse.
      if (name !== 'Script' && name !== 'Comment') open.pop()
    },
  })
  checkIndents(source, root)
  return root
}

interface MutableTree extends Tree {
  readonly children: MutableTree[]
}

function node(type: string, from: number, to: number): MutableTree {
  return { type, from, to, children: [] }
}

function errorAt(source: Source, place: number, open: readonly Tree[]): Unreadable {
  const bracket = neverClosed(source.text)
  if (bracket !== undefined) return source.error(`'${source.text[bracket]!}' was never closed`, bracket)
  const within = open.at(-1)!
  if (within.type === 'Body') {
    const next = within.from + 1 + /^(?:\s|#.*)*/.exec(source.text.slice(within.from + 1))![0].length
    return source.error(`expected an indented block after ${opener(source, open.at(-2)!)}`, next, 'IndentationError')
  }
  const rest = source.text.slice(place)
  const needsColon = rest.startsWith('\n') && /^(If|While|For|Try)Statement$|^FunctionDefinition$/.test(within.type)
  return source.error(needsColon ? "expected ':'" : 'invalid syntax', place)
}

/** What a missing block belongs to. */
function opener(source: Source, { type, children, from }: Tree): string {
  const word = children.findLast((child) => /^[a-z]+$/.test(child.type) && child.type !== 'as' && child.type !== 'in')
  const line = source.lineOf(word?.from ?? from)
  return `${type === 'FunctionDefinition' ? 'function definition' : `'${word?.type ?? type}' statement`} on line ${line}`
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** The last bracket that opens and never closes, comments and texts left out; undefined where there is none. */
function neverClosed(text: string): number | undefined {
  const open: { readonly at: number; readonly closes: string }[] = []
  const parts = /#.*|(?<quote>'''|"""|'|")(?:\\[^]|(?!\k<quote>)[^])*(?:\k<quote>|$)|[()[\]{}]/g
  for (const { 0: part, index } of text.matchAll(parts)) {
    if (part in closing) open.push({ at: index, closes: closing[part]! })
    else if (part === open.at(-1)?.closes) open.pop()
  }
  return open.at(-1)?.at
}

const blocks = new Set(['Script', 'Body'])

/** Statements that begin a line stand as far in as the first of their block. */
function checkIndents(source: Source, tree: Tree): void {
  const { children, type } = tree
  if (blocks.has(type)) {
    const indents = children.map((child) => (child.type === ':' ? undefined : source.indentAt(child.from)))
    const own = type === 'Script' ? '' : indents.find((indent) => indent !== undefined)
    children.forEach((child, i) => {
      const indent = indents[i]
      if (indent === undefined || indent === own) return
      const deeper = indent.length > (own ?? '').length
      const message = deeper ? 'unexpected indent' : 'unindent does not match any outer indentation level'
      throw source.error(message, child.from, 'IndentationError')
    })
  }
  for (const child of children) checkIndents(source, child)
}

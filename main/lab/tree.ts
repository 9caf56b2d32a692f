/** The parse tree of a program as plain nodes, without comments; and everything in it that is no Python. */

import { parser } from '@lezer/python'
import { longestProgram } from '../../shared/lab.ts'
import { PyException, Raised, exceptionTypes } from './errors.ts'
import { Scanner } from './scan.ts'

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
  constructor(type: 'SyntaxError' | 'IndentationError' | 'TabError' | 'MemoryError', message: string, from: number) {
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

  error(
    message: string,
    place: number,
    type: 'SyntaxError' | 'IndentationError' | 'TabError' = 'SyntaxError',
  ): Unreadable {
    return new Unreadable(type, message, Math.min(place, this.text.length))
  }
}

/** The tree of a program. Throws `Unreadable` for the first thing in it that is no Python. */
export function parseProgram(source: Source): Tree {
  if (source.text.length > longestProgram) {
    throw new Unreadable('MemoryError', `a program in the lab has at most ${longestProgram} characters`, 0)
  }
  const scanner = new Scanner(source)
  const scanned = scanner.scan()
  const read = grammarTree(source, scanner)
  // Of two things that are wrong the first is told; but tokens that are none before what the grammar makes of them.
  const later =
    read instanceof Unreadable &&
    !scanner.inToken &&
    scanned &&
    source.text.slice(read.from, scanned.from).trim() !== ''
  if (scanned && !later) throw scanned
  if (read instanceof Unreadable) throw read
  return read
}

function grammarTree(source: Source, scanner: Scanner): Tree | Unreadable {
  // `1.` is a number of Python's that the grammar does not know: it reads a digit there; texts come from the source.
  const read = source.text
    .replace(/(?<![\w.])(\d[\d_]*)\.(?![\d.\w])/g, '$10')
    .replace(/(?<![\w.])(\d[\d_]*)\.(?=[eE][-+]?\d)/g, '$10')
  const root = node('Script', 0, source.text.length)
  const open: MutableTree[] = [root]
  let wrong: Unreadable | undefined
  parser.parse(read).iterate({
    enter({ name, from, to, type }) {
      if (name === 'Script') return true
      if (name === 'Comment' || wrong) return false
      const parent = open.at(-1)!
      if (type.isError) wrong = errorAt(source, from, open, scanner)
      else if (open.length > deepest) {
        wrong = source.error('too many nested parentheses or expressions for the lab', from)
      }
      if (wrong) return false
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
  return wrong ?? root
}

interface MutableTree extends Tree {
  readonly children: MutableTree[]
}

function node(type: string, from: number, to: number): MutableTree {
  return { type, from, to, children: [] }
}

const bracketed =
  /^(?:ArgList|ArrayExpression|TupleExpression|SetExpression|DictionaryExpression|ParenthesizedExpression|FormatReplacement)$/

/** What the grammar finds wrong, in Python's words where it has any. */
function errorAt(source: Source, place: number, open: readonly Tree[], scanner: Scanner): Unreadable {
  const { text } = source
  const inFormat = scanner.formats.some(({ from, to }) => from <= place && place < to)
  const message = `${inFormat ? 'f-string: ' : ''}invalid syntax`
  const line = text.slice(text.lastIndexOf('\n', place - 1) + 1, place)
  const rest = text.slice(place).trimStart()
  const within = open.some(({ type }) => bracketed.test(type))
  if (/^=(?!=)/.test(rest) && /[\w]\s*$/.test(line) && (within || /^\s*(?:if|elif|while)\b/.test(line))) {
    return source.error(`${message}. Maybe you meant '==' or ':=' instead of '='?`, place)
  }
  if (open.findLast(({ type }) => bracketed.test(type))?.type === 'DictionaryExpression' && /^[},]/.test(rest)) {
    return source.error("':' expected after dictionary key", place)
  }
  if (
    within &&
    /[\w)\]}'"]\s*$/.test(line) &&
    /^[\w([{'"]/.test(rest) &&
    !/^(?:for|if|in|is|and|or|not|else)\b/.test(rest)
  ) {
    return source.error(`${message}. Perhaps you forgot a comma?`, place)
  }
  const sinceColon = line.slice(Math.max(line.lastIndexOf(':'), 0))
  if (/^(?:\n|$|#|[)\]},])/.test(rest) && /\S\s+if\s/.test(sinceColon) && !/\belse\b/.test(line)) {
    return source.error("expected 'else' after 'if' expression", place)
  }
  return source.error(message, place)
}

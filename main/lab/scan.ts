/**
 * What Python's tokenizer finds wrong, in its words: texts without an end, brackets that do not meet, lines that stand too
 * far in or out. The grammar reads past such places, or says of another one that it is wrong.
 */

import type { Source, Unreadable } from './tree.ts'

/** What begins a block. */
const openers = /^(?:if|elif|else|for|while|def|class|with|try|except|finally)$/
/** So do these, which the lab has not: it says so, and not that what stands in them stands too far in. */
const strangers = /^(?:async|match|case)$/
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
/** May follow a number without a space. */
const afterNumber = /^(?:and|else|for|if|in|is|or|not)$/

const number = /0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d[\d_]*)?/y
const word = /[\p{ID_Start}_][\p{ID_Continue}]*/uy
const prefix = /^(?:[rbuf]|[rf]b|b[r]|rf|fr)$/i

interface Line {
  readonly number: number
  readonly first: string
  /** Whether a block is to follow: it ends with the colon of its statement. */
  opens: boolean
}

export class Scanner {
  readonly #source: Source
  readonly #text: string
  /** Where f-strings are, in order. */
  readonly formats: { readonly from: number; readonly to: number }[] = []
  /** Whether what is wrong is a token itself, or a bracket that never closes. */
  inToken = false
  #at = 0

  constructor(source: Source) {
    this.#source = source
    this.#text = source.text
  }

  /** The first thing that is wrong; undefined where nothing is. */
  scan(): Unreadable | undefined {
    const indents = [''] as string[]
    let before: Line | undefined
    while (this.#toLine()) {
      const start = this.#at
      const indent = this.#source.indentAt(start) ?? ''
      const wrong = this.#indented(indents, indent, before) ?? this.#line(start)
      if (wrong instanceof Error) return wrong
      before = wrong
    }
    return before?.opens === true ? this.#blockMissing(before, this.#text.length) : undefined
  }

  /** To the first word of the next line that has one; false at the end. */
  #toLine(): boolean {
    const blank = /(?:[ \t\f]*(?:#.*)?\n)*[ \t\f]*(?:#.*)?/y
    blank.lastIndex = this.#at
    this.#at += blank.exec(this.#text)![0].length
    return this.#at < this.#text.length
  }

  #error(message: string, place: number, type: 'SyntaxError' | 'IndentationError' | 'TabError' = 'SyntaxError') {
    return this.#source.error(message, place, type)
  }

  #blockMissing({ first, number: line }: Line, place: number): Unreadable {
    const what =
      first === 'def' ? 'function definition' : first === 'class' ? 'class definition' : `'${first}' statement`
    return this.#error(`expected an indented block after ${what} on line ${line}`, place, 'IndentationError')
  }

  #indented(indents: string[], indent: string, before: Line | undefined): Unreadable | undefined {
    const own = width(indent, 8)
    const last = indents.at(-1)!
    const deeper = own > width(last, 8)
    // Whatever a tab is worth, a line has to stand as far in, or further in or out.
    if (Math.sign(own - width(last, 8)) !== Math.sign(width(indent, 1) - width(last, 1))) {
      return this.#error('inconsistent use of tabs and spaces in indentation', this.#at, 'TabError')
    }
    if (before?.opens === true) {
      if (!deeper) return this.#blockMissing(before, this.#at)
      indents.push(indent)
      return undefined
    }
    if (deeper) return this.#error('unexpected indent', this.#at, 'IndentationError')
    while (width(indents.at(-1)!, 8) > own) indents.pop()
    if (width(indents.at(-1)!, 8) === own) return undefined
    return this.#error('unindent does not match any outer indentation level', this.#at, 'IndentationError')
  }

  /** Over one line of the program, which ends where no bracket is open. */
  #line(start: number): Line | Unreadable {
    const text = this.#text
    const open: { readonly at: number; readonly bracket: string }[] = []
    word.lastIndex = start
    const first = word.exec(text)?.[0] ?? ''
    let colon = false
    let lambdas = 0
    let last = ''
    while (this.#at < text.length) {
      const at = this.#at
      const here = text[at]!
      this.#at++
      if (here === '\n') {
        if (open.length === 0) break
      } else if (here === '\\' && text[at + 1] === '\n') this.#at++
      else if (here === '#') this.#at = lineEnd(text, at)
      else if (/[ \t\f]/.test(here)) continue
      else {
        const wrong = this.#token(at, here, open)
        if (typeof wrong === 'object') {
          this.inToken = true
          return wrong
        }
        last = wrong
        if (open.length > 0) continue
        if (wrong === 'lambda') lambdas++
        else if (wrong === ':' && lambdas > 0) lambdas--
        else if (wrong === ':') colon = true
      }
    }
    const unclosed = open.at(-1)
    this.inToken = unclosed !== undefined
    if (unclosed) return this.#error(`'${unclosed.bracket}' was never closed`, unclosed.at)
    const line = this.#source.lineOf(start)
    if (openers.test(first) && !colon) {
      const end = text[this.#at - 1] === '\n' ? this.#at - 1 : this.#at
      return this.#error("expected ':'", end)
    }
    return { number: line, first, opens: last === ':' && (openers.test(first) || strangers.test(first)) }
  }

  /** A token from its first character on: its text, or what is wrong with it. */
  #token(at: number, here: string, open: { readonly at: number; readonly bracket: string }[]): string | Unreadable {
    const text = this.#text
    if (here === '"' || here === "'") return this.#string(at, at)
    if (/[\d.]/.test(here) && /\d/.test(here === '.' ? (text[at + 1] ?? '') : here)) return this.#number(at)
    word.lastIndex = at
    const name = word.exec(text)?.[0]
    if (name !== undefined) {
      this.#at = at + name.length
      const next = text[this.#at]
      return (next === '"' || next === "'") && prefix.test(name) ? this.#string(at, this.#at) : name
    }
    if (here in closing) open.push({ at, bracket: here })
    else if (')]}'.includes(here)) {
      const opened = open.pop()
      if (!opened) return this.#error(`unmatched '${here}'`, at)
      if (closing[opened.bracket] !== here) {
        const [line, own] = [this.#source.lineOf(opened.at), this.#source.lineOf(at)]
        const where = line === own ? '' : ` on line ${line}`
        return this.#error(
          `closing parenthesis '${here}' does not match opening parenthesis '${opened.bracket}'${where}`,
          at,
        )
      }
    } else if (here > '\x7f') {
      const whole = String.fromCodePoint(text.codePointAt(at)!)
      const code = whole.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
      return this.#error(`invalid character '${whole}' (U+${code})`, at)
    }
    return here
  }

  #number(at: number): string | Unreadable {
    number.lastIndex = at
    const [digits] = number.exec(this.#text)!
    this.#at = at + digits.length
    if (this.#text[this.#at] === 'j' || this.#text[this.#at] === 'J') this.#at++
    word.lastIndex = this.#at
    const after = word.exec(this.#text)?.[0]
    const wrong = /__|_(?![\da-fA-F])/.test(digits) || (after !== undefined && !afterNumber.test(after))
    return wrong ? this.#error('invalid decimal literal', this.#at) : digits
  }

  /** A text from its prefix on, its quote being at `quoted`. */
  #string(at: number, quoted: number): string | Unreadable {
    const text = this.#text
    const quote = text[quoted]!
    const triple = text.startsWith(quote.repeat(3), quoted)
    const mark = triple ? quote.repeat(3) : quote
    let end = quoted + mark.length
    while (end < text.length && !text.startsWith(mark, end) && (triple || text[end] !== '\n')) {
      end += text[end] === '\\' ? 2 : 1
    }
    if (end >= text.length || !text.startsWith(mark, end)) {
      const detected = triple ? this.#source.lines.length : this.#source.lineOf(Math.min(end, text.length))
      const what = triple ? 'triple-quoted string literal' : 'string literal'
      return this.#error(`unterminated ${what} (detected at line ${detected})`, at)
    }
    this.#at = end + mark.length
    if (!/f/i.test(text.slice(at, quoted))) return 'text'
    this.formats.push({ from: at, to: this.#at })
    const wrong = wrongFormat(text.slice(quoted + mark.length, end))
    return wrong === undefined ? 'text' : this.#error(`f-string: ${wrong}`, at)
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function width(indent: string, tab: number): number {
  let columns = 0
  for (const character of indent) columns = character === '\t' ? (Math.floor(columns / tab) + 1) * tab : columns + 1
  return columns
}

/** What is wrong with the braces of an f-string; undefined where nothing is. */
function wrongFormat(body: string): string | undefined {
  for (let i = 0; i < body.length; i++) {
    if (body.startsWith('{{', i) || body.startsWith('}}', i)) i++
    else if (body[i] === '}') return "single '}' is not allowed"
    else if (body[i] === '{') {
      const from = i + 1
      let depth = 0
      for (i = from; i < body.length && (depth > 0 || body[i] !== '}'); i++) {
        if ('([{'.includes(body[i]!)) depth++
        else if (')]}'.includes(body[i]!)) depth--
      }
      if (i >= body.length) return "expecting '}'"
      const [, expression, conversion] = /^(.*?)(?:!([^=].*?))?(?::.*)?$/s.exec(body.slice(from, i))!
      if (expression!.trim() === '') return 'empty expression not allowed'
      if (conversion !== undefined && !/^[sra]$/.test(conversion) && !/[([{'"]/.test(expression!)) {
        return "invalid conversion character: expected 's', 'r', or 'a'"
      }
    }
  }
  return undefined
}

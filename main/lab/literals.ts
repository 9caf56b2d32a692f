/** Numbers and texts as they are written in a program. */

import { all, plainCode, type Code } from './code.ts'
import { notInLab, type Compiler } from './compiler.ts'
import { compileList } from './expressions.ts'
import { convert, formatValue } from './format.ts'
import type { Tree } from './tree.ts'
import type { Value } from './values.ts'

export function compileNumber(compiler: Compiler, tree: Tree): Code {
  const { source } = compiler
  const text = source.textOf(tree).toLowerCase()
  if (/[jl]$/.test(text) && !text.startsWith('0x')) {
    throw notInLab(compiler, 'complex numbers, but as steps such as np.mgrid[0:1:5j]', tree)
  }
  const digits = text.replaceAll('_', '')
  if (/^0[xob]/.test(digits)) {
    const value = BigInt(digits)
    return plainCode(() => value)
  }
  if (/^\d+$/.test(digits)) {
    if (digits.length > 4300)
      throw source.error('Exceeds the limit (4300 digits) for integer string conversion', tree.from)
    if (/^0\d*[1-9]/.test(digits)) {
      throw source.error(
        'leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers',
        tree.from,
      )
    }
    const value = BigInt(digits)
    return plainCode(() => value)
  }
  const value = Number(digits)
  if (Number.isNaN(value)) throw source.error('invalid decimal literal', tree.from)
  return plainCode(() => value)
}

/** What stands before the j of an imaginary number; null for all else. */
export function imaginaryPart(compiler: Compiler, tree: Tree): number | null {
  const [, digits] = /^([\d_.]+(?:e[+-]?\d+)?)j$/i.exec(compiler.source.textOf(tree)) ?? []
  return tree.type === 'Number' && digits !== undefined ? Number(digits.replaceAll('_', '')) : null
}

/** Texts that stand side by side are one. */
export function compileString(compiler: Compiler, tree: Tree): Code {
  const parts = tree.type === 'ContinuedString' ? tree.children : [tree]
  const codes = parts.map((part) =>
    part.type === 'FormatString' ? compileFormat(compiler, part) : textCode(readString(compiler, part)),
  )
  if (codes.length === 1) return codes[0]!
  const { meter } = compiler.machine
  return all(codes, (texts) => joined(texts, meter))
}

function joined(texts: readonly Value[], meter: Compiler['machine']['meter']): string {
  const text = (texts as readonly string[]).join('')
  meter.hold(2 * text.length)
  return text
}

function textCode(text: string): Code {
  return plainCode(() => text)
}

const opening = /^([a-zA-Z]*)("""|'''|"|')/

function readString(compiler: Compiler, tree: Tree): string {
  const text = compiler.source.textOf(tree)
  const [start, prefix, mark] = opening.exec(text)!
  if (/b/i.test(prefix!)) throw notInLab(compiler, 'bytes (b"…")', tree)
  const body = text.slice(start.length, -mark!.length)
  return /r/i.test(prefix!) ? body : unescape(compiler, body, tree)
}

/** The text of a string literal; what a docstring says. */
export function literalText(compiler: Compiler, tree: Tree): string | null {
  return tree.type === 'String' ? readString(compiler, tree) : null
}

const escapePattern = /\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[\s\S])/g
const simple: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])

function unescape(compiler: Compiler, body: string, tree: Tree): string {
  return body.replace(escapePattern, (whole, code: string) => {
    const known = simple.get(code)
    if (known !== undefined) return known
    if (/^[0-7]/.test(code)) return String.fromCodePoint(parseInt(code, 8))
    if (/^[xuU]./.test(code)) {
      const point = parseInt(code.slice(1), 16)
      if (point > 0x10ffff) throw compiler.source.error('illegal Unicode character', tree.from)
      return String.fromCodePoint(point)
    }
    if (/^[xuU]$/.test(code)) throw compiler.source.error(`truncated \\${code} escape`, tree.from)
    if (code.startsWith('N{')) throw notInLab(compiler, 'characters by name (\\N{…})', tree)
    return whole
  })
}

/** `f'{value!r:>{width}}'`: the texts between and the values in braces, in order. */
function compileFormat(compiler: Compiler, tree: Tree): Code {
  const { source, machine } = compiler
  const text = source.textOf(tree)
  const [start, prefix, mark] = opening.exec(text)!
  if (/b/i.test(prefix!)) throw notInLab(compiler, 'bytes (b"…")', tree)
  const raw = /r/i.test(prefix!)
  const codes: Code[] = []
  let at = tree.from + start.length
  const addText = (to: number) => {
    if (to <= at) return
    const between = source.text.slice(at, to).replace(/\{\{|\}\}/g, (pair) => pair[0]!)
    codes.push(textCode(raw ? between : unescape(compiler, between, tree)))
  }
  for (const child of tree.children) {
    if (child.type !== 'FormatReplacement') continue
    addText(child.from)
    codes.push(compileReplacement(compiler, child))
    at = child.to
  }
  addText(tree.to - mark!.length)
  return all(codes, (texts) => joined(texts, machine.meter))
}

function compileReplacement(compiler: Compiler, tree: Tree): Code {
  const { source } = compiler
  const inner = tree.children.slice(1, -1)
  const special = new Set(['FormatConversion', 'FormatSpec', 'FormatSelfDoc'])
  const end = inner.findIndex(({ type }) => special.has(type))
  const expressions = end < 0 ? inner : inner.slice(0, end)
  if (expressions.length === 0) throw source.error("f-string: valid expression required before '}'", tree.from)
  const value = compileList(compiler, expressions, tree)
  const shown = inner.find(({ type }) => type === 'FormatSelfDoc')
  const label = shown ? source.text.slice(tree.from + 1, shown.to) + trailing(source.text, shown.to) : ''
  const conversion = inner.find(({ type }) => type === 'FormatConversion')
  const letter = conversion ? source.textOf(conversion).slice(1).trim() : ''
  if (letter !== '' && !/^[rsa]$/.test(letter)) {
    throw source.error(`f-string: invalid conversion character '${letter}': expected 's', 'r', or 'a'`, tree.from)
  }
  const spec = inner.find(({ type }) => type === 'FormatSpec')
  const specCode = spec ? compileSpec(compiler, spec) : textCode('')
  // `{x=}` shows the value as repr, unless something else is asked for.
  const how = letter === '' && shown && !spec ? 'r' : letter
  return all([value, specCode], ([made, format]) => {
    const converted = how === '' ? made! : convert(made!, how)
    return label + formatValue(converted, format as string)
  })
}

/** White space behind the `=` of `{x = }` is shown too. */
function trailing(text: string, from: number): string {
  return /^\s*/.exec(text.slice(from))![0]
}

function compileSpec(compiler: Compiler, tree: Tree): Code {
  const { source } = compiler
  const codes: Code[] = []
  let at = tree.from + 1
  for (const child of tree.children) {
    if (child.type !== 'FormatReplacement') continue
    codes.push(textCode(source.text.slice(at, child.from)), compileReplacement(compiler, child))
    at = child.to
  }
  codes.push(textCode(source.text.slice(at, tree.to)))
  return all(codes, (texts) => (texts as readonly string[]).join(''))
}

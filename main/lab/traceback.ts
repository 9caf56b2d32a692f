/** Why a program ended, as Python tells it: its traceback, and the place in the cell that an editor marks. */

import type { LabError } from '../../shared/lab.ts'
import { Halted, messageOf, Raised, type PyException, type TracedLine } from './errors.ts'
import { operators } from './operators.ts'
import { repr, str } from './text.ts'
import { Unreadable, type Source, type Tree } from './tree.ts'

/** What ended a program, as the error it shows; undefined for what is no fault of a program's. */
export function describeFailure(failure: unknown, source: Source): LabError | undefined {
  if (failure instanceof Unreadable) {
    const { exception, from } = failure
    const message = messageOf(exception, str, repr)
    const { line, column } = source.positionOf(from)
    const text = source.lines[line - 1] ?? ''
    const caret = `${' '.repeat(Math.max(0, column - 1 - indentOf(text)))}^`
    const shown = text.trim() === '' ? '' : `\n    ${text.trim()}\n    ${caret}`
    return {
      kind: exception.typeName,
      message,
      line,
      column,
      endLine: line,
      endColumn: column + 1,
      traceback: `  File "${source.name}", line ${line}${shown}\n${exception.typeName}: ${message}`,
    }
  }
  if (failure instanceof Raised) {
    const { exception } = failure
    return {
      kind: exception.typeName,
      message: messageOf(exception, str, repr),
      ...placeIn(exception.trace, source),
      traceback: describeException(exception, []),
    }
  }
  if (failure instanceof Halted) {
    const { kind, message, trace } = failure
    const ending = message === '' ? kind : `${kind}: ${message}`
    return { kind, message, ...placeIn(trace, source), traceback: `${header}\n${describeTrace(trace)}\n${ending}` }
  }
  return undefined
}

const header = 'Traceback (most recent call last):'

/** The innermost place that lies in this source. */
function placeIn(
  trace: readonly TracedLine[],
  source: Source,
): Pick<LabError, 'line' | 'column' | 'endLine' | 'endColumn'> {
  const found = trace.findLast((traced) => traced.source === source)
  if (!found) return { line: null, column: null, endLine: null, endColumn: null }
  const { line, at } = found
  if (!at) {
    const text = source.lines[line - 1] ?? ''
    const indent = indentOf(text)
    return { line, column: indent + 1, endLine: line, endColumn: Math.max(indent, text.trimEnd().length) + 1 }
  }
  const [from, to] = [source.positionOf(at.from), source.positionOf(at.to)]
  return { line, column: from.column, endLine: to.line, endColumn: to.column }
}

/** An exception with those it came of. */
function describeException(exception: PyException, told: readonly PyException[]): string {
  const within = [...told, exception]
  const { cause, context, quiet } = exception
  const before = cause ?? (quiet ? null : context)
  const says = cause
    ? 'The above exception was the direct cause of the following exception:'
    : 'During handling of the above exception, another exception occurred:'
  const first =
    before && !within.includes(before) && within.length < 20
      ? `${describeException(before, within)}\n\n${says}\n\n`
      : ''
  const message = messageOf(exception, str, repr)
  const name = exception.type.fullName
  const ending = message === '' ? name : `${name}: ${message}`
  return `${first}${header}\n${describeTrace(exception.trace)}\n${ending}`
}

/** `File "…", line 3, in f`, the line itself, and marks under the part of it that failed; outermost first. */
function describeTrace(trace: readonly TracedLine[]): string {
  const told: string[] = []
  for (let i = 0; i < trace.length; i++) {
    const { source, line, at, where } = trace[i]!
    let repeats = 1
    while (isSame(trace[i]!, trace[i + repeats])) repeats++
    for (let k = 0; k < Math.min(repeats, 3); k++) {
      told.push(`  File "${source.name}", line ${line}, in ${where}`)
      const text = source.lines[line - 1]?.trim()
      if (text !== undefined && text !== '') told.push(`    ${text}`)
      const marks = at && marksUnder(source, at)
      if (marks) told.push(`    ${marks}`)
    }
    if (repeats > 3) {
      const more = repeats - 3
      told.push(`  [Previous line repeated ${more} more time${more === 1 ? '' : 's'}]`)
    }
    i += repeats - 1
  }
  return told.join('\n')
}

function isSame(a: TracedLine, b: TracedLine | undefined): boolean {
  return b !== undefined && a.source === b.source && a.line === b.line && a.where === b.where
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length
}

/** `~~^~~` below a line, as Python 3.11 marks an operator or an index; null where it would be the whole line. */
function marksUnder(source: Source, at: Tree): string | null {
  const start = source.positionOf(at.from)
  const end = source.positionOf(at.to)
  const text = source.lines[start.line - 1] ?? ''
  const indent = indentOf(text)
  const first = start.column - 1 - indent
  const sameLine = end.line === start.line
  const length = (sameLine ? end.column - 1 : text.trimEnd().length) - (start.column - 1)
  const inner = sameLine ? markedPart(source, at) : null
  if (length >= text.trim().length && !inner) return null
  if (!inner) return ' '.repeat(first) + '^'.repeat(length)
  const [from, to] = [inner.from - at.from, inner.to - at.from]
  return ' '.repeat(first) + '~'.repeat(from) + '^'.repeat(to - from) + '~'.repeat(length - to)
}

/** The operator of two values, or the brackets of a subscript. */
function markedPart(source: Source, { type, children, to }: Tree): { from: number; to: number } | null {
  const [object, mark] = children
  if (type === 'BinaryExpression' && operators.has(source.textOf(mark!))) return mark!
  if (type === 'MemberExpression' && mark!.type === '[') return { from: object!.to, to }
  return null
}

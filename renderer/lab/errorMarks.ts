/** Errors in the code, underlined at their place: that of the last run, and what cannot be read of code being written. */

import { forEachDiagnostic, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import type { EditorState } from '@codemirror/state'
import { EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import type { LabError } from '../../shared/lab.ts'

/** Finds what of the code cannot be read. */
export type Check = (code: string, signal: AbortSignal) => Promise<LabError | null>

/** Milliseconds without a keystroke before code is looked at, and before the line that is being written is marked. */
const pause = 500
const longPause = 2000

/** On the mark of a run that failed: what is written later does not take it away, since only a run can. */
const ran = 'ran'

export function errorMarks(check: Check): ViewPlugin<ErrorMarks> {
  return ViewPlugin.define((view) => new ErrorMarks(view, check))
}

export class ErrorMarks {
  readonly #view: EditorView
  readonly #check: Check
  #timer: ReturnType<typeof setTimeout> | undefined
  #asking: AbortController | null = null
  #looked = false
  /** What was found in the line with the cursor, and is not marked yet. */
  #held: Diagnostic | null = null

  constructor(view: EditorView, check: Check) {
    this.#view = view
    this.#check = check
  }

  /** Marks the error of a run of this very code; null: there is none. */
  show(error: LabError | null): void {
    this.#wait()
    const found = error && diagnosticOf(this.#view.state, error)
    const readable = error && !/^(Syntax|Indentation)Error$/.test(error.kind)
    this.#view.dispatch(
      setDiagnostics(this.#view.state, found ? [readable ? { ...found, markClass: ran } : found] : []),
    )
  }

  update({ docChanged, selectionSet, focusChanged, view }: ViewUpdate): void {
    if (docChanged || (focusChanged && view.hasFocus && !this.#looked)) {
      this.#wait()
      this.#timer = setTimeout(() => void this.#look(), pause)
    } else if (this.#held && (selectionSet || focusChanged) && !this.#isWrittenAt(this.#held)) {
      // An update cannot begin another one.
      this.#wait(this.#held)
      this.#timer = setTimeout(() => this.#mark(this.#held))
    }
  }

  destroy(): void {
    this.#wait()
  }

  #wait(held: Diagnostic | null = null): void {
    clearTimeout(this.#timer)
    this.#asking?.abort()
    this.#held = held
  }

  async #look(): Promise<void> {
    this.#looked = true
    const { state } = this.#view
    const asking = new AbortController()
    this.#asking = asking
    let error: LabError | null
    try {
      error = await this.#check(state.doc.toString(), asking.signal)
    } catch {
      // Asked again after the next keystroke; a run tells in any case.
      return
    }
    if (asking.signal.aborted) return
    const found = error && diagnosticOf(this.#view.state, error)
    const isNew = !marksIn(this.#view.state).some(({ markClass }) => markClass !== ran)
    if (!found || !isNew || !this.#isWrittenAt(found)) {
      this.#mark(found)
      return
    }
    this.#held = found
    this.#timer = setTimeout(() => this.#mark(found), longPause - pause)
  }

  /** Whether the cursor is in the line of an error: most such code is only not written to its end. */
  #isWrittenAt({ from }: Diagnostic): boolean {
    const { state, hasFocus } = this.#view
    const { number } = state.doc.lineAt(state.selection.main.head)
    return hasFocus && state.doc.lineAt(from).number === number
  }

  /** Marks what cannot be read, in place of what could not be. */
  #mark(found: Diagnostic | null): void {
    this.#held = null
    const { state } = this.#view
    const marks = marksIn(state)
    const kept = marks.filter(({ markClass }) => markClass === ran)
    const old = marks.find(({ markClass }) => markClass !== ran)
    if (!found && !old) return
    const { effects } = setDiagnostics(state, found ? [...kept, found] : kept)
    const told = found && found.message !== old?.message ? [announcement(state, found)] : []
    this.#view.dispatch({ effects: [effects ?? [], told].flat() })
  }
}

/** What a screen reader is told of an error. */
export function announcement({ doc }: EditorState, { from, message }: Diagnostic) {
  return EditorView.announce.of(`Line ${doc.lineAt(from).number}: ${message}`)
}

export function marksIn(state: EditorState): Diagnostic[] {
  const found: Diagnostic[] = []
  // Where they are now: the code may have changed since.
  forEachDiagnostic(state, (diagnostic, from, to) => void found.push({ ...diagnostic, from, to }))
  return found
}

function diagnosticOf({ doc }: EditorState, error: LabError): Diagnostic | null {
  if (error.line === null || error.line > doc.lines) return null
  const placeOf = (lineNumber: number, column: number | null, otherwise: number) => {
    const line = doc.line(Math.min(lineNumber, doc.lines))
    return Math.min(line.to, line.from + (column === null ? otherwise : column - 1))
  }
  const line = doc.line(error.line)
  const indent = /^\s*/.exec(line.text)![0].length
  let from = placeOf(error.line, error.column, indent)
  let to = placeOf(error.endLine ?? error.line, error.endColumn, line.length)
  // Nothing, or the end of a line, cannot be underlined: then all of the line is.
  if (to <= from) [from, to] = [line.from + indent, line.to]
  const message = error.message === '' ? error.kind : `${error.kind}: ${error.message}`
  return { from, to: Math.max(from, to), severity: 'error', message }
}

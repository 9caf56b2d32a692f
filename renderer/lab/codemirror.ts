/**
 * The editor of a cell: CodeMirror with Python. It lives in a shadow root, where its styles are adopted as objects: in
 * the page itself they would be inline style elements, which the content policy forbids.
 */

import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands'
import { python } from '@codemirror/lang-python'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, Prec, StateField, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
  showTooltip,
  type KeyBinding,
  type Tooltip,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { LabError, LabName } from '../../shared/lab.ts'
import type { Known } from '../state/lab.svelte.ts'
import { completions, signatureAt } from './completion.ts'

export interface EditorOptions {
  readonly parent: HTMLElement
  readonly source: string
  readonly label: string
  readonly placeholder: string
  readonly known: () => Known
  /** Resolves when the lab's names are among what is known. */
  readonly named: () => Promise<void>
  readonly onchange: (source: string) => void
  /** A character of the code is pointed at, by the pointer or the cursor; null: none is. */
  readonly onpoint: (at: number | null) => void
  readonly onfocus: () => void
  /** Runs the cell: and stays, or goes on to the next one. */
  readonly onrun: (goOn: boolean) => void
  /** The cursor is moved out of the code at its beginning (−1) or its end (1). */
  readonly onleave: (by: -1 | 1) => void
}

export interface Editor {
  /** Takes code that was changed elsewhere. */
  setSource(source: string): void
  setLabel(label: string): void
  /** Underlines the place of an error in the code as it ran; null takes it away. */
  setError(error: LabError | null): void
  focus(): void
  destroy(): void
}

/** Colours of the window, light and dark alike. */
const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5', overflow: 'auto' },
  '.cm-content': { padding: '7px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 10px 0 4px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: '0', color: 'var(--faint)' },
  '.cm-lineNumbers .cm-gutterElement': {
    minWidth: '26px',
    padding: '0 4px 0 2px',
    fontSize: '11px',
    lineHeight: '1.7',
  },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '1.5px' },
  '.cm-placeholder': { color: 'var(--faint)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 26%, transparent) !important',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)', outline: '1px solid var(--accent)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--danger-soft)' },
  // Without a picture of a line, which would be a data: address.
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--danger) 1.5px',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
    backgroundColor: 'var(--danger-soft)',
  },
  '.cm-lintPoint-error::after': { borderBottomColor: 'var(--danger)' },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-small)',
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
    zIndex: '30',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12px', maxHeight: '190px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: 'var(--accent-ink)' },
  '.cm-completionDetail': { color: 'var(--soft)', fontStyle: 'normal', fontSize: '11px' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionIcon': { display: 'none' },
  '.cm-tooltip.cm-completionInfo': {
    padding: '5px 9px',
    maxWidth: '280px',
    fontFamily: 'var(--sans)',
    fontSize: '12px',
  },
  '.cm-signature': { padding: '4px 9px', maxWidth: '440px', fontFamily: 'var(--mono)', fontSize: '12px' },
  '.cm-signature small': { display: 'block', fontFamily: 'var(--sans)', fontSize: '11.5px', color: 'var(--soft)' },
  '.cm-tooltip-lint': { fontFamily: 'var(--sans)', fontSize: '12px' },
  '.cm-diagnostic': { padding: '5px 9px', borderLeft: '3px solid var(--danger)', maxWidth: '420px' },
})

const highlighting = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword],
    color: 'var(--code-keyword)',
  },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--code-function)' },
  { tag: tags.definition(tags.variableName), color: 'var(--ink)' },
])

export function createEditor(options: EditorOptions): Editor {
  const { parent, source, known, onchange, onpoint, onfocus, onrun, onleave } = options
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' })
  const labelled = new Compartment()
  const labelOf = (label: string) =>
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' })
  const run = (goOn: boolean) => (view: EditorView) => {
    closeCompletion(view)
    onrun(goOn)
    return true
  }
  const bindings: readonly KeyBinding[] = [
    { key: 'Shift-Enter', run: run(true) },
    { key: 'Mod-Enter', run: run(false) },
    { key: 'Tab', run: (view) => acceptCompletion(view) || indentMore(view), shift: indentLess },
    { key: 'ArrowUp', run: (view) => leaves(view, -1) && (onleave(-1), true) },
    { key: 'ArrowDown', run: (view) => leaves(view, 1) && (onleave(1), true) },
  ]
  let quiet = false
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: source,
      extensions: [
        Prec.high(keymap.of(bindings)),
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of('    '),
        bracketMatching(),
        closeBrackets(),
        python(),
        syntaxHighlighting(highlighting),
        autocompletion({ override: [completions(known, options.named)], icons: false }),
        signatures(known),
        placeholder(options.placeholder),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        labelled.of(labelOf(options.label)),
        theme,
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !quiet) onchange(update.state.doc.toString())
          if (update.focusChanged && update.view.hasFocus) onfocus()
          if (!update.view.hasFocus) return
          if (update.selectionSet || update.docChanged || update.focusChanged) onpoint(update.state.selection.main.head)
        }),
        EditorView.domEventHandlers({
          beforeinput: (event, of) => replaced(of, event),
          mousemove: (event, of) => {
            onpoint(of.posAtCoords({ x: event.clientX, y: event.clientY }))
          },
          mouseleave: (_, of) => {
            onpoint(of.hasFocus ? of.state.selection.main.head : null)
          },
          // Files are the window's own to take, and no text.
          drop: (event) => event.dataTransfer?.types.includes('Files') ?? false,
          blur: () => {
            onpoint(null)
          },
        }),
      ],
    }),
  })
  return {
    setSource(text) {
      if (text === view.state.doc.toString()) return
      quiet = true
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
      quiet = false
    },
    setLabel(label) {
      view.dispatch({ effects: labelled.reconfigure(labelOf(label)) })
    },
    setError(error) {
      view.dispatch(setDiagnostics(view.state, error ? diagnosticsOf(view.state, error) : []))
    },
    focus: () => {
      view.focus()
    },
    destroy: () => {
      view.destroy()
    },
  }
}

/**
 * Types over what is selected. Left to the browser, the joined lines would get inline styles, which the content policy
 * forbids.
 */
function replaced(view: EditorView, { inputType, data }: InputEvent): boolean {
  const { main } = view.state.selection
  if (inputType !== 'insertText' || data === null || main.empty || view.composing) return false
  const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type' })
  const handlers = view.state.facet(EditorView.inputHandler)
  if (!handlers.some((handle) => handle(view, main.from, main.to, data, insert))) view.dispatch(insert())
  return true
}

/** Whether the cursor would leave the code by a line up or down. */
function leaves({ state }: EditorView, by: -1 | 1): boolean {
  const { main } = state.selection
  if (!main.empty) return false
  const line = state.doc.lineAt(main.head)
  return by < 0 ? line.number === 1 : line.number === state.doc.lines
}

function diagnosticsOf({ doc }: EditorState, error: LabError) {
  if (error.line === null || error.line > doc.lines) return []
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
  return [{ from, to: Math.max(from, to), severity: 'error' as const, message }]
}

/** How what is being called is called, over the call. */
function signatures(known: () => Known): Extension {
  const tooltipOf = (state: EditorState): Tooltip | null => {
    const { main } = state.selection
    const found = main.empty ? signatureAt(state, main.head, known()) : null
    return found && { pos: found.at, above: true, create: () => ({ dom: signatureView(found.name) }) }
  }
  return StateField.define<Tooltip | null>({
    create: () => null,
    update: (value, { docChanged, selection, state }) => {
      if (!docChanged && !selection) return value
      const next = tooltipOf(state)
      return next && value && next.pos === value.pos ? value : next
    },
    provide: (field) => showTooltip.from(field),
  })
}

function signatureView({ name, signature, doc }: LabName): HTMLElement {
  const dom = document.createElement('div')
  dom.className = 'cm-signature'
  dom.textContent = `${name}${signature}`
  if (doc !== '') dom.appendChild(document.createElement('small')).textContent = doc
  return dom
}

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
import { defaultKeymap, history, historyField, historyKeymap, indentLess, indentMore } from '@codemirror/commands'
import { python } from '@codemirror/lang-python'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { nextDiagnostic } from '@codemirror/lint'
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
import type { LabError } from '../../shared/lab.ts'
import type { Known } from '../state/lab.svelte.ts'
import { completions } from './completion.ts'
import { announcement, errorMarks, marksIn, type Check } from './errorMarks.ts'
import { parametersOf, signatureAt, type Called } from './signatures.ts'

export interface EditorOptions {
  readonly parent: HTMLElement
  readonly source: string
  readonly label: string
  readonly placeholder: string
  readonly known: () => Known
  /** Resolves when the lab's names are among what is known. */
  readonly named: () => Promise<void>
  readonly check: Check
  /** What an editor of the same cell kept, if there was one: what can be undone, and where the cursor was. */
  readonly kept: unknown
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
  /** Returns what the next editor of the cell goes on with. */
  destroy(): unknown
}

/** Colours of the window, light and dark alike. */
const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5', overflow: 'auto' },
  '.cm-content': { padding: '7px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 10px 0 4px' },
  // What can be done with the cell lies over its upper edge.
  '.cm-line:first-child': { paddingRight: 'var(--first-line-room, 10px)' },
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
  '.cm-signature b': { color: 'var(--accent)' },
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

/** What is kept of an editor that goes: text and selection are always. */
const keptFields = { history: historyField }

export function createEditor(options: EditorOptions): Editor {
  const { parent, source, known, kept, onchange, onpoint, onfocus, onrun, onleave } = options
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' })
  const labelled = new Compartment()
  const labelOf = (label: string) =>
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-description': 'Escape, then Tab leaves the code.',
      spellcheck: 'false',
      tabindex: '0',
    })
  const run = (goOn: boolean) => (view: EditorView) => {
    closeCompletion(view)
    onrun(goOn)
    return true
  }
  const bindings: readonly KeyBinding[] = [
    { key: 'Shift-Enter', run: run(true) },
    { key: 'Mod-Enter', run: run(false) },
    { key: 'Tab', run: (view) => acceptCompletion(view) || indentMore(view), shift: indentLess },
    { key: 'F8', run: goToError },
    { key: 'ArrowUp', run: (view) => leaves(view, -1) && (onleave(-1), true) },
    { key: 'ArrowDown', run: (view) => leaves(view, 1) && (onleave(1), true) },
  ]
  let quiet = false
  const marks = errorMarks(options.check)
  const extensions: Extension = [
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
    marks,
    EditorView.lineWrapping,
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
      // It also comes in the midst of the removal of what has the keyboard, where nothing may be changed.
      blur: () => {
        queueMicrotask(() => onpoint(null))
      },
    }),
  ]
  const state = kept
    ? EditorState.fromJSON(kept, { extensions }, keptFields)
    : EditorState.create({ doc: source, extensions })
  const view = new EditorView({ root, parent: root, state })
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
      view.plugin(marks)?.show(error)
    },
    focus: () => {
      view.focus()
    },
    destroy() {
      const left: unknown = view.state.toJSON(keptFields)
      view.destroy()
      return left
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

/** Whether the cursor would leave the code by a line up or down; a long line is shown in several. */
function leaves(view: EditorView, by: -1 | 1): boolean {
  const { main } = view.state.selection
  const edge = view.coordsAtPos(by < 0 ? 0 : view.state.doc.length)
  const cursor = view.coordsAtPos(main.head, main.assoc || 1)
  return main.empty && edge !== null && cursor !== null && Math.abs(edge.top - cursor.top) < 1
}

/** Selects the next error in the code, and says what it is. */
function goToError(view: EditorView): boolean {
  if (!nextDiagnostic(view)) return false
  const { from } = view.state.selection.main
  const found = marksIn(view.state).find((mark) => mark.from === from)
  if (found) view.dispatch({ effects: announcement(view.state, found) })
  return true
}

/** How what is being called is called, over the call. */
function signatures(known: () => Known): Extension {
  const tooltipOf = (state: EditorState): Tooltip | null => {
    const { main } = state.selection
    const found = main.empty ? signatureAt(state, main.head, known()) : null
    return found && { pos: found.at, above: true, create: () => ({ dom: signatureView(found) }) }
  }
  return StateField.define<Tooltip | null>({
    create: () => null,
    update: (value, { docChanged, selection, state }) => {
      if (!docChanged && !selection) return value
      return tooltipOf(state)
    },
    provide: (field) => showTooltip.from(field),
  })
}

function signatureView({ name: { name, signature, doc }, parameter }: Called): HTMLElement {
  const dom = document.createElement('div')
  dom.className = 'cm-signature'
  dom.append(`${name}(`)
  parametersOf(signature).forEach((one, i) => {
    if (i > 0) dom.append(', ')
    if (i === parameter) dom.appendChild(document.createElement('b')).textContent = one
    else dom.append(one)
  })
  dom.append(')')
  if (doc !== '') dom.appendChild(document.createElement('small')).textContent = doc
  return dom
}

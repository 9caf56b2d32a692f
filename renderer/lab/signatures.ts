/** How what is being called is called: from the lab's names and what the cells define. */

import { ensureSyntaxTree, syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { LabName } from '../../shared/lab.ts'
import type { Known } from '../state/lab.svelte.ts'

type SyntaxNode = ReturnType<typeof syntaxTree>['topNode']

/** A call that is being written. */
export interface Called {
  /** Where its brackets open. */
  readonly at: number
  readonly name: LabName
  /** Which of its parameters is written; null where none can be told. */
  readonly parameter: number | null
}

/** The type of what a piece of code stands for; what is not known yet is most likely an array. */
export function kindOf(code: string, variables: Known['variables']): string {
  const kind = variables.find(({ name }) => name === code)?.kind
  return kind ?? (code === 'stages' ? 'dict' : 'ndarray')
}

/** The functions that code defines, the last of a name: their parameters, and the first line of their docstring. */
export function definitionsIn(sources: readonly string[]): readonly LabName[] {
  const definition =
    /^[ \t]*def[ \t]+(\w+)[ \t]*(\((?:[^()]|\([^()]*\))*\))[^\n:]*:(?:[ \t]*\n[ \t]*(?:"""|''')([^\n"']*))?/gm
  const found = new Map<string, LabName>()
  for (const source of sources) {
    for (const [, name, signature, doc = ''] of source.matchAll(definition)) {
      found.set(name!, { name: name!, signature: signature!.replace(/\s+/g, ' '), doc: doc.trim(), kind: 'function' })
    }
  }
  return [...found.values()]
}

/** The innermost call round a place in the code, as far as it is known what is called. */
export function signatureAt(state: EditorState, pos: number, known: Known): Called | null {
  const call = callAt(state, pos, known)
  return (
    call && { at: call.list.from, name: call.name, parameter: parameterAt(state, call.list, pos, call.name.signature) }
  )
}

function callAt(state: EditorState, pos: number, known: Known): { list: SyntaxNode; name: LabName } | null {
  // The editor parses in slices: up to here it is waited for, in a hurry.
  const tree = ensureSyntaxTree(state, pos, 100) ?? syntaxTree(state)
  for (let node = tree.resolveInner(pos, -1).node; ; node = node.parent) {
    if (node.name === 'ArgList' && node.parent?.name === 'CallExpression') {
      const closed = state.sliceDoc(node.to - 1, node.to) === ')'
      if (pos <= node.from || (closed && pos >= node.to)) return null
      const name = nameOf(state.sliceDoc(node.parent.from, node.from).trim(), known)
      if (!name || name.signature === '') return null
      return { list: node, name }
    }
    if (!node.parent) return null
  }
}

function nameOf(callee: string, { names, variables, sources }: Known): LabName | undefined {
  const full = callee.replace(/^numpy\./, 'np.')
  const dot = full.lastIndexOf('.')
  if (dot < 0) {
    return definitionsIn(sources).find(({ name }) => name === full) ?? names.find(({ name }) => name === full)
  }
  const ofType = `${kindOf(full.slice(0, dot), variables)}.${full.slice(dot + 1)}`
  return names.find(({ name }) => name === full) ?? names.find(({ name }) => name === ofType)
}

/** `(a, axis=None)` as `a` and `axis=None`. */
export function parametersOf(signature: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let from = 1
  for (let i = 1; i < signature.length; i++) {
    const character = signature[i]!
    if ('([{'.includes(character)) depth++
    if (depth === 0 && (character === ',' || i === signature.length - 1)) {
      parts.push(signature.slice(from, i).trim())
      from = i + 1
    }
    if (')]}'.includes(character)) depth--
  }
  return parts.filter((part) => part !== '')
}

function parameterAt(state: EditorState, list: SyntaxNode, pos: number, signature: string): number | null {
  const parameters = parametersOf(signature)
  let place = 0
  let argument: SyntaxNode[] = []
  for (let node = list.firstChild; node && node.from < pos; node = node.nextSibling) {
    if (node.name === ',') {
      place++
      argument = []
    } else if (node.name !== '(') argument.push(node)
  }
  const [first, assigns] = argument
  const found =
    first && assigns?.name === 'AssignOp'
      ? parameters.findIndex((parameter) => /^\w+/.exec(parameter)?.[0] === state.sliceDoc(first.from, first.to))
      : parameters.findIndex((parameter, i) => i === place || /^\*\w/.test(parameter))
  const bare = parameters.indexOf('*')
  // Behind a bare star nothing is given by its place.
  return found < 0 || (assigns?.name !== 'AssignOp' && bare >= 0 && found >= bare) ? null : found
}

/** A parameter that can be given by its name, with what it is where it is not given, as it is written. */
export interface Keyword {
  readonly name: string
  readonly usual: string
}

/** What an argument that begins here can name: the parameters that the call does not give yet. */
export function keywordsAt(state: EditorState, pos: number, known: Known): readonly Keyword[] {
  const call = callAt(state, pos, known)
  if (!call) return []
  const { list, name } = call
  const given = new Set<string>()
  let places = 0
  let begins = false
  for (let node = list.firstChild; node; node = node.nextSibling) {
    const first = node.prevSibling?.name === '(' || node.prevSibling?.name === ','
    const text = state.sliceDoc(node.from, node.to)
    const inHand = node.from <= pos && pos <= node.to
    if (node.name === '(' || node.name === ',') begins ||= /^\s*$/.test(state.sliceDoc(node.to, pos)) && node.to <= pos
    else if (inHand) begins ||= first && node.name === 'VariableName'
    else if (first && node.nextSibling?.name === 'AssignOp') given.add(text)
    else if (first && node.to < pos && text !== '*' && text !== '**') places++
  }
  // Of Python's own functions and of methods no one knows which parameters they take by name, but those with a default.
  const required = name.name.startsWith('np.') || !known.names.includes(name)
  return begins ? namedParameters(name.signature, places, required).filter((one) => !given.has(one.name)) : []
}

function namedParameters(signature: string, places: number, required: boolean): readonly Keyword[] {
  const parameters = parametersOf(signature)
  const star = parameters.findIndex((parameter) => parameter.startsWith('*'))
  return parameters.flatMap((parameter, i) => {
    const [, name, usual] = /^(\w+)\s*(?::[^=]*)?(?:=\s*(.*))?$/.exec(parameter) ?? []
    const byName = star >= 0 && i > star
    if (name === undefined || i < parameters.indexOf('/') || (i < places && !byName)) return []
    // NumPy's elementwise functions take their operands by place.
    return usual !== undefined || byName || (required && !/^x\d?$/.test(name)) ? [{ name, usual: usual ?? '' }] : []
  })
}

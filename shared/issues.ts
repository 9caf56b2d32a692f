/** What the schema found wrong with a pipeline or notebook document, as a part of a sentence for a person. */

import type * as v from 'valibot'
import { layerDefinitions } from './layers/index.ts'

type Issue = v.BaseIssue<unknown>

/** One issue, naming the layer or cell, the key and what was expected there. */
export function describeIssue(issue: Issue, document: unknown): string {
  const deepest = insideUnion(issue)
  const path = pathOf(issue).concat(deepest === issue ? [] : pathOf(deepest))
  const holder = placeOf(path.slice(0, -1), document)
  const { type, expected, received } = deepest
  if (type === 'strict_object' && expected === 'never') {
    return `${holder} has an unknown key ${short(JSON.stringify(path.at(-1)))}`
  }
  if (type === 'strict_object' && received === 'undefined') {
    return `${holder} lacks the key ${JSON.stringify(path.at(-1))}`
  }
  if (type === 'variant' && path.at(-1) === 'kind') {
    const known = Object.keys(layerDefinitions).join(', ')
    if (received === 'undefined') return `${holder} has no kind; known are ${known}`
    return `${holder} has an unknown kind ${short(received)}; known are ${known}`
  }
  return `${placeOf(path, document)} ${wanted(deepest)}`
}

/** What a value alone must be: `must be at least 1, not 0`. */
export function describeValue(issue: Issue): string {
  return wanted(insideUnion(issue))
}

/** Of what several forms were tried for, the form that came nearest: wrong further inside, or of the right type only. */
function insideUnion(issue: Issue): Issue {
  if (issue.type !== 'union') return issue
  const nearest =
    issue.issues?.find((inner) => pathOf(inner).length > 0) ?? issue.issues?.find(({ kind }) => kind === 'validation')
  return nearest ?? issue
}

function pathOf(issue: Issue): string[] {
  return issue.path?.map((item) => String(item.key)) ?? []
}

/** `layer 1 (conv2d): size.0`, `cell 1: kind`: where in the document a path leads. */
function placeOf(path: readonly string[], document: unknown): string {
  if (path.length === 0) return 'the document'
  if (path[0] === 'cells' && path.length > 1) return [`cell ${Number(path[1]) + 1}`, ...path.slice(2)].join(': ')
  if (path[0] !== 'layers' || path.length === 1) return short(path.join('.'))
  const layers = (document as { layers?: unknown[] }).layers
  const layer = layers?.[Number(path[1])] as { kind?: unknown } | null | undefined
  const name = `layer ${path[1]}${typeof layer?.kind === 'string' ? ` (${short(layer.kind)})` : ''}`
  return path.length === 2 ? name : `${name}: ${short(path.slice(2).join('.'))}`
}

const longest = 80

/** What a document says may be of any length; a sentence about it is not. */
export function short(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest).replace(/\p{Cs}$/u, '')}…`
}

function wanted(issue: Issue): string {
  const { type, received } = issue
  const requirement = 'requirement' in issue ? String(issue.requirement) : ''
  switch (type) {
    case 'check':
    case 'regex':
      return issue.message
    case 'integer':
    case 'safe_integer':
      return `must be a whole number, not ${received}`
    case 'finite':
      return `must be a finite number, not ${received}`
    case 'min_value':
      return `must be at least ${requirement}, not ${received}`
    case 'max_value':
      return `must be at most ${requirement}, not ${received}`
    case 'min_length':
      return 'must not be empty'
    case 'max_length':
      return `must not be longer than ${requirement}, but is ${received}`
    default:
      return `must be ${inWords(issue.expected ?? 'something else')}, not ${short(inWords(received))}`
  }
}

const words: Readonly<Record<string, string>> = {
  Object: 'an object',
  Array: 'a list',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  undefined: 'missing',
}

/** `(("same" | "valid") | Object)` as `"same", "valid" or an object`. */
function inWords(types: string): string {
  const names = types
    .replace(/[()]/g, '')
    .split(' | ')
    .map((name) => words[name] ?? name)
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

/** What can be written next: from the lab's names, the session's variables, and what the cells define. */

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { LabName } from '../../shared/lab.ts'
import { formatShape } from '../../shared/tensor.ts'
import type { Known } from '../state/lab.svelte.ts'
import { definitionsIn, keywordsAt, kindOf } from './signatures.ts'

const types: Readonly<Record<LabName['kind'], string>> = {
  function: 'function',
  method: 'method',
  attribute: 'property',
  constant: 'constant',
  type: 'class',
  exception: 'class',
  keyword: 'keyword',
}

/** Completes from what is known by then: `known` is asked anew each time, when the lab's names have come. */
export function completions(known: () => Known, named: () => Promise<void>) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    await named()
    return context.aborted ? null : completionsAt(context, known)
  }
}

function completionsAt(context: CompletionContext, known: () => Known): CompletionResult | null {
  const { state, pos } = context
  if (/Comment/.test(syntaxTree(state).resolveInner(pos, -1).name)) return null
  const key = context.matchBefore(/\bstages\[\s*['"]\w*/)
  if (key) {
    const from = pos - /\w*$/.exec(key.text)![0].length
    return { from, options: known().stages.map((label) => ({ label, type: 'constant' })), validFor: /^\w*$/ }
  }
  if (/String/.test(syntaxTree(state).resolveInner(pos, -1).name)) return null
  const dotted = context.matchBefore(/[\w)\]]+(\.\w+)*\.\w*/)
  if (dotted) {
    const at = dotted.text.lastIndexOf('.')
    const options = membersOf(dotted.text.slice(0, at), known())
    return options.length > 0 ? { from: dotted.from + at + 1, options, validFor: /^\w*$/ } : null
  }
  const word = context.matchBefore(/[A-Za-z_]\w*/)
  if (!word && !context.explicit) return null
  return { from: word?.from ?? pos, options: plainNames(state, pos, word?.from ?? pos, known()), validFor: /^\w*$/ }
}

function completionOf({ name, signature, doc, kind }: LabName): Completion {
  const label = name.slice(name.lastIndexOf('.') + 1)
  return {
    label,
    type: types[kind],
    ...(signature === '' ? {} : { detail: signature }),
    ...(doc === '' ? {} : { info: doc }),
  }
}

/** What stands behind a dot: of a module or type by its name, else what arrays have. */
function membersOf(owner: string, { names, variables }: Known): Completion[] {
  const under = (prefix: string) =>
    names
      .filter(({ name }) => name.startsWith(`${prefix}.`) && !name.slice(prefix.length + 1).includes('.'))
      .map(completionOf)
  const module = under(owner === 'numpy' ? 'np' : owner)
  return module.length > 0 ? module : under(kindOf(owner, variables))
}

/** At `at`, in a word that begins at `before`. */
function plainNames(state: EditorState, at: number, before: number, known: Known): Completion[] {
  const { names, variables, sources } = known
  const found = new Map<string, Completion>()
  const offer = (completion: Completion) => {
    if (!found.has(completion.label)) found.set(completion.label, completion)
  }
  for (const { name, usual } of keywordsAt(state, at, known)) {
    const assigned = /^\w*\s*=(?!=)/.test(state.sliceDoc(at, at + 100))
    offer({ label: `${name}=`, type: 'property', detail: usual, boost: 3, apply: assigned ? name : `${name}=` })
  }
  for (const name of definitionsIn(sources)) offer({ ...completionOf(name), boost: 2 })
  for (const { name, kind, array } of variables) {
    const detail = array ? `${formatShape(array.shape)} ${array.dtype}` : kind
    offer({ label: name, type: 'variable', detail, boost: 2 })
  }
  for (const label of ['image', 'stages', 'np', 'plt', 'Image']) offer({ label, type: 'variable', boost: 1 })
  // Names that the cell itself binds, or is about to.
  syntaxTree(state).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'VariableName' && from !== before) offer({ label: state.sliceDoc(from, to), type: 'variable' })
    },
  })
  for (const name of names) if (!name.name.includes('.')) offer(completionOf(name))
  return [...found.values()]
}

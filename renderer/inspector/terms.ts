/** All terms of a long sum, page by page. */

import type { Formula, Term } from '../../shared/explain.ts'
import type { InspectorState } from '../state/inspector.svelte.ts'

/** Terms the engine tells at once. */
const most = 4096

/** In the layer's order; null where the engine has nothing to tell of it any more. */
export async function readAllTerms(
  inspector: InspectorState,
  total: number,
  signal: AbortSignal,
): Promise<readonly Term[] | null> {
  const terms: Term[] = []
  while (terms.length < total) {
    const answer = await inspector.read({ terms: { order: 'layer', first: terms.length, limit: most } }, signal)
    const page = answer && termsOf(answer.formula)
    if (!page || page.length === 0) return null
    terms.push(...page)
  }
  return terms
}

function termsOf(formula: Formula): readonly Term[] | null {
  return formula.kind === 'sum' ? formula.terms.items : null
}

/** The order of their share in the sum, the largest first. */
export function byContribution(terms: readonly Term[]): readonly Term[] {
  return [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product) || a.index - b.index)
}

/** The terms of each channel of a window. */
export function byChannel(terms: readonly Term[], channels: number): readonly (readonly Term[])[] {
  const lists: Term[][] = Array.from({ length: channels }, () => [])
  for (const term of terms) lists[term.index % channels]!.push(term)
  return lists
}

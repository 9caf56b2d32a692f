/** Choosing which of many terms to tell of. */

import { LoupeError } from '../../shared/errors.ts'
import { defaultTerms, rankedTerms, type Page, type TermOrder, type TermsRequest } from '../../shared/explain.ts'

/**
 * The page asked for of `total` things, each made by `item`; `size` says how large one is, for the order by
 * contribution. Throws `bad-request` for a ranking deeper than is kept.
 */
export function pageOf<T>(
  total: number,
  request: TermsRequest,
  size: (index: number) => number,
  item: (index: number) => T,
): Page<T> {
  const { first = 0, limit = defaultTerms } = request
  const order: TermOrder = request.order ?? (total <= limit ? 'layer' : 'contribution')
  const end = Math.min(total, first + limit)
  if (order === 'layer') {
    return { total, order, first, items: Array.from({ length: Math.max(0, end - first) }, (_, i) => item(first + i)) }
  }
  if (end > Math.max(rankedTerms, limit)) {
    throw new LoupeError(
      'bad-request',
      `Only the ${rankedTerms} largest contributions are ranked; ask for the others in the layer's own order.`,
    )
  }
  return {
    total,
    order,
    first,
    items: largest(total, end, (index) => Math.abs(size(index)))
      .slice(first)
      .map(item),
  }
}

/** The indices of the `wanted` largest of `total` sizes, the largest first, the earlier of equals first, NaN before all. */
export function largest(total: number, wanted: number, size: (index: number) => number): number[] {
  const sizes = new Map<number, number>()
  const sizeOf = (index: number) => sizes.get(index)!
  const above = (a: number, b: number) => sizeOf(b) - sizeOf(a) || a - b
  const kept: number[] = []
  let least = -Infinity
  for (let index = 0; index < total; index++) {
    const given = size(index)
    // Finite, so that differences of two are numbers.
    const here = Number.isNaN(given) ? Number.MAX_VALUE : Math.min(given, Number.MAX_VALUE / 2)
    if (kept.length >= wanted && here <= least) continue
    kept.push(index)
    sizes.set(index, here)
    if (kept.length < 2 * wanted + 1024) continue
    for (const dropped of kept.sort(above).splice(wanted)) sizes.delete(dropped)
    least = kept.length > 0 ? sizeOf(kept.at(-1)!) : Infinity
  }
  return kept.sort(above).slice(0, wanted)
}

/** Two stages looked at side by side: which element of one stands beside an element of the other, and on which scale. */

import { noChoices, type Arrangement, type Choices } from './arrangement.ts'
import { elementNear, proportional, upward } from './correspondence.ts'
import type { Element } from './pointed.svelte.ts'
import type { Source } from './source.ts'

/** A source on screen, how it is laid out, and the element pointed at. */
interface Looking {
  readonly source: Source | null
  readonly plan: Arrangement | null
  readonly hover: Element | null
}

/**
 * The element of `there` that stands beside the one pointed at in `here`: the same one where the sizes agree, of a
 * picture of another size the one at the same share of its height and width. Null where there is none.
 */
export function elementBeside(here: Looking, there: Looking): Element | null {
  const { hover } = here
  if (!hover || !here.source || !there.source || !there.plan) return null
  const [from, to] = [here.source, there.source]
  if (from.form !== to.form) return null
  if (from.form !== 'picture') return from.channels === to.channels ? hover : null
  const { tiles } = there.plan
  const tile = tiles.includes(hover.tile) ? hover.tile : tiles[0]!
  if (from.height === to.height && from.width === to.width) return { ...hover, tile }
  const before = [to.height, to.width, 1]
  const spot = upward(proportional(before, [from.height, from.width, 1]), { ...hover, channel: 0 }, before)
  return spot && { row: elementNear(spot).row, column: elementNear(spot).column, tile }
}

/** How a source is looked at where one beside it is looked at so. */
export function choicesFor(source: Source, choices: Choices): Choices {
  if (source.form !== 'picture') return { ...noChoices, page: choices.page }
  return { ...choices, solo: choices.solo !== null && choices.solo < source.channels ? choices.solo : null }
}

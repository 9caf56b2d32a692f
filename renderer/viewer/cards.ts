/** The cards of the evolution strip: the photo and every stage of a run, in words and small pictures. */

import { formatShape } from '../../shared/tensor.ts'
import { formatShort, formatTime } from '../draw/format.ts'
import type { CursorState } from '../state/cursor.svelte.ts'
import type { DifferenceState } from '../state/difference.svelte.ts'
import type { ProbeState } from '../state/probes.svelte.ts'
import type { RunState } from '../state/run.svelte.ts'
import type { CardPicture } from '../state/stageSlots.ts'
import { cardMarks, type CardMark, type MarkedField } from './cardMarks.ts'

export interface StripCard {
  /** −1 is the original. */
  readonly index: number
  readonly title: string
  readonly shape: string
  readonly note: string
  readonly card: CardPicture | null
  readonly stale: boolean
  readonly working: boolean
  readonly failed: boolean
}

/** With `difference`, where it is on, the cards of the stages show it. */
export function cardsOf(run: RunState, difference?: DifferenceState): readonly StripCard[] {
  const { image } = run
  if (!image) return []
  const original = {
    index: -1,
    title: 'Original',
    shape: `${image.width}×${image.height}`,
    note: image.format.toUpperCase(),
    card: run.original?.card ?? null,
    stale: run.original?.card ? run.original.card.source !== run.original.source : false,
    working: false,
    failed: false,
  }
  const at = run.progress?.stage ?? 0
  return [
    original,
    ...run.stages.map(({ planned, summary, card }, index) => {
      const differing = difference?.cardOf(index)
      return {
        index,
        title: planned.title,
        shape: formatShape(planned.shape),
        note: differing ? noteOf(differing) : summary ? formatTime(summary.milliseconds) : '',
        card: differing ?? card,
        stale: differing ? !difference?.fresh(index) : card !== null && card.source.summary !== summary,
        working: run.busy && !summary && index === at,
        failed: run.status === 'failed' && !summary,
      }
    }),
  ]
}

/** How large the differences are. */
function noteOf({ source }: CardPicture): string {
  return source.difference?.changed ? `±${formatShort(source.scale.to)}` : 'the same'
}

/** The fields of what is pointed at, or else of the chosen probe, and where that is in this stage. */
export function marksOn({ card, index }: StripCard, cursor: CursorState, probes: ProbeState): readonly CardMark[] {
  if (!card) return []
  const fields: MarkedField[] = []
  const pinned = probes.chosen?.regionIn(index)
  if (pinned) fields.push({ key: 'probe', region: pinned, chosen: true })
  const pointed = cursor.pointing ? cursor.regionIn(index) : null
  if (pointed) fields.push({ key: 'cursor', region: pointed, chosen: false })
  return cardMarks(card, cursor.readings[index + 1] ?? null, fields)
}

/** `Conv 3×3, 64×64×4, 0.2 ms`, for a screen reader. */
export function describeCard({ title, shape, note, failed }: StripCard): string {
  return `${title}, ${shape}${note ? `, ${note}` : ''}${failed ? ', not computed' : ''}`
}

/** The places of a run's stages in the window: what each shows, and its card. */

import type { PlannedStage, StageSummary, TensorWindow, WindowRequest } from '../../shared/api.ts'
import type { Source } from './source.ts'

/** The small picture of a stage or photo for its card. */
export interface CardPicture {
  readonly source: Source
  readonly window: TensorWindow
}

export interface StageSlot {
  readonly planned: PlannedStage
  /** The stage of this run, or null while it is still to come. */
  readonly summary: StageSummary | null
  /** What to show: this run's stage, or while that is to come the one of the run before. */
  readonly source: Source | null
  readonly card: CardPicture | null
}

/** Elements a side and channels a card shows at most. */
export const cardSize = 192
export const previews = { maxSize: cardSize, channels: 9, values: 1024 }

/** The window that a card shows. */
export function cardRequest({ form, channels }: Source): WindowRequest {
  return {
    channels: [0, Math.min(channels, form === 'picture' ? previews.channels : previews.values)],
    maxSize: cardSize,
  }
}

/**
 * Which stage of the run before stands for one of the new run until that is there: the same counted from either end as
 * far as the kinds agree; between, the one at its place, and for a layer that was put in the one above it.
 */
export function placeBefore(before: readonly StageSlot[], stages: readonly PlannedStage[], index: number): number {
  const same = (from: number, to: number) => before[from]?.planned.kind === stages[to]?.kind
  const [old, now] = [before.length, stages.length]
  const most = Math.min(old, now)
  let head = 0
  while (head < most && same(head, head)) head++
  let tail = 0
  while (tail < most - head && same(old - 1 - tail, now - 1 - tail)) tail++
  if (index < head) return index
  if (index >= now - tail) return index - now + old
  return Math.max(head - 1, Math.min(index, old - tail - 1))
}

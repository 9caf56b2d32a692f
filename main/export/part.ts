/** What files of a part of a stage are called. */

import type { SavePart } from '../../shared/api.ts'

/** How files of a region are told from those of the whole stage: `-channel2-rows3-10-columns0-7`, both ends included. */
export function regionSuffix({ channel, rect }: SavePart): string {
  const channels = channel === undefined ? '' : `-channel${channel}`
  if (!rect) return channels
  const { left, top, width, height } = rect
  return `${channels}-rows${top}-${top + height - 1}-columns${left}-${left + width - 1}`
}

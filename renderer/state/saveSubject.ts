/** What of the viewer and the probes can be saved. */

import type { Rect } from '../../shared/tensor.ts'
import type { Probe } from './probes.svelte.ts'
import type { SaveSubject } from './saveChoices.ts'
import { channelName } from './source.ts'
import type { ViewerState } from './viewer.svelte.ts'
import { visibleRect } from './zoom.ts'

/** The channel that is shown alone or, of several, pointed at; else the first that is seen. Null where there is one alone. */
export function channelOnShow({ source, choices, plan, hover }: ViewerState): SaveSubject['channel'] {
  if (!source || source.form !== 'picture' || source.channels === 1) return null
  const tile = choices.solo ?? hover?.tile ?? plan?.tiles[0] ?? 0
  const index = tile === 'colour' ? 0 : tile
  return { index, name: channelName(source, index) }
}

/** What is zoomed into, of the channel that is shown alone or of all; null where all of the stage is seen, or no stage. */
export function regionOnShow(view: ViewerState): SaveSubject['region'] {
  const { source, plan, choices } = view
  if (!source?.summary || source.difference || source.form !== 'picture' || !plan) return null
  const rect = rectOnShow(view)
  if (rect.width === source.width && rect.height === source.height) return null
  const { left, top, width, height } = rect
  return {
    rect,
    ...(choices.solo === null ? {} : { channel: choices.solo }),
    title: `rows ${top}–${top + height - 1}, columns ${left}–${left + width - 1}`,
  }
}

/** Rows and columns that are seen of a picture. */
export function rectOnShow({ view, plan, ratio }: ViewerState): Rect {
  return visibleRect(view, plan!.grid.tile, plan!.picture, ratio)
}

/** A probe in the photo has no formula. */
export function probeToSave(probe: Probe | null): SaveSubject['probe'] {
  if (!probe || probe.stage < 0 || probe.missing !== null) return null
  const { stage, place, title, shape } = probe
  const { row, column, channel } = place
  const at = shape.length === 1 ? `element ${channel}` : `row ${row}, column ${column}`
  return { stage, place: { row, column, channel }, title: `${title}, ${at}` }
}

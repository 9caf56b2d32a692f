/** What of the viewer and the probes can be saved. */

import type { Probe } from './probes.svelte.ts'
import type { SaveSubject } from './save.svelte.ts'
import { channelName } from './source.ts'
import type { ViewerState } from './viewer.svelte.ts'

/** The channel that is shown alone or, of several, pointed at; else the first that is seen. Null where there is one alone. */
export function channelOnShow({ source, choices, plan, hover }: ViewerState): SaveSubject['channel'] {
  if (!source || source.form !== 'picture' || source.channels === 1) return null
  const tile = choices.solo ?? hover?.tile ?? plan?.tiles[0] ?? 0
  const index = tile === 'colour' ? 0 : tile
  return { index, name: channelName(source, index) }
}

/** A probe in the photo has no formula. */
export function probeToSave(probe: Probe | null): SaveSubject['probe'] {
  if (!probe || probe.stage < 0 || probe.missing !== null) return null
  const { stage, place, title, shape } = probe
  const { row, column, channel } = place
  const at = shape.length === 1 ? `element ${channel}` : `row ${row}, column ${column}`
  return { stage, place: { row, column, channel }, title: `${title}, ${at}` }
}

/** The element pointed at, in words: for the status bar and for screen readers. */

import { formatValue } from '../draw/format.ts'
import { channelName, type Source } from '../state/source.ts'
import type { Readout } from '../state/viewer.svelte.ts'

/** `row 27, column 22, Sobel x`, or `Red, Green, Blue` for a colour photo, or the number of a vector's element. */
export function describePlace(source: Source, readout: Readout): string {
  if (source.form === 'bars') return channelName(source, readout.channel as number)
  if (source.form === 'block') return `element ${readout.channel}`
  const place = `row ${readout.row}, column ${readout.column}`
  if (readout.channel === 'colour' || source.channels === 1) return place
  return `${place}, ${channelName(source, readout.channel)}`
}

/** `−0.466667`, `101, 105, 107`, or an ellipsis while it is being read. */
export function describeValues(readout: Readout): string {
  return readout.values ? readout.values.map((value) => formatValue(value)).join(', ') : '…'
}

export function describeReadout(source: Source, readout: Readout): string {
  return `${describePlace(source, readout)}: ${describeValues(readout)}`
}

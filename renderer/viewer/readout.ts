/** The element pointed at, in words: for the status bar and for screen readers. */

import { counted, formatCount, formatValue } from '../draw/format.ts'
import type { Beside } from '../state/compare.svelte.ts'
import type { Pair } from '../state/difference.svelte.ts'
import type { Reading } from '../state/cursor.svelte.ts'
import { channelName, type Source } from '../state/source.ts'
import type { Readout } from '../state/pointed.svelte.ts'
import type { Probe } from '../state/probes.svelte.ts'

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
  return readout.values ? describeValue(readout.values) : '…'
}

export function describeValue(values: readonly number[]): string {
  return values.map((value) => formatValue(value)).join(', ')
}

/** `A 0.4667, B 0.3125, A − B 0.1542`, as far as it is known. */
export function describeBeside({ a, b, difference }: Beside): string {
  const told = [
    ['A', a],
    ['B', b],
    ['A − B', difference],
  ] as const
  return told.flatMap(([name, values]) => (values ? [`${name} ${describeValue(values)}`] : [])).join(', ')
}

/** `0.4667`, `[2] 0.4667` where there are several channels, `–` where the stage has no corresponding place. */
export function describeReading(reading: Reading): string {
  const channel = describeChannel(reading)
  return `${channel === null ? '' : `${channel} `}${describeReadingValues(reading)}`
}

/** `[2]`, of which channel a reading is; null where there is one alone, or none is meant. */
export function describeChannel({ place, channel, channels, values }: Reading): string | null {
  return place && values && channels > 1 && channel !== 'colour' ? `[${channel}]` : null
}

/** The values of a reading; `brief`: three of a colour in the room of a card, `1.3 −.15 −.73`. */
export function describeReadingValues({ place, values }: Reading, brief = false): string {
  if (place === null) return '–'
  if (!place || !values) return '…'
  // Three numbers of a colour share the room of one; bytes stay whole.
  const digits = values.length === 1 ? 4 : 2
  const texts = values.map((value) => formatValue(value, Number.isInteger(value) ? 6 : digits))
  if (!brief || texts.length === 1) return texts.join(', ')
  return texts.map((text) => text.replace(/^(−?)0\./, '$1.')).join(' ')
}

/** `0.8 with, 0.31 without`: what a difference is of. */
export function describePair(pair: Pair): string {
  const write = (values: readonly number[]) => values.map((value) => formatValue(value)).join(', ')
  return `${write(pair.with)} painted, ${write(pair.without)} unpainted`
}

/** How far a difference has spread: `9 of 4,096 elements differ: rows 4 to 6, columns 10 to 12 (3 × 3)`. */
export function describeSpread({ difference, form, width, height, channels }: Source): string {
  const changed = difference?.changed
  if (!changed) return 'No difference: every element is as in the unpainted run'
  const { rect, count } = changed
  const total = width * height * channels
  const share = `${formatCount(count)} of ${counted(total, 'element')} ${count === 1 ? 'differs' : 'differ'}`
  if (form !== 'picture') return `${share} from the unpainted run`
  const span = (axis: string, first: number, length: number) =>
    length === 1 ? `${axis} ${first}` : `${axis}s ${first} to ${first + length - 1}`
  const where = `${span('row', rect.top, rect.height)}, ${span('column', rect.left, rect.width)}`
  return `${share} from the unpainted run: ${where} (${rect.width} × ${rect.height})`
}

export function describeReadout(source: Source, readout: Readout): string {
  return `${describePlace(source, readout)}: ${describeValues(readout)}`
}

/** `row 3, column 4, Sobel x` or `channel 2`; `class 1` or `element 17` of a vector; counted from 0. */
export function describeProbePlace({ place, shape, name }: Probe): string {
  if (shape.length !== 3) return name ?? `element ${place.channel}`
  const at = `row ${place.row}, column ${place.column}`
  return shape[2]! > 1 ? `${at}, ${name ?? `channel ${place.channel}`}` : at
}

export function describeProbe(probe: Probe): string {
  const value = probe.missing ?? probe.error ?? (probe.value === null ? '…' : formatValue(probe.value))
  return `Probe ${probe.number}, ${probe.title}, ${describeProbePlace(probe)}: ${value}`
}

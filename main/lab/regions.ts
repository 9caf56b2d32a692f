/** Where a part of an array lies in it, as a rectangle: what is outlined on its picture. */

import type { LabRegion, LabSpan } from '../../shared/lab.ts'
import type { NDArray } from '../ndarray/index.ts'
import { indexNumber, slicePicked } from './subscripts.ts'
import { ellipsis, itemsOf, Slice, Tuple, type Value } from './values.ts'

/** Whether an array of this shape can be shown: 2-D, or 3-D with 1, 3 or 4 channels, both sides 2 or more. */
export function isPicture(shape: readonly number[]): boolean {
  const [height = 0, width = 0, channels = 1] = shape
  const hasChannels = shape.length === 2 || (shape.length === 3 && [1, 3, 4].includes(channels))
  return hasChannels && height >= 2 && width >= 2
}

/**
 * What `key` takes of an array of this shape by basic indexing: whole numbers, slices, `...`, None. Null where the array is
 * no picture, the key is of another kind or leaves the array, or takes nothing.
 */
export function regionOfKey(shape: readonly number[], key: Value): LabRegion | null {
  if (!isPicture(shape)) return null
  const parts = (key instanceof Tuple ? itemsOf(key) : [key]).filter((part) => part !== null)
  const dots = parts.indexOf(ellipsis)
  if (parts.length - (dots < 0 ? 0 : 1) > shape.length || parts.lastIndexOf(ellipsis) !== dots) return null
  const whole = new Slice()
  const missing: Value[] = new Array<Value>(shape.length - parts.length + (dots < 0 ? 0 : 1)).fill(whole)
  const at = dots < 0 ? parts.length : dots
  const full = [...parts.slice(0, at), ...missing, ...parts.slice(dots < 0 ? at : at + 1)]
  const spans: LabSpan[] = []
  for (const [axis, part] of full.entries()) {
    const span = spanOf(part, shape[axis]!)
    if (!span) return null
    spans.push(span)
  }
  return { rows: spans[0]!, columns: spans[1]!, channels: spans[2] ?? null }
}

function spanOf(part: Value, length: number): LabSpan | null {
  if (part instanceof Slice) {
    const bounds = [part.start, part.stop, part.step]
    if (part.step === 0n || !bounds.every((bound) => bound === null || typeof bound === 'bigint')) return null
    const { start, step, length: count } = slicePicked(part, length)
    return upward(start, step, count)
  }
  // A truth value would pick a new axis.
  const index = typeof part === 'boolean' ? undefined : indexNumber(part)
  if (index === undefined || index < -length || index >= length) return null
  const place = Number(index < 0n ? index + BigInt(length) : index)
  return [place, place + 1, 1]
}

/** `count` elements from `start` on, whichever way they go; null for none. */
function upward(start: number, step: number, count: number): LabSpan | null {
  if (count === 0) return null
  const last = start + (count - 1) * step
  return [Math.min(start, last), Math.max(start, last) + 1, count === 1 ? 1 : Math.abs(step)]
}

/**
 * Where a view lies in the array that owns its memory, if basic indexing can have made it: each of its axes goes along one
 * of the base's, in the same order. Null for all else.
 */
export function regionOfView(view: NDArray, base: NDArray): LabRegion | null {
  const { shape, steps } = base
  if (!isPicture(shape) || !base.contiguous || view.size === 0 || view.storage !== base.storage) return null
  let rest = view.offset - base.offset
  const starts = steps.map((step) => {
    const start = Math.floor(rest / step)
    rest -= start * step
    return start
  })
  if (rest !== 0 || starts.some((start, axis) => start < 0 || start >= shape[axis]!)) return null
  const axes = view.shape
    .map((length, axis) => ({ length, step: view.steps[axis]! }))
    .filter(({ length }) => length > 1)
  const spans = matched(axes, starts, shape, steps, 0)
  return spans && { rows: spans[0]!, columns: spans[1]!, channels: spans[2] ?? null }
}

/** A span for each axis of the base from `axis` on; the longest step that fits is tried first. */
function matched(
  axes: readonly { readonly length: number; readonly step: number }[],
  starts: readonly number[],
  shape: readonly number[],
  steps: readonly number[],
  axis: number,
): LabSpan[] | null {
  if (axis === shape.length) return axes.length === 0 ? [] : null
  const [first, ...others] = axes
  const start = starts[axis]!
  if (first) {
    const step = first.step / steps[axis]!
    const last = start + (first.length - 1) * step
    if (Number.isInteger(step) && step !== 0 && last >= 0 && last < shape[axis]!) {
      const rest = matched(others, starts, shape, steps, axis + 1)
      if (rest) return [upward(start, step, first.length)!, ...rest]
    }
  }
  const rest = matched(axes, starts, shape, steps, axis + 1)
  return rest && [[start, start + 1, 1], ...rest]
}

/** Making tensors smaller for a picture: every value shown is the mean over the area it stands for. */

import type { Paintable } from '../../shared/colour.ts'

/** Boundaries of `count` equal parts of 0 … n, not necessarily whole. */
export function equalParts(n: number, count: number): Float64Array {
  return Float64Array.from({ length: count + 1 }, (_, i) => (i * n) / count)
}

/** Boundaries of parts `step` long, the last one as long as is left. */
export function blocks(n: number, step: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(n / step) + 1 }, (_, i) => Math.min(i * step, n))
}

/**
 * Means of some channels over the rectangles between the given row and column boundaries: elements a boundary cuts
 * count by the share that lies inside. Not-a-number and infinities make the means they are in the same.
 */
export function areaMeans(
  source: Paintable,
  channels: readonly [first: number, end: number],
  rows: Float64Array,
  columns: Float64Array,
): Paintable {
  const [, width, depth] = source.shape
  const [first, end] = channels
  const count = end - first
  const height = rows.length - 1
  const across = columns.length - 1
  const means = new Float64Array(height * across * count)
  const sums = new Float64Array(width * count)
  // Whole rows of bytes, as a photo has them by the million, are added as whole numbers, which is exact and fast.
  const bytes = source.data instanceof Uint8Array && count === depth ? source.data : null
  const whole = new Uint32Array(bytes ? sums.length : 0)
  for (let y = 0; y < height; y++) {
    const top = rows[y]!
    const bottom = rows[y + 1]!
    sums.fill(0)
    whole.fill(0)
    for (let row = Math.floor(top); row < bottom; row++) {
      const share = Math.min(row + 1, bottom) - Math.max(row, top)
      if (bytes && share === 1) addBytes(bytes, row * whole.length, whole)
      else addRow(source, row * width * depth + first, depth, count, share, sums)
    }
    for (let i = 0; i < whole.length; i++) sums[i]! += whole[i]!
    for (let x = 0; x < across; x++) {
      const left = columns[x]!
      const right = columns[x + 1]!
      const area = (bottom - top) * (right - left)
      const to = (y * across + x) * count
      for (let column = Math.floor(left); column < right; column++) {
        const share = (Math.min(column + 1, right) - Math.max(column, left)) / area
        for (let c = 0; c < count; c++) means[to + c]! += sums[column * count + c]! * share
      }
    }
  }
  return { shape: [height, across, count], data: means }
}

/** Adds one row of bytes; up to 2²⁴ of them fit. */
function addBytes(data: Uint8Array, from: number, sums: Uint32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += data[from + i]!
}

/** Adds `share` of one row of the source to `sums`. */
function addRow(
  source: Paintable,
  from: number,
  depth: number,
  count: number,
  share: number,
  sums: Float64Array,
): void {
  const { data } = source
  if (count === depth) {
    for (let i = 0; i < sums.length; i++) sums[i]! += data[from + i]! * share
    return
  }
  for (let i = 0, at = from; i < sums.length; i += count, at += depth) {
    for (let c = 0; c < count; c++) sums[i + c]! += data[at + c]! * share
  }
}

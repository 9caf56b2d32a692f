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
  const [, width] = source.shape
  const [first, end] = channels
  const count = end - first
  const height = rows.length - 1
  const across = columns.length - 1
  const means = new Float64Array(height * across * count)
  const sums = new Float64Array(width * count)
  const add = rowAdder(source, first, count)
  for (let y = 0; y < height; y++) {
    add(rows[y]!, rows[y + 1]!, sums)
    meansOfRow(sums, count, columns, rows[y + 1]! - rows[y]!, means, y * across * count)
  }
  return { shape: [height, across, count], data: means }
}

/** Puts the sums of all elements between two heights, one for each column and channel, into `sums`. */
type RowAdder = (top: number, bottom: number, sums: Float64Array) => void

function rowAdder({ shape, data }: Paintable, first: number, count: number): RowAdder {
  const [, width, depth] = shape
  const length = width * depth
  if (data instanceof Uint8Array && count === depth) {
    return data.byteOffset % 4 === 0 && length % 4 === 0 ? wordAdder(data, length) : byteAdder(data, length)
  }
  return (top, bottom, sums) => {
    sums.fill(0)
    for (let row = Math.floor(top); row < bottom; row++) {
      const share = shareOf(row, top, bottom)
      for (let i = 0, at = row * length + first; i < sums.length; i += count, at += depth) {
        for (let c = 0; c < count; c++) sums[i + c]! += data[at + c]! * share
      }
    }
  }
}

function byteAdder(data: Uint8Array, length: number): RowAdder {
  return (top, bottom, sums) => {
    sums.fill(0)
    for (let row = Math.floor(top); row < bottom; row++) {
      addShares(data, row * length, shareOf(row, top, bottom), sums)
    }
  }
}

/** Rows that two sixteen-bit lanes of a word hold the sum of. */
const mostInLanes = 257

/** A photo has bytes by the million: of its whole rows four are added at once, in the lanes of two words. */
function wordAdder(data: Uint8Array, length: number): RowAdder {
  const words = new Int32Array(data.buffer, data.byteOffset, data.length >> 2)
  const even = new Int32Array(length >> 2)
  const odd = new Int32Array(length >> 2)
  return (top, bottom, sums) => {
    const first = Math.ceil(top)
    const end = Math.floor(bottom)
    if (end < first || end - first > mostInLanes) {
      sums.fill(0)
      for (let row = Math.floor(top); row < bottom; row++) {
        addShares(data, row * length, shareOf(row, top, bottom), sums)
      }
      return
    }
    even.fill(0)
    odd.fill(0)
    let row = first
    for (; row + 3 < end; row += 4) addFourRows(words, row * even.length, even, odd)
    for (; row < end; row++) addWords(words, row * even.length, even, odd)
    const above = first > top ? first - top : 0
    const below = bottom > end ? bottom - end : 0
    // A row that has no share of it is read, but not counted.
    addLanes(data, above > 0 ? (first - 1) * length : 0, above, below > 0 ? end * length : 0, below, even, odd, sums)
  }
}

function addShares(data: Uint8Array, from: number, share: number, sums: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += data[from + i]! * share
}

function addWords(words: Int32Array, from: number, even: Int32Array, odd: Int32Array): void {
  for (let i = 0; i < even.length; i++) {
    const word = words[from + i]!
    even[i] = (even[i]! + (word & 0xff00ff)) | 0
    odd[i] = (odd[i]! + ((word >>> 8) & 0xff00ff)) | 0
  }
}

function addFourRows(words: Int32Array, from: number, even: Int32Array, odd: Int32Array): void {
  const length = even.length
  const second = from + length
  const third = second + length
  const fourth = third + length
  for (let i = 0; i < length; i++) {
    const a = words[from + i]!
    const b = words[second + i]!
    const c = words[third + i]!
    const d = words[fourth + i]!
    even[i] = (even[i]! + (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff)) | 0
    odd[i] =
      (odd[i]! + ((a >>> 8) & 0xff00ff) + ((b >>> 8) & 0xff00ff) + ((c >>> 8) & 0xff00ff) + ((d >>> 8) & 0xff00ff)) | 0
  }
}

/** The sums: the shares of the rows that are cut, and the lanes, the first byte of a word being its lowest. */
function addLanes(
  data: Uint8Array,
  above: number,
  shareAbove: number,
  below: number,
  shareBelow: number,
  even: Int32Array,
  odd: Int32Array,
  sums: Float64Array,
): void {
  for (let i = 0, to = 0; i < even.length; i++, to += 4) {
    const low = even[i]!
    const high = odd[i]!
    sums[to] = data[above + to]! * shareAbove + data[below + to]! * shareBelow + (low & 0xffff)
    sums[to + 1] = data[above + to + 1]! * shareAbove + data[below + to + 1]! * shareBelow + (high & 0xffff)
    sums[to + 2] = data[above + to + 2]! * shareAbove + data[below + to + 2]! * shareBelow + (low >>> 16)
    sums[to + 3] = data[above + to + 3]! * shareAbove + data[below + to + 3]! * shareBelow + (high >>> 16)
  }
}

/** How much of an element lies between two places. */
function shareOf(index: number, from: number, to: number): number {
  return Math.min(index + 1, to) - Math.max(index, from)
}

/** Means over the columns, from sums over a part `height` high; one channel at a time to stay in registers. */
function meansOfRow(
  sums: Float64Array,
  count: number,
  columns: Float64Array,
  height: number,
  means: Float64Array,
  to: number,
): void {
  for (let x = 1; x < columns.length; x++) {
    const left = columns[x - 1]!
    const right = columns[x]!
    const first = Math.floor(left)
    const last = Math.ceil(right) - 1
    const area = height * (right - left)
    const firstShare = shareOf(first, left, right)
    const lastShare = shareOf(last, left, right)
    for (let c = 0; c < count; c++) {
      let sum = sums[first * count + c]! * firstShare
      const end = last * count + c
      for (let i = first * count + c + count; i < end; i += count) sum += sums[i]!
      if (last > first) sum += sums[end]! * lastShare
      means[to++] = sum / area
    }
  }
}

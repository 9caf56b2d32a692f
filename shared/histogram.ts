/** How often each byte value occurs in a photo: the histogram of the original, in the window and in saved figures. */

import type { Histogram } from './api.ts'
import type { Steps } from './steps.ts'

/** Bytes between two pauses: a few hundred microseconds. */
const block = 1 << 19

/** 64 bins of four byte values each. Four bytes are read at once, and counted apart: a photo has millions. */
export function* byteHistogram(data: Uint8Array): Steps<Histogram> {
  const counts = new Uint32Array(4 * 256)
  const aligned = data.byteOffset % 4 === 0 ? data.length >> 2 : 0
  const words = new Uint32Array(data.buffer, aligned > 0 ? data.byteOffset : 0, aligned)
  for (let from = 0; from < aligned; from += block >> 2) {
    countWords(words, from, Math.min(aligned, from + (block >> 2)), counts)
    yield (4 * from) / data.length
  }
  for (let from = aligned * 4; from < data.length; from += block) {
    const to = Math.min(data.length, from + block)
    for (let i = from; i < to; i++) counts[data[i]!]!++
    yield from / data.length
  }
  const bins = new Array<number>(64).fill(0)
  counts.forEach((count, value) => (bins[(value & 255) >> 2]! += count))
  return { from: 0, to: 256, counts: bins }
}

function countWords(words: Uint32Array, from: number, to: number, counts: Uint32Array): void {
  for (let i = from; i < to; i++) {
    const word = words[i]!
    counts[word & 255]!++
    counts[256 + ((word >>> 8) & 255)]!++
    counts[512 + ((word >>> 16) & 255)]!++
    counts[768 + (word >>> 24)]!++
  }
}

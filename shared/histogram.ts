/** How often each byte value occurs in a photo: the histogram of the original, in the window and in saved figures. */

import type { Histogram } from './api.ts'
import type { Steps } from './steps.ts'

/** Bytes between two pauses: a few hundred microseconds. */
const block = 1 << 19

/**
 * 64 bins of four byte values each. Bytes are counted in pairs, by the upper six bits of both, and the pairs taken apart
 * at the end: a photo has millions.
 */
export function* byteHistogram(data: Uint8Array): Steps<Histogram> {
  const counts = new Uint32Array(1 << 14)
  const aligned = data.byteOffset % 4 === 0 ? data.length >> 2 : 0
  const words = new Uint32Array(data.buffer, aligned > 0 ? data.byteOffset : 0, aligned)
  for (let from = 0; from < aligned; from += block >> 2) {
    countPairs(words, from, Math.min(aligned, from + (block >> 2)), counts)
    yield (4 * from) / data.length
  }
  const bins = new Array<number>(64).fill(0)
  for (let pair = 0; pair < counts.length; pair++) {
    bins[pair & 63]! += counts[pair]!
    bins[pair >> 8]! += counts[pair]!
  }
  for (let from = aligned * 4; from < data.length; from += block) {
    const to = Math.min(data.length, from + block)
    for (let i = from; i < to; i++) bins[data[i]! >> 2]!++
    yield from / data.length
  }
  return { from: 0, to: 256, counts: bins }
}

function countPairs(words: Uint32Array, from: number, to: number, counts: Uint32Array): void {
  for (let i = from; i < to; i++) {
    const word = words[i]!
    counts[(word >>> 2) & 0x3f3f]!++
    counts[(word >>> 18) & 0x3f3f]!++
  }
}

/**
 * NumPy's legacy random generator, so that a script with the same seed has the same weights:
 * MT19937 seeded by `init_genrand` (what `np.random.seed(n)` does with one number), doubles by `genrand_res53`,
 * normal deviates by Marsaglia's polar method. From numpy/random/src/mt19937 and src/legacy. Equal to the last bit
 * where NumPy has the logarithm that log.ts computes.
 */

import { log } from './log.ts'
import type { Steps } from './steps.ts'

const length = 624
const shift = 397

export class LegacyRandom {
  private readonly state = new Uint32Array(length)
  private next = length
  private saved: number | null = null

  /** A seed from 0 to 2³² − 1. */
  constructor(seed: number) {
    const { state } = this
    state[0] = seed
    for (let i = 1; i < length; i++) {
      const previous = state[i - 1]!
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
  }

  /** A number from the normal distribution with mean 0 and variance 1, as `np.random.randn()`. */
  randn(): number {
    if (this.saved !== null) {
      const value = this.saved
      this.saved = null
      return value
    }
    for (;;) {
      const x1 = 2 * this.rand() - 1
      const x2 = 2 * this.rand() - 1
      const r2 = x1 * x1 + x2 * x2
      if (r2 >= 1 || r2 === 0) continue
      const factor = Math.sqrt((-2 * log(r2)) / r2)
      this.saved = factor * x1
      return factor * x2
    }
  }

  /** A number from [0, 1) with 53 random bits, as `np.random.rand()`. */
  rand(): number {
    const a = this.uint32() >>> 5
    const b = this.uint32() >>> 6
    return (a * 67108864 + b) / 9007199254740992
  }

  /** The generator's next word of 32 random bits. */
  uint32(): number {
    if (this.next === length) this.twist()
    let y = this.state[this.next++]!
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  private twist(): void {
    const { state } = this
    for (let i = 0; i < length; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % length]! & 0x7fffffff)
      state[i] = state[(i + shift) % length]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.next = 0
  }
}

/** Numbers kept, at most: every picture of a batch, and its script, ask for the same. */
const mostKept = 1 << 18
/** What was made last, the oldest first. */
const kept = new Map<string, Float64Array>()

/** `scale * np.random.randn(count)` after `np.random.seed(seed)`. */
export function* randomNormals(seed: number, count: number, scale: number): Steps<Float64Array> {
  const key = `${seed} ${count} ${scale}`
  const found = kept.get(key)
  if (found) return found.slice()
  const random = new LegacyRandom(seed)
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    values[i] = scale * random.randn()
    if (i % 8192 === 8191) yield i / count
  }
  keep(key, values)
  return values.slice()
}

function keep(key: string, values: Float64Array): void {
  let room = mostKept - values.length
  if (room < 0) return
  for (const [older, { length: count }] of Array.from(kept).reverse()) {
    room -= count
    if (room < 0) kept.delete(older)
  }
  kept.set(key, values)
}

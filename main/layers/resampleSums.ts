/**
 * A faster way to the same bytes for large reductions: running sums instead of a product for every tap.
 *
 * Over a block of n neighbouring pixels a smooth filter is (nearly) a cubic in m, the distance from the block's end
 * (m = n at its first pixel, 1 at its last):
 *
 *     weight(m) ≈ c₀ + c₁·m + c₂·m(m + 1)/2 + c₃·m(m + 1)(m + 2)/6
 *
 * and Σ pixel · weight ≈ c₀·s₀ + c₁·s₁ + c₂·s₂ + c₃·s₃ with four sums made by additions alone, once for all outputs that
 * share the block: for each pixel s₀ += pixel; s₁ += s₀; s₂ += s₁; s₃ += s₂.
 *
 * How far this can be from Pillow's fixed-point sum is known, since both weights are known. Where that could change the
 * byte (one output in a hundred or so), the sum is made tap by tap. So every byte is Pillow's.
 */

import { clip8, HALF, ONE, weightAt, type Weights } from './resampleWeights.ts'
import type { Steps } from './steps.ts'

export interface BlockWeights {
  readonly count: number
  /** Block b holds the source positions from edges[b] to edges[b + 1]. */
  readonly edges: Int32Array
  /** First block of each output, and how many it has. */
  readonly firstBlock: Int32Array
  readonly blockCount: Int32Array
  /** c₀ to c₃ of each block of output i begin at i · stride. */
  readonly stride: number
  readonly coefficients: Float64Array
  /** Added to the approximate sum of output i, they bound the exact one. */
  readonly below: Float64Array
  readonly above: Float64Array
}

/** c₀ to c₃ */
type Cubic = readonly [number, number, number, number]

/** Taps compared between two pauses; to fit a cubic takes as long as so many. */
const pause = 1 << 14
const fitCost = 32

/** The largest n for which 255 · (n + 3 choose 4), the largest s₃, is below 2³¹. */
export const LONGEST_BLOCK = 117
/** More than all roundings of the approximate sum in float64: its terms are below 2³⁴, so each is off by less than 2⁻¹⁸. */
const ROUNDING = 1 / 16
/** Below this reduction the sums do not pay. */
const LEAST_SCALE = 12
/** Lanczos is no cubic; over a quarter of the distance between its zeros it nearly is. */
const LANCZOS_BLOCKS = 4

/** The blocks of a reduction, or undefined where the direct way is as good. */
export function* blockWeights(weights: Weights): Steps<BlockWeights | undefined> {
  const { outputs, first, count, scale, filter } = weights
  if (scale < LEAST_SCALE) return undefined
  const longest = Math.min(LONGEST_BLOCK, filter === 'lanczos' ? Math.ceil(scale / LANCZOS_BLOCKS) : LONGEST_BLOCK)
  const edges = blockEdges(weights, longest)
  const firstBlock = Int32Array.from(first, (position) => blockAt(edges, position))
  const blockCount = Int32Array.from(first, (position, i) => {
    return blockAt(edges, position + count[i]! - 1) + 1 - firstBlock[i]!
  })
  const stride = 4 * blockCount.reduce((most, blocks) => Math.max(most, blocks), 0)
  const coefficients = new Float64Array(outputs * stride)
  const below = new Float64Array(outputs).fill(-ROUNDING)
  const above = new Float64Array(outputs).fill(ROUNDING)
  let work = 0
  for (let i = 0; i < outputs; i++) {
    for (let b = 0; b < blockCount[i]!; b++) {
      const start = edges[firstBlock[i]! + b]!
      const end = edges[firstBlock[i]! + b + 1]!
      const cubic = fitCubic(end - start, (m) => weightAt(weights, i, end - m))
      coefficients.set(cubic, i * stride + b * 4)
      addErrors(weights, i, start, end, cubic, below, above)
      work += end - start + fitCost
      if (work < pause) continue
      work = 0
      yield i / outputs
    }
  }
  return { count: edges.length - 1, edges, firstBlock, blockCount, stride, coefficients, below, above }
}

/** Adds to the bounds of output i how far the cubic is from the fixed-point weights over a block. */
function addErrors(
  { first, count, fixed, stride }: Weights,
  i: number,
  start: number,
  end: number,
  cubic: Cubic,
  below: Float64Array,
  above: Float64Array,
): void {
  for (let m = end - start; m > 0; m--) {
    const tap = end - m - first[i]!
    const exact = tap >= 0 && tap < count[i]! ? fixed[i * stride + tap]! : 0
    const error = 255 * (exact - valueOf(cubic, m))
    if (error < 0) below[i]! += error
    else above[i]! += error
  }
}

/** Every place where the filter of some output begins, ends or changes its formula; long blocks are divided. */
function blockEdges({ inputs, outputs, first, count, scale }: Weights, longest: number): Int32Array {
  const places = new Set([0, inputs])
  for (let i = 0; i < outputs; i++) {
    places.add(first[i]!)
    places.add(first[i]! + count[i]!)
    places.add(Math.trunc((i + 0.5) * scale + 0.5))
  }
  const sorted = Int32Array.from(places).sort()
  const edges = [0]
  for (let i = 1; i < sorted.length; i++) {
    const from = sorted[i - 1]!
    const length = sorted[i]! - from
    const parts = Math.ceil(length / longest)
    for (let part = 1; part <= parts; part++) edges.push(from + Math.round((length * part) / parts))
  }
  return Int32Array.from(edges)
}

/** The block that holds a position. */
function blockAt(edges: Int32Array, position: number): number {
  let low = 0
  let high = edges.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (edges[middle]! <= position) low = middle
    else high = middle
  }
  return low
}

/** The cubic through four Chebyshev nodes of [1, n], as c₀ to c₃. */
function fitCubic(n: number, weight: (m: number) => number): Cubic {
  const half = Math.max(n - 1, 0.5) / 2
  const [p, q, r, s] = [1, 3, 5, 7].map((k) => (n + 1) / 2 + half * Math.cos((k * Math.PI) / 8)) as [
    number,
    number,
    number,
    number,
  ]
  const [wp, wq, wr, ws] = [weight(p), weight(q), weight(r), weight(s)]
  // Newton's divided differences.
  const pq = (wq - wp) / (q - p)
  const qr = (wr - wq) / (r - q)
  const rs = (ws - wr) / (s - r)
  const pqr = (qr - pq) / (r - p)
  const d3 = ((rs - qr) / (s - q) - pqr) / (s - p)
  // Powers of m, then m(m + 1)/2 and m(m + 1)(m + 2)/6.
  const a2 = pqr - d3 * (p + q + r)
  const a1 = pq - pqr * (p + q) + d3 * (p * q + p * r + q * r)
  const a0 = wp - pq * p + pqr * p * q - d3 * p * q * r
  return [a0, a1 - a2 + d3, 2 * a2 - 6 * d3, 6 * d3]
}

function valueOf([c0, c1, c2, c3]: Cubic, m: number): number {
  return c0 + m * (c1 + ((m + 1) / 2) * (c2 + ((m + 2) / 3) * c3))
}

/** Outputs x0 … x1 − 1 of a row from `from[source]` to `to[target]`, whose `sums` `addUp` made. */
export function outputsBySums(
  from: Uint8Array,
  source: number,
  to: Uint8Array,
  target: number,
  channels: number,
  weights: Weights,
  blocks: BlockWeights,
  sums: Float64Array,
  x0: number,
  x1: number,
): void {
  target = (target + Math.imul(x0, channels)) | 0
  const { firstBlock, blockCount, stride, coefficients, below, above } = blocks
  for (let x = x0; x < x1; x++) {
    const start = x * stride
    const end = start + blockCount[x]! * 4
    for (let channel = 0; channel < channels; channel++) {
      // Four chains of additions, which the processor runs side by side. One that began with HALF, a whole number,
      // would be put on the heap for every byte.
      let sum0 = 0
      let sum1 = 0
      let sum2 = 0
      let sum3 = 0
      for (let c = start, at = (firstBlock[x]! * channels + channel) * 4; c < end; c += 4, at += channels * 4) {
        sum0 += coefficients[c]! * sums[at]!
        sum1 += coefficients[c + 1]! * sums[at + 1]!
        sum2 += coefficients[c + 2]! * sums[at + 2]!
        sum3 += coefficients[c + 3]! * sums[at + 3]!
      }
      const sum = HALF + sum0 + sum1 + (sum2 + sum3)
      const value = Math.floor(sum * (1 / ONE))
      const rest = sum - value * ONE
      if (rest + below[x]! < 0 || rest + above[x]! >= ONE) {
        to[target++] = clip8(sumByTaps(from, source + channel, channels, weights, x))
      } else to[target++] = value < 0 ? 0 : value > 255 ? 255 : value
    }
  }
}

/**
 * The four sums of each block and channel, of blocks b0 … b1 − 1 of the row at `at`; four pixels a turn, and one channel
 * at a time to stay in registers.
 */
export function addUp(
  from: Uint8Array,
  at: number,
  channels: number,
  edges: Int32Array,
  sums: Float64Array,
  b0: number,
  b1: number,
): void {
  at = (at + Math.imul(edges[b0]!, channels)) | 0
  const second = channels | 0
  const third = (2 * channels) | 0
  const fourth = (3 * channels) | 0
  const turn = (4 * channels) | 0
  let to = Math.imul(b0, channels * 4)
  for (let block = b0; block < b1; block++) {
    const length = Math.imul(edges[block + 1]! - edges[block]!, channels)
    for (let channel = 0; channel < channels; channel++) {
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      let i = (at + channel) | 0
      const end = (at + length) | 0
      for (const lastTurn = (end - fourth) | 0; i < lastTurn; i = (i + turn) | 0) {
        s0 = (s0 + from[i]!) | 0
        s1 = (s1 + s0) | 0
        s2 = (s2 + s1) | 0
        s3 = (s3 + s2) | 0
        s0 = (s0 + from[(i + second) | 0]!) | 0
        s1 = (s1 + s0) | 0
        s2 = (s2 + s1) | 0
        s3 = (s3 + s2) | 0
        s0 = (s0 + from[(i + third) | 0]!) | 0
        s1 = (s1 + s0) | 0
        s2 = (s2 + s1) | 0
        s3 = (s3 + s2) | 0
        s0 = (s0 + from[(i + fourth) | 0]!) | 0
        s1 = (s1 + s0) | 0
        s2 = (s2 + s1) | 0
        s3 = (s3 + s2) | 0
      }
      for (; i < end; i = (i + second) | 0) {
        s0 = (s0 + from[i]!) | 0
        s1 = (s1 + s0) | 0
        s2 = (s2 + s1) | 0
        s3 = (s3 + s2) | 0
      }
      sums[to++] = s0
      sums[to++] = s1
      sums[to++] = s2
      sums[to++] = s3
    }
    at = (at + length) | 0
  }
}

/** Pillow's own sum for one output. */
function sumByTaps(from: Uint8Array, source: number, channels: number, weights: Weights, x: number): number {
  const { first, count, fixed, stride } = weights
  let sum = HALF
  for (let tap = 0, at = source + first[x]! * channels; tap < count[x]!; tap++, at += channels) {
    sum += Math.imul(fixed[x * stride + tap]!, from[at]!)
  }
  return sum
}

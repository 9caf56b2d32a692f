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

/** Outputs x0 … x1 − 1 of a row from `from[source]` to `to[target]`, whose `sums` `addUp` made; of 1 or 3 channels. */
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
  const { firstBlock, blockCount, stride, coefficients, below, above } = blocks
  let place = (target + Math.imul(x0, channels)) | 0
  for (let x = x0; x < x1; x++) {
    const start = Math.imul(x, stride)
    const end = (start + (blockCount[x]! << 2)) | 0
    let at = Math.imul(firstBlock[x]!, channels << 2)
    const least = -below[x]!
    const most = ONE - above[x]!
    // The channels side by side, so that a coefficient is read once. A sum that began with HALF, a whole number, would
    // be put on the heap for every byte.
    let red = 0
    let green = 0
    let blue = 0
    if (channels === 3) {
      for (let c = start; c < end; c = (c + 4) | 0, at = (at + 12) | 0) {
        const c0 = coefficients[c]!
        const c1 = coefficients[c + 1]!
        const c2 = coefficients[c + 2]!
        const c3 = coefficients[c + 3]!
        red += c0 * sums[at]! + c1 * sums[at + 1]! + (c2 * sums[at + 2]! + c3 * sums[at + 3]!)
        green += c0 * sums[at + 4]! + c1 * sums[at + 5]! + (c2 * sums[at + 6]! + c3 * sums[at + 7]!)
        blue += c0 * sums[at + 8]! + c1 * sums[at + 9]! + (c2 * sums[at + 10]! + c3 * sums[at + 11]!)
      }
      const second = settled(HALF + green, least, most)
      const third = settled(HALF + blue, least, most)
      to[place + 1] = second >= 0 ? second : clip8(sumByTaps(from, source + 1, 3, weights, x))
      to[place + 2] = third >= 0 ? third : clip8(sumByTaps(from, source + 2, 3, weights, x))
    } else {
      for (let c = start; c < end; c = (c + 4) | 0, at = (at + 4) | 0) {
        red += coefficients[c]! * sums[at]! + coefficients[c + 1]! * sums[at + 1]!
        red += coefficients[c + 2]! * sums[at + 2]! + coefficients[c + 3]! * sums[at + 3]!
      }
    }
    const first = settled(HALF + red, least, most)
    to[place] = first >= 0 ? first : clip8(sumByTaps(from, source, channels, weights, x))
    place = (place + channels) | 0
  }
}

/** The byte of an approximate sum; −1 where the exact one could be another. */
function settled(sum: number, least: number, most: number): number {
  const value = Math.floor(sum * (1 / ONE))
  const rest = sum - value * ONE
  if (rest < least || rest >= most) return -1
  return value < 0 ? 0 : value > 255 ? 255 : value
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

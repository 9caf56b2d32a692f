/** The weights of Pillow's resize: which source pixels make an output pixel, and by how much (libImaging/Resample.c). */

import type { Steps } from './steps.ts'

/** Taps weighed between two pauses. */
const pause = 1 << 14

export type SmoothFilter = 'bilinear' | 'bicubic' | 'lanczos'

/** Fixed-point weights have this many bits after the point: 32 less 8 for the pixel and 2 for overshoot. */
export const PRECISION_BITS = 22
/** One in fixed point. */
const ONE = 1 << PRECISION_BITS
/** One half in fixed point: rounds the sum. */
export const HALF = ONE / 2

/** A sum in fixed point as a byte: what Pillow's table of clipped values holds. */
export function clip8(sum: number): number {
  const value = sum >> PRECISION_BITS
  return value < 0 ? 0 : value > 255 ? 255 : value
}

export interface Weights {
  readonly inputs: number
  readonly outputs: number
  /** First source position of each output. */
  readonly first: Int32Array
  /** How many source positions each output has. */
  readonly count: Int32Array
  /** Weights of output i begin at i · stride. */
  readonly stride: number
  readonly fixed: Int32Array
}

const filterSupport: Record<SmoothFilter, number> = { bilinear: 1, bicubic: 2, lanczos: 3 }

const filterFunction: Record<SmoothFilter, (x: number) => number> = { bilinear, bicubic, lanczos }

/**
 * For each output i, centred at c = (i + ½) · inputs / outputs: the positions x with |x + ½ − c| within the support, and
 * filter((x + ½ − c) / max(1, inputs / outputs)), divided by their sum and rounded away from zero to 22 bits.
 */
export function* filterWeights(inputs: number, outputs: number, filter: SmoothFilter): Steps<Weights> {
  const scale = inputs / outputs
  const filterScale = Math.max(1, scale)
  const support = filterSupport[filter] * filterScale
  const stride = tapsOf(inputs, outputs, filter)
  const first = new Int32Array(outputs)
  const count = new Int32Array(outputs)
  const fixed = new Int32Array(outputs * stride)
  const exact = new Float64Array(stride)
  const perPixel = 1 / filterScale
  let work = 0
  for (let i = 0; i < outputs; i++) {
    const centre = (i + 0.5) * scale
    const from = Math.max(0, Math.trunc(centre - support + 0.5))
    const taps = Math.min(inputs, Math.trunc(centre + support + 0.5)) - from
    let sum = 0
    for (let tap = 0; tap < taps; tap += pause) {
      const end = Math.min(taps, tap + pause)
      sum = weigh(filter, from, centre, perPixel, exact, tap, end, sum)
      if (taps > pause) yield (i + (0.5 * end) / taps) / outputs
    }
    for (let tap = 0; tap < taps; tap += pause) {
      const end = Math.min(taps, tap + pause)
      toFixed(exact, sum, fixed, i * stride, tap, end)
      if (taps > pause) yield (i + 0.5 + (0.5 * end) / taps) / outputs
    }
    first[i] = from
    count[i] = taps
    work += taps
    if (work < pause) continue
    work = 0
    yield (i + 1) / outputs
  }
  return { inputs, outputs, first, count, stride, fixed }
}

/** The most taps an output can have: the support on both sides, and one. */
export function tapsOf(inputs: number, outputs: number, filter: SmoothFilter): number {
  return Math.ceil(filterSupport[filter] * Math.max(1, inputs / outputs)) * 2 + 1
}

/** The filter's values at some taps of an output that begins at `first`; returns `sum` with them added. */
function weigh(
  filter: SmoothFilter,
  first: number,
  centre: number,
  perPixel: number,
  exact: Float64Array,
  from: number,
  to: number,
  sum: number,
): number {
  const value = filterFunction[filter]
  for (let tap = from; tap < to; tap++) {
    const weight = value((tap + first - centre + 0.5) * perPixel)
    exact[tap] = weight
    sum += weight
  }
  return sum
}

function toFixed(exact: Float64Array, sum: number, fixed: Int32Array, start: number, from: number, to: number): void {
  for (let tap = from; tap < to; tap++) {
    const weight = (sum === 0 ? exact[tap]! : exact[tap]! / sum) * ONE
    fixed[start + tap] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5)
  }
}

function bilinear(x: number): number {
  const distance = Math.abs(x)
  return distance < 1 ? 1 - distance : 0
}

/** Keys' cubic with a = −½. */
function bicubic(x: number): number {
  const a = -0.5
  const distance = Math.abs(x)
  if (distance < 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1
  if (distance < 2) return (((distance - 5) * distance + 8) * distance - 4) * a
  return 0
}

function lanczos(x: number): number {
  return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0
}

function sinc(x: number): number {
  if (x === 0) return 1
  const angle = x * Math.PI
  return Math.sin(angle) / angle
}

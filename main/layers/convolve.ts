/**
 * The sums of a convolution in float64, window by window along a row: the hot functions of conv2d, one a form of kernel.
 * All add as `pairwiseDot` does (property tests hold them together) and write `results` themselves, because a number
 * that a function returns is put on the heap.
 */

import type { FloatDType } from '../../shared/tensor.ts'
import { part, type Steps } from './steps.ts'
import { dotSteps, pairwiseDot, pairwiseDot32 } from './sum.ts'

/** Products between two pauses: well under a millisecond. */
export const pause = 1 << 18

export interface Pass {
  /** Padded rows of the input. */
  readonly data: Float64Array
  /** Where in `data` each kernel row of the leftmost window begins. */
  readonly rowOffsets: Int32Array
  /** The same for each tap in (row, column, channel) order. */
  readonly offsets: Int32Array
  /** Distance in `data` between neighbouring taps of a row, and between neighbouring windows. */
  readonly tapStep: number
  readonly windowStep: number
  /** Channels of a group. */
  readonly group: number
  readonly filtersPerGroup: number
  readonly filters: number
  /** (filter, row, column, channel) order. */
  readonly kernels: Float64Array
  /** One a filter, never −0: a sum begins at +0, so +0 has to come last where all terms are −0. */
  readonly bias: Float64Array
  /** Room for the values of one window. */
  readonly patch: Float64Array
  /** (window, filter) of `count` windows from window x of the row on. */
  readonly results: Float64Array
}

/** 3×3 taps over one channel: the same sum written out. */
export function nineTaps(pass: Pass, x: number, count: number): void {
  const { data, windowStep, kernels, results, filters } = pass
  const middle = pass.tapStep
  const right = 2 * pass.tapStep
  const end = count * filters
  for (let filter = 0; filter < filters; filter++) {
    const k = filter * 9
    const k0 = kernels[k]!
    const k1 = kernels[k + 1]!
    const k2 = kernels[k + 2]!
    const k3 = kernels[k + 3]!
    const k4 = kernels[k + 4]!
    const k5 = kernels[k + 5]!
    const k6 = kernels[k + 6]!
    const k7 = kernels[k + 7]!
    const k8 = kernels[k + 8]!
    const bias = pass.bias[filter]!
    const start = x * windowStep + Math.floor(filter / pass.filtersPerGroup)
    let a = pass.rowOffsets[0]! + start
    let b = pass.rowOffsets[1]! + start
    let c = pass.rowOffsets[2]! + start
    for (let to = filter; to < end; to += filters) {
      results[to] =
        data[a]! * k0 +
        data[a + middle]! * k1 +
        (data[a + right]! * k2 + data[b]! * k3) +
        (data[b + middle]! * k4 + data[b + right]! * k5 + (data[c]! * k6 + data[c + middle]! * k7)) +
        data[c + right]! * k8 +
        bias
      a += windowStep
      b += windowStep
      c += windowStep
    }
  }
}

/**
 * A run of `count` windows of 3×3 taps over a picture of one channel, which lie wholly inside it, with stride and
 * dilation 1; a, b and c are the places of the first window's rows. The fastest form: it reads the picture and writes
 * the output where they are, and each value once, since the next window takes over two columns of this one.
 */
export function slideNine(
  data: Float64Array,
  a: number,
  b: number,
  c: number,
  kernels: Float64Array,
  k: number,
  bias: number,
  output: Float64Array,
  to: number,
  filters: number,
  count: number,
): void {
  const k0 = kernels[k]!
  const k1 = kernels[k + 1]!
  const k2 = kernels[k + 2]!
  const k3 = kernels[k + 3]!
  const k4 = kernels[k + 4]!
  const k5 = kernels[k + 5]!
  const k6 = kernels[k + 6]!
  const k7 = kernels[k + 7]!
  const k8 = kernels[k + 8]!
  let a0 = data[a]!
  let a1 = data[a + 1]!
  let b0 = data[b]!
  let b1 = data[b + 1]!
  let c0 = data[c]!
  let c1 = data[c + 1]!
  const toB = b - a
  const toC = c - a
  const end = a + 2 + count
  let at = a + 2
  // Two windows a turn: half as many values to move on as with one.
  for (; at + 1 < end; at += 2) {
    const a2 = data[at]!
    const b2 = data[at + toB]!
    const c2 = data[at + toC]!
    output[to] = a0 * k0 + a1 * k1 + (a2 * k2 + b0 * k3) + (b1 * k4 + b2 * k5 + (c0 * k6 + c1 * k7)) + c2 * k8 + bias
    const a3 = data[at + 1]!
    const b3 = data[at + 1 + toB]!
    const c3 = data[at + 1 + toC]!
    output[to + filters] =
      a1 * k0 + a2 * k1 + (a3 * k2 + b1 * k3) + (b2 * k4 + b3 * k5 + (c1 * k6 + c2 * k7)) + c3 * k8 + bias
    a0 = a2
    a1 = a3
    b0 = b2
    b1 = b3
    c0 = c2
    c1 = c3
    to += 2 * filters
  }
  if (at < end) {
    const b2 = data[at + toB]!
    output[to] =
      a0 * k0 +
      a1 * k1 +
      (data[at]! * k2 + b0 * k3) +
      (b1 * k4 + b2 * k5 + (c0 * k6 + c1 * k7)) +
      data[at + toC]! * k8 +
      bias
  }
}

/** The value of one window of 3×3 taps, stride and dilation 1, of a picture of one channel with zeros around it. */
export function edgeNine(
  data: Float64Array,
  height: number,
  width: number,
  top: number,
  left: number,
  kernels: Float64Array,
  k: number,
  bias: number,
  patch: Float64Array,
): number {
  for (let u = 0; u < 3; u++) {
    const y = top + u
    for (let v = 0; v < 3; v++) {
      const x = left + v
      patch[3 * u + v] = y >= 0 && y < height && x >= 0 && x < width ? data[y * width + x]! : 0
    }
  }
  return pairwiseDot(patch, 0, kernels, k, 9) + bias
}

/** Up to 128 taps and few filters: the window is read where it is. */
export function anyTaps(pass: Pass, x: number, count: number): void {
  const { data, offsets, kernels, bias, results, filters, filtersPerGroup, windowStep, group } = pass
  const taps = offsets.length
  let to = 0
  for (let window = x; window < x + count; window++) {
    let k = 0
    for (let filter = 0; filter < filters; filter++) {
      const at = window * windowStep + (filtersPerGroup === filters ? 0 : Math.floor(filter / filtersPerGroup) * group)
      let sum = 0
      let i = 0
      if (taps >= 8) {
        let r0 = data[at + offsets[0]!]! * kernels[k]!
        let r1 = data[at + offsets[1]!]! * kernels[k + 1]!
        let r2 = data[at + offsets[2]!]! * kernels[k + 2]!
        let r3 = data[at + offsets[3]!]! * kernels[k + 3]!
        let r4 = data[at + offsets[4]!]! * kernels[k + 4]!
        let r5 = data[at + offsets[5]!]! * kernels[k + 5]!
        let r6 = data[at + offsets[6]!]! * kernels[k + 6]!
        let r7 = data[at + offsets[7]!]! * kernels[k + 7]!
        k += 8
        for (i = 8; i + 8 <= taps; i += 8, k += 8) {
          r0 += data[at + offsets[i]!]! * kernels[k]!
          r1 += data[at + offsets[i + 1]!]! * kernels[k + 1]!
          r2 += data[at + offsets[i + 2]!]! * kernels[k + 2]!
          r3 += data[at + offsets[i + 3]!]! * kernels[k + 3]!
          r4 += data[at + offsets[i + 4]!]! * kernels[k + 4]!
          r5 += data[at + offsets[i + 5]!]! * kernels[k + 5]!
          r6 += data[at + offsets[i + 6]!]! * kernels[k + 6]!
          r7 += data[at + offsets[i + 7]!]! * kernels[k + 7]!
        }
        sum += r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7))
      }
      for (; i < taps; i++, k++) sum = sum + data[at + offsets[i]!]! * kernels[k]!
      results[to++] = sum + bias[filter]!
    }
  }
}

/**
 * Any number of taps, worth it for more than two filters: the window's values are copied together once, then multiplied
 * with each kernel; more than 128 are added in halves.
 */
export function gatheredTaps(pass: Pass, x: number, count: number): void {
  const { patch, kernels, bias, results, filters, filtersPerGroup } = pass
  const taps = patch.length
  let to = 0
  for (let window = x; window < x + count; window++) {
    let k = 0
    for (let filter = 0; filter < filters; filter++) {
      if (filter % filtersPerGroup === 0) gather(pass, window, filter / filtersPerGroup)
      if (taps > 128) {
        const sum = pairwiseDot(patch, 0, kernels, filter * taps, taps)
        results[to++] = sum + bias[filter]!
        continue
      }
      let sum = 0
      let i = 0
      if (taps >= 8) {
        let r0 = patch[0]! * kernels[k]!
        let r1 = patch[1]! * kernels[k + 1]!
        let r2 = patch[2]! * kernels[k + 2]!
        let r3 = patch[3]! * kernels[k + 3]!
        let r4 = patch[4]! * kernels[k + 4]!
        let r5 = patch[5]! * kernels[k + 5]!
        let r6 = patch[6]! * kernels[k + 6]!
        let r7 = patch[7]! * kernels[k + 7]!
        k += 8
        for (i = 8; i + 8 <= taps; i += 8, k += 8) {
          r0 += patch[i]! * kernels[k]!
          r1 += patch[i + 1]! * kernels[k + 1]!
          r2 += patch[i + 2]! * kernels[k + 2]!
          r3 += patch[i + 3]! * kernels[k + 3]!
          r4 += patch[i + 4]! * kernels[k + 4]!
          r5 += patch[i + 5]! * kernels[k + 5]!
          r6 += patch[i + 6]! * kernels[k + 6]!
          r7 += patch[i + 7]! * kernels[k + 7]!
        }
        sum += r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7))
      }
      for (; i < taps; i++, k++) sum = sum + patch[i]! * kernels[k]!
      results[to++] = sum + bias[filter]!
    }
  }
}

/** Copies the values of a window into `patch`, or only those of some taps. */
export function gather(pass: Pass, window: number, group: number, from = 0, to = pass.offsets.length): void {
  const { data, offsets, patch } = pass
  const at = window * pass.windowStep + group * pass.group
  for (let i = from; i < to; i++) patch[i] = data[at + offsets[i]!]!
}

/** One window of more products than fit between two pauses: by filters, and by taps where one filter has so many. */
export function* wideWindow(pass: Pass, window: number, dtype: FloatDType): Steps<void> {
  const { patch, kernels, bias, results, filters, filtersPerGroup } = pass
  const taps = patch.length
  const dot = dtype === 'float64' ? pairwiseDot : pairwiseDot32
  let work = 0
  for (let filter = 0; filter < filters; filter++) {
    if (filter % filtersPerGroup === 0) {
      for (let from = 0; from < taps; from += pause) {
        gather(pass, window, filter / filtersPerGroup, from, Math.min(from + pause, taps))
        if (taps > pause) yield filter / filters
      }
      work += taps
    }
    const sum =
      taps > pause
        ? yield* part(dotSteps(patch, kernels, filter * taps, dtype), filter / filters, (filter + 1) / filters)
        : dot(patch, 0, kernels, filter * taps, taps)
    results[filter] = dtype === 'float64' ? sum + bias[filter]! : Math.fround(sum + bias[filter]!)
    work += taps
    if (work < pause) continue
    work = 0
    yield (filter + 1) / filters
  }
}

/*!
 * Copyright (c) 2018, Arm Limited.
 * SPDX-License-Identifier: MIT (its text is in logTable.ts)
 */

/**
 * The natural logarithm as glibc 2.28 and later computes it on x86-64 with fused multiply-add, bit for bit: NumPy's
 * random normal numbers are made with it there, and ours have to be the same. After Arm's math/log.c, which glibc took
 * over (here after musl 1.2.3); where a product and a sum are one fused step is gcc's choice, read from glibc's own code.
 */

import { fma } from './fma.ts'
import { ln2High, ln2Low, nearOne, nearTableEntry, table } from './logTable.ts'

const bits = new DataView(new ArrayBuffer(8))
/** The upper half of the bits of 0.6875, where the table begins. */
const tableStart = 0x3fe60000

/** log(x) for a normal positive x, that is from 2⁻¹⁰²² up. */
export function log(x: number): number {
  if (x >= 0.9375 && x < 1.064697265625) return logNearOne(x)
  // x = 2ᵏ · z with z from [0.6875, 1.375), in the table's part i.
  bits.setFloat64(0, x)
  const upper = bits.getInt32(0)
  const fromStart = upper - tableStart
  const k = fromStart >> 20
  const i = (fromStart >> 13) & 127
  bits.setInt32(0, upper - (k << 20))
  const z = bits.getFloat64(0)

  // log(x) = k · ln 2 + log(c) + log(1 + r), with r = z / c − 1.
  const [a2, a3, a4, a5, a6] = nearTableEntry
  const r = fma(z, table[2 * i]!, -1)
  const whole = k * ln2High + table[2 * i + 1]!
  const high = whole + r
  const low = fma(k, ln2Low, whole - high + r)
  const r2 = r * r
  const series = fma(fma(r, a6, a5), r2, fma(r, a4, a3))
  return fma(r * r2, series, fma(r2, a2, low)) + high
}

/** Where log(c) and k · ln 2 would cancel out: a longer series in r = x − 1, with r − r²/2 in two doubles. */
function logNearOne(x: number): number {
  if (x === 1) return 0
  const [b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12] = nearOne
  const r = x - 1
  const r2 = r * r
  const r3 = r * r2
  const first = fma(r2, b5, fma(r, b4, b3))
  const second = fma(r2, b8, fma(r, b7, b6))
  const third = fma(r3, b12, fma(r2, b11, fma(r, b10, b9)))
  const series = fma(fma(third, r3, second), r3, first)

  const scaled = r * 134217728
  const rHigh = r + scaled - scaled
  const rLow = r - rHigh
  const half = rHigh * rHigh * b2
  const high = r + half
  const low = fma(b2 * rLow, r + rHigh, r - high + half)
  return fma(series, r3, low) + high
}

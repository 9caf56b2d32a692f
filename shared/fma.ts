/**
 * a · b + c rounded once, as the processor's fused multiply-add, which JavaScript has not.
 *
 * Exact sums and products of two doubles are by Knuth and by Dekker; that their last sum is rounded to odd, so that
 * rounding twice is like rounding once, is from Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums:
 * proved algorithms using rounding to odd", 2008.
 */

/** For finite a, b and c, where a, b and a · b are neither above 2⁹⁹⁵ nor so small that a · b has less than 106 bits. */
export function fma(a: number, b: number, c: number): number {
  const product = a * b
  const aHigh = upperHalf(a)
  const bHigh = upperHalf(b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  // product + rest is a · b exactly.
  const rest = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)

  const low = c + rest
  const lowLost = lostBy(c, rest, low)
  const high = product + low
  const highLost = lostBy(product, low, high)
  return high + sumToOdd(highLost, lowLost)
}

/** The upper 26 bits of a double (Veltkamp): what is left has no more, so that products of halves are exact. */
function upperHalf(value: number): number {
  const scaled = 134217729 * value
  return scaled - (scaled - value)
}

/** a + b − sum exactly, for sum = a + b as it was rounded. */
function lostBy(a: number, b: number, sum: number): number {
  const bRounded = sum - a
  return a - (sum - bRounded) + (b - bRounded)
}

const bits = new DataView(new ArrayBuffer(8))

/** a + b; where that is no double, the one of its two neighbours whose last bit is 1. */
function sumToOdd(a: number, b: number): number {
  const sum = a + b
  const lost = lostBy(a, b, sum)
  if (lost === 0) return sum
  bits.setFloat64(0, sum)
  const lower = bits.getInt32(4)
  if ((lower & 1) === 1) return sum
  // The exact sum lies between this even one and its odd neighbour on the side of what was lost.
  if (lost > 0 === sum > 0) {
    bits.setInt32(4, lower | 1)
  } else {
    bits.setInt32(4, lower - 1)
    if (lower === 0) bits.setInt32(0, bits.getInt32(0) - 1)
  }
  return bits.getFloat64(0)
}

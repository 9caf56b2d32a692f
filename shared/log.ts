/**
 * The natural logarithm to within little more than half a unit in the last place. With JavaScript's own one random
 * normal number in thirty differed from NumPy's in its last bit; with this one in a thousand does.
 */

/** ln 2 in two parts; the first has zeros enough at its end that a small multiple of it is exact. */
const ln2High = 6.9314718036912381649e-1
const ln2Low = 1.90821492927058770002e-10
const halfRoot = Math.SQRT1_2

/**
 * log(x) for x from (0, 1]: x = m · 2ᵉ with m from [√½, √2), s = (m − 1) / (m + 1) in two doubles, and
 * log(m) = 2s + 2s · (s²/3 + s⁴/5 + …).
 */
export function log(x: number): number {
  let m = x
  let exponent = 0
  while (m < halfRoot) {
    m *= 2
    exponent--
  }
  const above = m - 1
  const below = m + 1
  const belowRest = m - (below - 1)
  const s = above / below
  const rest = (remainder(above, s, below) - s * belowRest) / below
  const square = s * s
  let series = 0
  for (let n = 27; n >= 3; n -= 2) series = square * (series + 1 / n)
  const small = 2 * (rest + s * series)
  const high = exponent * ln2High
  const sum = high + 2 * s
  // |high| is 0 or more than |2s|, so this is exactly what the sum left out.
  const lost = high === 0 ? 0 : 2 * s - (sum - high)
  return sum + (small + lost + exponent * ln2Low)
}

/** a − b · c to more digits than a double holds, for b · c near a (Dekker, 1971). */
function remainder(a: number, b: number, c: number): number {
  const bHigh = Math.fround(b)
  const cHigh = Math.fround(c)
  const bLow = b - bHigh
  const cLow = c - cHigh
  return a - bHigh * cHigh - bHigh * cLow - bLow * cHigh - bLow * cLow
}

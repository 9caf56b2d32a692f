/**
 * x to the power of y. JavaScript's own is the wrong neighbour of the true value one time in ten, C's hardly ever: whole
 * exponents are multiplied out in twice the precision here, and a power of 0.5 is a root.
 */

/** A number as the sum of two: what the first one could not hold is the second. */
type Double = readonly [high: number, low: number]

/** The exact product: both are split in halves of 26 bits (Dekker). */
function product(x: number, y: number): Double {
  const high = x * y
  const [a, b] = [134217729 * x, 134217729 * y]
  const [x1, y1] = [a - (a - x), b - (b - y)]
  const [x2, y2] = [x - x1, y - y1]
  return [high, x2 * y2 - (high - x1 * y1 - x2 * y1 - x1 * y2)]
}

function times([a, b]: Double, [c, d]: Double): Double {
  const [high, low] = product(a, c)
  const rest = low + (a * d + b * c)
  const sum = high + rest
  return [sum, rest - (sum - high)]
}

/** 1 divided by it, rounded. */
function inverse([high, low]: Double): number {
  const quotient = 1 / high
  const [near, rest] = product(quotient, high)
  return quotient + quotient * (1 - near - rest - quotient * low)
}

/** Largest exponent multiplied out: what twice the precision loses on the way stays far below the last digit. */
const mostFactors = 1024

export function powerOf(x: number, y: number): number {
  const usual = x ** y
  if (!(Math.abs(usual) > 1e-270 && Math.abs(usual) < 1e270)) return usual
  if (y === 0.5) return Math.sqrt(x)
  const count = Math.abs(y)
  if (!Number.isInteger(y) || count > mostFactors || Math.abs(x) < 1e-270 || Math.abs(x) > 1e270) return usual
  let result: Double = [1, 0]
  let factor: Double = [x, 0]
  for (let left = count; ; factor = times(factor, factor)) {
    if (left % 2 === 1) result = times(result, factor)
    left = Math.floor(left / 2)
    if (left === 0) break
  }
  return y < 0 ? inverse(result) : result[0]
}

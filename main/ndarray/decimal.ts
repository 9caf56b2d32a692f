/** Decimal texts of binary numbers as NumPy's dragon4 makes them: shortest that tell the number apart, or cut off. */

import { dtypes, type DType } from './dtype.ts'
import { roundHalf } from './storage.ts'

/** 0.d₁d₂d₃… · 10^point of the shortest digits. */
interface Digits {
  readonly digits: string
  readonly point: number
}

function shortest(size: number, dtype: DType): Digits {
  let text = size.toExponential()
  if (dtype !== dtypes.float64) {
    const round = dtype === dtypes.float32 ? Math.fround : roundHalf
    for (let digits = 1; digits <= 9; digits++) {
      // Ties go to the even digit, unless that one is another number.
      const [mantissa, exponent] = cutScientific(size, digits - 1)
      text = `${mantissa[0]!}.${mantissa.slice(1)}e${exponent}`
      if (round(Number(text)) === size) break
      text = size.toExponential(digits - 1)
      if (round(Number(text)) === size) break
    }
  }
  const [mantissa, exponent] = text.split('e')
  return { digits: mantissa!.replace('.', '').replace(/0+$/, '') || '0', point: Number(exponent) + 1 }
}

/** With `precision` digits after the point, exact, ties to even. */
function cutFixed(size: number, precision: number): string {
  let text = size.toFixed(precision)
  const longer = size.toFixed(Math.min(precision + 30, 100))
  const rest = longer.slice(longer.length - (longer.length - 1 - longer.indexOf('.') - precision))
  if (/^50*$/.test(rest)) {
    const truncated = longer.slice(0, longer.length - rest.length).replace(/\.$/, '')
    if (Number(truncated.at(-1)) % 2 === 0) text = truncated
  }
  return text
}

const negative = (x: number) => x < 0 || Object.is(x, -0)

/** Whole and fractional digits, at most `precision` fractional ones (null: all that are needed), no zeros at the end. */
export function positional(x: number, dtype: DType, precision: number | null): { whole: string; fraction: string } {
  const size = Math.abs(x)
  const { digits, point } = shortest(size, dtype)
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const at = Math.max(point, 1)
  // With a precision the whole part is exact, also where fewer digits tell the number apart.
  let whole = precision !== null && digits.length < point ? BigInt(size).toString() : padded.slice(0, at)
  let fraction = padded.slice(at).replace(/0+$/, '')
  if (precision !== null && fraction.length > precision) {
    const [cutWhole, cutFraction] = cutFixed(size, precision).split('.')
    whole = cutWhole!
    fraction = (cutFraction ?? '').replace(/0+$/, '')
  }
  return { whole: (negative(x) ? '-' : '') + whole, fraction }
}

/** `precision` digits after the first, exact, ties to even. */
function cutScientific(size: number, precision: number): [mantissa: string, exponent: string] {
  const [mantissa, exponent] = size.toExponential(precision).split('e') as [string, string]
  const [longer, power] = size.toExponential(Math.min(precision + 30, 100)).split('e') as [string, string]
  const digits = longer.replace('.', '')
  const even = Number(digits[precision]) % 2 === 0
  if (/^50*$/.test(digits.slice(precision + 1)) && even) return [digits.slice(0, precision + 1), power]
  return [mantissa.replace('.', ''), exponent]
}

/**
 * Mantissa and exponent, at most `precision` fractional digits (`exact`: just as many, those of the number itself where
 * the shortest are fewer), no zeros at the end.
 */
export function scientific(
  x: number,
  dtype: DType,
  precision: number | null,
  exact = false,
): { whole: string; fraction: string; exponent: string } {
  const size = Math.abs(x)
  const { digits, point } = shortest(size, dtype)
  let mantissa = digits
  let exponent = size === 0 ? 0 : point - 1
  if (precision !== null && (exact ? digits.length - 1 !== precision : digits.length - 1 > precision)) {
    const [cut, power] = cutScientific(size, precision)
    mantissa = cut
    exponent = Number(power)
  }
  const text = String(Math.abs(exponent)).padStart(2, '0')
  return {
    whole: (negative(x) ? '-' : '') + mantissa[0]!,
    fraction: mantissa.slice(1).replace(/0+$/, ''),
    exponent: `e${exponent < 0 ? '-' : '+'}${text}`,
  }
}

/** One number on its own, as Python's `repr` of a float: 0.1, 1e-05, 1.5e+16, nan. */
export function floatText(x: number, dtype: DType = dtypes.float64): string {
  if (Number.isNaN(x)) return 'nan'
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf'
  const size = Math.abs(x)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const { whole, fraction, exponent } = scientific(x, dtype, null)
    return `${whole}${fraction === '' ? '' : `.${fraction}`}${exponent}`
  }
  const { whole, fraction } = positional(x, dtype, null)
  return `${whole}.${fraction === '' ? '0' : fraction}`
}

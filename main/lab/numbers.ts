/** Python's numbers: exact integers, floats as they are written and rounded, and the arithmetic of both. */

import { powerOf } from '../ndarray/index.ts'
import { raised } from './errors.ts'

/** Bits of the largest whole number a program may make. */
const largestBits = 1_000_000

/** `0.1`, `1e-07`, `1e+16`, `2.0`: the shortest text that reads back, as Python writes it. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa, power] = value.toExponential().split('e') as [string, string]
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, '0')
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`
  }
  const text = exponent < 0 ? smallText(mantissa, exponent) : String(value)
  return text.includes('.') ? text : `${text}.0`
}

/** `1.5` and −4 as `0.00015`. */
function smallText(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
}

/** |value| as a fraction of whole numbers, the denominator a power of two. */
function fractionOf(value: number): [numerator: bigint, denominator: bigint] {
  let mantissa = Math.abs(value)
  let shifts = 0
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    shifts++
  }
  return [BigInt(mantissa), 1n << BigInt(shifts)]
}

/** |value| · 10^power to the nearest whole number, halves to the even one; exact. */
export function scaledDigits(value: number, power: number): bigint {
  const [numerator, denominator] = fractionOf(value)
  const ten = 10n ** BigInt(Math.abs(power))
  return power >= 0 ? divideHalfEven(numerator * ten, denominator) : divideHalfEven(numerator, denominator * ten)
}

/** a / b, both at least 0, to the nearest whole number, halves to the even one. */
function divideHalfEven(a: bigint, b: bigint): bigint {
  const quotient = a / b
  const twice = 2n * (a - quotient * b)
  return twice > b || (twice === b && (quotient & 1n) === 1n) ? quotient + 1n : quotient
}

/** Python's round of a float to `digits` places, itself a float. */
export function roundFloat(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 323) return value
  if (digits < -309) return 0 * value
  const rounded = Number(`${scaledDigits(value, digits)}e${-digits}`)
  return value < 0 || Object.is(value, -0) ? -rounded : rounded
}

/** Python's round of an int to a negative number of places. */
export function roundInt(value: bigint, digits: number): bigint {
  if (digits >= 0) return value
  const ten = 10n ** BigInt(Math.min(-digits, 10_000))
  const size = divideHalfEven(value < 0n ? -value : value, ten) * ten
  return value < 0n ? -size : size
}

/** A float as the int it is, truncated. */
export function floatToInt(value: number): bigint {
  if (Number.isNaN(value)) throw raised('ValueError', 'cannot convert float NaN to integer')
  if (!Number.isFinite(value)) throw raised('OverflowError', 'cannot convert float infinity to integer')
  return BigInt(Math.trunc(value))
}

/** An int as a float; OverflowError where there is none. */
export function intToFloat(value: bigint): number {
  const float = Number(value)
  if (!Number.isFinite(float)) throw raised('OverflowError', 'int too large to convert to float')
  return float
}

export function floorDivideInts(a: bigint, b: bigint): bigint {
  if (b === 0n) throw raised('ZeroDivisionError', 'integer division or modulo by zero')
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

export function moduloInts(a: bigint, b: bigint): bigint {
  if (b === 0n) throw raised('ZeroDivisionError', 'integer modulo by zero')
  const rest = a % b
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest
}

/** a / b correctly rounded, also where neither fits a float. */
export function divideInts(a: bigint, b: bigint): number {
  if (b === 0n) throw raised('ZeroDivisionError', 'division by zero')
  const x = Number(a)
  const y = Number(b)
  if (Number.isSafeInteger(x) && Number.isSafeInteger(y)) return x / y
  const negative = a < 0n !== b < 0n
  const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b]
  const shift = 66 - (top.toString(2).length - bottom.toString(2).length)
  const scaled = shift >= 0 ? (top << BigInt(shift)) / bottom : top / (bottom << BigInt(-shift))
  const exact = shift >= 0 ? scaled * bottom === top << BigInt(shift) : scaled * (bottom << BigInt(-shift)) === top
  // A last bit that is never even keeps what was cut off from looking like a tie.
  const size = Number(exact ? scaled : scaled | 1n) * 2 ** -shift
  if (!Number.isFinite(size)) throw raised('OverflowError', 'integer division result too large for a float')
  return negative ? -size : size
}

export function floorDivideFloats(a: number, b: number): number {
  if (b === 0) throw raised('ZeroDivisionError', 'float floor division by zero')
  const rest = moduloFloats(a, b)
  const quotient = (a - rest) / b
  if (quotient === 0) return a < 0 !== b < 0 ? -0 : 0
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

export function moduloFloats(a: number, b: number): number {
  if (b === 0) throw raised('ZeroDivisionError', 'float modulo')
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}

export function powerInts(a: bigint, b: bigint): bigint | number {
  if (b < 0n) {
    if (a === 0n) throw raised('ZeroDivisionError', '0.0 cannot be raised to a negative power')
    return powerFloats(intToFloat(a), Number(b))
  }
  if (a === 0n || a === 1n) return b === 0n ? 1n : a
  if (a === -1n) return (b & 1n) === 0n ? 1n : -1n
  requireBits(BigInt(a.toString(2).length) * b)
  return a ** b
}

export function powerFloats(a: number, b: number): number {
  if (a === 1 || b === 0) return 1
  if (a === 0 && b < 0) throw raised('ZeroDivisionError', '0.0 cannot be raised to a negative power')
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) {
    throw raised(
      'ValueError',
      'a negative number cannot be raised to a fractional power: the lab has no complex numbers',
    )
  }
  // Python knows that −1 stays of size 1.
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return 1
  const result = powerOf(a, b)
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw raised('OverflowError', "(34, 'Numerical result out of range')")
  }
  return result
}

export function shiftInt(a: bigint, by: bigint): bigint {
  if (by < 0n) throw raised('ValueError', 'negative shift count')
  requireBits(BigInt(a.toString(2).length) + by)
  return a << by
}

export function multiplyInts(a: bigint, b: bigint): bigint {
  const product = a * b
  if (product > guard || product < -guard) requireBits(BigInt(product.toString(16).length) * 4n)
  return product
}
const guard = 1n << 4096n

function requireBits(bits: bigint): void {
  if (bits > BigInt(largestBits)) {
    throw raised('OverflowError', `the lab's whole numbers have at most ${largestBits} bits`)
  }
}

/** Compares an int with a float without rounding it: negative, 0, positive; NaN where there is no order. */
export function compareIntFloat(a: bigint, b: number): number {
  if (Number.isNaN(b)) return Number.NaN
  // JavaScript compares the two exactly.
  return a < b ? -1 : a > b ? 1 : 0
}

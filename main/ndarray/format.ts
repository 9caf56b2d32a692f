/** How the elements of one array are written, so that they line up: NumPy's BoolFormat, IntegerFormat, FloatingFormat. */

import type { DType } from './dtype.ts'
import { positional, scientific } from './decimal.ts'
import type { Flat } from './storage.ts'
import type { PrintOptions } from './session.ts'

export type Formatter = (value: number | bigint) => string

/** For elements that these are a sample of: all, or the first and last where the array is summarised. */
export function formatter(sample: Flat, dtype: DType, zeroDimensional: boolean, options: PrintOptions): Formatter {
  switch (dtype.kind) {
    case 'b':
      return (value) => (Number(value) !== 0 ? (zeroDimensional ? 'True' : ' True') : 'False')
    case 'i':
    case 'u': {
      const { sign } = options
      const text = (value: number | bigint) => (value < 0 || sign === '-' ? String(value) : sign + String(value))
      let width = 0
      for (const value of sample) width = Math.max(width, text(value).length)
      return (value) => text(value).padStart(width)
    }
    case 'f':
      return floats(sample as Float64Array, dtype, options)
  }
}

function floats(sample: Float64Array, dtype: DType, options: PrintOptions): Formatter {
  const { suppress, sign, floatmode, nanstr, infstr } = options
  const precision = floatmode === 'unique' ? null : options.precision
  const signed = (whole: string) => (sign === '+' && !whole.startsWith('-') ? `+${whole}` : whole)
  const finite = sample.filter(Number.isFinite)
  let largest = 0
  let smallest = Infinity
  for (const value of finite) {
    const size = Math.abs(value)
    if (size === 0) continue
    largest = Math.max(largest, size)
    smallest = Math.min(smallest, size)
  }
  const scientificForm =
    largest > 0 && (largest >= 1e8 || (!suppress && (smallest < 0.0001 || largest / smallest > 1000)))
  let left = 0
  let right = 0
  let digits = 0
  let decimals: (value: number) => string
  if (scientificForm) {
    let tail = 0
    for (const value of finite) {
      const { whole, fraction, exponent } = scientific(value, dtype, precision)
      left = Math.max(left, signed(whole).length)
      digits = Math.max(digits, fraction.length)
      tail = Math.max(tail, exponent.length)
    }
    if (floatmode === 'fixed') digits = options.precision
    right = tail + digits
    decimals = (value) => {
      const { whole, fraction, exponent } = scientific(value, dtype, digits, true)
      const power = exponent.slice(2).padStart(tail - 2, '0')
      return `${signed(whole).padStart(left)}.${fraction.padEnd(digits, '0')}${exponent.slice(0, 2)}${power}`
    }
  } else {
    for (const value of finite) {
      const { whole, fraction } = positional(value, dtype, precision)
      left = Math.max(left, signed(whole).length)
      digits = Math.max(digits, fraction.length)
    }
    if (floatmode === 'fixed') digits = options.precision
    right = digits
    const filling = floatmode === 'fixed' || floatmode === 'maxprec_equal' ? '0' : ' '
    decimals = (value) => {
      const { whole, fraction } = positional(value, dtype, digits)
      return `${signed(whole).padStart(left)}.${fraction.padEnd(digits, filling)}`
    }
  }
  if (sign === ' ' && !sample.some((value) => value < 0 || Object.is(value, -0))) left++
  if (finite.length < sample.length) {
    const infinite = infstr.length + (sign !== '-' || sample.includes(-Infinity) ? 1 : 0)
    const offset = right + 1
    if (sample.some(Number.isNaN)) left = Math.max(left, nanstr.length - offset)
    if (sample.some((value) => Math.abs(value) === Infinity)) left = Math.max(left, infinite - offset)
  }
  return (element) => {
    const value = Number(element)
    if (Number.isFinite(value)) return decimals(value)
    const plus = sign === '+' ? '+' : ''
    const text = Number.isNaN(value) ? plus + nanstr : (value > 0 ? plus : '-') + infstr
    return text.padStart(left + right + 1)
  }
}

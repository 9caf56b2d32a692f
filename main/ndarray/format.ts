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
      let width = 0
      for (const value of sample) width = Math.max(width, String(value).length)
      return (value) => String(value).padStart(width)
    }
    case 'f':
      return floats(sample as Float64Array, dtype, options)
  }
}

function floats(sample: Float64Array, dtype: DType, { precision, suppress }: PrintOptions): Formatter {
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
      left = Math.max(left, whole.length)
      digits = Math.max(digits, fraction.length)
      tail = Math.max(tail, exponent.length)
    }
    right = tail + digits
    decimals = (value) => {
      const { whole, fraction, exponent } = scientific(value, dtype, digits, true)
      const power = exponent.slice(2).padStart(tail - 2, '0')
      return `${whole.padStart(left)}.${fraction.padEnd(digits, '0')}${exponent.slice(0, 2)}${power}`
    }
  } else {
    for (const value of finite) {
      const { whole, fraction } = positional(value, dtype, precision)
      left = Math.max(left, whole.length)
      digits = Math.max(digits, fraction.length)
    }
    right = digits
    decimals = (value) => {
      const { whole, fraction } = positional(value, dtype, digits)
      return `${whole.padStart(left)}.${fraction.padEnd(digits)}`
    }
  }
  for (const value of sample) {
    if (Number.isNaN(value)) left = Math.max(left, 3 - (right + 1))
    else if (!Number.isFinite(value))
      left = Math.max(left, (value < 0 || sample.includes(-Infinity) ? 4 : 3) - (right + 1))
  }
  return (element) => {
    const value = Number(element)
    if (Number.isFinite(value)) return decimals(value)
    return (Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf').padStart(left + right + 1)
  }
}

/** What all figures share: colours, text styles, and how numbers are written. */

import { formatNumberExactly } from '../../shared/tensor.ts'
import type { TextStyle } from './text.ts'

export const titleStyle: TextStyle = { size: 18, weight: 'bold', colour: 'ink' }
export const bodyStyle: TextStyle = { size: 14, weight: 'regular', colour: 'ink' }
export const quietStyle: TextStyle = { size: 14, weight: 'regular', colour: 'muted' }
export const smallStyle: TextStyle = { size: 12, weight: 'regular', colour: 'muted' }
export const tinyStyle: TextStyle = { size: 11, weight: 'regular', colour: 'muted' }

/** Up to four significant digits, with a real minus sign: `−1.92`, `0.5315`, `1.2e−7`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '−inf'
  const size = Math.abs(value)
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? trimExponent(value.toExponential(3))
      : String(Number(value.toPrecision(4)))
  return text.replaceAll('-', '−')
}

/** Every digit there is, with a real minus sign. */
export function formatExactly(value: number): string {
  return formatNumberExactly(value).replace('e+', 'e').replaceAll('-', '−')
}

function trimExponent(text: string): string {
  return text.replace(/\.?0*e/, 'e').replace('e+', 'e')
}

/** Numbers for one column, with as many decimals as give the largest four significant digits. */
export function formatColumn(values: readonly number[]): string[] {
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0)
  if (largest === 0 || largest < 1e-4 || largest >= 1e6) return values.map(formatNumber)
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(largest)))
  return values.map((value) => {
    if (!Number.isFinite(value) || value === 0) return formatNumber(value)
    const text = value.toFixed(decimals)
    // A number that is not zero is not written as one.
    return Number(text) === 0 ? formatNumber(value) : text.replace('-', '−')
  })
}

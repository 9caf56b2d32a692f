/** Numbers under each other: as many decimals each as lets their points stand in one line, or every digit there is. */

import { formatValue } from './format.ts'

/**
 * Every digit, as a program writes and reads it: `Number(exact(x))` is `x` to the last bit, −0 and what is not finite
 * included. With the plain hyphen, so that it can be pasted into one.
 */
export function exact(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** A way of writing all of these values: rounded to what `digits` digits tell of the largest, or with every digit. */
export function columnFormat(values: Iterable<number>, digits: number | 'exact'): (value: number) => string {
  if (digits === 'exact') return exact
  const finite = [...values].filter(Number.isFinite)
  const largest = Math.max(0, ...finite.map(Math.abs))
  if (finite.every(Number.isInteger) && largest < 10 ** Math.max(digits, 4)) return (value) => formatValue(value, 9)
  const whole = largest === 0 ? 0 : Math.floor(Math.log10(largest))
  if (whole < -digits || whole >= digits + 2) return (value) => formatValue(value, Math.max(2, digits - 2))
  const decimals = Math.max(0, digits - 1 - Math.max(0, whole))
  return (value) => {
    if (!Number.isFinite(value)) return formatValue(value)
    const text = Math.abs(value).toFixed(decimals)
    return value < 0 && Number(text) !== 0 ? `−${text}` : text
  }
}

/** The texts of a column, filled up on the right so that in a fixed-width font their points stand under each other. */
export function alignPoints(texts: readonly string[]): readonly string[] {
  const after = texts.map((text) => text.length - (text.search(/[.e]/) + 1 || text.length + 1) + 1)
  const most = Math.max(0, ...after)
  return texts.map((text, i) => text + ' '.repeat(most - after[i]!))
}

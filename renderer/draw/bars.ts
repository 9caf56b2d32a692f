/** The axis bars stand on. */

import { barRange } from '../../shared/scales.ts'

export interface BarAxis {
  /** Where zero lies, 0 (left) to 1. */
  readonly zero: number
  /** Index of the one largest finite value; −1 if there is none, or several share it. */
  readonly largest: number
  /** Start and length of a value's bar, as shares of the axis. */
  readonly bar: (value: number) => { readonly start: number; readonly length: number }
}

/** An axis that holds zero and all values. */
export function barAxis(values: readonly number[]): BarAxis {
  const finite = values.filter(Number.isFinite)
  const { from, to } = barRange(values)
  const at = (value: number) => (Math.min(to, Math.max(from, value)) - from) / (to - from)
  const zero = at(0)
  const most = Math.max(...finite)
  const largest = finite.filter((value) => value === most).length === 1 ? values.indexOf(most) : -1
  return {
    zero,
    largest,
    bar(value) {
      if (Number.isNaN(value)) return { start: zero, length: 0 }
      const end = at(value)
      return { start: Math.min(zero, end), length: Math.abs(end - zero) }
    },
  }
}

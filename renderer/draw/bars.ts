/** The axis bars stand on. */

export interface BarAxis {
  /** Where zero lies, 0 (left) to 1. */
  readonly zero: number
  /** Index of the one largest finite value; −1 if there is none, or several share it. */
  readonly largest: number
  /** Start and length of a value's bar, as shares of the axis. */
  readonly bar: (value: number) => { readonly start: number; readonly length: number }
}

/** An axis that holds zero and all values; shares of one whole (they are not negative and sum to 1) keep 1 as its end. */
export function barAxis(values: readonly number[]): BarAxis {
  const finite = values.filter(Number.isFinite)
  const low = Math.min(0, ...finite)
  const sum = finite.reduce((total, value) => total + value, 0)
  const whole = low === 0 && finite.length === values.length && Math.abs(sum - 1) < 1e-6
  const high = whole ? 1 : Math.max(0, ...finite)
  const span = high - low || 1
  const at = (value: number) => (Math.min(high, Math.max(low, value)) - low) / span
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

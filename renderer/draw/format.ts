/** Numbers, times and sizes as the window writes them: in one place, with a true minus sign. */

/** `−0.466667`, `1.2e−7`, `NaN`, `∞`: at most `digits` significant digits, no trailing zeros. */
export function formatValue(value: number, digits = 6): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, exponent] = value.toExponential(Math.max(0, digits - 1)).split('e') as [string, string]
    return minus(`${Number(mantissa)}e${Number(exponent)}`)
  }
  return minus(String(Number(value.toPrecision(digits))))
}

/** As `formatValue`, with fewer digits where it would be longer than `room` characters. */
export function formatWithin(value: number, room: number, digits: number): string {
  let text = formatValue(value, digits)
  for (let fewer = digits - 1; text.length > room && fewer > 0; fewer--) text = formatValue(value, fewer)
  return text
}

/** Three significant digits at most: for legends and cards. */
export function formatShort(value: number, room = Infinity): string {
  return formatWithin(value, room, 3)
}

/** A value of a signed scale: `+1.92`, `−1.92`, `0`. */
export function formatSigned(value: number, room = Infinity): string {
  return value > 0 ? `+${formatShort(value, room - 1)}` : formatShort(value, room)
}

/** `0.07 ms`, `12 ms`, `1.3 s`. */
export function formatTime(milliseconds: number): string {
  if (milliseconds < 0.01) return '<0.01 ms'
  if (milliseconds < 10) return `${Number(milliseconds.toPrecision(milliseconds < 1 ? 1 : 2))} ms`
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  return `${(milliseconds / 1000).toFixed(1)} s`
}

/** `24.9 kB`, `3.1 MB`: decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3))
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power - 1]}`
}

const thousands = new Intl.NumberFormat('en-US')

/** `12,288`: a whole number with its thousands apart. */
export function formatCount(count: number): string {
  return minus(thousands.format(count))
}

/** `1 parameter`, `40 parameters`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

function minus(text: string): string {
  return text.replaceAll('-', '−')
}

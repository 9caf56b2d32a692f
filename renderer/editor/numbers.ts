/** Numbers as a person types or pastes them, and as a field shows them. */

/** `0.5`, `-1e-3`, `−2`, `1/9`; null for what is no number. */
export function parseNumber(text: string): number | null {
  const plain = text.trim().replaceAll('−', '-')
  const [top, bottom, ...rest] = plain.split('/').map((part) => part.trim())
  if (rest.length > 0 || !top) return null
  const value = decimal(top) / (bottom === undefined ? 1 : decimal(bottom))
  return Number.isFinite(value) ? value : null
}

function decimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN
}

/** Every digit, so that what is shown is what is used. */
export function writeNumber(value: number): string {
  return String(value).replaceAll('-', '−')
}

/** A sum of steps without the dust of binary fractions: 0.1 + 0.2 as 0.3. */
export function stepBy(value: number, by: number): number {
  return Number((value + by).toPrecision(12))
}

/** A comma that cannot stand between thousands: 0,125 and 1,5, but not 1,250. */
const decimalComma = /(?<!\d)(0?,\d|\d+,(\d{1,2}|\d{4,})(?!\d))/

/**
 * A table as spreadsheets copy it (tabs), or with semicolons, commas or spaces between: rows of numbers. Between tabs and
 * semicolons they may have decimal commas, if nothing speaks for thousands.
 * Answers with a sentence where it is none.
 */
export function parseTable(text: string): number[][] | string {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0) return 'There is nothing to paste: the clipboard holds no text.'
  const separator = lines.some((line) => line.includes('\t'))
    ? /\t/
    : lines.some((line) => line.includes(';'))
      ? /;/
      : lines.some((line) => line.includes(','))
        ? /,/
        : /\s+/
  const commas = lines.some((line) => /[\t;]/.test(line)) && !text.includes('.') && decimalComma.test(text)
  const rows: number[][] = []
  for (const [row, line] of lines.entries()) {
    const cells = line.split(separator).map((cell) => cell.trim())
    const values = cells.map((cell) => parseNumber(commas ? cell.replace(',', '.') : cell))
    const wrong = values.indexOf(null)
    if (wrong >= 0) return `Row ${row + 1}, column ${wrong + 1} is no number: “${cells[wrong]!.slice(0, 40)}”.`
    if (rows.length > 0 && values.length !== rows[0]!.length) {
      return `Row ${row + 1} has ${values.length} numbers, but the first has ${rows[0]!.length}.`
    }
    rows.push(values as number[])
  }
  return rows
}

/** Rows as a spreadsheet takes them. */
export function writeTable(rows: readonly (readonly number[])[]): string {
  return rows.map((row) => row.join('\t')).join('\n')
}

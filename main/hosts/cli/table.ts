/** Text for people: aligned columns, numbers at a readable precision, sizes and times with units. */

import type { PlannedStage } from '../../../shared/api.ts'
import { formatShape } from '../../../shared/tensor.ts'

export interface Column<Row> {
  readonly title: string
  /** Left, for words; numbers stand to the right. */
  readonly right?: boolean
  readonly cell: (row: Row) => string
}

/** Rows under their titles, columns two spaces apart. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], indent = ''): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))]
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => width(line[index]!))))
  return lines
    .map((line) => {
      const cells = line.map((cell, index) => {
        const room = ' '.repeat(widths[index]! - width(cell))
        return columns[index]!.right ? room + cell : cell + room
      })
      return indent + cells.join('  ').trimEnd()
    })
    .join('\n')
}

/** What every table of stages begins with. */
export const stageColumns: readonly Column<Pick<PlannedStage, 'index' | 'title' | 'shape'>>[] = [
  { title: '#', right: true, cell: ({ index }) => String(index) },
  { title: 'Layer', cell: ({ title }) => title },
  { title: 'Shape', cell: ({ shape }) => formatShape(shape) },
]

/** Characters a terminal shows; wide ones (CJK) count double. */
function width(text: string): number {
  let cells = 0
  for (const character of text)
    cells += /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(character) ? 2 : 1
  return cells
}

/** Four decimals where that tells something, an exponent where it does not; a real minus sign is left to pictures. */
export function formatNumber(value: number | null): string {
  if (value === null) return 'none'
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  if (size !== 0 && (size < 0.001 || size >= 100_000)) return value.toExponential(3)
  return value.toFixed(4)
}

export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0)} ms`
}

/** Bytes in the units file managers show (1 kB is 1000 bytes). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  const units = ['kB', 'MB', 'GB', 'TB']
  let size = bytes / 1000
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${size.toFixed(size < 10 ? 1 : 0)} ${units[unit]!}`
}

export function formatCount(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}

/** A bar of `fraction` of `cells` character cells, in eighths. */
export function formatBar(fraction: number, cells: number): string {
  const eighths = Math.round(Math.min(Math.max(fraction, 0), 1) * cells * 8)
  const rest = eighths % 8
  return '█'.repeat(Math.floor(eighths / 8)) + (rest > 0 ? ' ▏▎▍▌▋▊▉'[rest]! : '')
}

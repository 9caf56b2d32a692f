/** The table over all images of a batch: its columns and cells, the same in the window and in files. */

import type { PlannedStage } from './api.ts'
import type { BatchColumn } from './batch.ts'
import { stageStatistics, type BatchRecord } from './batchState.ts'

export function tableColumns(
  stages: readonly Pick<PlannedStage, 'index' | 'kind' | 'title'>[],
  classes: readonly string[],
): BatchColumn[] {
  const columns: BatchColumn[] = [
    { id: 'name', title: 'Image', stage: null, type: 'text' },
    { id: 'width', title: 'Width', stage: null, type: 'number' },
    { id: 'height', title: 'Height', stage: null, type: 'number' },
  ]
  if (classes.length > 0) columns.push({ id: 'class', title: 'Likeliest class', stage: null, type: 'text' })
  classes.forEach((name, index) => {
    columns.push({ id: `p.${index}`, title: `P(${name})`, stage: null, type: 'number' })
  })
  for (const { index, kind, title } of stages) {
    const stem = `${String(index).padStart(2, '0')}-${kind}`
    for (const statistic of stageStatistics) {
      columns.push({ id: `${stem}.${statistic}`, title: `${title}, ${statistic}`, stage: index, type: 'number' })
    }
  }
  return columns
}

/** The cells of one image, in the order of `tableColumns`; null where there is no such number. */
export function tableCells(
  record: BatchRecord,
  stages: number,
  classes: readonly string[],
): (string | number | null)[] {
  const { name, width, height, probabilities, statistics } = record
  const cells: (string | number | null)[] = [name, width, height]
  if (classes.length > 0) {
    cells.push(likeliest(probabilities, classes)?.name ?? null)
    for (let i = 0; i < classes.length; i++) cells.push(numberOrNull(probabilities[i]))
  }
  for (let i = 0; i < stages * stageStatistics.length; i++) cells.push(numberOrNull(statistics[i]))
  return cells
}

/** The class with the largest probability, the first of several; null where there is none. */
export function likeliest(
  probabilities: ArrayLike<number>,
  classes: readonly string[],
): { readonly name: string; readonly probability: number } | null {
  let best = -1
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i]! > (best < 0 ? -Infinity : probabilities[best]!)) best = i
  }
  return best < 0 ? null : { name: classes[best] ?? String(best), probability: probabilities[best]! }
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}

/** `mean` of a stage's column `01-conv2d.mean`; of another column its id. */
export function statisticOf({ id, stage }: BatchColumn): string {
  return stage === null ? id : id.slice(id.lastIndexOf('.') + 1)
}

/** What a column is called in a file. */
export function csvHeader({ id, title, stage, type }: BatchColumn): string {
  return stage === null && type === 'number' ? title.charAt(0).toLowerCase() + title.slice(1) : id
}

/** A text no spreadsheet takes for a formula: class names come with a pipeline file, which may be somebody else's. */
export function inertText(text: string): string {
  return startsFormula.test(text) ? `'${text}` : text
}

const startsFormula = /^[=+\-@\t\r]/

/** A cell as text; nothing where there is none. */
export function inertCell(value: string | number | null): string {
  return typeof value === 'string' ? inertText(value) : String(value ?? '')
}

/** A line of a .csv file; numbers in the shortest form that reads back the same, nothing where there is none. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** The same file under a name no spreadsheet takes for a formula. */
export function inertName(name: string): string {
  return startsFormula.test(name) ? `./${name}` : name
}

function csvCell(value: string | number | null): string {
  const text = inertCell(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** What a batch leaves in its folder is called; apart from the drawing of it, since hosts name folders and draw nothing. */

import { batchFileName } from '../../shared/batchState.ts'

/** Contact sheets at most; images beyond them are in the table alone. */
export const mostSheets = 25

/** `page` counts from 0. */
export function contactSheetName(page: number): string {
  return page === 0 ? 'contact-sheet.png' : `contact-sheet-${page + 1}.png`
}

/** What parts of a list are merged from. */
export const partName = /^batch-\d+-of-\d+\.layerloupe$/

/** Whether a file of this name is what a batch is taken up again from, so that the folder it is in is a batch's. */
export function isBatchFile(name: string): boolean {
  return name === batchFileName([1, 1]) || partName.test(name)
}

/** The folder of what is of all images. */
export const statisticsName = 'statistics'

/** Names nothing else in the folder of a batch may have, besides those of parts. */
export const batchNames: readonly string[] = [
  'summary.csv',
  'summary.json',
  statisticsName,
  batchFileName([1, 1]),
  ...Array.from({ length: mostSheets }, (_, page) => contactSheetName(page)),
]

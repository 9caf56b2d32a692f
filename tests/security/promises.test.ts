/** SECURITY.md names the tests that show its promises: they are there, under the titles it gives. */

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { repoRoot } from '../support/shared.ts'

const promises = readFileSync(path.join(repoRoot, 'SECURITY.md'), 'utf8').split('## What it does not promise')[0]!
/** Each item of a list that begins with the file of a test, on one line. */
const shown = [...promises.matchAll(/^- `([^`]+)`((?:.|\n {2})*)/gm)].map(([, file, text]) => ({
  file: file!,
  titles: [...text!.replaceAll(/\s+/g, ' ').matchAll(/“([^”]+)”/g)].map(([, title]) => title!),
}))

/** A test's own text, with quotes in it as they read. */
const textOf = (file: string) => readFileSync(path.join(repoRoot, file), 'utf8').replaceAll("\\'", "'")

it('every promise has a test', () => {
  const each = promises.split(/^\*\*/m).slice(1)
  expect(each.length).toBeGreaterThan(6)
  for (const promise of each) expect(promise).toMatch(/^- `[^`]+\.(test|spec)\.ts`[^]*“/m)
})

it.each(shown)('$file has the tests it is named for', ({ file, titles }) => {
  expect(existsSync(path.join(repoRoot, file))).toBe(true)
  expect(titles).not.toEqual([])
  const text = textOf(file)
  expect(titles.filter((title) => !text.includes(title))).toEqual([])
})

import { expect, it } from 'vitest'
import { labLessons } from './index.ts'

/** Text without its code and its bold words. */
const bare = (text: string) => text.replaceAll(/`[^`\n]+`/g, '').replaceAll(/\*\*[^*`\n]+\*\*/g, '')

it('names each lesson once', () => {
  expect(new Set(labLessons.map(({ id }) => id)).size).toBe(labLessons.length)
  expect(new Set(labLessons.map(({ title }) => title)).size).toBe(labLessons.length)
})

it.each(labLessons)('begins with words, gives cells to run and ends with a task: $title', ({ id, summary, parts }) => {
  expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect(summary).toMatch(/^[A-Z].*\.$/)
  const kinds = parts.map(({ kind }) => kind)
  expect(kinds[0]).toBe('text')
  expect(kinds.filter((kind) => kind === 'code').length).toBeGreaterThan(1)
  expect(kinds.at(-1)).toBe('task')
})

it.each(labLessons)('is written in paragraphs with code and bold words, and no other markup: $title', ({ parts }) => {
  const texts = parts.flatMap((part) =>
    part.kind === 'code'
      ? []
      : part.kind === 'text'
        ? part.text.split('\n\n')
        : [...part.text.split('\n\n'), part.hint],
  )
  for (const text of texts) {
    expect(text).toMatch(/^\S[^\n]*[.:?)]$/)
    expect(bare(text)).not.toMatch(/[`*<>_#]/)
  }
})

import { describe, expect, test } from 'vitest'
import { layerDefinitions, type LayerKind } from './layers/index.ts'
import { lessons } from './lessons.ts'

const allowed = new Set([
  'math',
  'mrow',
  'mi',
  'mn',
  'mo',
  'mtext',
  'msub',
  'msup',
  'msubsup',
  'mfrac',
  'msqrt',
  'munder',
])
/** How many children each element must have. */
const children: Readonly<Record<string, number>> = { msub: 2, msup: 2, msubsup: 3, mfrac: 2, munder: 2, math: 1 }

/** Reads markup; throws where it is not well formed. */
function check(markup: string): void {
  const open: { name: string; count: number }[] = [{ name: '', count: 0 }]
  for (const [, closing, name, text] of markup.matchAll(/<(\/?)([a-z]+)(?: display="block")?>|([^<]+)/g)) {
    if (text !== undefined) {
      expect(['mi', 'mn', 'mo', 'mtext']).toContain(open.at(-1)!.name)
    } else if (closing === '') {
      expect(allowed).toContain(name)
      open.at(-1)!.count++
      open.push({ name: name!, count: 0 })
    } else {
      const element = open.pop()!
      expect(element.name).toBe(name)
      const wanted = children[element.name]
      if (wanted !== undefined) expect(`${element.name} ${element.count}`).toBe(`${element.name} ${wanted}`)
    }
  }
  expect(open).toEqual([{ name: '', count: 1 }])
}

describe('lessons', () => {
  test.each(Object.keys(layerDefinitions) as LayerKind[])('%s has a whole one', (kind) => {
    const { name, formula, formulaText, explanation, lookFor } = lessons[kind]
    expect(name).toMatch(/^[A-Z]/)
    expect(formula).toMatch(/^<math display="block">.*<\/math>$/)
    check(formula)
    expect(formulaText).toContain('=')
    expect(explanation.split(/[.?!] /).length).toBeGreaterThanOrEqual(2)
    expect(lookFor.length).toBeGreaterThan(40)
    for (const text of [formulaText, explanation, lookFor]) expect(text).not.toContain('\n')
  })

  test('brighten tells what bytes would have done', () => {
    const wrapped = Uint8Array.of(250 + 10)[0]!
    expect(lessons.brighten.explanation).toContain(`250 + 10 becomes ${wrapped}`)
  })
})

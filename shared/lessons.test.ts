import { describe, expect, test } from 'vitest'
import { layerDefinitions, type LayerKind } from './layers/index.ts'
import { activationNames, type ActivationName } from './layers/pointwise.ts'
import { lessonOf, lessons, type Lesson } from './lessons.ts'
import { defaultLayer } from './pipeline.ts'

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
  'mtable',
  'mtr',
  'mtd',
])
/** How many children each element must have. */
const children: Readonly<Record<string, number>> = {
  msub: 2,
  msup: 2,
  msubsup: 3,
  mfrac: 2,
  munder: 2,
  math: 1,
  mtr: 2,
  mtd: 1,
}

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

function checkLesson({ name, formula, formulaText, explanation, lookFor }: Lesson): void {
  expect(name).toMatch(/^[A-Z]/)
  expect(formula).toMatch(/^<math display="block">.*<\/math>$/)
  check(formula)
  expect(formulaText).toContain('=')
  expect(explanation.split(/[.?!] /).length).toBeGreaterThanOrEqual(2)
  expect(lookFor.length).toBeGreaterThan(40)
  for (const text of [formulaText, explanation, lookFor]) expect(text).not.toContain('\n')
}

describe('lessons', () => {
  test.each(Object.keys(layerDefinitions) as LayerKind[])('%s has a whole one', (kind) => {
    checkLesson(lessons[kind])
    if (kind !== 'activation') expect(lessonOf(defaultLayer(kind))).toBe(lessons[kind])
  })

  test.each(Object.keys(activationNames) as ActivationName[])('%s has one of its own', (name) => {
    const lesson = lessonOf({ kind: 'activation', function: name, alpha: null, beta: null, gamma: null })
    expect(lesson.name).toBe(activationNames[name])
    expect(lesson.formulaText).not.toBe(lessons.activation.formulaText)
    checkLesson(lesson)
  })

  test('brighten tells what bytes would have done', () => {
    const wrapped = Uint8Array.of(250 + 10)[0]!
    expect(lessons.brighten.explanation).toContain(`250 + 10 becomes ${wrapped}`)
  })
})

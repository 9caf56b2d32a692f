import { describe, expect, test } from 'vitest'
import { layerDefinitions, type LayerKind } from './layers/index.ts'
import { activationNames, type ActivationName } from './layers/pointwise.ts'
import { lessonOf, lessons } from './lessons.ts'
import type { Lesson } from './lessonVariants.ts'
import { defaultLayer, parsePipeline } from './pipeline.ts'

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
  for (const [, closing, name, text] of markup.matchAll(
    /<(\/?)([a-z]+)(?: display="block"| stretchy="false")?>|([^<]+)/g,
  )) {
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

/** The lesson of a layer with these options. */
function told(layer: object): Lesson {
  const layers = [...('kind' in layer && layer.kind === 'input' ? [] : [{ kind: 'input' }]), layer]
  const lesson = lessonOf(parsePipeline({ version: 1, name: 'test', layers }).layers.at(-1)!)
  checkLesson(lesson)
  return lesson
}

describe('lessons', () => {
  test.each(Object.keys(layerDefinitions) as LayerKind[])('%s has a whole one', (kind) => {
    checkLesson(lessons[kind])
    checkLesson(lessonOf(defaultLayer(kind)))
  })

  test.each(Object.keys(activationNames) as ActivationName[])('%s has one of its own', (name) => {
    const lesson = lessonOf({ kind: 'activation', function: name, alpha: null, beta: null, gamma: null })
    expect(lesson.name).toBe(activationNames[name])
    expect(lesson.formulaText).not.toBe(lessons.activation.formulaText)
    checkLesson(lesson)
  })

  test.each([
    [{ type: 'unit' }, '/ 255,', 'black is 0 and white is 1'],
    [{ type: 'signed' }, '/ 127.5 − 1,', 'black is −1, white is 1'],
    [{ type: 'standard', mean: [0.5], std: [0.25] }, '/ 255 − μ[c]) / σ[c],', 'black is −μ/σ'],
  ] as const)('the input lesson is about its range: %j', (range, formula, words) => {
    const lesson = told({ kind: 'input', range })
    expect(lesson.formulaText).toContain(formula)
    expect(lesson.explanation).toContain(words)
    expect(lesson.formulaText.endsWith('r = grey(resize(photo))')).toBe(true)
  })

  test('the input lesson says the size and the colours that were asked for', () => {
    expect(told({ kind: 'input', size: 'original', colour: 'rgb' }).formulaText).toContain('r = photo')
    expect(told({ kind: 'input', size: { width: 96, height: 64 } }).explanation).toContain('resized to 96×64')
    expect(told({ kind: 'input', colour: 'luma' }).explanation).toContain('luma')
    expect(told({ kind: 'input', colour: 'rgb' }).explanation).not.toContain('grey as')
  })

  test.each([
    [{ kind: 'pool2d', operation: 'average' }, 'mean over u, v', 'largest value'],
    [{ kind: 'globalPool', operation: 'max' }, 'max over y, x', 'its mean'],
    [{ kind: 'flip', direction: 'vertical' }, 'H − 1 − y, x', ' W − 1'],
    [{ kind: 'rotate90', turns: -1 }, 'in[H − 1 − x, y, c]', ' W − 1'],
    [{ kind: 'rotate90', turns: 2 }, 'in[H − 1 − y, W − 1 − x, c]', 'one turn'],
    [{ kind: 'rotate90', turns: 4 }, 'in[y, x, c]', ' W − 1'],
    [{ kind: 'pad', mode: 'edge' }, 'in[y, x, c]', 'one fixed value'],
  ] as const)('%j has a lesson of its own', (layer, formula, absent) => {
    const lesson = told(layer)
    expect(lesson.formulaText).toContain(formula)
    expect(`${lesson.formulaText} ${lesson.explanation}`).not.toContain(absent)
  })

  test('brighten tells what bytes would have done', () => {
    const wrapped = Uint8Array.of(250 + 10)[0]!
    expect(lessons.brighten.explanation).toContain(`250 + 10 becomes ${wrapped}`)
  })
})

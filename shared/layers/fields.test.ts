import { describe, expect, test } from 'vitest'
import { defaultLayer, parsePipeline } from '../pipeline.ts'
import type { Field } from './fields.ts'
import { layerDefinitions, type LayerKind, type SpecOf } from './index.ts'
import { optionsOf, withOption } from './options.ts'

const kinds = Object.keys(layerDefinitions) as LayerKind[]
const options = kinds.flatMap((kind) =>
  optionsOf(defaultLayer(kind)).map((option) => [`${kind} ${option.key}`, kind, option] as const),
)

describe.each(options)('the option %s', (_name, kind, { key, value, field, label, meaning }) => {
  test('says what it is called and what it means, and takes its own default', () => {
    expect(label).toMatch(/^[A-Z]/)
    expect(meaning).toMatch(/^[A-Z].*\.$|…$/)
    expect(field.check(value)).toBeNull()
    expect(withOption(defaultLayer(kind), key, value)).toEqual(defaultLayer(kind))
  })

  test('can begin in every form it offers', () => {
    if (field.type !== 'forms') return
    expect(field.forms.filter(({ is }) => is(value))).toHaveLength(1)
    for (const form of field.forms) {
      if (form.start === undefined) continue
      expect(field.check(form.start)).toBeNull()
      expect(form.is(form.start)).toBe(true)
    }
  })
})

function field(kind: LayerKind, key: string): Field {
  return optionsOf(defaultLayer(kind)).find((option) => option.key === key)!.field
}

test('numbers know their bounds, wholeness and slider', () => {
  expect(field('conv2d', 'filters')).toMatchObject({
    type: 'number',
    whole: true,
    least: 1,
    most: 100_000,
    slider: null,
  })
  expect(field('dropout', 'rate')).toMatchObject({ whole: false, least: 0, most: 1, slider: { from: 0, to: 1 } })
  expect(field('activation', 'alpha')).toMatchObject({ type: 'number', nullable: true, least: null })
})

test('a field says in words what is wrong with a value', () => {
  expect(field('conv2d', 'filters').check(0)).toBe('must be at least 1, not 0')
  expect(field('conv2d', 'filters').check(1.5)).toBe('must be a whole number, not 1.5')
  expect(field('input', 'background').check('red')).toBe('must be a colour such as #ffffff')
  const std = field('input', 'range')
  if (std.type !== 'forms') throw new Error('not forms')
  expect(std.forms[2]!.fields[1]!.check([0])).toBe('must be more than 0')
})

test('choices, forms and lists are told by name', () => {
  expect(field('activation', 'function')).toMatchObject({
    type: 'choice',
    choices: expect.arrayContaining([{ value: 'leakyRelu', label: 'Leaky ReLU' }]) as unknown,
  })
  const padding = field('conv2d', 'padding')
  expect(padding.type === 'forms' && padding.forms.map(({ id, fields }) => [id, fields.map(({ key }) => key)])).toEqual(
    [
      ['same', []],
      ['valid', []],
      ['given', ['top', 'right', 'bottom', 'left']],
    ],
  )
  expect(field('conv2d', 'stride').type).toBe('pair')
  expect(field('pool2d', 'ceil').type).toBe('toggle')
  expect(field('dense', 'classes')).toMatchObject({ type: 'list', least: 0, item: { type: 'text' } })
  expect(field('batchNorm', 'mean')).toMatchObject({ type: 'list', least: 1, item: { type: 'number' } })
})

test('one number stands for both sides of a pair, and a wrong value is refused with its reason', () => {
  expect(withOption(defaultLayer('pool2d'), 'size', 3)).toMatchObject({ size: [3, 3] })
  expect(() => withOption(defaultLayer('pool2d'), 'size', [3, 0])).toThrow(/must be at least 1, not 0/)
})

describe('given numbers are made to fit', () => {
  const conv = (given: Record<string, unknown>) =>
    parsePipeline({ version: 1, name: 'x', layers: [{ kind: 'input' }, { kind: 'conv2d', ...given }] })
      .layers[1] as SpecOf<'conv2d'>
  const fitted = (given: Record<string, unknown>, input = [8, 8, 1]) => layerDefinitions.conv2d.fit!(conv(given), input)
  const one = [[[[5]]]]

  test('the middle stays in the middle of a larger kernel, and of a smaller one', () => {
    const { kernels } = fitted({ size: [3, 2], kernels: { type: 'values', values: one } })
    expect(kernels).toEqual({
      type: 'values',
      values: [
        [
          [[0], [0]],
          [[5], [0]],
          [[0], [0]],
        ],
      ],
    })
    const back = fitted({ size: 1, kernels: { ...kernels } })
    expect(back.kernels).toEqual({ type: 'values', values: one })
  })

  test('filters and channels repeat, biases are filled with zeros and cut', () => {
    const spec = fitted({ filters: 2, size: 1, bias: [7], kernels: { type: 'values', values: one } }, [8, 8, 2])
    expect(spec.kernels).toEqual({ type: 'values', values: [[[[5, 5]]], [[[5, 5]]]] })
    expect(spec.bias).toEqual([7, 0])
    expect(fitted({ filters: 1, bias: [1, 2, 3] }).bias).toEqual([1])
    expect(fitted({ filters: 3 }).bias).toEqual([])
  })

  test('class names and biases follow the units', () => {
    const dense = { ...(defaultLayer('dense') as SpecOf<'dense'>), units: 3, bias: [1], classes: ['cat'] }
    expect(layerDefinitions.dense.fit!(dense, [4])).toMatchObject({
      bias: [1, 0, 0],
      classes: ['cat', 'class 1', 'class 2'],
    })
  })
})

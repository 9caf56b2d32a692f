import { expect, test } from 'vitest'
import { layerDefinitions, type LayerKind } from '../../shared/layers/index.ts'
import { defaultLayer, parsePipeline } from '../../shared/pipeline.ts'
import { parametersOf } from './parameters.ts'

const kinds = Object.keys(layerDefinitions) as LayerKind[]

test.each(kinds)('every option of %s has a label, a meaning and a text', (kind) => {
  for (const parameter of parametersOf(defaultLayer(kind))) {
    expect(parameter.label, parameter.key).not.toBe(parameter.key)
    expect(parameter.meaning, parameter.key).not.toBe('')
    expect(parameter.text, parameter.key).toMatch(/\S/)
    expect(parameter.text).not.toMatch(/undefined|null|\[object/)
  }
})

function textsOf(layer: object): Record<string, string> {
  const { layers } = parsePipeline({ version: 1, name: 'test', layers: [{ kind: 'input' }, layer] })
  return Object.fromEntries(parametersOf(layers[1]!).map(({ key, text }) => [key, text]))
}

test('sizes are written with a ×, choices by their words, lists by their numbers', () => {
  expect(
    textsOf({ kind: 'conv2d', size: [3, 5], bias: [-0.5], padding: { top: 1, right: 0, bottom: 1, left: 0 } }),
  ).toEqual({
    filters: '1',
    size: '3 × 5',
    stride: '1 × 1',
    padding: 'top 1, right 0, bottom 1, left 0',
    dilation: '1 × 1',
    groups: '1',
    kernels: 'Box',
    bias: '−0.5',
  })
  expect(textsOf({ kind: 'conv2d', kernels: { type: 'preset', names: ['sobel-x', 'ridge'] } })).toMatchObject({
    kernels: 'Sobel x, Ridge',
  })
  expect(textsOf({ kind: 'pool2d' })).toMatchObject({ ceil: 'no' })
  expect(textsOf({ kind: 'conv2d', kernels: { type: 'random', seed: 7, scale: 0.2 } })).toMatchObject({
    kernels: 'random, seed 7, scale 0.2',
  })
})

test('what is inside a choice is labelled, lists apart from each other', () => {
  const range = { type: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }
  const { layers } = parsePipeline({ version: 1, name: 'test', layers: [{ kind: 'input', colour: 'rgb', range }] })
  expect(parametersOf(layers[0]!).find(({ key }) => key === 'range')!.text).toBe(
    'standard; mean 0.485, 0.456, 0.406; std 0.229, 0.224, 0.225',
  )
})

test('small kernels given as numbers are shown as tables', () => {
  const kernel = [
    [[1], [0], [-1]],
    [[2], [0], [-2]],
    [[1], [0], [-1]],
  ]
  const { layers } = parsePipeline({
    version: 1,
    name: 'test',
    layers: [{ kind: 'input' }, { kind: 'conv2d', kernels: { type: 'values', values: [kernel] } }],
  })
  const kernels = parametersOf(layers[1]!).find(({ key }) => key === 'kernels')!
  expect(kernels.text).toBe('1 × 3 × 3 × 1 numbers')
  expect(kernels.grids).toEqual([
    [
      [1, 0, -1],
      [2, 0, -2],
      [1, 0, -1],
    ],
  ])
})

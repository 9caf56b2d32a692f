import { describe, expect, test } from 'vitest'
import { layerDefinitions, type LayerKind } from './layers/index.ts'
import { defaultLayer, layerLabel, parseDocument, parsePipeline, parsePipelineText } from './pipeline.ts'

const input = { kind: 'input' }
function document(...layers: readonly unknown[]): unknown {
  return { version: 1, name: 'Mine', layers: [input, ...layers] }
}
const known =
  'input, crop, pad, flip, rotate90, brighten, paint, conv2d, activation, batchNorm, pool2d, globalPool, flatten, dense, softmax, dropout'

describe('a pipeline document', () => {
  test('gets every option it leaves out', () => {
    expect(parsePipeline(document({ kind: 'conv2d', size: 5 }))).toEqual({
      version: 1,
      name: 'Mine',
      description: '',
      dtype: 'float64',
      layers: [
        {
          kind: 'input',
          size: { width: 64, height: 64 },
          filter: 'bicubic',
          colour: 'mean',
          range: { type: 'unit' },
          profile: 'ignore',
          background: '#ffffff',
        },
        {
          kind: 'conv2d',
          filters: 1,
          size: [5, 5],
          stride: [1, 1],
          padding: 'same',
          dilation: [1, 1],
          groups: 1,
          kernels: { type: 'preset', names: ['box'] },
          bias: [],
        },
      ],
    })
  })

  test('is the same after being written and read again', () => {
    const kinds = Object.keys(layerDefinitions).filter((kind) => kind !== 'input') as LayerKind[]
    const pipeline = parsePipeline(document(...kinds.map((kind) => ({ kind }))))
    expect(parsePipelineText(JSON.stringify(pipeline))).toEqual(pipeline)
  })

  test.each<[what: string, document: unknown, reason: string]>([
    ['another version', { version: 2 }, 'version 2 is unknown; this LayerLoupe reads version 1'],
    ['no version', { name: 'x', layers: [input] }, 'the document lacks the key "version"'],
    ['null', null, 'the document must be an object, not null'],
    ['no layers', { version: 1, name: 'x', layers: [] }, 'layers must not be empty'],
    ['no name', { version: 1, name: '', layers: [input] }, 'name must not be empty'],
    [
      'an unknown key',
      { version: 1, name: 'x', layers: [input], colour: 1 },
      'the document has an unknown key "colour"',
    ],
    [
      'an unknown dtype',
      { version: 1, name: 'x', layers: [input], dtype: 'float16' },
      'dtype must be "float64" or "float32", not "float16"',
    ],
    ['an unknown option', document({ kind: 'conv2d', sise: 3 }), 'layer 1 (conv2d) has an unknown key "sise"'],
    [
      'an unknown key inside an option',
      document({ kind: 'dense', weights: { type: 'random', seed: 1, sclae: 2 } }),
      'layer 1 (dense): weights has an unknown key "sclae"',
    ],
    [
      'an unknown kind',
      document({ kind: 'convolve' }),
      `layer 1 (convolve) has an unknown kind "convolve"; known are ${known}`,
    ],
    [
      'a name every object has',
      document({ kind: 'toString' }),
      `layer 1 (toString) has an unknown kind "toString"; known are ${known}`,
    ],
    [
      'the input switched off',
      { version: 1, name: 'x', layers: [{ kind: 'input', off: true }] },
      'layer 0 (input) cannot be off; every pipeline begins with it',
    ],
    [
      'a switch that is none',
      document({ kind: 'softmax', off: 1 }),
      'layer 1 (softmax): off must be true or false, not 1',
    ],
    ['no kind', document({}), `layer 1 has no kind; known are ${known}`],
    ['a layer that is none', document(null), 'layer 1 must be an object, not null'],
    [
      'text for a number',
      document({ kind: 'conv2d', filters: '3' }),
      'layer 1 (conv2d): filters must be a number, not "3"',
    ],
    [
      'half a filter',
      document({ kind: 'conv2d', filters: 1.5 }),
      'layer 1 (conv2d): filters must be a whole number, not 1.5',
    ],
    ['no filter', document({ kind: 'conv2d', filters: 0 }), 'layer 1 (conv2d): filters must be at least 1, not 0'],
    [
      'an infinite amount',
      document({ kind: 'brighten', amount: Infinity }),
      'layer 1 (brighten): amount must be a finite number, not Infinity',
    ],
    [
      'an unknown padding',
      document({ kind: 'conv2d', padding: 'full' }),
      'layer 1 (conv2d): padding must be "same", "valid" or an object, not "full"',
    ],
    [
      'a side missing',
      document({ kind: 'conv2d', padding: { top: 1 } }),
      'layer 1 (conv2d): padding lacks the key "right"',
    ],
    ['a size of 0', document({ kind: 'conv2d', size: 0 }), 'layer 1 (conv2d): size must be at least 1, not 0'],
    ['half a size', document({ kind: 'conv2d', size: [3] }), 'layer 1 (conv2d): size.1 must be a number, not missing'],
    [
      'a number missing in a kernel',
      document({ kind: 'conv2d', kernels: { type: 'values', values: [[[[null]]]] } }),
      'layer 1 (conv2d): kernels.values.0.0.0.0 must be a number, not null',
    ],
    [
      'a deviation of 0',
      { version: 1, name: 'x', layers: [{ kind: 'input', range: { type: 'standard', mean: [0], std: [0] } }] },
      'layer 0 (input): range.std.0 must be more than 0',
    ],
    [
      'a colour by name',
      { version: 1, name: 'x', layers: [{ kind: 'input', background: 'white' }] },
      'layer 0 (input): background must be a colour such as #ffffff',
    ],
    [
      'another layer first',
      { version: 1, name: 'x', layers: [{ kind: 'flatten' }] },
      'the first layer must be an input layer',
    ],
    [
      'a second input',
      document({ kind: 'flatten' }, input),
      'layer 2 is a second input layer; only the first layer can be one',
    ],
  ])('with %s is refused, and the message says why', (_what, given, reason) => {
    expect(() => parsePipeline(given)).toThrow(
      expect.objectContaining({ code: 'pipeline-invalid', message: `The pipeline cannot be used: ${reason}.` }),
    )
  })

  test.each<[what: string, document: unknown]>([
    ['version', { version: 'x'.repeat(5000) }],
    ['value', { version: 1, name: 'x', layers: ['x'.repeat(5000)] }],
    ['key', { version: 1, name: 'x', layers: [input], ['x'.repeat(5000)]: 1 }],
    ['kind', { version: 1, name: 'x', layers: [{ kind: 'x'.repeat(5000) }] }],
    ['key of a layer', document({ kind: 'conv2d', ['x'.repeat(5000)]: 1 })],
  ])('with a very long %s is refused in a sentence of its usual length', (_what, given) => {
    expect(() => parsePipeline(given)).toThrow(/^The pipeline cannot be used: .*x{50,79}….{0,200}\.$/)
  })

  test('that is nested without end is refused like any other', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(() => parsePipelineText(`{"version":${deep}}`)).toThrow(/version that is no number is unknown/)
    expect(() => parsePipelineText(`{"version":1,"name":"x","layers":[${deep}]}`)).toThrow(/layer 0/)
  })

  test('may begin with a byte order mark, as some editors write', () => {
    expect(parsePipelineText('\ufeff{"version":1,"name":"x","layers":[{"kind":"input"}]}').name).toBe('x')
  })

  test('that is not JSON is refused', () => {
    expect(() => parsePipelineText('{')).toThrow(/it is not JSON/)
  })
})

test('layers that are switched off are kept in the document and left out of what runs', () => {
  const given = document({ kind: 'flip', off: true }, { kind: 'pool2d', off: false }, { kind: 'flatten' })
  const kept = parseDocument(given)
  expect(kept.layers.map(({ kind, off }) => [kind, off])).toEqual([
    ['input', undefined],
    ['flip', true],
    ['pool2d', false],
    ['flatten', undefined],
  ])
  expect(parseDocument(JSON.parse(JSON.stringify(kept)))).toEqual(kept)
  expect(parsePipeline(given)).toEqual(parsePipeline(document({ kind: 'pool2d' }, { kind: 'flatten' })))
})

test('every kind has a layer of nothing but defaults', () => {
  for (const kind of Object.keys(layerDefinitions) as LayerKind[]) expect(defaultLayer(kind).kind).toBe(kind)
})

test('a layer is named by its kind and its place', () => {
  expect(layerLabel(defaultLayer('pool2d'), 3)).toBe('pool2d 3')
})

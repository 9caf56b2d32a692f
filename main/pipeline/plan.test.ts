import { describe, expect, test } from 'vitest'
import { parsePipeline } from '../../shared/pipeline.ts'
import { presets } from '../../shared/presets.ts'
import { channelNames, pictureKinds, planPipeline, requireWorkable } from './plan.ts'

const pipelineOf = (layers: unknown[], dtype = 'float64') =>
  parsePipeline({ version: 1, name: 'test', dtype, layers: [{ kind: 'input' }, ...layers] })
const photo = [480, 640, 3] as const

describe('a plan', () => {
  test('gives shape, parameters and bytes of every stage of the walkthrough', () => {
    const plan = planPipeline(presets.find(({ id }) => id === 'walkthrough')!.pipeline, photo)
    expect(plan.problem).toBeNull()
    expect(plan.stages.map(({ kind, shape, parameters, bytes }) => [kind, shape, parameters, bytes])).toEqual([
      ['input', [64, 64, 1], 0, 32_768],
      ['conv2d', [64, 64, 1], 9, 32_768],
      ['pool2d', [32, 32, 1], 0, 8192],
      ['flatten', [1024], 0, 8192],
      ['dense', [2], 2048, 16],
      ['softmax', [2], 0, 16],
    ])
    expect(plan.parameters).toBe(2057)
    expect(plan.bytes).toBe(81_952)
    expect(plan.stages.every(({ dtype, index }, at) => dtype === 'float64' && index === at)).toBe(true)
  })

  test('counts four bytes an element in float32', () => {
    const plan = planPipeline(pipelineOf([{ kind: 'pool2d' }], 'float32'), photo)
    expect(plan.stages.map(({ bytes, dtype }) => [bytes, dtype])).toEqual([
      [16_384, 'float32'],
      [4096, 'float32'],
    ])
  })

  test('takes the size of the photo where the input keeps it', () => {
    const pipeline = parsePipeline({
      version: 1,
      name: 'own',
      layers: [{ kind: 'input', size: 'original', colour: 'rgb' }],
    })
    expect(planPipeline(pipeline, [480, 640, 1]).stages[0]!.shape).toEqual([480, 640, 3])
  })

  test('ends at the first layer that does not fit, and names it and the reason', () => {
    const pools = [
      { kind: 'pool2d', size: 4, stride: 4 },
      { kind: 'pool2d', size: 4, stride: 4 },
      { kind: 'pool2d', size: 7 },
    ]
    const plan = planPipeline(pipelineOf(pools), photo)
    expect(plan.problem).toEqual({
      layer: 3,
      title: 'Max pool 7×7',
      reason: 'a 7×7 window does not fit a 4×4 input',
      message: 'pool2d 3: a 7×7 window does not fit a 4×4 input',
      code: 'layer-impossible',
    })
    expect(plan.stages.map(({ shape }) => shape)).toEqual([
      [64, 64, 1],
      [16, 16, 1],
      [4, 4, 1],
    ])
    expect(() => {
      requireWorkable(plan)
    }).toThrow('pool2d 3: a 7×7 window does not fit a 4×4 input')
  })

  test.each([
    ['a huge input', [{ kind: 'input', size: { width: 100_000, height: 100_000 } }], 0, 'make its size smaller'],
    [
      'a wide intermediate picture of the resize',
      [{ kind: 'input', size: { width: 100_000, height: 1 } }],
      0,
      'make its size smaller',
      [50_000, 1000, 3],
    ],
    [
      'many filters',
      [{ kind: 'input' }, { kind: 'conv2d', filters: 100_000 }],
      1,
      'make the size of the input layer smaller, use larger strides or fewer filters',
    ],
    [
      'weights of a convolution',
      [{ kind: 'input' }, { kind: 'conv2d', filters: 100_000, size: [64, 64], padding: 'valid' }],
      1,
      'most of it for 409,600,000 weights; use a smaller kernel or fewer filters',
    ],
    [
      'weights of a dense layer',
      [{ kind: 'input' }, { kind: 'flatten' }, { kind: 'dense', units: 100_000 }],
      2,
      'most of it for 409,600,000 weights; make its input smaller, or ask for fewer units',
    ],
    [
      'the padded rows under a dilated kernel, though its output is small',
      [
        { kind: 'input' },
        {
          kind: 'conv2d',
          dilation: 50_000,
          stride: 100_000,
          padding: { top: 100_000, bottom: 100_000, left: 100_000, right: 100_000 },
        },
      ],
      1,
      'most of it for the rows under its window; use a smaller one, with less dilation and padding',
    ],
    [
      'a pooling window of billions',
      [
        { kind: 'input', size: { width: 1, height: 1 } },
        {
          kind: 'pool2d',
          size: 60_000,
          stride: 1,
          padding: { top: 59_999, bottom: 0, left: 0, right: 59_999 },
        },
      ],
      1,
      'the rows under its window',
    ],
    [
      'a padding of a hundred thousand',
      [{ kind: 'input' }, { kind: 'pad', top: 100_000, bottom: 100_000, left: 100_000, right: 100_000 }],
      1,
      'make the size of the input layer smaller',
    ],
  ])(
    'refuses %s for its memory, and says how much and what to make smaller',
    (_, layers, layer, advice, shape?: number[]) => {
      const plan = planPipeline(parsePipeline({ version: 1, name: 'large', layers }), shape ?? photo)
      expect(plan.problem).toMatchObject({ layer, code: 'too-much-memory' })
      expect(plan.problem!.message).toContain(advice)
      expect(plan.problem!.message).toMatch(/: [\d.]+ [GT]B would be needed, more than the 2\.1 GB allowed/)
      expect(plan.stages).toHaveLength(layer)
    },
  )

  test('adds the photo and all stages up, so that many small ones are refused too', () => {
    const flips = Array.from({ length: 9 }, () => ({ kind: 'flip' }))
    const bytes = 32_768 * 10
    expect(planPipeline(pipelineOf(flips), [10, 10, 3], { bytes: bytes + 300 + 10 * 64 * 3 }).problem).toBeNull()
    expect(planPipeline(pipelineOf(flips), [10, 10, 3], { bytes: bytes + 299 }).problem).toMatchObject({ layer: 9 })
  })

  test('answers at once for a window with a hundred thousand taps', () => {
    const layers = [
      {
        kind: 'pool2d',
        size: 100_000,
        stride: 1,
        padding: { top: 99_999, left: 99_999, right: 99_999, bottom: 99_999 },
      },
    ]
    const begin = performance.now()
    planPipeline(pipelineOf(layers), photo)
    expect(performance.now() - begin).toBeLessThan(2000)
  })
})

test('a stage is a photo until a layer makes a map of it', () => {
  const layers = [{ kind: 'flip' }, { kind: 'conv2d' }, { kind: 'crop' }]
  expect(pictureKinds(pipelineOf(layers))).toEqual(['light', 'light', 'map', 'map'])
})

test('channel names pass through layers that keep channels apart, and end at those that do not', () => {
  const pipeline = pipelineOf([
    { kind: 'conv2d', filters: 2, kernels: { type: 'preset', names: ['sobel-x', 'sobel-y'] } },
    { kind: 'activation' },
    { kind: 'pool2d' },
    { kind: 'conv2d', filters: 2, kernels: { type: 'random', seed: 1 } },
    { kind: 'flatten' },
    { kind: 'dense', classes: ['cat', 'dog'] },
    { kind: 'softmax' },
  ])
  const names = channelNames(pipeline, planPipeline(pipeline, photo).stages)
  const sobel = ['Sobel x', 'Sobel y']
  expect(names).toEqual([['Grey'], sobel, sobel, sobel, [], [], ['cat', 'dog'], ['cat', 'dog']])
})

test('one kernel on each channel apart is named with the channel, also a second time', () => {
  const blur = { kind: 'conv2d', filters: 3, groups: 3, kernels: { type: 'preset', names: ['gaussian'] } }
  const pipeline = parsePipeline({ version: 1, name: 'test', layers: [{ kind: 'input', colour: 'rgb' }, blur, blur] })
  const blurred = ['Gaussian · red', 'Gaussian · green', 'Gaussian · blue']
  expect(channelNames(pipeline, planPipeline(pipeline, photo).stages)).toEqual([
    ['Red', 'Green', 'Blue'],
    blurred,
    blurred,
  ])
})

import { describe, expect, test } from 'vitest'
import { definitionOf, layerDefinitions, type LayerKind, type LayerSpec } from './layers/index.ts'
import { parsePipeline } from './pipeline.ts'
import { extent, paddingSides, windowOutput, type Window } from './shapes.ts'

function window(options: Partial<Window> = {}): Window {
  return { size: [3, 3], stride: [1, 1], dilation: [1, 1], padding: 'valid', ...options }
}

function spec(kind: LayerKind, options: Record<string, unknown> = {}): LayerSpec {
  const first = kind === 'input' ? [] : [{ kind: 'input' }]
  return parsePipeline({ version: 1, name: 'x', layers: [...first, { kind, ...options }] }).layers.at(-1)!
}

function shapeOf(kind: LayerKind, options: Record<string, unknown>, input: readonly number[]): readonly number[] {
  const layer = spec(kind, options)
  return definitionOf(layer).outputShape(input, layer)
}

describe('sliding windows', () => {
  test('same is (k − 1) // 2 on each side, of the dilated window', () => {
    expect(paddingSides(window({ padding: 'same' }))).toEqual({ top: 1, right: 1, bottom: 1, left: 1 })
    expect(paddingSides(window({ padding: 'same', size: [5, 4] }))).toEqual({ top: 2, right: 1, bottom: 2, left: 1 })
    expect(paddingSides(window({ padding: 'same', dilation: [2, 3] }))).toEqual({
      top: 2,
      right: 3,
      bottom: 2,
      left: 3,
    })
    expect(extent(3, 2)).toBe(5)
  })

  // (n + padding − extent) // stride + 1, as torch.nn.functional.conv2d and max_pool2d give it
  test.each<[n: number, options: Partial<Window>, out: number]>([
    [64, { padding: 'same' }, 64],
    [64, {}, 62],
    [64, { padding: 'same', stride: [2, 2] }, 32],
    [5, { size: [2, 2], stride: [2, 2] }, 2],
    [5, { size: [2, 2], stride: [2, 2], ceil: true }, 3],
    [4, { size: [3, 3], stride: [2, 2], ceil: true }, 2],
    // The last window would begin beyond the input, so it is dropped.
    [3, { size: [2, 2], stride: [3, 3], ceil: true }, 1],
    [7, { dilation: [2, 2] }, 3],
    [4, { padding: 'same', size: [4, 4] }, 3],
  ])('%i elements under %j give %i', (n, options, out) => {
    const output = windowOutput(n, n, window(options))
    expect([output.height, output.width]).toEqual([out, out])
  })

  test('a window that does not fit is refused with both sizes', () => {
    expect(() => windowOutput(4, 4, window({ size: [7, 7] }))).toThrow('a 7×7 window does not fit a 4×4 input')
    const sides = { top: 1, right: 1, bottom: 1, left: 1 }
    expect(() => windowOutput(4, 4, window({ size: [7, 7], padding: sides }))).toThrow(
      'a 7×7 window does not fit a 4×4 input with its padding',
    )
  })
})

describe('output shapes', () => {
  test.each<[kind: LayerKind, options: Record<string, unknown>, input: readonly number[], output: readonly number[]]>([
    ['input', {}, [300, 400, 3], [64, 64, 1]],
    ['input', { size: 'original', colour: 'rgb' }, [300, 400, 1], [300, 400, 3]],
    ['input', { size: { width: 97, height: 61 } }, [300, 400, 3], [61, 97, 1]],
    ['crop', { top: 1, left: 2, height: 3, width: 4 }, [4, 6, 3], [3, 4, 3]],
    ['pad', { top: 1, right: 2, bottom: 3, left: 4 }, [5, 5, 2], [9, 11, 2]],
    ['flip', {}, [2, 3, 4], [2, 3, 4]],
    ['rotate90', { turns: 3 }, [2, 3, 4], [3, 2, 4]],
    ['rotate90', { turns: -2 }, [2, 3, 4], [2, 3, 4]],
    ['brighten', {}, [7], [7]],
    ['conv2d', { filters: 8 }, [28, 30, 3], [28, 30, 8]],
    ['activation', {}, [28, 30, 3], [28, 30, 3]],
    ['batchNorm', {}, [28, 30, 3], [28, 30, 3]],
    ['pool2d', {}, [29, 30, 3], [14, 15, 3]],
    ['globalPool', {}, [29, 30, 3], [1, 1, 3]],
    ['flatten', {}, [4, 5, 6], [120]],
    ['dense', { units: 10 }, [120], [10]],
    ['softmax', {}, [10], [10]],
    ['dropout', {}, [3, 3, 3], [3, 3, 3]],
  ])('%s with %j turns %j into %j', (kind, options, input, output) => {
    expect(shapeOf(kind, options, input)).toEqual(output)
  })

  test.each<[kind: LayerKind, options: Record<string, unknown>, input: readonly number[], reason: RegExp]>([
    ['crop', {}, [16, 64, 1], /rows 0 to 31 and columns 0 to 31 do not lie inside a 16×64 input/],
    ['pad', { mode: 'reflect', top: 4 }, [4, 9, 1], /reflecting needs fewer padded rows and columns than the 4×9/],
    ['brighten', { low: 1, high: 0 }, [3], /lowest value 1 is not below the highest 0/],
    ['conv2d', {}, [100], /conv2d needs a picture .* but its input is a vector of 100/],
    ['conv2d', { groups: 2 }, [8, 8, 3], /3 input channels and 1 filters cannot both be split into 2 groups/],
    ['conv2d', { bias: [1, 2] }, [8, 8, 3], /2 biases are given for 1 filters/],
    [
      'conv2d',
      { size: 5, kernels: { type: 'preset', names: ['box', 'sobel-x'] } },
      [8, 8, 1],
      /the Sobel x kernel is 3×3, but the kernel size is 5×5/,
    ],
    [
      'conv2d',
      { kernels: { type: 'values', values: [[[[1]]]] } },
      [8, 8, 1],
      /every kernel must be 3 rows of 3 columns of 1 input channels/,
    ],
    [
      'conv2d',
      { filters: 2, size: 1, kernels: { type: 'values', values: [[[[1]]]] } },
      [8, 8, 1],
      /1 kernels are given for 2 filters/,
    ],
    ['pool2d', { operation: 'average', dilation: 2 }, [8, 8, 1], /average pooling has no dilation/],
    ['pool2d', { padding: { top: 2, right: 0, bottom: 0, left: 0 } }, [8, 8, 1], /a 2×2 window would lie wholly in it/],
    ['batchNorm', { mean: [1, 2] }, [8, 8, 3], /2 values of mean are given for 3 channels/],
    ['batchNorm', { epsilon: 0, variance: [0] }, [8, 8, 3], /a variance of 0 needs an epsilon above 0/],
    ['dense', {}, [8, 8, 3], /dense needs a vector, but its input is 8×8×3; put a flatten layer before it/],
    ['dense', { weights: { type: 'values', values: [[1, 2]] } }, [2], /its weights must be 2 rows .* of 2 numbers/],
    ['dense', { classes: ['cat'] }, [2], /1 class names are given for 2 units/],
    ['softmax', {}, [8, 8, 3], /put a flatten layer before it/],
    [
      'input',
      { range: { type: 'standard', mean: [0, 0, 0], std: [1] } },
      [8, 8, 3],
      /3 values of mean are given for 1 channel/,
    ],
  ])('%s with %j refuses %j and says why', (kind, options, input, reason) => {
    expect(() => shapeOf(kind, options, input)).toThrow(reason)
    expect(() => shapeOf(kind, options, input)).toThrow(expect.objectContaining({ code: 'layer-impossible' }))
  })
})

describe('what else a definition says', () => {
  test('weights and biases are counted', () => {
    const count = (kind: LayerKind, options: Record<string, unknown>, input: readonly number[]) => {
      const layer = spec(kind, options)
      return definitionOf(layer).parameterCount?.(input, layer) ?? 0
    }
    expect(count('conv2d', { filters: 10, bias: new Array(10).fill(0) }, [64, 64, 3])).toBe(10 * 27 + 10)
    expect(count('conv2d', { filters: 6, groups: 3 }, [64, 64, 3])).toBe(6 * 9)
    expect(count('dense', { units: 10 }, [1690])).toBe(16_900)
    expect(count('batchNorm', {}, [8, 8, 3])).toBe(12)
    expect(count('pool2d', {}, [8, 8, 3])).toBe(0)
  })

  test('channels have names where the layer knows them', () => {
    const names = (kind: LayerKind, options: Record<string, unknown>, output: readonly number[]) => {
      const layer = spec(kind, options)
      return definitionOf(layer).channelNames?.(output, layer) ?? []
    }
    expect(names('input', { colour: 'rgb' }, [8, 8, 3])).toEqual(['Red', 'Green', 'Blue'])
    expect(names('conv2d', { filters: 3, kernels: { type: 'preset', names: ['sobel-x', 'box'] } }, [8, 8, 3])).toEqual([
      'Sobel x',
      'Box',
      'Sobel x',
    ])
    expect(names('dense', { classes: ['cat', 'dog'] }, [2])).toEqual(['cat', 'dog'])
    expect(names('dense', {}, [2])).toEqual(['class 0', 'class 1'])
  })

  test('a clockwise rotation is written with a true minus', () => {
    const layer = spec('rotate90', { turns: -3 })
    expect(definitionOf(layer).title(layer)).toBe('Rotate −270°')
  })

  test('every layer has a title without its kind’s camel case', () => {
    for (const kind of Object.keys(layerDefinitions) as LayerKind[]) {
      const layer = spec(kind)
      expect(definitionOf(layer).title(layer)).toMatch(/^[A-Z][A-Za-z0-9×°+−. ]+$/)
    }
  })
})

import { describe, expect, test } from 'vitest'
import { layerDefinitions } from '../../shared/layers/index.ts'
import { kernelPresets, scalablePresets } from '../../shared/layers/window.ts'
import { layer } from '../../tests/support/layer.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { resolveKernels } from '../../shared/kernels.ts'
import { finish } from './steps.ts'

function resolve(spec: SpecOf<'conv2d'>, channels: number): Float64Array {
  return finish(resolveKernels(spec, channels))
}

function preset(name: string, size = 3, channels = 1): number[] {
  return [...resolve(layer('conv2d', { size, kernels: { type: 'preset', names: [name] } }), channels)]
}

describe('kernels', () => {
  test('a box is 1 / (rows · columns) everywhere', () => {
    expect(preset('box')).toEqual(new Array(9).fill(1 / 9))
    expect(preset('box', 5)).toEqual(new Array(25).fill(1 / 25))
  })

  test('a Gaussian has the σ of OpenCV’s rule and adds up to 1', () => {
    // NumPy: t = exp(-(arange(k) - (k-1)/2)**2 / (2·σ²)), t /= t.sum(), outer(t, t); σ = 0.8 for 3 and 1.1 for 5
    const three = [0.05711825900067254, 0.1247577476216454, 0.2724959735107281]
    expect(preset('gaussian')).toEqual([0, 1, 0, 1, 2, 1, 0, 1, 0].map((i): unknown => expect.closeTo(three[i]!, 15)))
    const five = [0.0050078793114343234, 0.017299575365237956, 0.02615146197820192]
    expect(preset('gaussian', 5).slice(0, 5)).toEqual([0, 1, 2, 1, 0].map((i): unknown => expect.closeTo(five[i]!, 15)))
    expect(preset('gaussian', 7).reduce((a, b) => a + b)).toBeCloseTo(1, 14)
  })

  test('identity is 1 in the middle, up and left of it where there is no middle', () => {
    expect(preset('identity')).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0])
    expect(preset('identity', 2)).toEqual([1, 0, 0, 0])
  })

  test('edge kernels leave a flat area at 0, the others keep its brightness or add to it', () => {
    const total = (name: string) => preset(name).reduce((a, b) => a + b)
    const flat = ['sobel-x', 'sobel-y', 'prewitt-x', 'prewitt-y', 'laplacian', 'ridge']
    for (const name of flat) expect(total(name)).toBe(0)
    for (const name of kernelPresets) if (!flat.includes(name)) expect(total(name)).toBeCloseTo(1, 14)
  })

  test('the x kernels are the y kernels with rows and columns exchanged', () => {
    const transposed = (kernel: number[]) => [0, 3, 6, 1, 4, 7, 2, 5, 8].map((i) => kernel[i])
    expect(transposed(preset('sobel-x'))).toEqual(preset('sobel-y'))
    expect(transposed(preset('prewitt-x'))).toEqual(preset('prewitt-y'))
  })

  test('a named kernel divides its numbers by the number of input channels', () => {
    expect(preset('laplacian', 3, 2)).toEqual([0, 1, 0, 1, -4, 1, 0, 1, 0].flatMap((tap) => [tap / 2, tap / 2]))
  })

  test('fewer names than filters are repeated', () => {
    const names = ['box', 'identity']
    const all = resolve(layer('conv2d', { filters: 3, kernels: { type: 'preset', names } }), 1)
    expect([...all]).toEqual([...preset('box'), ...preset('identity'), ...preset('box')])
  })

  test('random kernels are scale · randn in (filter, row, column, channel) order', () => {
    const spec = layer('conv2d', { filters: 2, size: [1, 2], kernels: { type: 'random', seed: 0, scale: 2 } })
    const all = resolve(spec, 3)
    expect(all.length).toBe(12)
    expect([...all.slice(0, 3)]).toEqual([2 * 1.764052345967664, 2 * 0.4001572083672233, 2 * 0.9787379841057392])
  })

  test('numbers are taken as they are', () => {
    const values = [[[[1, 2]], [[3, 4]]]]
    expect([...resolve(layer('conv2d', { size: [2, 1], kernels: { type: 'values', values } }), 2)]).toEqual([
      1, 2, 3, 4,
    ])
  })

  test('the presets that scale are the ones made for any size', () => {
    for (const name of scalablePresets) expect(preset(name, 5)).toHaveLength(25)
  })
})

test('the editor is given the very numbers the layer uses', () => {
  const { kernels: option } = layerDefinitions.conv2d
  const given = [
    ...kernelPresets.map((name) => ({ filters: 2, kernels: { type: 'preset', names: [name, 'box'] } })),
    { filters: 3, size: [5, 2], kernels: { type: 'random', seed: 7, scale: 0.3 } },
    { filters: 4, groups: 2, kernels: { type: 'random', seed: 1 } },
    { size: 1, kernels: { type: 'values', values: [[[[1, 2, 3, 4]]]] } },
  ]
  for (const options of given) {
    const spec = layer('conv2d', options)
    const shape = option!.shape([9, 9, 4], spec)
    expect(shape.slice(1)).toEqual([...spec.size, 4 / spec.groups])
    expect(option!.numbers(spec, shape).flat(3)).toEqual([...resolve(spec, 4 / spec.groups)])
  }
})

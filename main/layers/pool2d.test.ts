import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pool2d as definition } from '../../shared/layers/window.ts'
import { counting, layer, run, tensor } from '../../tests/support/layer.ts'
import { randomNormals } from '../../shared/random.ts'
import { finish } from './steps.ts'

const squares = [0, 1, 4, 9, 5, 3, 3, 5, 9, 4, 1, 0, 1, 4, 9, 5]
const sides = (n: number) => ({ top: n, right: n, bottom: n, left: n })

describe('pool2d', () => {
  test('the maximum and the mean of 2×2 windows by hand', () => {
    const input = tensor([4, 4, 1], squares)
    expect([...run(layer('pool2d'), input).data]).toEqual([5, 9, 9, 9])
    expect([...run(layer('pool2d', { operation: 'average' }), input).data]).toEqual([2.25, 5.25, 4.5, 3.75])
  })

  test('padded places never win a maximum, not even over negative values', () => {
    const spec = layer('pool2d', { size: 3, stride: 1, padding: 'same' })
    // [[x[max(0, i-1):i+2, max(0, j-1):j+2].max() for j in range(4)] for i in range(4)]
    expect([...run(spec, tensor([4, 4, 1], squares)).data]).toEqual([5, 5, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9])
    expect([...run(spec, tensor([1, 2, 1], [-3, -2])).data]).toEqual([-2, -2])
  })

  test('means equal numpy.mean of the window to the last bit, in float64 and float32', () => {
    // np.mean(np.ascontiguousarray(x[i:i+2, j:j+3])) for i in (0, 3) and j in (0, 2), x = np.arange(25).reshape(5, 5) * 0.1
    const input = tensor(
      [5, 5, 1],
      counting(5, 5, 1).data.map((x) => x * 0.1),
    )
    const spec = layer('pool2d', { operation: 'average', size: [2, 3], stride: [3, 2] })
    expect([...run(spec, input).data]).toEqual([0.35000000000000003, 0.55, 1.8500000000000003, 2.0500000000000003])
    expect([...run(spec, input, 'float32').data]).toEqual([
      0.3500000238418579, 0.5499999523162842, 1.8499999046325684, 2.0500001907348633,
    ])
  })

  test('an average leaves padding out unless it is to be counted', () => {
    const input = tensor([2, 2, 1], [4, 8, 12, 16])
    const options = { operation: 'average', size: 2, stride: 2, padding: sides(1) }
    expect([...run(layer('pool2d', options), input).data]).toEqual([4, 8, 12, 16])
    expect([...run(layer('pool2d', { ...options, countIncludePad: true }), input).data]).toEqual([1, 2, 3, 4])
  })

  test('ceil mode adds a window that sticks out, and counts only what lies inside', () => {
    const input = counting(3, 3, 1)
    expect([...run(layer('pool2d', { ceil: true }), input).data]).toEqual([4, 5, 7, 8])
    for (const countIncludePad of [false, true]) {
      const spec = layer('pool2d', { operation: 'average', ceil: true, countIncludePad })
      expect([...run(spec, input).data]).toEqual([2, 3.5, 6.5, 8])
    }
  })

  test('dilation spreads the window', () => {
    const spec = layer('pool2d', { stride: 1, dilation: 2 })
    expect([...run(spec, counting(3, 4, 1)).data]).toEqual([10, 11])
  })

  test('channels are pooled apart', () => {
    expect([...run(layer('pool2d'), counting(2, 2, 3)).data]).toEqual([9, 10, 11])
    expect([...run(layer('pool2d', { operation: 'average' }), counting(2, 2, 3)).data]).toEqual([4.5, 5.5, 6.5])
  })

  test('the written-out form of 2×2 means equals the general one, to the last bit', () => {
    const input = tensor([9, 11, 2], finish(randomNormals(12, 198, 1)))
    // In ceil mode with a window that sticks out, all windows take the general form.
    const general = layer('pool2d', {
      operation: 'average',
      padding: { top: 0, right: 0, bottom: 0, left: 0 },
      ceil: true,
    })
    const cropped = run(layer('crop', { height: 8, width: 10 }), input)
    const whole = run(layer('pool2d', { operation: 'average' }), cropped)
    const sticking = run(general, input)
    for (let y = 0; y < 4; y++) {
      const rows = (data: ArrayLike<number>, width: number) =>
        Array.from(data).slice(y * width * 2, (y * width + 5) * 2)
      expect(rows(whole.data, 5)).toEqual(rows(sticking.data, 6))
    }
  })

  test('not-a-number is kept, as numpy.max keeps it', () => {
    for (let at = 0; at < 4; at++) {
      const values = [1, 2, 3, 4].map((x, i) => (i === at ? NaN : x))
      expect(run(layer('pool2d'), tensor([2, 2, 1], values)).data[0]).toBeNaN()
    }
  })

  test('any window’s maximum and mean are those of its elements', () => {
    const size = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
    const dimensions = fc.tuple(
      fc.integer({ min: 4, max: 9 }),
      fc.integer({ min: 4, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
    )
    fc.assert(
      fc.property(
        size,
        size,
        fc.boolean(),
        fc.constantFrom('max', 'average'),
        dimensions,
        (window, stride, ceil, operation, shape) => {
          const padding = { top: window[0] - 1, right: window[1] >> 1, bottom: window[0] >> 1, left: window[1] - 1 }
          const spec = layer('pool2d', { size: window, stride, ceil, operation, padding })
          const [height, width, channels] = shape
          const input = tensor(shape, finish(randomNormals(9, height * width * channels, 1)))
          const output = run(spec, input)
          expect(output.shape).toEqual(definition.outputShape(shape, spec))
          const [, columns] = output.shape as [number, number]
          output.data.forEach((value, i) => {
            const top = Math.floor(i / channels / columns) * stride[0] - padding.top
            const left = (Math.floor(i / channels) % columns) * stride[1] - padding.left
            const elements: number[] = []
            for (let y = Math.max(0, top); y < Math.min(height, top + window[0]); y++) {
              for (let x = Math.max(0, left); x < Math.min(width, left + window[1]); x++) {
                elements.push(input.data[(y * width + x) * channels + (i % channels)]!)
              }
            }
            if (operation === 'max') expect(value).toBe(Math.max(...elements))
            else expect(value).toBeCloseTo(elements.reduce((a, b) => a + b) / elements.length, 13)
          })
        },
      ),
    )
  })
})

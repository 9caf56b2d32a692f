import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SpecOf } from '../../shared/layers/index.ts'
import { windowOutput } from '../../shared/shapes.ts'
import type { FloatDType, Tensor } from '../../shared/tensor.ts'
import { counting, countUnequal, layer, run, tensor } from '../../tests/support/layer.ts'
import { resolveKernels } from '../../shared/kernels.ts'
import { LegacyRandom, randomNormals } from '../../shared/random.ts'
import { finish } from './steps.ts'
import { pairwiseSum, pairwiseSum32 } from './sum.ts'

function normals(seed: number, ...shape: readonly number[]): Tensor<Float64Array> {
  return tensor(
    shape,
    finish(
      randomNormals(
        seed,
        shape.reduce((a, b) => a * b, 1),
        1,
      ),
    ),
  )
}

/** The definition word for word: np.sum(window * kernel) of the zero-padded input, plus the bias. */
function obvious(input: Tensor, spec: SpecOf<'conv2d'>, dtype: FloatDType): number[] {
  const round = dtype === 'float32' ? Math.fround : (x: number) => x
  const [height, width, channels] = input.shape as [number, number, number]
  const output = windowOutput(height, width, spec)
  const group = channels / spec.groups
  const kernels = finish(resolveKernels(spec, group))
  const [rows, columns] = spec.size
  const results: number[] = []
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      for (let f = 0; f < spec.filters; f++) {
        const terms: number[] = []
        for (let u = 0; u < rows; u++) {
          for (let v = 0; v < columns; v++) {
            for (let c = 0; c < group; c++) {
              const row = y * spec.stride[0] + u * spec.dilation[0] - output.sides.top
              const column = x * spec.stride[1] + v * spec.dilation[1] - output.sides.left
              const channel = Math.floor(f / (spec.filters / spec.groups)) * group + c
              const inside = row >= 0 && row < height && column >= 0 && column < width
              const value = inside ? input.data[(row * width + column) * channels + channel]! : 0
              terms.push(round(round(value) * round(kernels[((f * rows + u) * columns + v) * group + c]!)))
            }
          }
        }
        const add = dtype === 'float32' ? pairwiseSum32 : pairwiseSum
        results.push(round(add(Float64Array.from(terms), 0, terms.length) + round(spec.bias[f] ?? 0)))
      }
    }
  }
  return results
}

const bySize = (max: number) => fc.integer({ min: 1, max })
const side = fc.integer({ min: 0, max: 3 })
const anyCase = fc
  .record({
    size: fc.oneof(
      { weight: 2, arbitrary: fc.constant([3, 3]) },
      { weight: 3, arbitrary: fc.tuple(bySize(5), bySize(5)) },
    ),
    stride: fc.oneof(fc.constant([1, 1]), fc.tuple(bySize(3), bySize(3))),
    dilation: fc.oneof(fc.constant([1, 1]), fc.tuple(bySize(2), bySize(2))),
    padding: fc.oneof(
      fc.constantFrom('same', 'valid'),
      fc.record({ top: side, right: side, bottom: side, left: side }),
    ),
    groups: bySize(3),
    perGroup: fc.tuple(fc.constantFrom(1, 1, 2, 7), bySize(3)),
    extra: fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })),
    seed: fc.integer({ min: 0, max: 1000 }),
    biased: fc.boolean(),
  })
  .map(({ size, stride, dilation, padding, groups, perGroup, extra, seed, biased }) => {
    const filters = groups * perGroup[1]
    const spec = layer('conv2d', {
      ...{ size, stride, dilation, padding, groups, filters },
      kernels: { type: 'random', seed, scale: 1 },
      bias: biased ? Array.from({ length: filters }, (_, f) => f - 0.5) : [],
    })
    const height = dilation[0] * (size[0] - 1) + 1 + extra[0]
    const width = dilation[1] * (size[1] - 1) + 1 + extra[1]
    return { spec, input: normals(seed + 1, height, width, groups * perGroup[0]) }
  })

describe('conv2d', () => {
  test('a 2×2 kernel by hand: each output is the sum of four products', () => {
    const kernels = {
      type: 'values',
      values: [
        [
          [[1], [10]],
          [[100], [1000]],
        ],
      ],
    }
    const output = run(layer('conv2d', { size: 2, padding: 'valid', kernels }), counting(2, 3, 1))
    expect(output.shape).toEqual([1, 2, 1])
    // 0·1 + 1·10 + 3·100 + 4·1000 and 1·1 + 2·10 + 4·100 + 5·1000
    expect([...output.data]).toEqual([4310, 5421])
  })

  test('Sobel, Prewitt and the Laplacian equal scipy.ndimage’s with zeros outside', () => {
    const input = tensor(
      [5, 5, 1],
      counting(5, 5, 1).data.map((x) => x * x),
    )
    const names = ['sobel-x', 'prewitt-y', 'laplacian']
    const output = run(layer('conv2d', { filters: 3, kernels: { type: 'preset', names } }), input)
    const channel = (c: number) => [...output.data].filter((_, i) => i % 3 === c)
    // ndimage.sobel(x, axis=1), ndimage.prewitt(x, axis=0) and ndimage.laplace(x), mode='constant'
    expect(channel(0)).toEqual([
      38, 32, 44, 56, -82, 194, 96, 112, 128, -306, 534, 176, 192, 208, -726, 1074, 256, 272, 288, -1346, 1138, 232,
      244, 256, -1382,
    ])
    expect(channel(1)).toEqual([
      61, 110, 149, 194, 145, 220, 360, 420, 480, 340, 420, 660, 720, 780, 540, 620, 960, 1020, 1080, 740, -481, -770,
      -869, -974, -685,
    ])
    expect(channel(2)).toEqual([
      26, 36, 43, 48, 26, 36, 52, 52, 52, -48, -29, 52, 52, 52, -173, -144, 52, 52, 52, -348, -934, -624, -677, -732,
      -1414,
    ])
  })

  test('three channels, two seeded filters, stride 2 and a bias equal NumPy to the last bit, in float64 and float32', () => {
    // np.random.seed(3); k = np.random.randn(2, 3, 3, 3); x = np.arange(48).reshape(4, 4, 3) / 7
    const input = tensor(
      [4, 4, 3],
      counting(4, 4, 3).data.map((x) => x / 7),
    )
    const spec = layer('conv2d', {
      filters: 2,
      stride: 2,
      kernels: { type: 'random', seed: 3, scale: 1 },
      bias: [0.5, -0.25],
    })
    expect([...run(spec, input).data]).toEqual([
      -0.2553663680049607, 2.8818029014737463, -3.396911255699551, -2.3917916792013396, -4.505428174453933,
      -11.349288093333286, -12.944991724150814, -29.052568893714106,
    ])
    expect([...run(spec, input, 'float32').data]).toEqual([
      -0.2553664445877075, 2.881803274154663, -3.396911859512329, -2.3917911052703857, -4.505429267883301,
      -11.349288940429688, -12.944993019104004, -29.05257225036621,
    ])
  })

  test('groups, dilation and four different sides equal NumPy', () => {
    // np.random.seed(5); x = np.random.randn(5, 6, 4); k = np.random.randn(4, 2, 3, 2)
    const drawn = finish(randomNormals(5, 120 + 48, 1))
    const taken = [...drawn.subarray(120)]
    const values = [0, 1, 2, 3].map((f) =>
      [0, 1].map((u) => [0, 1, 2].map((v) => [0, 1].map((c) => taken[((f * 2 + u) * 3 + v) * 2 + c]!))),
    )
    const spec = layer('conv2d', {
      filters: 4,
      groups: 2,
      size: [2, 3],
      stride: [1, 2],
      dilation: [2, 2],
      padding: { top: 1, right: 3, bottom: 2, left: 0 },
      kernels: { type: 'values', values },
    })
    const output = run(spec, tensor([5, 6, 4], drawn.subarray(0, 120)))
    expect(output.shape).toEqual([6, 3, 4])
    const at = (y: number, x: number) => [...output.data.slice((y * 3 + x) * 4, (y * 3 + x) * 4 + 4)]
    expect(at(0, 0)).toEqual([-1.5039165580558895, 1.5603915469347736, 0.2832344231945627, 0.15177358488939813])
    expect(at(2, 1)).toEqual([0.24670656440478675, -1.2790140570206152, 0.26837435070201643, -0.6700368131088803])
    expect(at(5, 2)).toEqual([1.013199004805098, -0.10389249349529026, 2.7124091578444296, -5.175569029733527])
  })

  test('more than 128 taps are added in halves, as NumPy does', () => {
    // np.random.seed(6); x = np.random.randn(3, 3, 16); k = np.random.randn(1, 3, 3, 16) * 0.2
    const drawn = finish(randomNormals(6, 288, 1))
    const taken = drawn.subarray(144).map((x) => x * 0.2)
    const values = [
      [0, 1, 2].map((u) => [0, 1, 2].map((v) => [...taken.subarray((u * 3 + v) * 16, (u * 3 + v + 1) * 16)])),
    ]
    const spec = layer('conv2d', { padding: 'valid', kernels: { type: 'values', values } })
    const input = tensor([3, 3, 16], drawn.subarray(0, 144))
    expect([...run(spec, input).data]).toEqual([-0.22153395410432153])
    expect([...run(spec, input, 'float32').data]).toEqual([-0.22153377532958984])
  })

  test('every form equals the definition written out, to the last bit, in both precisions', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom('float64' as const, 'float32' as const), ({ spec, input }, dtype) => {
        expect(countUnequal(run(spec, input, dtype).data, obvious(input, spec, dtype))).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  test('the fast form of 3×3 equals the general one to the last bit', () => {
    const input = normals(11, 40, 50, 1)
    const spec = layer('conv2d', { filters: 2, kernels: { type: 'random', seed: 4, scale: 1 } })
    // A second input channel that all kernels pass over takes the general form, with terms of 0 in between.
    const [first, second] = [0, 1].map((f) => [...finish(resolveKernels(spec, 1)).subarray(9 * f, 9 * f + 9)])
    const shaped = (taps: number[]) => [0, 1, 2].map((u) => [0, 1, 2].map((v) => [taps[u * 3 + v]!]))
    const values = [shaped(first!), shaped(second!)]
    const fast = run(layer('conv2d', { filters: 2, kernels: { type: 'values', values } }), input)
    expect(countUnequal(fast.data, obvious(input, spec, 'float64'))).toBe(0)
    const bands = run(layer('conv2d', { filters: 2, kernels: { type: 'values', values } }), {
      shape: input.shape,
      data: Float32Array.from(input.data),
    })
    const exact = run(layer('conv2d', { filters: 2, kernels: { type: 'values', values } }), {
      shape: input.shape,
      data: Float64Array.from(Float32Array.from(input.data)),
    })
    expect(countUnequal(bands.data, exact.data)).toBe(0)
  })

  test('convolution is linear', () => {
    fc.assert(
      fc.property(anyCase, fc.double({ min: -4, max: 4, noNaN: true }), ({ spec, input }, factor) => {
        const unbiased = { ...spec, bias: [] }
        const other = normals(77, ...input.shape)
        const mixed = tensor(
          input.shape,
          input.data.map((x, i) => x + factor * other.data[i]!),
        )
        const [a, b, c] = [input, other, mixed].map((x) => run(unbiased, x).data)
        for (let i = 0; i < c!.length; i++) expect(c![i]!).toBeCloseTo(a![i]! + factor * b![i]!, 9)
      }),
    )
  })

  test('a box leaves a constant picture as it is away from the border', () => {
    const output = run(layer('conv2d', { padding: 'valid' }), tensor([6, 6, 1], new Array<number>(36).fill(0.25)))
    for (const value of output.data) expect(value).toBeCloseTo(0.25, 15)
  })

  test('a sum of −0 alone is +0, as NumPy’s', () => {
    const values = [[0, 1, 2].map(() => [0, 1, 2].map(() => [-1]))]
    const output = run(
      layer('conv2d', { kernels: { type: 'values', values } }),
      tensor([4, 4, 1], new Array<number>(16).fill(0)),
    )
    for (const value of output.data) expect(Object.is(value, 0)).toBe(true)
  })

  test('a picture smaller than the kernel works with padding', () => {
    expect([...run(layer('conv2d'), tensor([1, 1, 1], [9])).data]).toEqual([1])
    expect([...run(layer('conv2d'), tensor([2, 1, 1], [9, 18])).data]).toEqual([3, 3])
  })

  test('the input is not changed', () => {
    const random = new LegacyRandom(2)
    const input = tensor(
      [8, 8, 1],
      Array.from({ length: 64 }, () => random.rand()),
    )
    const before = input.data.slice()
    run(layer('conv2d'), input)
    expect(input.data).toEqual(before)
  })
})

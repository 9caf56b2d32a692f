import { describe, expect, test } from 'vitest'
import { counting, layer, run, tensor } from '../../tests/support/layer.ts'

describe('batchNorm', () => {
  const thirds = tensor(
    [2, 2, 2],
    counting(2, 2, 2).data.map((x) => x / 3),
  )
  const spec = layer('batchNorm', { mean: [0.5, 1], variance: [0.25, 2], scale: [2, 0.5], offset: [0.1, -1] })

  test('equals NumPy’s γ * (x - μ) / np.sqrt(σ² + ε) + β to the last bit, in float64 and float32', () => {
    expect([...run(spec, thirds).data]).toEqual([
      -1.8999600011999598, -1.2357016711420745, 0.7666533337333198, -1, 3.4332666686665996, -0.7642983288579255,
      6.099880003599879, -0.5285966577158508,
    ])
    expect([...run(spec, thirds, 'float32').data]).toEqual([
      -1.899959921836853, -1.2357016801834106, 0.7666534185409546, -1, 3.4332666397094727, -0.7642983198165894,
      6.099879741668701, -0.5285966992378235,
    ])
  })

  test('lists of one number stand for all channels, and a vector’s channels are its elements', () => {
    const half = layer('batchNorm', { mean: [1], variance: [4], scale: [1], offset: [0], epsilon: 0 })
    expect([...run(half, tensor([2, 1, 2], [1, 3, 5, -1])).data]).toEqual([0, 1, 2, -1])
    const each = layer('batchNorm', { mean: [1, 2, 3], variance: [1], epsilon: 0 })
    expect([...run(each, tensor([3], [1, 1, 1])).data]).toEqual([0, -1, -2])
  })

  test('channels stay in step over more values than one piece', () => {
    const spec3 = layer('batchNorm', { mean: [1, 2, 3], variance: [1], epsilon: 0 })
    const input = tensor(
      [100, 100, 3],
      Array.from({ length: 30_000 }, (_, i) => (i % 3) + 1),
    )
    expect(run(spec3, input).data.every((x) => x === 0)).toBe(true)
  })
})

describe('brighten', () => {
  test('adds and holds at both ends', () => {
    const input = tensor([1, 4, 1], [0, 0.5, 0.9, -0.5])
    expect([...run(layer('brighten', { amount: 0.25 }), input).data]).toEqual([0.25, 0.75, 1, 0])
    expect([...run(layer('brighten', { amount: -0.5, low: -1, high: 1 }), input).data]).toEqual([-0.5, 0, 0.4, -1])
  })

  test('float32 adds as NumPy’s float32 does', () => {
    // np.float32(0.7) + np.float32(0.1)
    expect([...run(layer('brighten', { amount: 0.1 }), tensor([1], [0.7]), 'float32').data]).toEqual([
      0.800000011920929,
    ])
  })
})

describe('flatten and dropout', () => {
  test('flatten reads in row-major order and changes no value', () => {
    const flat = run(layer('flatten'), counting(2, 3, 4))
    expect(flat.shape).toEqual([24])
    expect(flat.data).toEqual(counting(24).data)
  })

  test('dropout passes everything on, in the precision of the pipeline', () => {
    expect(run(layer('dropout', { rate: 0.9 }), counting(2, 2, 1)).data).toEqual(counting(4).data)
    expect(run(layer('dropout'), tensor([1], [0.1]), 'float32').data).toEqual(Float32Array.of(0.1))
  })

  test('more values than one piece arrive in order', () => {
    expect(run(layer('flatten'), counting(200, 150, 1)).data).toEqual(counting(30_000).data)
  })
})

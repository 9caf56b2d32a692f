import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { definitionOf, layerDefinitions, type LayerKind, type LayerSpec } from '../../shared/layers/index.ts'
import { activationNames } from '../../shared/layers/pointwise.ts'
import { elementCount, type Tensor } from '../../shared/tensor.ts'
import { counting, layer, run, tensor } from '../../tests/support/layer.ts'
import { layerFunctions, runLayer } from './index.ts'

const small = fc.integer({ min: 1, max: 5 })
const few = fc.integer({ min: 0, max: 3 })
const sides = fc.record({ top: few, right: few, bottom: few, left: few })
const window = {
  size: fc.tuple(small, small),
  stride: fc.tuple(small, small),
  padding: fc.oneof(fc.constantFrom('same', 'valid'), sides),
}
const dilation = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))

const options: { readonly [K in LayerKind]: fc.Arbitrary<Record<string, unknown>> } = {
  input: fc.record({
    size: fc.oneof(fc.constant('original'), fc.record({ width: small, height: small })),
    filter: fc.constantFrom('nearest', 'bilinear', 'bicubic', 'lanczos'),
    colour: fc.constantFrom('mean', 'luma', 'rgb'),
    range: fc.constantFrom({ type: 'unit' }, { type: 'signed' }),
  }),
  crop: fc.record({ top: few, left: few, height: small, width: small }),
  pad: fc.record({
    top: few,
    right: few,
    bottom: few,
    left: few,
    mode: fc.constantFrom('constant', 'edge', 'reflect'),
  }),
  flip: fc.record({ direction: fc.constantFrom('horizontal', 'vertical') }),
  rotate90: fc.record({ turns: fc.integer({ min: -9, max: 9 }) }),
  brighten: fc.record({ amount: fc.double({ min: -1, max: 1, noNaN: true }) }),
  paint: fc.record({
    marks: fc.array(
      fc.record({
        row: few,
        column: few,
        height: fc.integer({ min: 1, max: 2 }),
        width: fc.integer({ min: 1, max: 2 }),
        channel: fc.option(fc.integer({ min: 0, max: 1 })),
        value: fc.constantFrom(null, 0.5, [1], [1, 2]),
      }),
      { maxLength: 3 },
    ),
  }),
  conv2d: fc.record({
    ...window,
    dilation,
    filters: small,
    groups: fc.constantFrom(1, 1, 1, 2, 3),
    kernels: fc.record({ type: fc.constant('random'), seed: few }),
  }),
  activation: fc.record({ function: fc.constantFrom(...Object.keys(activationNames)) }),
  batchNorm: fc.record({ mean: fc.constantFrom([0], [1, 2]), variance: fc.constantFrom([1], [1, 2, 3]) }),
  pool2d: fc.record({
    ...window,
    dilation: fc.oneof(fc.constant([1, 1]), dilation),
    operation: fc.constantFrom('max', 'average'),
    ceil: fc.boolean(),
    countIncludePad: fc.boolean(),
  }),
  globalPool: fc.record({ operation: fc.constantFrom('average', 'max') }),
  flatten: fc.constant({}),
  dense: fc.record({ units: small }),
  softmax: fc.constant({}),
  dropout: fc.record({ rate: fc.double({ min: 0, max: 1, noNaN: true }) }),
}

function inputFor(spec: LayerSpec, shape: readonly number[]): Tensor {
  const count = elementCount(shape)
  if (spec.kind !== 'input')
    return tensor(
      shape,
      Array.from({ length: count }, (_, i) => Math.sin(i)),
    )
  return { shape, data: Uint8Array.from({ length: count }, (_, i) => (i * 37) % 256) }
}

function shapesFor(kind: LayerKind): fc.Arbitrary<readonly number[]> {
  if (kind === 'dense' || kind === 'softmax') return fc.tuple(fc.integer({ min: 1, max: 40 }))
  const side = fc.integer({ min: 1, max: 9 })
  return fc.tuple(side, side, kind === 'input' ? fc.constantFrom(1, 3) : fc.integer({ min: 1, max: 4 }))
}

describe('every layer', () => {
  test.each(Object.keys(layerDefinitions) as LayerKind[])(
    '%s makes what its definition promises: the shape, the precision, fractions that never fall, or a refusal',
    (kind) => {
      let made = 0
      fc.assert(
        fc.property(
          options[kind],
          shapesFor(kind),
          fc.constantFrom('float64' as const, 'float32' as const),
          (given, shape, dtype) => {
            const spec = layer(kind, given) as LayerSpec
            const input = inputFor(spec, shape)
            const before = input.data.slice()
            let promised: readonly number[]
            try {
              promised = definitionOf(spec).outputShape(shape, spec)
            } catch {
              expect(() => run(spec, input, dtype)).toThrow(expect.objectContaining({ code: 'layer-impossible' }))
              return
            }
            const steps = runLayer(spec, input, dtype)
            let last = 0
            let step = steps.next()
            for (; !step.done; step = steps.next()) {
              expect(step.value).toBeGreaterThanOrEqual(last)
              expect(step.value).toBeLessThanOrEqual(1)
              last = step.value
            }
            expect(step.value.shape).toEqual(promised)
            expect(step.value.data.length).toBe(elementCount(promised))
            expect(step.value.data).toBeInstanceOf(dtype === 'float64' ? Float64Array : Float32Array)
            for (const value of step.value.data) expect(value).not.toBeNaN()
            expect(input.data).toEqual(before)
            made++
          },
        ),
        { numRuns: 150 },
      )
      // A generator that only made impossible specs would prove nothing.
      expect(made).toBeGreaterThan(10)
    },
  )

  test('has a function in the register', () => {
    expect(Object.keys(layerFunctions).sort()).toEqual(Object.keys(layerDefinitions).sort())
  })
})

describe('runLayer', () => {
  test('rounds a float64 tensor before a float32 layer computes with it', () => {
    const third = tensor([1, 1, 1], [1 / 3])
    const box = layer('conv2d', { size: 1, kernels: { type: 'values', values: [[[[3]]]] } })
    expect(run(box, third, 'float32').data[0]).toBe(Math.fround(Math.fround(1 / 3) * 3))
  })

  test('takes bytes where a layer is tried on them', () => {
    const bytes = { shape: [2, 2, 1], data: Uint8Array.of(1, 2, 3, 250) }
    expect([...run(layer('pool2d'), bytes).data]).toEqual([250])
  })

  test('pauses often enough that a long layer can be stopped', () => {
    const wide = counting(8, 3000, 1)
    const spec = layer('conv2d', { filters: 8, size: 11, kernels: { type: 'random', seed: 0 } })
    // 8 rows of 3000 × 8 × 121 products; a pause every quarter of a million.
    expect([...runLayer(spec, wide, 'float64')].length).toBeGreaterThan(80)
  })
})

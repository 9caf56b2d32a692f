/** Random pipelines over every kind of layer, with a random photo, run to the end; for tests of properties. */

import fc from 'fast-check'
import { planPipeline } from '../../main/pipeline/plan.ts'
import { runLayer } from '../../main/layers/index.ts'
import { finish } from '../../main/layers/steps.ts'
import type { PlannedStage } from '../../shared/api.ts'
import { activationNames } from '../../shared/layers/pointwise.ts'
import { parsePipeline, type Pipeline } from '../../shared/pipeline.ts'
import { elementCount, type Tensor } from '../../shared/tensor.ts'

export interface RandomRun {
  readonly pipeline: Pipeline
  readonly photo: Tensor<Uint8Array>
  readonly stages: readonly PlannedStage[]
  readonly tensors: readonly Tensor[]
}

type Options = Readonly<Record<string, unknown>>
const whole = (min: number, max: number) => fc.integer({ min, max })
const number = fc.double({ min: -2, max: 2, noNaN: true })
const pairOf = (max: number) => fc.tuple(whole(1, max), whole(1, max))
const sides = (max: number) =>
  fc.record({ top: whole(0, max), right: whole(0, max), bottom: whole(0, max), left: whole(0, max) })
const anyPadding = fc.oneof(fc.constantFrom('same', 'valid'), sides(3))

const inputs: fc.Arbitrary<Options> = fc.record({
  kind: fc.constant('input'),
  size: fc.oneof(fc.constant('original'), fc.record({ width: whole(1, 12), height: whole(1, 12) })),
  filter: fc.constantFrom('nearest', 'bilinear', 'bicubic', 'lanczos'),
  colour: fc.constantFrom('mean', 'luma', 'rgb'),
  range: fc.oneof(
    fc.record({ type: fc.constantFrom('unit', 'signed') }),
    fc.constant({ type: 'standard', mean: [0.45], std: [0.22] }),
    fc.constant({ type: 'standard', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }),
  ),
})

const convolutions = fc.record({
  kind: fc.constant('conv2d'),
  filters: whole(1, 4),
  size: pairOf(4),
  stride: pairOf(3),
  padding: anyPadding,
  dilation: pairOf(2),
  groups: fc.constantFrom(1, 1, 1, 2, 3),
  kernels: fc.oneof(
    fc.record({ type: fc.constant('random'), seed: whole(0, 99), scale: fc.constant(0.5) }),
    fc.constant({ type: 'preset', names: ['gaussian', 'identity'] }),
  ),
  bias: fc.constantFrom([], [0.5], [0.25, -1.5], [0.1, 0.2, 0.3], [1, -1, 0, -0]),
})

const others: readonly fc.Arbitrary<Options>[] = [
  convolutions,
  convolutions,
  fc.record({
    kind: fc.constant('pool2d'),
    operation: fc.constantFrom('max', 'average'),
    size: pairOf(3),
    stride: pairOf(3),
    padding: fc.oneof(fc.constantFrom('same', 'valid'), sides(2)),
    dilation: fc.oneof(fc.constant(1), pairOf(2)),
    ceil: fc.boolean(),
    countIncludePad: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('activation'),
    function: fc.constantFrom(...Object.keys(activationNames)),
    alpha: fc.option(number),
    gamma: fc.option(number),
  }),
  fc.record({
    kind: fc.constant('batchNorm'),
    mean: fc.tuple(number),
    variance: fc.tuple(fc.double({ min: 0, max: 3, noNaN: true })),
    scale: fc.tuple(number),
    offset: fc.tuple(number),
  }),
  fc.record({
    kind: fc.constant('crop'),
    top: whole(0, 3),
    left: whole(0, 3),
    height: whole(1, 6),
    width: whole(1, 6),
  }),
  fc.record({
    kind: fc.constant('pad'),
    top: whole(0, 3),
    right: whole(0, 3),
    bottom: whole(0, 3),
    left: whole(0, 3),
    mode: fc.constantFrom('constant', 'edge', 'reflect'),
    value: number,
  }),
  fc.record({ kind: fc.constant('flip'), direction: fc.constantFrom('horizontal', 'vertical') }),
  fc.record({ kind: fc.constant('rotate90'), turns: whole(-4, 4) }),
  fc.record({ kind: fc.constant('brighten'), amount: number, low: fc.constant(-0.3), high: fc.constant(0.7) }),
  fc.record({
    kind: fc.constant('paint'),
    marks: fc.array(
      fc.record({
        row: whole(0, 2),
        column: whole(0, 2),
        height: whole(1, 3),
        width: whole(1, 3),
        channel: fc.constantFrom(null, null, 0, 1),
        value: fc.oneof(number, fc.constant(null), fc.tuple(number, number, number)),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({ kind: fc.constant('dropout') }),
  fc.record({ kind: fc.constant('globalPool'), operation: fc.constantFrom('average', 'max') }),
]

const head: fc.Arbitrary<readonly Options[]> = fc
  .tuple(
    fc.record({ kind: fc.constant('activation'), function: fc.constantFrom('relu', 'tanh') }),
    fc.record({
      kind: fc.constant('dense'),
      units: fc.constant(2),
      weights: fc.record({ type: fc.constant('random'), seed: whole(0, 9), scale: fc.constant(0.3) }),
      bias: fc.constantFrom([], [0.5, -0.25]),
    }),
    whole(0, 4),
  )
  .map(([activation, dense, length]) => [{ kind: 'flatten' }, activation, dense, { kind: 'softmax' }].slice(0, length))

/** A pipeline of the layers that can work one after the other, left out where they cannot. */
export const randomRuns: fc.Arbitrary<RandomRun> = fc
  .record({
    photo: fc
      .record({ height: whole(1, 16), width: whole(1, 16), channels: fc.constantFrom(1, 3) })
      .chain(({ height, width, channels }) =>
        fc
          .uint8Array({ minLength: height * width * channels, maxLength: height * width * channels })
          .map((data): Tensor<Uint8Array> => ({ shape: [height, width, channels], data: Uint8Array.from(data) })),
      ),
    dtype: fc.constantFrom('float64', 'float32'),
    input: inputs,
    middle: fc.array(fc.oneof(...others), { maxLength: 4 }),
    head,
  })
  .map(({ photo, dtype, input, middle, head: end }) => {
    let layers: readonly Options[] = []
    for (const candidate of [input, ...middle, ...end]) {
      const { kind } = candidate
      const next = [...layers, kind === 'input' ? { ...candidate } : candidate]
      const pipeline = parsePipeline({ version: 1, name: 'Random', dtype, layers: next })
      const plan = planPipeline(pipeline, photo.shape)
      if (plan.problem === null && elementCount(plan.stages.at(-1)!.shape) < 4000) layers = next
      else if (kind === 'input') layers = [{ ...candidate, range: { type: 'unit' } }]
    }
    const pipeline = parsePipeline({ version: 1, name: 'Random', dtype, layers })
    const { stages } = planPipeline(pipeline, photo.shape)
    const tensors: Tensor[] = []
    for (const layer of pipeline.layers) tensors.push(finish(runLayer(layer, tensors.at(-1) ?? photo, pipeline.dtype)))
    return { pipeline, photo, stages, tensors }
  })

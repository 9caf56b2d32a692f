import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pictureShape, type Tensor } from '../../../shared/tensor.ts'
import { parsePipeline, type Pipeline } from '../../../shared/pipeline.ts'
import { runLayer } from '../../layers/index.ts'
import { finish } from '../../layers/steps.ts'
import { traceElement } from './trace.ts'

const photo: Tensor<Uint8Array> = {
  shape: [10, 10, 3],
  data: Uint8Array.from({ length: 300 }, (_, i) => (i * 97 + ((i * i) % 41)) % 256),
}

function pipelineOf(...layers: readonly object[]): Pipeline {
  const input = { kind: 'input', size: 'original', colour: 'rgb' }
  return parsePipeline({ version: 1, name: 'Traced', layers: [input, ...layers] })
}

/** All stages, the input stage given. */
function stagesFrom(pipeline: Pipeline, first: Tensor): Tensor[] {
  const tensors = [first]
  for (const layer of pipeline.layers.slice(1)) tensors.push(finish(runLayer(layer, tensors.at(-1)!, 'float64')))
  return tensors
}

function runAll(pipeline: Pipeline): Tensor[] {
  return stagesFrom(pipeline, finish(runLayer(pipeline.layers[0]!, photo, 'float64')))
}

function trace(pipeline: Pipeline, tensors: readonly Tensor[], stage: number, channel: number, limit = 1000) {
  const place = { row: 0, column: 0, channel }
  return finish(traceElement({ pipeline, tensors, stage, place, to: 0, limit }))
}

const random = (seed: number) => ({ type: 'random', seed, scale: 0.4 })

describe('a trace', () => {
  it('of a smooth pipeline has the slopes that running it again beside each element shows', () => {
    const pipeline = pipelineOf(
      { kind: 'conv2d', filters: 3, kernels: random(1), stride: 2, dilation: 2, bias: [0.1, 0.2, 0.3] },
      { kind: 'activation', function: 'tanh' },
      { kind: 'batchNorm', scale: [1.5], variance: [0.4], mean: [0.1] },
      { kind: 'pool2d', operation: 'average', size: 2, stride: 1, padding: 'same', ceil: true },
      { kind: 'activation', function: 'gelu' },
      { kind: 'flatten' },
      { kind: 'dense', units: 3, weights: random(2) },
      { kind: 'softmax' },
    )
    const tensors = runAll(pipeline)
    const [input] = tensors
    const traced = trace(pipeline, tensors, 8, 1)
    expect(traced.value).toBe(tensors[8]!.data[1])
    const last = traced.stages.at(-1)!
    expect(last.stage).toBe(0)
    expect(last.ranked.length).toBe(75)
    for (const { place, value, slope, contribution } of last.ranked.slice(0, 40)) {
      const at = (place.row * 10 + place.column) * 3 + place.channel
      const [above, below] = [1e-5, -1e-5].map((step) => {
        const data = Float64Array.from(input!.data, (x, i) => (i === at ? x + step : x))
        return stagesFrom(pipeline, { shape: input!.shape, data })[8]!.data[1]!
      })
      expect(value).toBe(input!.data[at])
      expect(Math.abs((above! - below!) / 2e-5 - slope)).toBeLessThan(1e-8)
      expect(contribution).toBe(slope * value)
    }
  })

  it('of sums, maxima and ReLUs adds up to the value at every stage, but for what biases add', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.constantFrom('max', 'average'), fc.nat(3), (seed, operation, channel) => {
        const pipeline = pipelineOf(
          { kind: 'conv2d', filters: 4, kernels: random(seed), groups: 1, padding: 'same' },
          { kind: 'activation' },
          { kind: 'pool2d', operation, size: 3, stride: 2, padding: 'same' },
          { kind: 'flip' },
          { kind: 'globalPool', operation },
          { kind: 'flatten' },
          { kind: 'dense', units: 4, weights: random(seed) },
        )
        const tensors = runAll(pipeline)
        const { value, stages } = trace(pipeline, tensors, 7, channel)
        expect(stages.map(({ stage }) => stage)).toEqual([6, 5, 4, 3, 2, 1, 0])
        for (const { total } of stages)
          expect(Math.abs(total - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)))
      }),
      { numRuns: 30 },
    )
  })

  it('ranks by size, tells no more than asked for, and counts all', () => {
    const pipeline = pipelineOf({ kind: 'flatten' }, { kind: 'dense', units: 2, weights: random(5), bias: [1, 2] })
    const tensors = runAll(pipeline)
    const { stages } = trace(pipeline, tensors, 2, 0, 7)
    const [vector, picture] = stages
    expect(vector).toMatchObject({ stage: 1, count: 300 })
    expect(vector!.ranked).toHaveLength(7)
    const all = trace(pipeline, tensors, 2, 0).stages[0]!.ranked.map(({ contribution }) => Math.abs(contribution))
    expect(all).toEqual([...all].sort((a, b) => b - a))
    expect(vector!.ranked.map(({ contribution }) => Math.abs(contribution))).toEqual(all.slice(0, 7))
    const [, width, channels] = pictureShape([10, 10, 3])
    const flat = picture!.ranked.map(({ place }) => (place.row * width + place.column) * channels + place.channel)
    expect(flat).toEqual(vector!.ranked.map(({ place }) => place.channel))
  })
})

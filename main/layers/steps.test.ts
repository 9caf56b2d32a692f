/**
 * What a run does between two pauses is bounded, whatever the layer and however long a row, wide a window or deep a
 * picture: a run that is cancelled stops at the next pause. Counted in multiply-adds (or values copied), not in time.
 */

import { describe, expect, test } from 'vitest'
import type { LayerSpec } from '../../shared/layers/index.ts'
import { resolveKernels } from '../../shared/kernels.ts'
import { elementCount, type FloatDType, type Size, type Tensor } from '../../shared/tensor.ts'
import { layer } from '../../tests/support/layer.ts'
import { summarise } from '../pipeline/summary.ts'
import { Band } from './band.ts'
import { runLayer } from './index.ts'
import { resample } from './resample.ts'
import { filterWeights } from './resampleWeights.ts'
import type { Steps } from './steps.ts'

/** About a millisecond. */
const bound = 1 << 20

function ones(...shape: readonly number[]): Tensor<Float64Array> {
  return { shape, data: new Float64Array(elementCount(shape)).fill(1) }
}

function bytes(...shape: readonly number[]): Tensor<Uint8Array> {
  return { shape, data: new Uint8Array(elementCount(shape)).fill(100) }
}

/** The largest share of all work that one step does, as the fractions tell, which never fall. */
function longestStep(steps: Steps<unknown>): number {
  let before = 0
  let longest = 0
  for (let step = steps.next(); ; step = steps.next()) {
    const now = step.done ? 1 : step.value
    expect(now).toBeGreaterThanOrEqual(before - 1e-12)
    longest = Math.max(longest, now - before)
    before = now
    if (step.done) return longest
  }
}

function countSteps(steps: Steps<unknown>): number {
  let count = 1
  while (!steps.next().done) count++
  return count
}

const conv = (options: Readonly<Record<string, unknown>>) => layer('conv2d', { padding: 'valid', ...options })
const pool = (options: Readonly<Record<string, unknown>>) => layer('pool2d', options)
const random = { type: 'random', seed: 1 }

/** A layer, its input, and the multiply-adds (values read, where there are none) of all of it. */
const cases: Readonly<Record<string, readonly [LayerSpec, Tensor, number]>> = {
  'a 3×3 convolution of one long row': [conv({ filters: 3, padding: 'same' }), ones(1, 500_000, 1), 13_500_000],
  'a 5×5 convolution of long rows': [conv({ size: 5 }), ones(5, 300_004, 1), 7_500_000],
  'a 3×3 convolution with 100,000 filters': [conv({ filters: 100_000, kernels: random }), ones(4, 5, 1), 5_400_000],
  'a convolution with 2 million products a value': [conv({ size: [1500, 1500] }), ones(1500, 1502, 1), 6_750_000],
  'a convolution of 3,000 channels with 200 filters': [conv({ filters: 200 }), ones(3, 4, 3000), 10_800_000],
  'a convolution of 20,000 groups': [conv({ filters: 40_000, groups: 20_000, size: 5 }), ones(6, 6, 20_000), 4_000_000],
  'a maximum of 2 million values': [pool({ size: [1500, 1500] }), ones(1500, 1500, 3), 6_750_000],
  'a mean of 2 million values': [pool({ size: [1500, 1500], operation: 'average' }), ones(1500, 1500, 3), 6_750_000],
  'maxima of 100,000 channels': [pool({ size: 7 }), ones(7, 7, 100_000), 4_900_000],
  'maxima along long rows': [pool({ size: 2 }), ones(2, 2_000_000, 1), 4_000_000],
  'the maximum of one row': [layer('globalPool', { operation: 'max' }), ones(1, 3_000_000, 1), 6_000_000],
  'the mean of one row': [layer('globalPool'), ones(1, 3_000_000, 1), 6_000_000],
  'a flip of one row': [layer('flip'), ones(1, 3_000_000, 1), 3_000_000],
  'a crop of one row': [layer('crop', { left: 1, height: 1, width: 100_000 }), ones(1, 100_001, 30), 3_000_000],
  'a quarter turn of one column': [layer('rotate90'), ones(3_000_000, 1, 1), 3_000_000],
  'edges around one row': [
    layer('pad', { mode: 'edge', top: 1, bottom: 1, left: 9, right: 9 }),
    ones(1, 1_000_000, 1),
    3_000_000,
  ],
  'a softmax of a long vector': [layer('softmax'), ones(3_000_000), 12_000_000],
  'a batch normalisation of a long vector': [layer('batchNorm'), ones(3_000_000), 3_000_000],
  'one mark on a long row': [
    layer('paint', { marks: [{ row: 0, column: 0, height: 1, width: 100_000, channel: null, value: [0] }] }),
    ones(1, 100_000, 30),
    6_000_000,
  ],
  'a photo of its own size': [layer('input', { size: 'original', colour: 'rgb' }), bytes(1000, 1500, 3), 9_000_000],
  'a photo without a resize filter': [
    layer('input', { size: { width: 2000, height: 1000 }, filter: 'nearest', colour: 'rgb' }),
    bytes(10, 10, 3),
    12_000_000,
  ],
}

/** Resizes: the photo, the new size, and the multiply-adds. */
const resizes: Readonly<Record<string, readonly [Tensor<Uint8Array>, Size, number]>> = {
  'a photo of one row, made small': [bytes(1, 1_000_000, 3), { width: 64, height: 1 }, 12_000_000],
  'a photo of one column, made small': [bytes(400_000, 1, 3), { width: 1, height: 64 }, 7_200_000],
  'a photo made one long row': [bytes(2, 500_000, 3), { width: 100_000, height: 2 }, 18_600_000],
}

describe('a pause comes after at most a million multiply-adds', () => {
  for (const [name, [spec, input, work]] of Object.entries(cases)) {
    test(name, () => {
      for (const dtype of ['float64', 'float32'] satisfies FloatDType[]) {
        expect(longestStep(runLayer(spec, input, dtype)) * work).toBeLessThan(bound)
      }
    })
  }

  for (const [name, [photo, size, work]] of Object.entries(resizes)) {
    test(name, () => {
      expect(longestStep(resample(photo, size, 'lanczos')) * work).toBeLessThan(bound)
    })
  }

  test('where the rows under a window are brought in', () => {
    const sides = { top: 1, right: 1, bottom: 1, left: 1 }
    for (const input of [ones(2000, 1500, 1), ones(1, 3_000_000, 1)]) {
      const band = new Band(input, sides, input.shape[0]! + 2, -Infinity)
      expect(countSteps(band.moveTo(0, 0))).toBeGreaterThan(6_000_000 / bound)
    }
  })

  test('where kernels and the weights of a resize are made', () => {
    for (const kernels of [random, { type: 'preset', names: ['gaussian'] }]) {
      const steps = resolveKernels(conv({ size: [700, 700], kernels }), 1)
      expect(countSteps(steps)).toBeGreaterThan((50 * 490_000) / bound)
    }
    expect(countSteps(filterWeights(1_000_000, 2, 'lanczos'))).toBeGreaterThan((50 * 3_000_000) / bound)
  })

  test('where what is not finite is left out of statistics', () => {
    const stage = ones(3_000_000)
    const finite = countSteps(summarise(stage))
    stage.data[7] = NaN
    expect(countSteps(summarise(stage))).toBeGreaterThan(finite + 3_000_000 / bound)
  })
})

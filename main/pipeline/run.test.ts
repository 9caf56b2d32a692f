import { describe, expect, test } from 'vitest'
import type { StageSummary } from '../../shared/api.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { StageCache } from './cache.ts'
import { planPipeline } from './plan.ts'
import { needsPhoto, runStages, stageKeys, type CachedTensor, type TensorCache } from './run.ts'

const photo: Tensor<Uint8Array> = { shape: [8, 8, 1], data: Uint8Array.from({ length: 64 }, (_, i) => 4 * i) }
const pipelineOf = (...layers: unknown[]) =>
  parsePipeline({
    version: 1,
    name: 'test',
    layers: [{ kind: 'input', size: 'original' }, ...layers],
  })
const digest = (text: string) => text
let clock = 0

function run(
  pipeline: ReturnType<typeof pipelineOf>,
  cache: TensorCache,
  wanted: { first?: number; last?: number; photo?: null } = {},
) {
  const { stages } = planPipeline(pipeline, photo.shape)
  const keys = stageKeys('photo', pipeline, digest)
  const results: { summary: StageSummary; tensor: Tensor }[] = []
  for (const step of runStages({ pipeline, stages, keys, photo, cache, now: () => ++clock, ...wanted })) {
    if (step.type === 'stage') results.push(step)
  }
  return results
}
const flags = (results: { summary: StageSummary }[]) => results.map(({ summary }) => summary.cached)
const newCache = (bytes = 1e6) => new StageCache<CachedTensor>(bytes)
const scale = (amount: number) => ({ kind: 'brighten', amount, high: 10 })

describe('a run', () => {
  test('gives every stage in order with its values and their summary', () => {
    const results = run(pipelineOf({ kind: 'pool2d' }, { kind: 'flatten' }), newCache())
    expect(results.map(({ summary }) => [summary.index, summary.kind, summary.shape])).toEqual([
      [0, 'input', [8, 8, 1]],
      [1, 'pool2d', [4, 4, 1]],
      [2, 'flatten', [16]],
    ])
    // The maximum of each 2×2 block is its lower right pixel.
    const expected = [1, 3, 5, 7].flatMap((y) => [1, 3, 5, 7].map((x) => (4 * (8 * y + x)) / 255))
    expect([...results[2]!.tensor.data]).toEqual(expected)
    expect(results[1]!.summary).toMatchObject({ min: 36 / 255, max: 252 / 255, dtype: 'float64', picture: 'map' })
    expect(flags(results)).toEqual([false, false, false])
    expect(results.every(({ summary }) => summary.milliseconds > 0)).toBe(true)
  })

  test('computes only from the edited layer down', () => {
    const cache = newCache()
    const before = run(pipelineOf(scale(0.1), scale(0.2), scale(0.3)), cache)
    const after = run(pipelineOf(scale(0.1), scale(0.5), scale(0.3)), cache)
    expect(flags(after)).toEqual([true, true, false, false])
    expect(after[1]!.tensor).toBe(before[1]!.tensor)
    expect(after[1]!.summary.milliseconds).toBe(before[1]!.summary.milliseconds)
    expect(after[3]!.tensor.data[0]).toBeCloseTo(0.9, 12)
  })

  test('shares nothing between photos or element types', () => {
    const pipeline = pipelineOf(scale(0.1))
    expect(stageKeys('one', pipeline, digest)).not.toEqual(stageKeys('other', pipeline, digest))
    const narrow = parsePipeline({ ...pipeline, dtype: 'float32' })
    expect(stageKeys('one', pipeline, digest)[0]).not.toBe(stageKeys('one', narrow, digest)[0])
  })

  test('of one late stage starts at the deepest one there is, and needs no photo for it', () => {
    const cache = newCache()
    const pipeline = pipelineOf(scale(0.1), scale(0.2))
    const keys = stageKeys('photo', pipeline, digest)
    expect(needsPhoto(keys, cache, 2)).toBe(true)
    const [, , last] = run(pipeline, cache)
    const fresh = newCache()
    fresh.put(keys[1]!, cache.get(keys[1]!)!, 512)
    expect(needsPhoto(keys, fresh, 2)).toBe(false)
    expect(needsPhoto(keys, fresh, 0)).toBe(true)
    const again = run(pipeline, fresh, { first: 2, last: 2, photo: null })
    expect(again.map(({ summary }) => summary.index)).toEqual([2])
    expect(again[0]!.tensor.data).toEqual(last!.tensor.data)
  })

  test('finishes with a cache too small for any of its stages, and keeps to the budget after', () => {
    const cache = newCache(600)
    const results = run(pipelineOf(scale(0.1), scale(0.2), scale(0.3)), cache)
    expect(results).toHaveLength(4)
    expect(results[3]!.tensor.data[0]).toBeCloseTo(0.6, 12)
    expect(cache.bytes).toBeLessThanOrEqual(600)
  })

  test('that is given up lets go of what it held', () => {
    const cache = newCache(600)
    const pipeline = pipelineOf(scale(0.1), scale(0.2))
    const { stages } = planPipeline(pipeline, photo.shape)
    const keys = stageKeys('photo', pipeline, digest)
    const steps = runStages({ pipeline, stages, keys, photo, cache, now: () => 0 })
    for (const step of steps) if (step.type === 'stage' && step.summary.index === 1) break
    expect(cache.bytes).toBeLessThanOrEqual(600)
  })

  test('tells progress of each stage between 0 and 1', () => {
    const pipeline = pipelineOf(scale(0.1))
    const { stages } = planPipeline(pipeline, photo.shape)
    const keys = stageKeys('photo', pipeline, digest)
    const seen = new Set<number>()
    for (const step of runStages({ pipeline, stages, keys, photo, cache: newCache(), now: () => 0 })) {
      if (step.type !== 'progress') continue
      expect(step.fraction).toBeGreaterThanOrEqual(0)
      expect(step.fraction).toBeLessThanOrEqual(1)
      seen.add(step.stage)
    }
    expect([...seen]).toEqual([0, 1])
  })
})

import { expect, test } from 'vitest'
import { usualFigure } from '../../shared/figures.ts'
import { presets } from '../../shared/presets.ts'
import { addTensor } from '../pipeline/setSums.ts'
import { planBatch, Tally } from './batchTally.ts'

const pipeline = presets.find(({ id }) => id === 'walkthrough')!.pipeline

const record = {
  folder: '',
  sha256: '0'.repeat(64),
  width: 1,
  height: 1,
  statistics: new Float64Array(0),
  probabilities: new Float64Array(0),
  thumbnail: new Uint8Array(0),
}

function tallyWith(memory: number): Tally {
  const tally = new Tally(
    { pipeline, save: [], figure: usualFigure, shard: [1, 1], list: '0'.repeat(64), total: 2 },
    planBatch(pipeline, memory),
  )
  tally.add({ ...record, name: `${memory}` }, [])
  for (const sums of tally.sums) {
    if (sums) addTensor(sums, { shape: sums.shape, data: new Float64Array(sums.planes.length / 4) })
  }
  return tally
}

test('a mean is of all images or there is none, however much memory each part of them had', () => {
  const much = tallyWith(1e9)
  const little = tallyWith(64 * 64 * 32)
  expect(much.sums.map((sums) => sums?.count)).toEqual([1, 1, 1, 1, 1, 1])
  expect(little.sums.map((sums) => sums?.count)).toEqual([1, undefined, undefined, undefined, undefined, undefined])
  const both = tallyWith(1e9)
  both.merge(little.state)
  expect(both.sums.map((sums) => sums?.count)).toEqual([2, undefined, undefined, undefined, undefined, undefined])
  expect(both.shapes).toEqual([[64, 64, 1], null, null, null, null, null])
  little.merge(much.state)
  expect(little.shapes).toEqual(both.shapes)
})

test('sums are being read until the last of their readings has ended, well or not', async () => {
  const tally = tallyWith(1e9)
  let end: () => void = () => undefined
  tally.hold(new Promise<void>((resolve) => (end = resolve)))
  tally.hold(Promise.reject(new Error('cancelled')))
  const { reading } = tally
  expect(reading).not.toBeNull()
  end()
  await reading
  expect(tally.reading).toBeNull()
})

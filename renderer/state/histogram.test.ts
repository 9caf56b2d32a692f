import { expect, test } from 'vitest'
import type { Histogram, StageSummary } from '../../shared/api.ts'
import { fakeApi } from '../transport/fake.ts'
import { HistogramState } from './histogram.svelte.ts'
import { stageSource, type Source } from './source.ts'

const histogram = (count: number): Histogram => ({ from: 0, to: 256, counts: [count] })

/** A photo whose count comes when the test says so. */
function photo(key: string) {
  const asked: { signal: AbortSignal; answer: (histogram: Histogram) => void; refuse: (error: Error) => void }[] = []
  const count = (signal: AbortSignal) =>
    new Promise<Histogram>((answer, refuse) => {
      asked.push({ signal, answer, refuse })
    })
  return { source: { key, summary: null, count } as unknown as Source, asked }
}

test('a stage tells its own, and is not counted', async () => {
  const state = new HistogramState()
  const source = stageSource(fakeApi(), 'run', { shape: [2, 2, 1], histogram: histogram(4) } as unknown as StageSummary)
  await state.count(source)
  expect(state.of(source)).toEqual(histogram(4))
})

test('a photo is counted once, and what is counted for another is given up and not taken for it', async () => {
  const state = new HistogramState()
  const [first, second] = [photo('a'), photo('b')]
  const one = state.count(first.source)
  const two = state.count(second.source)
  expect(first.asked[0]!.signal.aborted).toBe(true)
  first.asked[0]!.refuse(new Error('cancelled'))
  second.asked[0]!.answer(histogram(7))
  await Promise.all([one, two])
  expect([state.of(first.source), state.of(second.source)]).toEqual([null, histogram(7)])
  await state.count(second.source)
  expect(second.asked).toHaveLength(1)
})

test('what cannot be counted is said', async () => {
  const state = new HistogramState()
  const { source, asked } = photo('a')
  const counting = state.count(source)
  asked[0]!.refuse(new Error('The file is gone.'))
  await expect(counting).rejects.toThrow('The file is gone.')
})

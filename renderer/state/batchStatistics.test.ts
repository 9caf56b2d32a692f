import { expect, test } from 'vitest'
import { fakeApi } from '../transport/fake.ts'
import { SetStatisticsState } from './batchStatistics.svelte.ts'

async function open() {
  const api = fakeApi({ delay: 0, images: 3 })
  const pipeline = (await api.call('pipelines.presets', {}))[0]!.pipeline
  const { batch, stages } = await api.call('batches.start', { pipeline, save: [], destination: { type: 'none' } })
  const progress = async () => await api.call('batches.progress', { batch })
  await expect.poll(progress).toMatchObject({ state: 'finished' })
  const asked = () => api.calls.filter(({ method }) => method === 'batches.statistics').map(({ params }) => params)
  return { api, asked, stages, statistics: new SetStatisticsState(api, batch, stages) }
}

test('is read only while it is seen', async () => {
  const { statistics, asked } = await open()
  await statistics.refresh()
  expect(asked()).toEqual([])
  const stop = statistics.watch()
  await expect.poll(() => statistics.shown).not.toBeNull()
  stop()
  await statistics.refresh()
  expect(asked()).toHaveLength(1)
})

test('a stage comes with scales of its own, the deviation’s from zero, and the channel’s pictures', async () => {
  const { statistics, asked, stages } = await open()
  await statistics.choose(1)
  const shown = statistics.shown!
  expect(shown.stage).toBe(stages[1])
  expect([shown.form, shown.colour]).toEqual(['picture', false])
  expect(shown.scales).toEqual({
    mean: { name: 'viridis', from: 0, to: 1 },
    std: { name: 'viridis', from: 0, to: 1 },
  })
  expect(statistics.chosen!.most.map(({ value }) => value)).toEqual([0.2, 0.1, 0])
  expect(asked()).toMatchObject([{ stage: 1, channels: [0, stages[1]!.shape.at(-1)], maxSize: 256 }])
})

test('a vector is read whole, and one of two numbers is shown as bars', async () => {
  const { statistics, stages, asked } = await open()
  const flat = stages.findIndex(({ kind }) => kind === 'flatten')
  await statistics.choose(flat)
  expect(statistics.shown).toMatchObject({ form: 'block', channels: stages[flat]!.shape[0] })
  expect(asked().at(-1)).toMatchObject({ channels: [0, stages[flat]!.shape[0]] })
  await statistics.choose(stages.length - 1)
  expect(statistics.shown!.form).toBe('bars')
})

test('a reading that takes long is not given up for the next, which follows it', async () => {
  const { api, asked, statistics } = await open()
  const answers: (() => void)[] = []
  const call = api.call.bind(api)
  api.call = async (...args: Parameters<typeof call>) => {
    await new Promise<void>((resolve) => answers.push(resolve))
    return await call(...args)
  }
  statistics.watch()
  void statistics.refresh()
  void statistics.refresh()
  expect(answers).toHaveLength(1)
  answers[0]!()
  await expect.poll(() => statistics.shown).not.toBeNull()
  await expect.poll(() => answers).toHaveLength(2)
  answers[1]!()
  await expect.poll(() => asked()).toHaveLength(2)
})

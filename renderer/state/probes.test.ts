import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Api, ImageInfo } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { presets } from '../../shared/presets.ts'
import { fakeApi } from '../transport/fake.ts'
import { ProbeState, probesAsText } from './probes.svelte.ts'
import { RunState } from './run.svelte.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline
const edges = presets.find(({ id }) => id === 'edges')!.pipeline

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(3000)

async function start(pipeline = walkthrough) {
  const api = fakeApi({ delay: 10, images: 2 })
  const run = new RunState(api)
  const probes = new ProbeState(api, run)
  const listing = api.call('images.list', {})
  await vi.advanceTimersByTimeAsync(10)
  const images = (await listing) as readonly [ImageInfo, ImageInfo]
  run.show(images[0], pipeline)
  await settle()
  const at = async (stage: number, row: number, column: number, channel = 0) => {
    const rect = { left: column, top: row, width: 1, height: 1 }
    const asked = api.call('stages.read', { run: run.run!, stage, rect, channels: [channel, channel + 1] })
    await vi.advanceTimersByTimeAsync(20)
    return (await asked).data[0]!
  }
  return { api, run, probes, images, at }
}

const called = (api: ReturnType<typeof fakeApi>, method: string) => api.calls.filter((call) => call.method === method)
const place = (row: number, column: number, channel = 0) => ({ row, column, channel })

test('a pinned element is numbered, read, explained while chosen, and its receptive field known', async () => {
  const { probes, at } = await start()
  probes.pin(2, place(3, 4))
  probes.pin(1, place(5, 6))
  await settle()
  expect(probes.list.map(({ number }) => number)).toEqual([1, 2])
  expect(probes.list.map(({ title }) => title)).toEqual(['Max pool 2×2', 'Conv 3×3'])
  expect(probes.list[0]!.value).toBe(await at(2, 3, 4))
  expect(probes.list[1]!.value).toBe(await at(1, 5, 6))
  expect(probes.list[0]!.explanation).toBeNull()
  expect(probes.chosen).toBe(probes.list[1])
  expect(probes.chosen!.explanation).toMatchObject({ stage: 1, place: place(5, 6), value: probes.list[1]!.value })
  expect(probes.list[0]!.regionIn(-1)).not.toBeNull()
  expect(probes.list[0]!.regionIn(1)).not.toBeNull()
  expect(probes.list[0]!.regionIn(2)).toBeNull()
  expect(probes.list[0]!.regionIn(4)).toBeNull()
})

test('pinning where a probe is chooses it', async () => {
  const { probes } = await start()
  const first = probes.pin(2, place(3, 4))
  probes.pin(2, place(9, 9))
  expect(probes.pin(2, place(3, 4))).toBeNull()
  expect(probes.list).toHaveLength(2)
  expect(probes.chosen).toBe(first)
})

test('a moved probe stays on its stage, and moving against its edge asks nothing', async () => {
  const { api, probes, at } = await start()
  probes.pin(2, place(0, 30))
  await settle()
  probes.move(0, 1)
  await vi.advanceTimersByTimeAsync(5)
  probes.move(10, 1)
  await settle()
  expect(probes.chosen!.place).toEqual(place(10, 31))
  expect(probes.chosen!.value).toBe(await at(2, 10, 31))
  expect(probes.chosen!.explanation!.place).toEqual(place(10, 31))
  probes.move(-100, -100)
  expect(probes.chosen!.place).toEqual(place(0, 0))
  const before = called(api, 'explain').length
  probes.move(-1, 0)
  await settle()
  expect(called(api, 'explain')).toHaveLength(before)
})

test('an answer overtaken by a later one is dropped', async () => {
  const { api, run, at } = await start()
  let late = true
  const slow: Api = {
    subscribe: (listener) => api.subscribe(listener),
    // Does not heed that nobody waits any more, as a host may that has already answered.
    call: async (method, params) => {
      if (method === 'explain' && late) {
        late = false
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
      return api.call(method, params)
    },
  }
  const probes = new ProbeState(slow, run)
  probes.pin(2, place(20, 20))
  probes.move(0, 1)
  await settle()
  expect(probes.chosen!.value).toBe(await at(2, 20, 21))
  expect(probes.chosen!.explanation!.place).toEqual(place(20, 21))
})

test('a vector’s probe moves by numbers, a row of them at a time where it is wrapped', async () => {
  const { probes } = await start()
  probes.pin(3, place(0, 0, 40))
  await settle()
  probes.move(1, 0, 32)
  expect(probes.chosen!.place).toEqual(place(0, 0, 72))
  probes.move(0, -1, 32)
  expect(probes.chosen!.place).toEqual(place(0, 0, 71))
})

test('another picture keeps the probe and reads it anew', async () => {
  const { api, run, probes, images, at } = await start()
  probes.pin(0, place(3, 4))
  await settle()
  const before = run.run
  run.show(images[1], walkthrough)
  probes.update()
  await settle()
  probes.update()
  await settle()
  expect(probes.chosen!.value).toBe(await at(0, 3, 4))
  expect(run.run).not.toBe(before)
  expect(called(api, 'explain').map(({ params }) => (params as { run: string }).run)).toEqual([before, run.run])
  expect(probes.chosen!.explanation!.value).toBe(probes.chosen!.value)
})

test('a probe whose place is gone says so, is kept, and comes back with it', async () => {
  const { run, probes, images } = await start(edges)
  probes.pin(3, place(60, 60, 3))
  await settle()
  expect(probes.chosen!.missing).toBeNull()
  run.show(images[0], walkthrough)
  await settle()
  probes.update()
  expect(probes.chosen!.missing).toBe('Not in this stage any more: 1024.')
  expect(probes.chosen!.explanation).toBeNull()
  expect(probes.chosen!.value).toBeNull()
  run.show(images[0], parsePipeline({ version: 1, name: 'Test', layers: [{ kind: 'input' }] }))
  await settle()
  probes.update()
  expect(probes.chosen!.missing).toBe('There is no stage 3 any more.')
  run.show(images[0], edges)
  await settle()
  probes.update()
  await settle()
  expect(probes.chosen!.missing).toBeNull()
  expect(probes.chosen!.value).not.toBeNull()
})

test('a probe goes with its layer, waits for one that is switched off, and keeps its position in another pipeline', async () => {
  const { probes } = await start()
  probes.setLayers([10, 11, 12, 13, 14, 15])
  const probe = probes.pin(2, place(3, 4))!
  probes.setLayers([10, 99, 11, 12, 13, 14, 15])
  expect(probe.stage).toBe(3)
  probes.setLayers([10, 99, 11, 13, 14, 15])
  probes.update()
  expect(probe.missing).toBe('Its layer was removed or is switched off.')
  probes.setLayers([10, 11, 12, 13, 14, 15])
  probes.update()
  expect(probe.stage).toBe(2)
  expect(probe.missing).toBeNull()
  probes.setLayers([70, 71, 72])
  expect(probe.stage).toBe(2)
  probes.setLayers([70, 72, 71])
  expect(probe.stage).toBe(1)
})

test('a question that fails is told on the probe and asked again after the next run', async () => {
  const { api, run, probes, images } = await start()
  api.failNext('explain', new LoupeError('internal', 'The sum was lost.'))
  probes.pin(1, place(1, 1))
  await settle()
  expect(probes.chosen).toMatchObject({ error: 'The sum was lost.', explanation: null, waiting: false })
  run.show(images[1], walkthrough)
  await settle()
  probes.update()
  await settle()
  expect(probes.chosen!.error).toBeNull()
  expect(probes.chosen!.explanation).not.toBeNull()
})

test('removing goes on with the neighbour, and clearing begins numbers anew', async () => {
  const { probes } = await start()
  for (const column of [1, 2, 3]) probes.pin(1, place(0, column))
  probes.unpin(3)
  expect(probes.chosen!.number).toBe(2)
  probes.unpin(1)
  expect(probes.list.map(({ number }) => number)).toEqual([2])
  probes.pin(1, place(0, 7))
  expect(probes.chosen!.number).toBe(4)
  probes.clear()
  expect(probes.chosen).toBeNull()
  probes.pin(1, place(0, 1))
  expect(probes.chosen!.number).toBe(1)
})

test('as text, a line is a probe with every digit and its rectangle in the photo', async () => {
  const { probes, run } = await start()
  probes.pin(2, place(3, 4))
  probes.pin(-1, place(7, 8, 2))
  await settle()
  const { rect } = probes.list[0]!.regionIn(-1)!
  const [head, first, second] = probesAsText(probes.list)
    .split('\n')
    .map((line) => line.split('\t'))
  expect(head!.slice(0, 7)).toEqual(['Probe', 'Stage', 'Layer', 'Row', 'Column', 'Channel', 'Value'])
  const value = String(probes.list[0]!.value)
  expect(first).toEqual([
    '1',
    '2',
    'Max pool 2×2',
    '3',
    '4',
    '0',
    value,
    ...[rect.left, rect.top, rect.width, rect.height].map(String),
  ])
  expect(Number(first![6])).toBe(probes.list[0]!.value)
  expect(second!.slice(0, 6)).toEqual(['2', 'original', 'Original', '7', '8', '2'])
  expect(run.image).not.toBeNull()
})

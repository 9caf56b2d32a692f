import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ImageInfo } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { LayerSpec } from '../../shared/layers/index.ts'
import { defaultLayer } from '../../shared/pipeline.ts'
import { presets } from '../../shared/presets.ts'
import { fakeApi } from '../transport/fake.ts'
import { RunState } from './run.svelte.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline
const edges = presets.find(({ id }) => id === 'edges')!.pipeline

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

async function start(images = 2) {
  const api = fakeApi({ delay: 10, images })
  const run = new RunState(api)
  const listing = api.call('images.list', {})
  await vi.advanceTimersByTimeAsync(10)
  const [first, second] = (await listing) as readonly [ImageInfo, ImageInfo]
  return { api, run, first, second }
}

const settle = () => vi.advanceTimersByTimeAsync(2000)
const called = (api: ReturnType<typeof fakeApi>, method: string) => api.calls.filter((call) => call.method === method)

test('a run begins at once, plans every stage and fills them in as they come', async () => {
  const { run, first } = await start()
  run.show(first, walkthrough)
  expect(run.status).toBe('starting')
  await vi.advanceTimersByTimeAsync(18)
  expect(run.status).toBe('running')
  expect(run.stages.map((slot) => slot.planned.title)).toEqual([
    'Input',
    'Conv 3×3',
    'Max pool 2×2',
    'Flatten',
    'Dense 2',
    'Softmax',
  ])
  expect(run.stages.filter((slot) => slot.summary).length).toBe(1)
  await settle()
  expect(run.status).toBe('done')
  expect(run.stages.every((slot) => slot.summary && slot.card)).toBe(true)
  expect(run.stages.map((slot) => slot.source?.form)).toEqual([
    'picture',
    'picture',
    'picture',
    'block',
    'bars',
    'bars',
  ])
})

test('events of a run that has been left are ignored', async () => {
  const { api, run, first, second } = await start()
  run.show(first, walkthrough)
  await vi.advanceTimersByTimeAsync(18)
  const old = run.run!
  const stage = run.stages[0]!.summary!
  run.show(second, edges)
  await settle()
  api.emit({ type: 'run.stage', run: old, stage: { ...stage, max: 12_345 } })
  api.emit({
    type: 'run.failed',
    run: old,
    error: { ok: false, code: 'internal', message: 'old', detail: {} },
  })
  expect(run.status).toBe('done')
  expect(run.error).toBeNull()
  expect(run.stages[0]!.summary!.max).not.toBe(12_345)
  expect(run.stages).toHaveLength(4)
})

test('stages bring their pictures along, and nothing is read for them', async () => {
  const { api, run, first } = await start()
  run.show(first, walkthrough)
  await settle()
  expect(called(api, 'stages.read')).toHaveLength(0)
  expect(run.stages.map((slot) => slot.card!.window.shape.join())).toEqual([
    '64,64,1',
    '64,64,1',
    '32,32,1',
    '1,1,1024',
    '1,1,2',
    '1,1,2',
  ])
  expect(run.stages.every(({ source, card }) => card!.source === source)).toBe(true)
})

test('the picture of a stage that came without one is read', async () => {
  const { api, first } = await start()
  const run = new RunState({
    ...api,
    subscribe: (listener) =>
      api.subscribe((event) => {
        listener(event.type === 'run.stage' ? { type: event.type, run: event.run, stage: event.stage } : event)
      }),
  })
  run.show(first, edges)
  await settle()
  expect(called(api, 'stages.read')).toHaveLength(4)
  expect(run.stages.every(({ source, card }) => card!.source === source)).toBe(true)
  expect(run.stages[0]!.card!.window.shape).toEqual([128, 128, 1])
})

test('the run before is cancelled, its pictures stay until the new ones come, then it is released', async () => {
  const { api, run, first, second } = await start()
  run.show(first, edges)
  await settle()
  const old = run.stages[1]!.card!
  const oldRun = run.run!
  run.show(second, edges)
  expect(run.stages[1]!.card).toBe(old)
  expect(run.stages[1]!.summary).toBeNull()
  await vi.advanceTimersByTimeAsync(6)
  expect(run.stages[1]!.summary).toBeNull()
  expect(run.stages[1]!.card).toBe(old)
  expect(called(api, 'runs.release')).toHaveLength(0)
  await settle()
  expect(run.stages[1]!.card).not.toBe(old)
  expect(called(api, 'runs.release').map((call) => call.params)).toEqual([{ run: oldRun }])
})

test('a start that is answered after another was asked for is cancelled and released', async () => {
  const { api, run, first, second } = await start()
  run.show(first, edges)
  run.show(second, edges)
  await settle()
  expect(run.run).toBe('run-2')
  expect(called(api, 'runs.cancel').map((call) => call.params)).toEqual([{ run: 'run-1' }])
  expect(called(api, 'runs.release').map((call) => call.params)).toEqual([{ run: 'run-1' }])
  expect(run.stages[0]!.source!.key).toBe('run:run-2:0')
})

test('events that overtake the answer naming their run are not lost', async () => {
  const { api, run, first } = await start()
  run.show(first, edges)
  api.emit({ type: 'run.progress', run: 'run-1', stage: 2, fraction: 0.5 })
  api.emit({ type: 'run.progress', run: 'run-9', stage: 3, fraction: 0.5 })
  await vi.advanceTimersByTimeAsync(3.5)
  expect(run.progress).toEqual({ stage: 2, fraction: 0.5 })
})

test('a failed run keeps what was made and says why', async () => {
  const { api, run, first } = await start()
  api.failNextRunAt(2, new LoupeError('engine-lost', 'The engine stopped; run the picture again.'))
  run.show(first, edges)
  await settle()
  expect(run.status).toBe('failed')
  expect(run.error?.message).toBe('The engine stopped; run the picture again.')
  expect(run.stages.map((slot) => slot.summary !== null)).toEqual([true, true, false, false])
})

test('a pipeline that cannot run is told and shows no stage of the one before', async () => {
  const { api, run, first } = await start()
  run.show(first, edges)
  await settle()
  api.failNext('runs.start', new LoupeError('layer-impossible', 'pool2d 3: a 7×7 window does not fit a 4×4 input'))
  run.show(first, walkthrough)
  await settle()
  expect(run.status).toBe('failed')
  expect(run.error?.code).toBe('layer-impossible')
  expect(run.stages).toEqual([])
  expect(run.selected).toBe(-1)
  expect(run.source?.title).toBe('Original')
})

test('cancelling keeps what has come and is no error', async () => {
  const { run, first } = await start()
  run.show(first, walkthrough)
  await vi.advanceTimersByTimeAsync(30)
  run.cancel()
  await settle()
  expect(run.status).toBe('cancelled')
  expect(run.error).toBeNull()
  expect(run.stages[0]!.summary).not.toBeNull()
  expect(run.stages[5]!.summary).toBeNull()
})

test('a run that was cancelled or has failed is run again where the person was', async () => {
  const { api, run, first } = await start()
  run.show(first, walkthrough)
  await vi.advanceTimersByTimeAsync(30)
  run.select(0)
  run.cancel()
  await settle()
  run.again()
  await settle()
  expect([run.status, run.selected, run.stages.every(({ summary }) => summary)]).toEqual(['done', 0, true])

  api.failNext('runs.start', new LoupeError('engine-lost', 'The engine stopped; run the picture again.'))
  run.show(first, edges)
  await settle()
  expect(run.status).toBe('failed')
  run.again()
  await settle()
  expect([run.status, run.error, run.stages.length]).toEqual(['done', null, 4])
})

test('an original on another background is not overtaken by the one before it', async () => {
  const { api, run, first } = await start()
  const photo = { ...first, hasAlpha: true }
  const answers: ((value: unknown) => void)[] = []
  const call = api.call.bind(api)
  api.call = ((method: string, ...rest: never[]) =>
    method === 'images.read'
      ? new Promise<unknown>((resolve) => answers.push(resolve))
      : (call as (...all: unknown[]) => unknown)(method, ...rest)) as typeof api.call
  run.show(photo, walkthrough)
  await settle()
  run.background = '#000000'
  run.show(photo, edges)
  expect(answers).toHaveLength(2)
  const [white, black] = [{ rect: 'white' }, { rect: 'black' }]
  answers[1]!(black)
  answers[0]!(white)
  await settle()
  expect(run.original!.card!.window).toBe(black)
})

test('stepping stops at the original and at the last stage', async () => {
  const { run, first } = await start()
  run.show(first, edges)
  await settle()
  run.previous()
  expect(run.selected).toBe(-1)
  for (let i = 0; i < 9; i++) run.next()
  expect(run.selected).toBe(3)
})

test('playing goes from the original to the last stage and stops there', async () => {
  const { run, first } = await start()
  run.show(first, edges)
  await settle()
  run.play()
  const seen: number[] = []
  for (let i = 0; i < 8 && run.playing; i++) {
    seen.push(run.selected)
    await vi.advanceTimersByTimeAsync(1400)
  }
  expect(seen).toEqual([-1, 0, 1, 2])
  expect(run.selected).toBe(3)
  expect(run.playing).toBe(false)
})

test('a restarted engine makes the stages again', async () => {
  const { api, run, first } = await start()
  run.show(first, edges)
  await settle()
  api.emit({ type: 'engine.restarted', reason: 'it died' })
  await settle()
  expect(run.run).toBe('run-2')
  expect(run.status).toBe('done')
})

test('showing nothing clears the screen', async () => {
  const { run, first } = await start()
  run.show(first, edges)
  await settle()
  run.show(null, edges)
  expect([run.image, run.stages.length, run.source, run.status]).toEqual([null, 0, null, 'idle'])
})

test('a layer that cannot work leaves the stages above it, with the reason', async () => {
  const { run, first } = await start()
  run.show(first, edges)
  await settle()
  const impossible = { ...defaultLayer('conv2d'), size: [999, 999], padding: 'valid' } as LayerSpec
  const broken = { ...edges, layers: [...edges.layers.slice(0, 3), impossible] }
  run.show(first, broken)
  await settle()
  expect([run.status, run.error]).toEqual(['done', null])
  expect(run.stages.map((slot) => slot.summary !== null)).toEqual([true, true, true])
  expect(run.problem).toMatchObject({
    layer: 3,
    message: expect.stringMatching(/^Layer 3 \(Conv 999×999\) cannot work: .*999×999.*\.$/) as string,
  })
  run.show(first, edges)
  await settle()
  expect([run.problem, run.stages.length]).toEqual([null, 4])
})

test('while changes come faster than runs are, each run that began is shown and the newest change comes last', async () => {
  const { api, run, first } = await start()
  const filters = (count: number) => ({
    ...edges,
    layers: [edges.layers[0]!, { ...edges.layers[1]!, filters: count } as LayerSpec],
  })
  run.show(first, filters(1))
  for (let count = 2; count <= 30; count++) {
    await vi.advanceTimersByTimeAsync(5)
    run.show(first, filters(count))
  }
  const before = called(api, 'runs.start').length
  expect(before).toBeGreaterThan(2)
  expect(before).toBeLessThan(15)
  expect(called(api, 'runs.cancel')).toHaveLength(0)
  await settle()
  expect(run.stages[1]!.planned.shape[2]).toBe(30)
  expect(run.stages[1]!.source!.channels).toBe(30)
  expect(run.stages[1]!.card!.source).toBe(run.stages[1]!.source)
  expect(called(api, 'runs.start').length).toBe(before + 1)
})

test('a run that takes long gives way to a change, which waits no longer than the run is young', async () => {
  const { api, run, first } = await start()
  run.show(first, walkthrough)
  await vi.advanceTimersByTimeAsync(20)
  run.show(first, edges)
  expect(called(api, 'runs.start')).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(65)
  expect(called(api, 'runs.start')).toHaveLength(2)
})

test('a stage asked for with a pipeline is looked at once it is there', async () => {
  const { run, first } = await start()
  run.show(first, edges, 3)
  expect(run.selected).toBe(-1)
  await settle()
  expect(run.selected).toBe(3)
  const told: number[] = []
  run.onSelect = (index) => told.push(index)
  run.select(1)
  expect(told).toEqual([1])
  run.show(first, walkthrough)
  await settle()
  expect(run.selected).toBe(1)
})

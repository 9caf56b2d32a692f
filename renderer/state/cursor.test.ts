import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Api, ImageInfo } from '../../shared/api.ts'
import { presets } from '../../shared/presets.ts'
import { fakeApi } from '../transport/fake.ts'
import { CursorState } from './cursor.svelte.ts'
import { ProbeState } from './probes.svelte.ts'
import { RunState } from './run.svelte.ts'
import { ViewerState } from './viewer.svelte.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(3000)
const frame = (work: () => void) => void setTimeout(work, 16)

async function images(api: Api): Promise<readonly ImageInfo[]> {
  const listing = api.call('images.list', {})
  await vi.advanceTimersByTimeAsync(10)
  return listing
}

/** The pooling stage on screen, 10 CSS pixels an element. */
async function start() {
  const api = fakeApi({ delay: 10, images: 1 })
  const run = new RunState(api)
  const view = new ViewerState(api, frame)
  const probes = new ProbeState(api, run)
  const cursor = new CursorState(api, run, view, probes, frame)
  run.show((await images(api))[0]!, walkthrough)
  await settle()
  view.resize({ width: 320, height: 320 }, 1)
  view.open(run.stages[2]!.source)
  await settle()
  const point = (row: number, column: number) => {
    view.point(0, { x: column * 10 + 5, y: row * 10 + 5 })
    cursor.update()
  }
  const read = async (stage: number, row: number, column: number, channel = 0) => {
    const rect = { left: column, top: row, width: 1, height: 1 }
    const asked = api.call('stages.read', { run: run.run!, stage, rect, channels: [channel, channel + 1] })
    await vi.advanceTimersByTimeAsync(20)
    return (await asked).data[0]!
  }
  const fields = () => api.calls.filter(({ method }) => method === 'receptiveField')
  return { api, run, view, probes, cursor, point, read, fields }
}

test('every stage tells its value at the corresponding place; those beyond the vector have none', async () => {
  const { cursor, point, read } = await start()
  expect(cursor.readings).toEqual([])
  point(10, 20)
  // Not “none” while that is still being asked.
  expect(cursor.readings.map(({ place }) => place === undefined)).toEqual([true, true, true, false, true, true, true])
  await settle()
  expect(cursor.readings.map(({ title }) => title)).toEqual([
    'Original',
    'Input',
    'Conv 3×3',
    'Max pool 2×2',
    'Flatten',
    'Dense 2',
    'Softmax',
  ])
  const [original, ...stages] = cursor.readings
  expect(original!.channel).toBe('colour')
  expect(original!.values).toHaveLength(3)
  for (const [stage, { place, values }] of stages.slice(0, 3).entries()) {
    expect(values).toEqual([await read(stage, place!.row, place!.column, place!.channel)])
  }
  expect(stages[2]!.place).toEqual({ row: 10, column: 20, channel: 0 })
  expect(stages.slice(4).map(({ place }) => place)).toEqual([null, null])
})

test('of a quick movement only where it came to is asked for, and answers about before are dropped', async () => {
  const { cursor, point, fields } = await start()
  point(1, 1)
  await settle()
  const before = fields().length
  for (let column = 2; column < 12; column++) point(1, column)
  await settle()
  expect(fields()).toHaveLength(before + 1)
  expect(cursor.regionIn(1)).not.toBeNull()
  point(2, 2)
  await vi.advanceTimersByTimeAsync(17)
  point(25, 25)
  expect(cursor.regionIn(1)).toBeNull()
  await settle()
  const { rect } = cursor.regionIn(1)!
  expect([rect.left, rect.top].every((at) => at >= 45 && at <= 51)).toBe(true)
  expect(cursor.regionIn(2)).toBeNull()
})

test('with nothing pointed at, the chosen probe is the cursor', async () => {
  const { cursor, probes, view, point } = await start()
  probes.pin(1, { row: 5, column: 6, channel: 0 })
  await settle()
  expect(cursor.at).toEqual({ stage: 1, place: { row: 5, column: 6, channel: 0 }, colour: false })
  expect(cursor.pointing).toBe(false)
  point(3, 3)
  expect(cursor.at).toMatchObject({ stage: 2, place: { row: 3, column: 3 } })
  view.leave()
  expect(cursor.at!.stage).toBe(1)
  probes.choose(null)
  expect(cursor.at).toBeNull()
  expect(cursor.readings).toEqual([])
})

test('pointed at while a run goes on, it learns all places when the last stage has come', async () => {
  const { api, run, cursor, point, fields } = await start()
  point(10, 20)
  await settle()
  const layers = walkthrough.layers.map((layer) => (layer.kind === 'conv2d' ? { ...layer, bias: [1] } : layer))
  const shifted = { ...walkthrough, layers }
  const before = fields().length
  const arrived = () => run.stages.filter(({ summary }) => summary !== null).length
  run.show((await images(api))[0]!, shifted)
  for (let most = 0; most < 400 && run.status !== 'done'; most++) {
    const stages = arrived()
    await vi.advanceTimersByTimeAsync(5)
    // As the window does: at each stage that comes.
    if (arrived() !== stages) cursor.update()
    if (arrived() < 3) expect(fields()).toHaveLength(before)
  }
  await settle()
  expect(run.status).toBe('done')
  const places = cursor.readings.map(({ place }) => place !== null)
  expect(places.slice(0, 4)).toEqual([true, true, true, true])
  expect(cursor.readings[2]!.values).toHaveLength(1)
  expect(cursor.regionIn(1)).not.toBeNull()
})

import { expect, test } from 'vitest'
import type { StageSummary, TensorWindow, WindowRequest } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { syntheticWindow } from '../transport/fakeTensors.ts'
import { fakeApi } from '../transport/fake.ts'
import type { Source } from './source.ts'
import { ViewerState } from './viewer.svelte.ts'

interface Asked {
  readonly request: WindowRequest
  readonly signal: AbortSignal
  answer(): Promise<void>
  refuse(error: LoupeError): Promise<void>
}

/** A source whose answers come when the test says so; its values are 1000 · row + column + channel / 10. */
function slowSource(key: string, height: number, width: number, channels: number, part: Partial<Source> = {}) {
  const asked: Asked[] = []
  const data = Float64Array.from({ length: height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels)
    return 1000 * Math.floor(pixel / width) + (pixel % width) + (i % channels) / 10
  })
  const source: Source = {
    key,
    title: key,
    shapeText: `${height}×${width}×${channels}`,
    form: 'picture',
    height,
    width,
    channels,
    channelNames: [],
    scale: { name: 'viridis', from: 0, to: 1 },
    colour: false,
    summary: null,
    count: null,
    inHand: () => null,
    read: (request, signal) =>
      new Promise<TensorWindow>((resolve, reject) => {
        asked.push({
          request,
          signal,
          answer: async () => {
            resolve(syntheticWindow({ shape: [height, width, channels], data }, request))
            await turn()
          },
          refuse: async (error) => {
            reject(error)
            await turn()
          },
        })
      }),
    ...part,
  }
  return { source, asked }
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

function open(width = 400, height = 400): ViewerState {
  const view = new ViewerState(fakeApi(), (work) => {
    queueMicrotask(work)
  })
  view.resize({ width, height }, 1)
  return view
}

test('a stage is shown when its numbers have come, and the one before stays until then', async () => {
  const view = open()
  const first = slowSource('first', 8, 8, 1)
  const second = slowSource('second', 4, 4, 2)
  view.open(first.source)
  await turn()
  await first.asked[0]!.answer()
  expect(view.source).toBe(first.source)
  view.open(second.source)
  await turn()
  expect(view.source).toBe(first.source)
  expect(view.waiting).toBe(true)
  await second.asked[0]!.answer()
  expect(view.source).toBe(second.source)
  expect(view.waiting).toBe(false)
})

test('an answer to a stage that has been left is dropped', async () => {
  const view = open()
  const first = slowSource('first', 8, 8, 1)
  const second = slowSource('second', 8, 8, 1)
  view.open(first.source)
  await turn()
  view.open(second.source)
  await turn()
  await second.asked[0]!.answer()
  await first.asked[0]!.answer()
  expect(first.asked[0]!.signal.aborted).toBe(true)
  expect(view.source).toBe(second.source)
})

test('a small stage is read once, whatever the zoom', async () => {
  const view = open()
  const { source, asked } = slowSource('small', 64, 64, 4)
  view.open(source)
  await turn()
  await asked[0]!.answer()
  view.zoom(3, { x: 10, y: 10 })
  view.pan(20, -30)
  await turn()
  expect(asked).toHaveLength(1)
  expect(asked[0]!.request).toEqual({ rect: { left: 0, top: 0, width: 64, height: 64 }, channels: [0, 4], maxSize: 64 })
})

test('a large photo is read at the resolution of the screen, and finer where it is zoomed', async () => {
  const view = open(400, 300)
  const { source, asked } = slowSource('large', 1500, 2000, 1)
  view.open(source)
  await turn()
  expect(asked[0]!.request.rect).toEqual({ left: 0, top: 0, width: 2000, height: 1500 })
  expect(asked[0]!.request.maxSize).toBeLessThanOrEqual(1600)
  await asked[0]!.answer()
  expect(view.screen!.window.step).toBeGreaterThan(1)
  view.zoom(8, { x: 200, y: 150 })
  await turn()
  await asked[1]!.answer()
  expect(view.screen!.window.step).toBe(1)
  expect(view.screen!.window.rect.width).toBeLessThan(600)
})

test('many moves while an answer is under way make one more request, for the last of them', async () => {
  const view = open(400, 300)
  const { source, asked } = slowSource('large', 1500, 2000, 1)
  view.open(source)
  await turn()
  await asked[0]!.answer()
  view.zoom(8, { x: 0, y: 0 })
  await turn()
  for (let i = 0; i < 5; i++) {
    view.pan(-1000, 0)
    await turn()
  }
  expect(asked).toHaveLength(2)
  await asked[1]!.answer()
  expect(asked).toHaveLength(3)
  expect(asked[1]!.request.rect).toMatchObject({ left: 0, top: 0 })
  const { left, width } = asked[2]!.request.rect!
  expect(left + width).toBe(2000)
})

test('an answer coarser than foreseen is not asked for again and again', async () => {
  const view = open(400, 300)
  let count = 0
  const { source } = slowSource('large', 1500, 2000, 1)
  view.open({
    ...source,
    read: (request) => {
      count++
      const rect = request.rect!
      return Promise.resolve({ rect, channels: [0, 1], step: 500, shape: [3, 4, 1], data: new Float64Array(12) })
    },
  })
  for (let i = 0; i < 10; i++) await turn()
  expect(count).toBe(1)
})

test('the value under the pointer comes from the numbers in hand', async () => {
  const view = open()
  const { source, asked } = slowSource('small', 8, 8, 1)
  view.open(source)
  await turn()
  await asked[0]!.answer()
  view.point(0, { x: 3.5 * 50, y: 5.5 * 50 })
  expect(view.readout).toEqual({ row: 5, column: 3, channel: 0, values: [5003] })
  expect(asked).toHaveLength(1)
})

test('where only means are in hand the tile of the element is read at once, and no other value is shown for it', async () => {
  const view = open(400, 300)
  const { source, asked } = slowSource('large', 1500, 2000, 1, { summary: { dtype: 'float64' } as StageSummary })
  view.open(source)
  await turn()
  await asked[0]!.answer()
  view.point(0, { x: 10, y: 10 })
  await turn()
  expect(view.readout!.values).toBeNull()
  expect(asked[1]!.request).toMatchObject({ rect: { left: 0, top: 0, width: 256, height: 256 }, channels: [0, 1] })
  view.point(0, { x: 200, y: 200 })
  await turn()
  const wanted = asked.find(({ request }) => request.rect!.left === 768 && request.rect!.top === 768)!
  await asked[1]!.answer()
  expect(view.readout!.values).toBeNull()
  await wanted.answer()
  const here = () => [1000 * view.readout!.row + view.readout!.column]
  expect(view.readout!.values).toEqual(here())
  // What is in a tile that has come is told without a question.
  view.point(0, { x: 12, y: 8 })
  expect([view.readout!.row < 256, view.readout!.values]).toEqual([true, here()])
  view.point(0, { x: 199, y: 198 })
  expect(view.readout!.values).toEqual(here())
})

test('the place looked at stays the same on a stage of another size', async () => {
  const view = open()
  const first = slowSource('first', 64, 64, 1)
  const second = slowSource('second', 32, 32, 1)
  view.open(first.source)
  await turn()
  await first.asked[0]!.answer()
  view.zoom(4, { x: 0, y: 0 })
  const seen = view.view
  view.open(second.source)
  await turn()
  await second.asked[0]!.answer()
  expect(view.view.x).toBeCloseTo(seen.x, 1)
  expect(view.view.magnification).toBeCloseTo(seen.magnification, 5)
})

test('512 channels come a page at a time, each page with a request of its own', async () => {
  const view = open()
  const { source, asked } = slowSource('deep', 4, 4, 512)
  view.open(source)
  await turn()
  await asked[0]!.answer()
  const perPage = view.plan!.grid.perPage
  expect(perPage).toBeLessThan(40)
  view.turnPage(1)
  await turn()
  expect(asked[1]!.request.channels).toEqual([perPage, 2 * perPage])
  expect(view.plan!.tiles[0]).toBe(0)
  await asked[1]!.answer()
  expect(view.plan!.tiles[0]).toBe(perPage)
})

test('a colour photo is one picture, apart three, and one channel can stand alone', async () => {
  const view = open()
  const { source, asked } = slowSource('photo', 4, 4, 3, { colour: true })
  view.open(source)
  await turn()
  await asked[0]!.answer()
  expect(view.plan!.tiles).toEqual(['colour'])
  view.point('colour', { x: 1, y: 1 })
  expect(view.readout!.values).toEqual([0, 0.1, 0.2])
  view.toggleSplit()
  await turn()
  expect(view.plan!.tiles).toEqual([0, 1, 2])
  view.toggleSolo(1)
  await turn()
  expect(view.plan!.tiles).toEqual([1])
})

test('the cursor begins in the middle, stops at the edges and moves between channels', async () => {
  const view = open()
  const { source, asked } = slowSource('small', 8, 8, 2)
  view.open(source)
  await turn()
  await asked[0]!.answer()
  view.moveCursor(0, 1)
  expect(view.hover).toEqual({ row: 4, column: 4, tile: 0 })
  view.moveCursor(-99, 1)
  expect(view.readout).toEqual({ row: 0, column: 5, channel: 0, values: [5] })
  view.moveChannel(1)
  expect(view.readout!.values).toEqual([5.1])
})

test('a long vector is read by its own index, and beside its end there is nothing', async () => {
  const view = open()
  const { source, asked } = slowSource('flat', 1, 1, 100, { form: 'block' })
  view.open(source)
  await turn()
  await asked[0]!.answer()
  const { picture } = view.plan!
  expect(picture).toEqual({ width: 16, height: 7 })
  const side = view.scale
  view.point(0, { x: 2.5 * side, y: 1.5 * side })
  expect(view.readout).toEqual({ row: 0, column: 0, channel: 18, values: [1.8] })
  view.point(0, { x: 10.5 * side, y: 6.5 * side })
  expect(view.readout).toBeNull()
})

test('the cursor on an element of a vector does not go over to a vector of another length', async () => {
  const view = open()
  const flat = slowSource('flat', 1, 1, 30, { form: 'block' })
  const longer = slowSource('longer', 1, 1, 31, { form: 'block' })
  const classes = slowSource('classes', 1, 1, 2, { form: 'bars' })
  const show = async ({ source, asked }: typeof flat) => {
    view.open(source)
    await turn()
    await asked.at(-1)!.answer()
  }
  for (const next of [longer, classes]) {
    await show(flat)
    view.moveCursor(0, 0)
    expect(view.hover).not.toBeNull()
    await show(next)
    expect(view.source).toBe(next.source)
    expect(view.hover).toBeNull()
  }
})

test('a stage that cannot be read is told, and what was on screen stays', async () => {
  const view = open()
  const first = slowSource('first', 8, 8, 1)
  const second = slowSource('second', 8, 8, 1)
  view.open(first.source)
  await turn()
  await first.asked[0]!.answer()
  view.open(second.source)
  await turn()
  await second.asked[0]!.refuse(new LoupeError('not-found', 'Run the picture again.'))
  expect(view.error?.message).toBe('Run the picture again.')
  expect(view.source).toBe(first.source)
  expect(view.waiting).toBe(false)
})

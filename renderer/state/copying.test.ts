import { expect, test } from 'vitest'
import type { StageSummary } from '../../shared/api.ts'
import { usualFigure } from '../../shared/figures.ts'
import { fakeApi } from '../transport/fake.ts'
import { syntheticWindow } from '../transport/fakeTensors.ts'
import { numbersOf, pictureOf } from './copying.ts'
import type { Source } from './source.ts'
import { ViewerState } from './viewer.svelte.ts'

/** Its values are 100 · row + column + channel / 8. */
function sourceOf(height: number, width: number, channels: number, part: Partial<Source> = {}): Source {
  const data = Float64Array.from({ length: height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels)
    return 100 * Math.floor(pixel / width) + (pixel % width) + (i % channels) / 8
  })
  return {
    key: 'key',
    title: 'Conv 3×3',
    shapeText: '',
    form: 'picture',
    height,
    width,
    channels,
    channelNames: [],
    scale: { name: 'viridis', from: 0, to: 1 },
    colour: false,
    summary: { index: 3 } as StageSummary,
    count: null,
    inHand: () => null,
    read: (request) => Promise.resolve(syntheticWindow({ shape: [height, width, channels], data }, request)),
    ...part,
  }
}

async function open(source: Source) {
  const api = fakeApi()
  const view = new ViewerState(api, (work) => work())
  view.resize({ width: 400, height: 400 }, 1)
  view.open(source)
  await expect.poll(() => view.source).not.toBeNull()
  return { api, view }
}

test('numbers are copied a line a row with tabs between them, of the channel shown alone', async () => {
  const { view } = await open(sourceOf(2, 3, 2))
  expect(await numbersOf(view)).toBe('0\t1\t2\n100\t101\t102\n')
  view.toggleSolo(1)
  await expect.poll(() => view.choices.solo).toBe(1)
  expect(await numbersOf(view)).toBe('0.125\t1.125\t2.125\n100.125\t101.125\t102.125\n')
})

test('of what is zoomed into, only what is seen is copied', async () => {
  const { api, view } = await open(sourceOf(40, 40, 1))
  view.zoom(8, { x: 0, y: 0 })
  const lines = (await numbersOf(view)).trimEnd().split('\n')
  expect(lines.length).toBeLessThan(8)
  expect(lines[1]).toMatch(/^100\t101\t/)
  await pictureOf(api, view, 'run-1', usualFigure)
  expect(api.calls.at(-1)).toMatchObject({
    method: 'figures.draw',
    params: { subject: { type: 'stage', stage: 3, rect: { left: 0, top: 0, height: lines.length } }, format: 'png' },
  })
})

test('a short vector is copied with the names of its numbers', async () => {
  const vector = sourceOf(1, 1, 2, { form: 'bars', channelNames: ['cat', 'a\tdog'] })
  const { view } = await open(vector)
  expect(await numbersOf(view)).toBe('cat\t0\na dog\t0.125\n')
})

test('the photo and differences are no stages to be copied as pictures', async () => {
  const { api, view } = await open(sourceOf(2, 2, 1, { summary: null }))
  await expect(pictureOf(api, view, 'run-1', usualFigure)).rejects.toThrow('Choose a stage first')
})

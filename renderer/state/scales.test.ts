import { expect, test } from 'vitest'
import type { StageSummary } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { fakeApi } from '../transport/fake.ts'
import { NoticeState } from './notices.svelte.ts'
import { RunState } from './run.svelte.ts'
import { ScaleState } from './scales.svelte.ts'
import { SettingsPanel } from './settings.svelte.ts'
import { stageSource, type Source } from './source.ts'

/** A stage of a picture with these ranges of its channels. */
function stage(
  index: number,
  title: string,
  ranges: readonly (readonly [number, number])[],
  part: Partial<StageSummary> = {},
): Source {
  const summary = {
    index,
    title,
    shape: [4, 4, ranges.length],
    picture: 'map',
    min: Math.min(...ranges.map(([low]) => low)),
    max: Math.max(...ranges.map(([, high]) => high)),
    channelRanges: ranges,
    channelNames: [],
    ...part,
  } as unknown as StageSummary
  return stageSource(fakeApi(), 'run', summary)
}

function start(...sources: readonly Source[]) {
  const api = fakeApi()
  const run = new RunState(api)
  const notices = new NoticeState()
  const settings = new SettingsPanel(api, notices)
  run.stages = sources.map((source) => {
    const summary = source.summary as StageSummary
    return { planned: summary, summary, source, card: null }
  })
  return { api, run, notices, settings, scales: new ScaleState(run, settings) }
}

const input = stage(0, 'Input', [[0.1, 0.9]], { picture: 'light' })
const signed = stage(1, 'Conv', [
  [-1, 0.5],
  [0.25, 3],
])
const positive = stage(2, 'ReLU', [
  [0, 0.5],
  [0.25, 3],
])

test('a stage has one scale for all its channels, unless each is to have its own', () => {
  const { scales } = start(input, signed, positive)
  expect(scales.scaleOf(input)).toEqual({ name: 'grey', from: 0, to: 1 })
  expect(scales.scaleOf(signed, 1)).toEqual({ name: 'red-blue', from: -3, to: 3 })
  expect(scales.scaleOf(positive, 0)).toEqual({ name: 'viridis', from: 0, to: 3 })
  expect(scales.apart(positive)).toBe(false)
  scales.mode = 'channel'
  expect(scales.apart(positive)).toBe(true)
  expect(scales.scaleOf(positive, 0)).toEqual({ name: 'viridis', from: 0, to: 0.5 })
  expect(scales.scaleOf(positive, 1)).toEqual({ name: 'viridis', from: 0.25, to: 3 })
  expect(scales.scaleOf(positive)).toEqual({ name: 'viridis', from: 0, to: 3 })
})

test('signed stages keep zero in the middle, channel by channel too', () => {
  const { scales } = start(input, signed, positive)
  scales.mode = 'channel'
  expect(scales.scaleOf(signed, 0)).toEqual({ name: 'red-blue', from: -1, to: 1 })
  expect(scales.scaleOf(signed, 1)).toEqual({ name: 'red-blue', from: -3, to: 3 })
})

test('one scale for all stages spans them all, but not colours and not the photo', () => {
  const colour = stage(
    3,
    'RGB',
    [
      [0, 1],
      [0, 1],
      [0, 9],
    ],
    { picture: 'light' },
  )
  const { scales } = start(input, signed, positive, colour)
  scales.mode = 'stages'
  const everywhere = { name: 'red-blue', from: -3, to: 3 }
  expect(scales.scaleOf(input)).toEqual(everywhere)
  expect(scales.scaleOf(positive)).toEqual(everywhere)
  expect(scales.scaleOf(colour)).toEqual({ name: 'grey', from: 0, to: 9 })
  expect(scales.together(colour)).toBe(false)
})

test('a kept range outlives the picture, and belongs to its stage alone', () => {
  const { scales } = start(input, signed, positive)
  scales.toggleKept(positive)
  const next = stage(2, 'ReLU', [[0, 10]])
  expect(scales.scaleOf(next)).toEqual({ name: 'viridis', from: 0, to: 3 })
  expect(scales.scaleOf(stage(2, 'Max pool', [[0, 10]]))).toEqual({ name: 'viridis', from: 0, to: 10 })
  scales.toggleKept(next)
  expect(scales.scaleOf(next)).toEqual({ name: 'viridis', from: 0, to: 10 })
})

test('a typed end is taken, refused with its reason, or mirrored on a signed scale', () => {
  const { scales } = start(input, signed, positive)
  expect(scales.type(positive, 'to', '1,5')).toBe(true)
  expect(scales.scaleOf(positive)).toEqual({ name: 'viridis', from: 0, to: 1.5 })
  expect(scales.type(positive, 'from', '2')).toBe(false)
  expect(scales.problem).toBe('The lower end must be below the upper one.')
  expect(scales.type(positive, 'from', '0,125')).toBe(true)
  expect(scales.scaleOf(positive).from).toBe(0.125)
  // One, or a thousand: neither is taken for the other.
  expect(scales.type(positive, 'to', '1,000')).toBe(false)
  expect(scales.problem).toBe('“1,000” is not clearly a number.')
  expect(scales.type(positive, 'to', '1234,567')).toBe(true)
  expect(scales.scaleOf(positive).to).toBe(1234.567)
  expect(scales.type(positive, 'to', '1.5') && scales.type(positive, 'from', '0')).toBe(true)
  expect(scales.type(positive, 'from', 'two')).toBe(false)
  expect(scales.problem).toBe('“two” is not a number.')
  expect(scales.scaleOf(positive)).toEqual({ name: 'viridis', from: 0, to: 1.5 })
  expect(scales.type(signed, 'from', '−2')).toBe(true)
  expect(scales.scaleOf(signed)).toEqual({ name: 'red-blue', from: -2, to: 2 })
  expect(scales.type(input, 'to', '0.5')).toBe(true)
  expect(scales.scaleOf(input)).toEqual({ name: 'grey', from: 0, to: 0.5 })
})

test('colours that are chosen hold for all pictures of their kind, and are kept for the next start', async () => {
  const { api, settings, notices, scales } = start(input, signed, positive)
  await settings.load()
  await scales.choose(signed, 'purple-orange')
  await scales.choose(positive, 'inferno')
  const names = () => [input, signed, positive].map((source) => scales.scaleOf(source).name)
  expect(names()).toEqual(['grey', 'purple-orange', 'inferno'])
  const kept = await api.call('settings.read', {})
  expect(kept.settings).toMatchObject({
    lightScale: 'grey',
    divergingScale: 'purple-orange',
    sequentialScale: 'inferno',
  })
  api.failNext('settings.change', new LoupeError('write-failed', 'The settings could not be kept: the disk is full.'))
  await scales.choose(input, 'cividis')
  expect(names()[0]).toBe('cividis')
  expect(notices.list.map(({ message }) => message)).toEqual(['The settings could not be kept: the disk is full.'])
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Api, ImageInfo } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { parseDocument } from '../../shared/pipeline.ts'
import { fakeApi } from '../transport/fake.ts'
import { DifferenceState } from './difference.svelte.ts'
import { EditorState } from './editor.svelte.ts'
import { NoticeState } from './notices.svelte.ts'
import { PresetState } from './presets.svelte.ts'
import { RunState } from './run.svelte.ts'
import { ViewerState } from './viewer.svelte.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(2000)
const mark = { row: 1, column: 1, value: 1 }

async function open(layers: readonly object[]) {
  const fake = fakeApi({ delay: 3, images: 1 })
  const calls: { method: string; params: unknown }[] = []
  const broken = new Set<number>()
  const api: Api = {
    subscribe: (listener) => fake.subscribe(listener),
    call: (method, params, options) => {
      calls.push({ method, params })
      if (method === 'stages.difference' && broken.has((params as { stage: number }).stage)) {
        return Promise.reject(new LoupeError('too-much-memory', 'Too large.'))
      }
      return fake.call(method, params, options)
    },
  }
  const notices = new NoticeState()
  const presets = new PresetState(api, notices)
  const run = new RunState(api)
  const soon = (work: () => void) => void setTimeout(work, 16)
  const editor = new EditorState(presets, run, api, notices, soon)
  const view = new ViewerState(api, soon)
  view.resize({ width: 400, height: 400 }, 1)
  const difference = new DifferenceState(api, run, editor, view)
  const listing = api.call('images.list', {})
  const text = JSON.stringify(parseDocument({ version: 1, name: 'Own', layers }))
  void presets.open([new File([new TextEncoder().encode(text)], 'own.json')])
  await settle()
  const [image] = (await listing) as readonly [ImageInfo]
  /** What the window's effects do. */
  let followed = difference.plain
  const follow = async () => {
    run.show(image, editor.running, editor.lookAt)
    if (difference.plain !== followed) difference.follow()
    followed = difference.plain
    await settle()
    difference.update()
    await settle()
    view.open(difference.sourceOf(run.selected) ?? run.source)
    await settle()
  }
  await follow()
  const asked = (method: string) => calls.filter((call) => call.method === method).map(({ params }) => params)
  const other = () => (asked('stages.difference').at(-1) as { minus: { run: string } }).minus.run
  return { api, run, editor, view, difference, follow, asked, other, broken }
}

test('each stage is read minus the one that corresponds to it in the run without what is painted', async () => {
  const { run, difference, follow, asked, other } = await open([
    { kind: 'input' },
    { kind: 'paint', marks: [mark] },
    { kind: 'conv2d' },
    { kind: 'flip' },
    { kind: 'paint', marks: [mark] },
    { kind: 'pool2d' },
  ])
  expect([difference.on, difference.sourceOf(0)]).toEqual([false, null])
  difference.toggle()
  await follow()
  expect(difference.on).toBe(true)
  const pairs = asked('stages.difference') as { run: string; stage: number; minus: { run: string; stage: number } }[]
  expect(pairs.map(({ stage, minus }) => [stage, minus.stage])).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
  ])
  expect(new Set(pairs.map((pair) => pair.run))).toEqual(new Set([run.run]))
  expect(new Set(pairs.map(({ minus }) => minus.run))).toEqual(new Set([other()]))
  expect(other()).not.toBe(run.run)
  const starts = asked('runs.start') as { pipeline: { layers: { kind: string }[] } }[]
  expect(starts.at(-1)!.pipeline.layers.map(({ kind }) => kind)).toEqual(['input', 'conv2d', 'flip', 'pool2d'])
  expect([0, 1, 2, 3, 4, 5].every((stage) => difference.fresh(stage))).toBe(true)
})

test('more paint runs the painted pipeline again and not the other; without any there is nothing to compare', async () => {
  const { run, editor, difference, follow, other } = await open([
    { kind: 'input' },
    { kind: 'paint', marks: [mark] },
    { kind: 'conv2d' },
  ])
  difference.toggle()
  await follow()
  const [painted, plain] = [run.run, other()]
  editor.choose(editor.edited!.layers[1]!.id)
  editor.set('marks', [mark, { ...mark, row: 2 }])
  await follow()
  expect([run.run === painted, other() === plain]).toEqual([false, true])
  expect(difference.fresh(2)).toBe(true)
  editor.toggle(editor.edited!.layers[1]!.id)
  await follow()
  expect([difference.on, difference.reference, difference.sourceOf(2)]).toEqual([false, null, null])
})

test('a difference has a signed scale round zero, and where it points both values are told', async () => {
  const { run, api, view, difference, follow, other } = await open([
    { kind: 'input' },
    { kind: 'paint', marks: [mark] },
    { kind: 'conv2d' },
  ])
  difference.toggle()
  run.select(2)
  await follow()
  const { source } = view
  expect(source!.scale.from).toBe(-source!.scale.to)
  expect(source!.colour).toBe(false)
  view.moveCursor(0, 0)
  difference.point()
  await settle()
  const { row, column, values } = view.readout!
  const rect = { left: column, top: row, width: 1, height: 1 }
  const read = async (of: { run: string; stage: number }) => {
    const reading = api.call('stages.read', { ...of, rect, channels: [0, 1] })
    await settle()
    return [...(await reading).data]
  }
  const pair = { with: await read({ run: run.run!, stage: 2 }), without: await read({ run: other(), stage: 1 }) }
  expect(difference.pair).toEqual(pair)
  expect(values).toEqual([pair.with[0]! - pair.without[0]!])
})

test('why a stage has none is told until it has one, whatever comes of the others', async () => {
  const { editor, difference, follow, broken } = await open([
    { kind: 'input' },
    { kind: 'paint', marks: [mark] },
    { kind: 'conv2d' },
  ])
  broken.add(1)
  difference.toggle()
  await follow()
  expect([0, 1, 2].map((stage) => difference.fresh(stage))).toEqual([true, false, true])
  expect(difference.error?.message).toBe('Too large.')
  broken.clear()
  editor.choose(editor.edited!.layers[1]!.id)
  editor.set('marks', [mark, { ...mark, row: 2 }])
  await follow()
  expect([difference.error, difference.fresh(1)]).toEqual([null, true])
})

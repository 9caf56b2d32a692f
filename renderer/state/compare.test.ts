import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Params } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { fakeApi } from '../transport/fake.ts'
import { CompareState } from './compare.svelte.ts'
import { CursorState } from './cursor.svelte.ts'
import { EditorState } from './editor.svelte.ts'
import { GalleryState } from './gallery.svelte.ts'
import { NoticeState } from './notices.svelte.ts'
import { PresetState } from './presets.svelte.ts'
import { ProbeState } from './probes.svelte.ts'
import { RunState } from './run.svelte.ts'
import { ScaleState } from './scales.svelte.ts'
import { SettingsPanel } from './settings.svelte.ts'
import { ViewerState } from './viewer.svelte.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(3000)
const frame = (work: () => void) => void setTimeout(work, 16)

/** Three pictures, the first of them shown, and the walkthrough; panes of 320 × 320 CSS pixels. */
async function start() {
  const api = fakeApi({ delay: 10, images: 3 })
  const notices = new NoticeState()
  const gallery = new GalleryState(api, notices)
  const presets = new PresetState(api, notices)
  const run = new RunState(api)
  const editor = new EditorState(presets, run, api, notices)
  const view = new ViewerState(api, frame)
  const probes = new ProbeState(api, run)
  const scales = new ScaleState(run, new SettingsPanel(api, notices))
  const cursor = new CursorState(api, run, view, probes, frame)
  const compare = new CompareState(api, { gallery, presets, editor, run, view, probes, cursor, notices }, frame)
  scales.group = (source) => compare.group(source)
  void gallery.load()
  void presets.load()
  await settle()
  for (const pane of [view, compare.view, compare.differenceView]) pane.resize({ width: 320, height: 320 }, 1)
  /** What the window does whenever something has changed. */
  async function act(stage = run.selected) {
    run.show(gallery.current, editor.running, stage)
    compare.follow(compare.subject)
    await settle()
    view.open(run.source)
    compare.update()
    await settle()
    compare.align()
    compare.probes.mirror(probes.list, probes.chosen?.number ?? null)
    await settle()
  }
  async function value(of: RunState, stage: number, row: number, column: number) {
    const rect = { left: column, top: row, width: 1, height: 1 }
    const asked = api.call('stages.read', { run: of.run!, stage, rect, channels: [0, 1] })
    await vi.advanceTimersByTimeAsync(20)
    return (await asked).data[0]!
  }
  const released = () =>
    api.calls.flatMap(({ method, params }) => (method === 'runs.release' ? (params as Params<'runs.release'>).run : []))
  return { api, notices, gallery, presets, editor, run, view, probes, cursor, scales, compare, act, value, released }
}

test('another picture goes through the same pipeline; one cursor reads both and their difference', async () => {
  const { gallery, run, view, compare, act, value } = await start()
  const [first, second] = gallery.entries
  compare.begin({ kind: 'picture', image: second!.key })
  await act(2)
  expect(compare.run.image?.id).toBe(second!.key)
  expect(compare.run.pipeline).toEqual(run.pipeline)
  expect(compare.subject).toMatchObject({ nameA: first!.name, nameB: second!.name })
  view.point(0, { x: 8 * 10 + 5, y: 10 * 10 + 5 })
  expect(compare.view.hover).toEqual({ row: 10, column: 8, tile: 0 })
  expect(compare.differenceView.hover).toEqual({ row: 10, column: 8, tile: 0 })
  const [a, b] = [await value(run, 2, 10, 8), await value(compare.run, 2, 10, 8)]
  expect(a).not.toBe(b)
  expect(compare.beside).toEqual({ a: [a], b: [b], difference: [a - b] })
  expect(compare.differenceView.readout?.values).toEqual([a - b])
})

test('the difference is painted on a scale of its own with zero in its middle; A and B share one', async () => {
  const { gallery, run, view, scales, compare, act } = await start()
  compare.begin({ kind: 'picture', image: gallery.entries[1]!.key })
  await act(1)
  const [a, b] = [view.source!, compare.view.source!]
  const { from, to } = scales.scaleOf(a)
  expect(scales.scaleOf(b)).toEqual(scales.scaleOf(a))
  expect(from).toBe(Math.min(a.summary!.min, b.summary!.min))
  expect(to).toBe(Math.max(a.summary!.max, b.summary!.max))
  const { min, max } = compare.difference!.summary!
  const reach = Math.max(-min, max)
  expect(scales.scaleOf(compare.difference!)).toEqual({ name: 'red-blue', from: -reach, to: reach })
  scales.mode = 'stages'
  expect(scales.scaleOf(compare.difference!)).toEqual({ name: 'red-blue', from: -reach, to: reach })
  scales.mode = 'stage'
  expect(scales.type(b, 'to', '5')).toBe(true)
  expect(scales.scaleOf(a).to).toBe(5)
  compare.end()
  expect(scales.group(run.stages[1]!.source!)).toEqual([run.stages[1]!.source])
})

test('zoom, part and channel are the same on both sides, whichever is moved', async () => {
  const { presets, view, compare, gallery, act } = await start()
  presets.choose('edges')
  compare.begin({ kind: 'picture', image: gallery.entries[2]!.key })
  await act(1)
  compare.view.zoom(4, { x: 30, y: 40 })
  expect(view.view).toEqual(compare.view.view)
  expect(compare.differenceView.view).toEqual(compare.view.view)
  expect(view.view.magnification).toBeGreaterThan(3)
  compare.differenceView.toggleSolo(2)
  await settle()
  expect([view, compare.view, compare.differenceView].map(({ choices }) => choices.solo)).toEqual([2, 2, 2])
})

test('shapes that do not agree are both named instead of a difference, and the cursor stands at the same share', async () => {
  const { presets, view, compare, act } = await start()
  compare.begin({ kind: 'pipeline', id: 'edges' })
  await act(1)
  expect(presets.chosen).toBe('walkthrough')
  expect(compare.none).toBe('There is no difference, since the shapes do not agree: A is 64×64×1 and B is 128×128×4.')
  expect(compare.difference).toBeNull()
  view.point(0, { x: 20 * 5 + 2, y: 10 * 5 + 2 })
  // Element 10 of 64 has its middle at 21 / 128: half-way between elements 20 and 21 of 128.
  expect(compare.view.hover).toEqual({ row: 20, column: 40, tile: 0 })
  expect(compare.beside).toMatchObject({ difference: null })
  expect(compare.beside?.b).toHaveLength(1)
})

test('a stage that B does not have is said to be missing', async () => {
  const { run, compare, act } = await start()
  compare.begin({ kind: 'pipeline', id: 'edges' })
  await act(5)
  expect(run.stages).toHaveLength(6)
  expect(compare.missing).toBe('B has no stage 5: it ends with stage 3, Max pool 2×2.')
  expect(compare.none).toBe(compare.missing)
  expect(compare.view.source).toBeNull()
})

test('B stays what it is while A changes its picture and its pipeline', async () => {
  const { gallery, presets, run, compare, act } = await start()
  const [, second, third] = gallery.entries
  compare.begin({ kind: 'picture', image: second!.key })
  await act(1)
  gallery.pick(third!.key, { range: false, toggle: false })
  presets.choose('edges')
  await act(1)
  expect(run.image?.id).toBe(third!.key)
  expect(compare.run.image?.id).toBe(second!.key)
  expect(compare.run.pipeline?.name).toBe('Edges')
  expect(compare.difference?.shapeText).toBe('128×128×4')
})

test('a changed pipeline is compared with what it was before its changes', async () => {
  const { presets, editor, compare, act } = await start()
  await act(1)
  const layer = editor.edited!.layers[1]!
  presets.change(
    { ...editor.edited!, layers: editor.edited!.layers.filter(({ id }) => id !== layer.id) },
    'Remove',
    null,
  )
  compare.begin({ kind: 'before' })
  await act(1)
  expect(editor.running!.layers.map(({ kind }) => kind).slice(0, 2)).toEqual(['input', 'pool2d'])
  expect(compare.run.pipeline!.layers.map(({ kind }) => kind).slice(0, 2)).toEqual(['input', 'conv2d'])
})

test('a pinned probe is read in B too, and the difference with it', async () => {
  const { gallery, run, probes, compare, act, value } = await start()
  compare.begin({ kind: 'picture', image: gallery.entries[1]!.key })
  await act(2)
  probes.pin(2, { row: 10, column: 8, channel: 0 })
  await act(2)
  const [a, b] = [await value(run, 2, 10, 8), await value(compare.run, 2, 10, 8)]
  expect(compare.probes.chosen?.value).toBe(b)
  expect(compare.beside).toEqual({ a: [a], b: [b], difference: [a - b] })
})

test('ending lets go of the run of B, and a picture that goes ends it, saying so', async () => {
  const { gallery, notices, compare, act, released } = await start()
  compare.begin({ kind: 'picture', image: gallery.entries[1]!.key })
  await act(1)
  const first = compare.run.run!
  compare.end()
  await act(1)
  expect(released()).toContain(first)
  expect([compare.run.image, compare.view.source, compare.difference]).toEqual([null, null, null])

  const gone = gallery.entries[1]!.key
  compare.begin({ kind: 'picture', image: gone })
  await act(1)
  const second = compare.run.run!
  gallery.entries = gallery.entries.filter(({ key }) => key !== gone)
  await act(1)
  expect(compare.on).toBe(false)
  expect(released()).toContain(second)
  expect(notices.list.map(({ message }) => message)).toEqual([
    'The picture that was compared with is gone, so comparing has ended.',
  ])
})

test('a difference that cannot be computed says why', async () => {
  const { api, gallery, compare, act } = await start()
  api.failNext('stages.difference', new LoupeError('internal', 'It failed.'))
  compare.begin({ kind: 'picture', image: gallery.entries[1]!.key })
  await act(1)
  expect(compare.problem).toBe('It failed.')
  expect(compare.difference).toBeNull()
})

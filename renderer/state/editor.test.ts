import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ImageInfo } from '../../shared/api.ts'
import { parseDocument } from '../../shared/pipeline.ts'
import { fakeApi } from '../transport/fake.ts'
import { documentOf } from './edited.ts'
import { EditorState } from './editor.svelte.ts'
import { NoticeState } from './notices.svelte.ts'
import { PresetState } from './presets.svelte.ts'
import { RunState } from './run.svelte.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(2000)

async function open() {
  const api = fakeApi({ delay: 3, images: 1 })
  const notices = new NoticeState()
  const presets = new PresetState(api, notices)
  const run = new RunState(api)
  const editor = new EditorState(presets, run, api, notices, (work) => setTimeout(work, 16))
  const listing = api.call('images.list', {})
  void presets.load()
  await settle()
  const [image] = (await listing) as readonly [ImageInfo]
  /** What the window's effects do. */
  const follow = async () => {
    run.show(image, editor.running, editor.lookAt)
    editor.replan(image)
    await settle()
  }
  await follow()
  const ids = () => editor.edited!.layers.map(({ id }) => id)
  const kinds = () => editor.edited!.layers.map(({ spec }) => spec.kind)
  return { api, notices, presets, run, editor, image, follow, ids, kinds }
}

test('editing a built-in pipeline changes a copy, which undo makes equal to it again', async () => {
  const { presets, editor, ids } = await open()
  editor.choose(ids()[1]!)
  expect(editor.set('filters', 3)).toBeNull()
  expect(presets.current).toMatchObject({ builtIn: false, unsaved: true, pipeline: { name: 'Walkthrough (edited)' } })
  expect(editor.layer!.spec).toMatchObject({ kind: 'conv2d', filters: 3 })
  editor.undo()
  expect(presets.current).toMatchObject({ unsaved: false })
  expect(presets.pipeline!.layers).toEqual(presets.presets[0]!.pipeline.layers)
  editor.redo()
  expect(presets.unsaved).toBe(true)
  presets.choose('walkthrough')
  expect(presets.pipeline).toEqual(presets.presets[0]!.pipeline)
  expect(presets.unsaved).toBe(true)
})

test('a value that is not allowed changes nothing and says why', async () => {
  const { presets, editor, ids } = await open()
  editor.choose(ids()[1]!)
  expect(editor.set('filters', 0)).toBe('must be at least 1, not 0')
  expect(editor.set('stride', [1, 2.5])).toBe('must be a whole number, not 2.5')
  expect(editor.set('kernels', { type: 'preset', names: [] })).toBe('must not be empty')
  expect(presets.own).toBeNull()
})

test('a stream of one parameter is one step; another parameter, or leaving the field, ends it', async () => {
  const { presets, editor, ids } = await open()
  editor.choose(ids()[1]!)
  for (const filters of [2, 3, 4]) editor.set('filters', filters)
  editor.set('size', [5, 3], 'height')
  editor.set('size', [5, 5], 'width')
  editor.set('filters', 5)
  editor.settle()
  editor.set('filters', 6)
  expect(presets.own!.history.past.length).toBe(5)
  editor.undo()
  expect(editor.layer!.spec).toMatchObject({ filters: 5 })
  for (let i = 0; i < 4; i++) editor.undo()
  expect(editor.layer!.spec).toMatchObject({ filters: 1, size: [3, 3] })
})

test('layers are added below the chosen one, moved, duplicated, removed, and the choice goes along', async () => {
  const { editor, run, ids, kinds, follow } = await open()
  editor.choose(ids()[1]!)
  editor.add('activation')
  expect(kinds()).toEqual(['input', 'conv2d', 'activation', 'pool2d', 'flatten', 'dense', 'softmax'])
  expect(editor.place).toBe(2)
  await follow()
  expect(run.selected).toBe(2)
  editor.move(ids()[2]!, 3)
  await follow()
  expect([kinds()[3], editor.place, run.selected]).toEqual(['activation', 3, 3])
  editor.move(ids()[3]!, 0)
  expect([kinds()[1], editor.place]).toEqual(['activation', 1])
  editor.duplicate(ids()[1]!)
  expect([kinds().slice(0, 4), editor.place]).toEqual([['input', 'activation', 'activation', 'conv2d'], 2])
  editor.remove(ids()[2]!)
  expect([kinds().slice(0, 3), editor.place]).toEqual([['input', 'activation', 'conv2d'], 2])
  // The input is neither removed, nor switched off, nor moved.
  const before = editor.edited
  editor.remove(ids()[0]!)
  editor.toggle(ids()[0]!)
  editor.move(ids()[0]!, 2)
  expect(editor.edited).toBe(before)
})

test('a layer that is off is skipped, and stages are counted without it', async () => {
  const { editor, run, ids, follow } = await open()
  const flatten = ids()[3]!
  const pool = ids()[2]!
  editor.toggle(pool)
  await follow()
  expect(editor.running!.layers.map(({ kind }) => kind)).toEqual(['input', 'conv2d', 'flatten', 'dense', 'softmax'])
  expect(editor.rows.map(({ stage }) => stage)).toEqual([0, 1, null, 2, 3, 4])
  expect(editor.rows[3]!.shape).toEqual([64 * 64])
  // What is off is chosen, and the stage above it is looked at.
  expect([editor.layer!.id, run.selected]).toEqual([pool, 1])
  run.select(2)
  expect(editor.layer!.id).toBe(flatten)
  expect(parseDocument(documentOf(editor.edited!)).layers[2]).toMatchObject({ kind: 'pool2d', off: true })
  editor.toggle(pool)
  await follow()
  expect([editor.layer!.id, run.selected]).toEqual([pool, 2])
})

test('a layer that cannot work is told with its reason; those above keep their shapes, those below are not reached', async () => {
  const { editor, run, ids, follow } = await open()
  editor.choose(ids()[2]!)
  editor.set('size', [99, 99])
  await follow()
  expect(editor.rows.map(({ shape }) => shape?.join('×') ?? null)).toEqual([
    '64×64×1',
    '64×64×1',
    null,
    null,
    null,
    null,
  ])
  expect(editor.rows[2]!.problem).toBe('A 99×99 window does not fit a 64×64 input.')
  expect(editor.rows.map(({ unreached }) => unreached)).toEqual([false, false, false, true, true, true])
  expect([run.status, run.stages.length, editor.place]).toEqual(['done', 2, 2])
  editor.undo()
  await follow()
  expect([run.stages.length, run.selected, editor.rows[2]!.problem]).toEqual([6, 2, null])
})

test('only the newest question for shapes is answered', async () => {
  const { api, editor, image, ids } = await open()
  const asked = () => api.calls.filter(({ method }) => method === 'pipeline.plan').length
  const before = asked()
  editor.choose(ids()[1]!)
  for (const filters of [2, 3, 4, 5]) {
    editor.set('filters', filters)
    editor.replan(image)
    await vi.advanceTimersByTimeAsync(2)
  }
  await settle()
  expect(asked() - before).toBe(1)
  expect(editor.rows[1]!.shape).toEqual([64, 64, 5])
})

test('shapes of what runs come with its start; only what waits or does not run is asked for', async () => {
  const { api, run, editor, image, ids, follow } = await open()
  const asked = () => api.calls.filter(({ method }) => method === 'pipeline.plan').length
  editor.choose(ids()[1]!)
  const before = asked()
  editor.set('filters', 5)
  await follow()
  expect([asked() - before, editor.rows[1]!.shape]).toEqual([0, [64, 64, 5]])
  editor.set('filters', 6)
  run.show(image, editor.running, editor.lookAt)
  editor.set('filters', 7)
  // The run before is young: this one waits, and its shapes do not.
  run.show(image, editor.running, editor.lookAt)
  editor.replan(image)
  await vi.advanceTimersByTimeAsync(18)
  expect([asked() - before, editor.rows[1]!.shape]).toEqual([1, [64, 64, 7]])
  await settle()
})

test('editing a weight makes numbers of a named kernel; filters and sizes then cut or fill them', async () => {
  const { editor, ids, follow } = await open()
  editor.choose(ids()[1]!)
  expect(editor.kernels!.shape).toEqual([1, 3, 3, 1])
  const ninth = 1 / 9
  expect(editor.kernels!.numbers.flat(3)).toEqual(new Array(9).fill(ninth))
  editor.setKernels(
    [
      [
        [[1], [2], [3]],
        [[4], [5], [6]],
        [[7], [8], [9]],
      ],
    ],
    'cell',
  )
  expect(editor.layer!.spec).toMatchObject({ kernels: { type: 'values' } })
  editor.set('size', [5, 1])
  await follow()
  expect(editor.kernels!.numbers).toEqual([[[[0]], [[2]], [[5]], [[8]], [[0]]]])
  editor.set('filters', 2)
  await follow()
  expect(editor.kernels!.numbers.map((kernel) => kernel.flat(2))).toEqual([
    [0, 2, 5, 8, 0],
    [0, 2, 5, 8, 0],
  ])
  expect(editor.rows[1]!.problem).toBeNull()
  // Three channels instead of one are not met silently, but on asking.
  editor.choose(ids()[0]!)
  editor.set('colour', 'rgb')
  await follow()
  expect(editor.rows[1]!.problem).toMatch(/3 input channels/)
  editor.choose(ids()[1]!)
  editor.fit()
  await follow()
  expect(editor.rows[1]!.problem).toBeNull()
  expect(editor.kernels!.numbers[0]![1]).toEqual([[2, 2, 2]])
})

test('a name alone runs nothing anew', async () => {
  const { presets, editor, ids } = await open()
  editor.choose(ids()[1]!)
  editor.set('filters', 2)
  const { running } = editor
  editor.rename('  Mine  ')
  expect(presets.pipeline!.name).toBe('Mine')
  expect(editor.running).toBe(running)
  editor.rename('   ')
  expect(presets.pipeline!.name).toBe('Mine')
})

test('what is saved is what was edited, and is then no longer unsaved until it changes', async () => {
  const { presets, editor, ids } = await open()
  editor.choose(ids()[2]!)
  editor.toggle(ids()[2]!)
  const id = presets.chosen!
  const file = presets.fileOf(id)!
  expect(file.name).toBe('walkthrough-edited.pipeline.json')
  presets.markSaved(id, file.name)
  expect(presets.unsaved).toBe(false)
  editor.undo()
  expect(presets.unsaved).toBe(true)
  editor.redo()
  expect(presets.unsaved).toBe(false)
  await Promise.all([presets.open([new File([file.text], 'again.pipeline.json')]), settle()])
  expect(documentOf(presets.edited!)).toEqual(JSON.parse(file.text))
})

test('closing asks where something would be lost; a file opened again beside its changed self takes nothing away', async () => {
  const { presets, editor, ids } = await open()
  const text = presets.fileOf('walkthrough')!.text
  const opening = () => Promise.all([presets.open([new File([text], 'mine.pipeline.json')]), settle()])
  await opening()
  const first = presets.chosen!
  await opening()
  expect(presets.opened.length).toBe(1)
  editor.choose(ids()[1]!)
  editor.set('filters', 2)
  await opening()
  expect(presets.opened.map(({ unsaved }) => unsaved)).toEqual([true, false])
  presets.close(presets.opened[1]!.id)
  expect(presets.opened.length).toBe(1)
  const [changed] = presets.opened
  presets.close(changed!.id)
  expect([presets.closing, presets.opened.length]).toEqual([changed!.id, 1])
  presets.discard(changed!.id)
  expect([presets.closing, presets.opened.length]).toEqual([null, 0])
  expect(presets.current).not.toBeNull()
  expect(first).not.toBe(changed!.id)
})

test('copies have names of their own, which a document may have', async () => {
  const { presets, editor, ids } = await open()
  const long = 'x'.repeat(200)
  presets.copy()
  editor.rename(long)
  presets.copy()
  presets.copy()
  const names = presets.opened.map(({ pipeline }) => pipeline.name)
  expect(new Set(names).size).toBe(3)
  for (const { edited } of presets.opened)
    expect(parseDocument(documentOf(edited)).name.length).toBeLessThanOrEqual(200)
  presets.create()
  expect(presets.pipeline).toMatchObject({ name: 'New pipeline', layers: [{ kind: 'input' }] })
  expect(presets.unsaved).toBe(true)
  expect(ids()).toHaveLength(1)
})

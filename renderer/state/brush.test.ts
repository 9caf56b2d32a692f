import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ImageInfo } from '../../shared/api.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { parseDocument } from '../../shared/pipeline.ts'
import { fakeApi } from '../transport/fake.ts'
import { BrushState } from './brush.svelte.ts'
import { EditorState } from './editor.svelte.ts'
import { NoticeState } from './notices.svelte.ts'
import { PresetState } from './presets.svelte.ts'
import { RunState } from './run.svelte.ts'
import { ViewerState } from './viewer.svelte.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(2000)

/** The walkthrough (or a pipeline of these layers) on a picture, the input stage on show. */
async function open(layers?: readonly object[]) {
  const api = fakeApi({ delay: 3, images: 1 })
  const notices = new NoticeState()
  const presets = new PresetState(api, notices)
  const run = new RunState(api)
  const soon = (work: () => void) => void setTimeout(work, 16)
  const editor = new EditorState(presets, run, api, notices, soon)
  const view = new ViewerState(api, soon)
  view.resize({ width: 400, height: 400 }, 1)
  const brush = new BrushState(editor, run, view)
  const listing = api.call('images.list', {})
  void presets.load()
  await settle()
  const [image] = (await listing) as readonly [ImageInfo]
  if (layers) {
    const text = JSON.stringify(parseDocument({ version: 1, name: 'Own', layers }))
    const bytes = new TextEncoder().encode(text)
    void presets.open([new File([bytes], 'own.json')])
    await settle()
  }
  /** What the window's effects do. */
  const follow = async () => {
    run.show(image, editor.running, editor.lookAt)
    await settle()
    view.open(run.source)
    await settle()
  }
  await follow()
  run.select(0)
  await follow()
  const marks = () => (editor.edited!.layers[1]!.spec as SpecOf<'paint'>).marks
  const kinds = () => editor.edited!.layers.map(({ spec }) => spec.kind)
  return { presets, run, editor, view, brush, follow, marks, kinds }
}

test('the first stroke adds the layer below the input; a stroke, however long, is one step to undo', async () => {
  const { brush, editor, run, follow, marks, kinds } = await open()
  const before = kinds()
  brush.toggle()
  expect([brush.active, kinds()]).toEqual([true, before])
  brush.setValue(0.25)
  brush.begin(0, { row: 5, column: 5 })
  brush.move({ row: 5, column: 9 })
  brush.move({ row: 8, column: 9 })
  brush.end()
  expect(kinds()).toEqual(['input', 'paint', ...before.slice(1)])
  const paint = { channel: null, value: [0.25] }
  expect(marks()).toEqual([
    { row: 5, column: 5, height: 1, width: 5, ...paint },
    { row: 6, column: 9, height: 3, width: 1, ...paint },
  ])
  expect(editor.history!.past).toHaveLength(1)
  expect(brush.said).toBe('Painted 0.25 at row 8, column 9')

  await follow()
  expect(run.selected).toBe(1)
  brush.begin(0, { row: 5, column: 7 }, true)
  brush.end()
  expect(marks()).toHaveLength(3)
  editor.undo()
  expect(marks()).toHaveLength(2)
  editor.undo()
  expect(kinds()).toEqual(before)
  editor.redo()
  expect(kinds()[1]).toBe('paint')
})

test('erasing before anything is painted changes nothing, and clearing takes all marks at once', async () => {
  const { brush, editor, presets, follow, marks } = await open()
  brush.toggle()
  brush.begin(0, { row: 2, column: 2 }, true)
  brush.end()
  expect(presets.own).toBeNull()
  brush.resize(3)
  brush.begin(0, { row: 2, column: 2 })
  brush.end()
  await follow()
  brush.clear()
  expect(marks()).toEqual([])
  editor.undo()
  expect(marks()).toEqual([{ row: 1, column: 1, height: 3, width: 3, channel: null, value: [1] }])
})

test('black and white are those of the input’s own range, and so is a colour', async () => {
  const rgb = { kind: 'input', colour: 'rgb', range: { type: 'standard', mean: [0.5, 0.25, 0.75], std: [0.5] } }
  const { brush, view, marks } = await open([rgb])
  expect(view.source!.colour).toBe(true)
  brush.toggle()
  brush.setBlack()
  expect([brush.values, brush.hex]).toEqual([[-1, -0.5, -1.5], '#000000'])
  brush.setWhite()
  expect([brush.values, brush.hex]).toEqual([[1, 1.5, 0.5], '#ffffff'])
  brush.setHex('#ff0033')
  expect(brush.values).toEqual([1, -0.5, (51 / 255 - 0.75) / 0.5])
  expect(brush.hex).toBe('#ff0033')
  brush.begin('colour', { row: 0, column: 0 })
  brush.end()
  brush.begin(1, { row: 1, column: 1 })
  brush.end()
  expect(marks()).toMatchObject([
    { row: 0, column: 0, channel: null, value: brush.values },
    { row: 1, column: 1, channel: 1, value: [-0.5] },
  ])
})

test('has a range to choose from where all elements are the same', async () => {
  const { brush, run } = await open()
  brush.toggle()
  const [slot, ...others] = run.stages
  const flat = (value: number) => {
    const summary = { ...slot!.source!.summary!, picture: 'map', min: value, max: value } as const
    run.stages = [{ ...slot!, source: { ...slot!.source!, summary } }, ...others]
    return brush.range
  }
  expect(flat(0.5)).toEqual([[0, 0.5]])
  expect(flat(-2)).toEqual([[-2, 0]])
  expect(flat(0)).toEqual([[0, 1]])
  expect(brush.hex).toMatch(/^#[0-9a-f]{2}$/)
})

test('says so where what stands there is not read yet', async () => {
  const { brush, view } = await open()
  brush.toggle()
  brush.use('pick')
  brush.pick()
  expect(brush.problem).toBe('What stands there is still being read: pick it again.')
  expect(brush.tool).toBe('pick')
  view.moveCursor(0, 0)
  brush.pick()
  expect([brush.problem, brush.tool]).toEqual([null, 'paint'])
})

test('picks what stands where it points, and paints only where there is something to paint on', async () => {
  const { brush, view, run, follow } = await open()
  brush.toggle()
  view.moveCursor(0, 0)
  brush.use('pick')
  brush.pick()
  expect(brush.values).toEqual(view.readout!.values)
  expect(brush.tool).toBe('paint')
  run.select(1)
  await follow()
  expect([brush.taken, brush.active, brush.target]).toEqual([true, false, null])
})

test('a layer that is there is painted on, and switched on by it', async () => {
  const { brush, editor, kinds } = await open([
    { kind: 'input' },
    { kind: 'paint', marks: [{ row: 0, column: 0, value: 0 }], off: true },
  ])
  brush.toggle()
  brush.begin(0, { row: 9, column: 9 })
  brush.end()
  expect(kinds()).toEqual(['input', 'paint'])
  expect(editor.edited!.layers[1]).toMatchObject({ off: false, spec: { marks: [{ row: 0 }, { row: 9 }] } })
})

test('a brush that has no more room says so', async () => {
  const full = Array.from({ length: 4096 }, (_, i) => ({ row: i % 2, column: 0, width: 2, value: i }))
  const { brush, marks } = await open([{ kind: 'input' }, { kind: 'paint', marks: full }])
  brush.toggle()
  brush.begin(0, { row: 9, column: 9 })
  brush.end()
  expect(marks()).toHaveLength(4096)
  expect(brush.problem).toBe('Marks must not be longer than 4096, but is 4097.')
})

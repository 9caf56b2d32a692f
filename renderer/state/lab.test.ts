import { expect, test } from 'vitest'
import { LoupeError } from '../../shared/errors.ts'
import type { LabVariable, LabView } from '../../shared/lab.ts'
import type { LabLesson } from '../../shared/labLessons/lesson.ts'
import { notebookText, parseNotebook } from '../../shared/notebook.ts'
import { fakeApi } from '../transport/fake.ts'
import { LabLessons, type LessonTask } from './labLessons.svelte.ts'
import { LabNotebook } from './labNotebook.svelte.ts'
import { LabPointer } from './labPointer.svelte.ts'
import { LabSession } from './labSession.svelte.ts'
import { describeRegion, labSource, regionPart, regionWords } from './labSource.ts'
import { withoutMiddle } from './labText.ts'
import { NoticeState } from './notices.svelte.ts'

function open() {
  const api = fakeApi({ delay: 0 })
  const session = new LabSession(api, () => ({ images: [], run: null }))
  api.subscribe((event) => session.hear(event))
  const notices = new NoticeState()
  const files: { name: string; text: string }[] = []
  const tools = {
    createUrl: ({ bytes }: { bytes: Uint8Array }) => new TextDecoder().decode(bytes),
    revokeUrl: () => undefined,
    download: (text: string, name: string) => void files.push({ name, text }),
  }
  const notebook = new LabNotebook(session, notices, tools, () => ({
    image: null,
    background: '#ffffff',
    stages: new Map(),
  }))
  return { api, session, notices, files, notebook, cell: notebook.cells[0]! }
}

const fileOf = (name: string, cells: readonly { kind: 'code' | 'text'; source: string }[]) =>
  new File([notebookText(cells)], name)

test('a cell that ran has its output, its value and the variables', async () => {
  const { session, cell } = open()
  cell.source = 'print(1)\nx = 2\nx'
  await session.run([cell])
  expect(cell).toMatchObject({ status: 'done', output: '1\n', failure: null })
  expect(cell.result?.value).toMatchObject({ text: 'array(…)' })
  expect(session.variables.map(({ name }) => name)).toEqual(['x'])
})

test('cells run one after the other, and what follows a failure does not run', async () => {
  const { session, notebook, cell } = open()
  cell.source = 'print(1)'
  const [second, third] = [notebook.add('code', null, 'fail because'), notebook.add('code', null, 'print(3)')]
  await notebook.runAll()
  expect([cell, second, third].map(({ status }) => status)).toEqual(['done', 'failed', 'idle'])
  expect(second.result?.error).toMatchObject({ kind: 'AssertionError', message: 'because', line: 1 })
  expect(session.last).toBe(second)
})

test('a cell that never ends is stopped, keeps its output, and the next can run', async () => {
  const { session, cell } = open()
  cell.source = 'print(1)\nloop'
  const ended = session.run([cell])
  await expect.poll(() => cell.output).toBe('1\n')
  await session.stop()
  await ended
  expect(cell).toMatchObject({ status: 'failed', output: '1\n' })
  expect(cell.result?.error?.kind).toBe('KeyboardInterrupt')
  cell.source = 'print(2)'
  await session.run([cell])
  expect(cell).toMatchObject({ status: 'done', output: '2\n' })
})

test('where the compute process was started again, the variables are gone and the reason is said', async () => {
  const { api, session, cell } = open()
  cell.source = 'x = 1'
  await session.run([cell])
  api.failNext('lab.run', new LoupeError('lab-restarted', 'The variables are gone.'))
  await session.run([cell])
  expect(cell).toMatchObject({ status: 'failed', failure: 'The variables are gone.' })
  expect(session.variables).toEqual([])
  await session.run([cell])
  expect(session.variables.map(({ name }) => name)).toEqual(['x'])
})

test('a stop that fails is told at its cell, which can be stopped again', async () => {
  const { api, session, cell } = open()
  cell.source = 'print(1)\nloop'
  const ended = session.run([cell])
  await expect.poll(() => cell.output).toBe('1\n')
  api.failNext('lab.stop', new LoupeError('engine-lost', 'Nobody answers.'))
  await session.stop()
  expect([session.stopping, session.busy, cell.failure]).toEqual([null, true, 'Nobody answers.'])
  await session.stop()
  await ended
  expect([session.stopping, session.busy, cell.status]).toEqual([null, false, 'failed'])
})

test('where the host has closed the session, the variables are gone, and the next run has another one', async () => {
  const { api, session, cell } = open()
  cell.source = 'x = 1'
  await session.run([cell])
  const { id } = session
  api.failNext('lab.run', new LoupeError('not-found', 'It was closed.', { session: id }))
  await session.run([cell])
  expect(cell).toMatchObject({ status: 'failed', failure: 'It was closed.' })
  expect(session.variables).toEqual([])
  await session.run([cell])
  expect(session.id).not.toBe(id)
  expect(session.variables.map(({ name }) => name)).toEqual(['x'])
})

test('a notebook is unsaved from its first change until it is saved, and then is the file', () => {
  const { notebook, files, cell } = open()
  expect(notebook.unsaved).toBe(false)
  cell.source = 'x = 1'
  expect(notebook.unsaved).toBe(true)
  notebook.name = 'My: photo'
  notebook.save()
  expect(notebook.unsaved).toBe(false)
  expect(files[0]!.name).toBe('My- photo.notebook.json')
  expect(parseNotebook(files[0]!.text).cells).toEqual([{ kind: 'code', source: 'x = 1' }])
  notebook.save('python')
  expect(files[1]).toEqual({ name: 'My- photo.py', text: '# %%\nx = 1\n' })
})

test('a file is opened in the place of unsaved changes only after asking', async () => {
  const { notebook, cell, files } = open()
  cell.source = 'mine'
  await notebook.open(fileOf('yours.notebook.json', [{ kind: 'text', source: 'Yours' }]))
  expect(notebook.cells[0]!.source).toBe('mine')
  notebook.answer('cancel')
  expect(notebook.cells[0]!.source).toBe('mine')
  await notebook.open(fileOf('yours.notebook.json', [{ kind: 'text', source: 'Yours' }]))
  notebook.answer('save')
  expect(files[0]!.text).toContain('mine')
  expect(notebook.cells.map(({ kind, source }) => ({ kind, source }))).toEqual([{ kind: 'text', source: 'Yours' }])
  expect(notebook).toMatchObject({ name: 'yours', unsaved: false })
})

test('what is wrong with a file is said with its name, and the notebook stays', async () => {
  const { notebook, notices } = open()
  expect(await notebook.open(new File(['{"version":3}'], 'new.notebook.json'))).toBe(false)
  expect(notices.list[0]!.message).toMatch(/^new\.notebook\.json: .*its version is 3/)
})

test('a removed cell can be brought back to its place', () => {
  const { notebook, notices, cell } = open()
  cell.source = 'first'
  const second = notebook.add('code', null, 'second')
  notebook.remove(cell)
  expect(notebook.cells).toEqual([second])
  notices.act(notices.list[0]!.id)
  expect(notebook.cells.map(({ source }) => source)).toEqual(['first', 'second'])
  notebook.move(second, -1)
  expect(notebook.cells.map(({ source }) => source)).toEqual(['second', 'first'])
})

test('running on goes to the next cell, which is made at the end', () => {
  const { notebook, cell } = open()
  notebook.runAndGoOn(cell)
  expect(notebook.current).toBe(notebook.cells[1])
  notebook.runAndGoOn(cell)
  expect(notebook.cells.length).toBe(2)
})

const lesson: LabLesson = {
  id: 'one',
  title: 'One',
  summary: '',
  parts: [
    { kind: 'text', text: 'Text' },
    { kind: 'task', text: 'Do', code: 'print(1)', check: 'fail x should be 2', hint: 'h', solution: 'x = 2' },
    { kind: 'task', text: 'Do', code: 'fail', check: 'print(2)', hint: 'h', solution: 'x = 2' },
  ],
}

test('a task is wrong with the words of its check, right without any, and then remembered', async () => {
  const { api } = open()
  const kept: string[][] = []
  const progress = {
    done: [] as readonly string[],
    keep: (done: readonly string[]) => Promise.resolve(void kept.push([...done])),
  }
  const lessons = new LabLessons(
    () => new LabSession(api, () => ({ images: [], run: null })),
    progress,
    new NoticeState(),
    () => Promise.resolve([lesson]),
  )
  await lessons.load()
  lessons.choose(lessons.list![0]!)
  const [, first, second] = lessons.chosen!.parts as [unknown, LessonTask, LessonTask]
  await lessons.check(first)
  expect(first).toMatchObject({ status: 'wrong', said: 'x should be 2' })
  await lessons.check(second)
  expect(second).toMatchObject({ status: 'wrong', said: 'Your code ended before its end; see the error.' })
  expect(kept).toEqual([])
  second.cell.source = 'x = 2'
  await lessons.check(second)
  expect(second.status).toBe('right')
  expect(kept).toEqual([['one/2']])
  expect(lessons.count(lesson)).toEqual({ done: 0, all: 2 })
})

test('what is written in a lesson is still there after another one', async () => {
  const { api } = open()
  const other = { ...lesson, id: 'two' }
  const lessons = new LabLessons(
    () => new LabSession(api, () => ({ images: [], run: null })),
    { done: [], keep: () => Promise.resolve() },
    new NoticeState(),
    () => Promise.resolve([lesson, other]),
  )
  await lessons.load()
  lessons.choose(lesson)
  ;(lessons.chosen!.parts[1] as LessonTask).cell.source = 'mine'
  lessons.choose(lessons.beside(1))
  expect(lessons.chosen!.lesson.id).toBe('two')
  lessons.choose(lessons.beside(-1))
  expect((lessons.chosen!.parts[1] as LessonTask).cell.source).toBe('mine')
})

test('the innermost slice at a place of the code is pointed at, and asked about once', async () => {
  const { api, session, cell } = open()
  const pointer = new LabPointer(() => session)
  cell.source = 'x = 1\ny = x[1:3] + z[0:2]'
  await session.run([cell])
  pointer.point(cell, 12)
  await expect.poll(() => pointer.pointed).not.toBeNull()
  expect(pointer.pointed).toMatchObject({ name: 'x', id: session.variables[0]!.id, region: { rows: [1, 3, 1] } })
  pointer.point(cell, 20)
  expect(pointer.pointed).toMatchObject({ name: 'z', id: null })
  pointer.point(cell, 1)
  expect(pointer.pointed).toBeNull()
  expect(api.calls.filter(({ method }) => method === 'lab.outline').length).toBe(1)
})

test('a view and its base light up together, and what the view looks at is pointed at in the base', () => {
  const { session } = open()
  const pointer = new LabPointer(() => session)
  const array = { dtype: 'uint8', shape: [4, 6], strides: [6, 1], bytes: 24, picture: true, view: null }
  const region = { rows: [0, 2, 1], columns: [1, 3, 1], channels: null } as const
  const variable = (name: string, id: string, view: LabView | null): LabVariable => {
    return { name, id, kind: 'ndarray', array: { ...array, view }, text: '' }
  }
  session.variables = [
    variable('base', '1', null),
    variable('view', '2', { base: 'base', baseId: '1', region }),
    variable('other', '3', null),
    variable('lost', '4', { base: null, baseId: '9', region: null }),
  ]
  const related = () => session.variables.filter((one) => pointer.isRelated(one)).map(({ name }) => name)
  pointer.touch(session.variables[1]!)
  expect(related()).toEqual(['base'])
  expect(pointer.pointed).toEqual({ name: 'base', id: '1', region })
  pointer.touch(session.variables[0]!)
  expect(related()).toEqual(['view'])
  expect(pointer.pointed).toBeNull()
  pointer.touch(session.variables[3]!)
  expect(related()).toEqual([])
})

test('a region is told and placed as rows, columns and channels', () => {
  const region = { rows: [10, 20, 3], columns: [0, 1, 1], channels: null } as const
  expect(describeRegion(region)).toBe('[10:20:3, 0:1]')
  expect(regionWords(region)).toBe('rows 10 to 19 in steps of 3, column 0')
  expect(regionWords({ rows: [0, 2, 1], columns: [5, 9, 2], channels: [0, 3, 1] })).toBe(
    'rows 0 to 1, columns 5 to 7 in steps of 2, channels 0 to 2',
  )
  expect(regionPart(region, { channels: 4 })).toEqual({
    rect: { left: 0, top: 10, width: 1, height: 10 },
    channels: [0, 4],
  })
})

test('an array is read as a picture of its own type: bytes of three channels are a colour photo', async () => {
  const { session, cell } = open()
  cell.source = 'x = 1'
  await session.run([cell])
  const { signal } = new AbortController()
  const notes: unknown[] = []
  const source = await labSource(session, { id: session.variables[0]!.id!, title: 'x' }, signal, (note) =>
    notes.push(note),
  )
  expect(source).toMatchObject({
    width: 6,
    height: 4,
    channels: 3,
    colour: true,
    shapeText: '4×6×3 uint8',
    scale: { name: 'grey', from: 0, to: 255 },
    channelNames: ['Red', 'Green', 'Blue'],
  })
  const window = await source.read({}, signal)
  expect([window.shape, notes]).toEqual([[4, 6, 3], [null]])
})

test('of a very long text the beginning and the end are shown in whole lines, and what is left out is counted', () => {
  expect(withoutMiddle('short\n'.repeat(1000))).toBeNull()
  const text = Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`).join('')
  const { begin, left, end } = withoutMiddle(text)!
  expect(begin).toMatch(/^line 0\n[^]*line \d+$/)
  expect(end).toMatch(/^line \d+\n[^]*line 99999\n$/)
  expect(begin.length + left + end.length).toBe(text.length)
  expect(withoutMiddle('x'.repeat(1e6))).toMatchObject({ left: 900_000 })
})

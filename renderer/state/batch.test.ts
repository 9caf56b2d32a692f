import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { BatchProgress, BatchRequest } from '../../shared/batch.ts'
import { LoupeError } from '../../shared/errors.ts'
import { usualFigure } from '../../shared/figures.ts'
import { usualScales } from '../../shared/scales.ts'
import { fakeApi, type FakeOptions } from '../transport/fake.ts'
import { BatchState } from './batch.svelte.ts'
import { NoticeState } from './notices.svelte.ts'

let ended: (() => void)[] = []
beforeEach(() => {
  ended = []
})
afterEach(() => {
  for (const end of ended) end()
})

async function open(options: FakeOptions = {}) {
  const api = fakeApi({ delay: 0, images: 3, ...options })
  const files: string[] = []
  const copied: (string | Uint8Array)[] = []
  const tools = {
    createUrl: vi.fn(({ bytes }: { bytes: Uint8Array }) => {
      files.push(new TextDecoder().decode(bytes))
      return 'blob:csv'
    }),
    revokeUrl: vi.fn(),
    download: vi.fn<(url: string, name: string) => void>(),
    copy: vi.fn((_type: string, made: Promise<string | Uint8Array>) => made.then((text) => void copied.push(text))),
  }
  const notices = new NoticeState()
  const show = vi.fn(() => true)
  const batch = new BatchState(api, notices, tools, show)
  const stop = api.subscribe((event) => batch.hear(event))
  ended.push(() => {
    batch.dispose()
    stop()
  })
  const images = await api.call('images.list', {})
  const pipeline = (await api.call('pipelines.presets', {}))[0]!.pipeline
  const subject = { pipeline, all: images, selected: images.slice(0, 2), scales: usualScales }
  const requests = () =>
    api.calls.filter(({ method }) => method === 'batches.start').map(({ params }) => params as BatchRequest)
  const calls = (method: string) => api.calls.filter((call) => call.method === method).length
  const finished = async () => await expect.poll(() => batch.run?.progress.state).toBe('finished')
  const run = async () => {
    batch.begin(subject)
    await batch.start()
    await finished()
    await expect.poll(() => batch.run!.table.total).toBe(3)
  }
  return { api, files, copied, tools, notices, show, batch, images, subject, requests, calls, finished, run }
}

describe('what is run', () => {
  test('all of the gallery in its order, and nothing saved, unless a person says otherwise', async () => {
    const { batch, subject, images, requests, finished } = await open()
    batch.begin(subject)
    expect([batch.choosing, batch.open]).toEqual([true, false])
    await batch.start()
    expect([batch.choosing, batch.open]).toEqual([false, true])
    await finished()
    expect(requests()).toEqual([
      { images: images.map(({ id }) => id), pipeline: subject.pipeline, save: [], destination: { type: 'none' } },
    ])
    expect(batch.run!.progress).toMatchObject({ total: 3, done: 3, failed: 0 })
  })
  test('the selection, with files of each in a folder that is asked for', async () => {
    const { batch, subject, images, requests, finished } = await open()
    batch.begin(subject)
    batch.scope = 'selected'
    batch.where = 'folder'
    batch.setKind('figure', false)
    batch.figure.theme = 'dark'
    await batch.start()
    await finished()
    expect(requests()).toMatchObject([
      {
        images: images.slice(0, 2).map(({ id }) => id),
        save: ['png', 'npy', 'script'],
        figure: { ...usualFigure, theme: 'dark' },
        destination: { type: 'folder', folder: 'folder-1' },
      },
    ])
    expect(batch.run!.folder).toBe('Pictures')
  })
  test('nothing without a kind of file where files are wanted, or without pictures', async () => {
    const { batch, subject, requests } = await open()
    batch.begin({ ...subject, all: [] })
    expect(batch.ready).toBe(false)
    batch.begin(subject)
    batch.where = 'folder'
    for (const kind of batch.kinds) batch.setKind(kind, false)
    expect(batch.ready).toBe(false)
    await batch.start()
    expect(requests()).toEqual([])
  })
  test('its sheets look as they were chosen to, also where no pictures of each are saved', async () => {
    const { batch, subject, requests, finished } = await open()
    batch.begin(subject)
    batch.where = 'folder'
    for (const kind of batch.kinds) batch.setKind(kind, kind === 'npy')
    Object.assign(batch.figure, { theme: 'transparent', scaleBar: false })
    await batch.start()
    await finished()
    expect(requests()).toMatchObject([
      { save: ['npy'], figure: { theme: 'transparent', legend: true, scaleBar: false } },
    ])
  })
  test('what cannot be started says why, and can be started again', async () => {
    const { api, batch, subject, finished } = await open()
    api.failNext('batches.start', new LoupeError('layer-impossible', 'pool2d 2 does not fit.'))
    batch.begin(subject)
    await batch.start()
    expect([batch.problem, batch.choosing, batch.run]).toEqual(['pool2d 2 does not fit.', true, null])
    await batch.start()
    await finished()
  })
})

describe('while it runs', () => {
  test('it can be paused, gone on with and cancelled, and taken up again', async () => {
    const { batch, subject, finished } = await open({ delay: 15, images: 40 })
    batch.begin(subject)
    await batch.start()
    const run = batch.run!
    await run.pause()
    expect(run.progress.state).toBe('paused')
    await run.resume()
    expect(run.progress.state).toBe('running')
    await run.cancel()
    await expect.poll(() => run.underWay).toBe(false)
    expect(run.left).toBeGreaterThan(0)
    expect(run.problem).toBeNull()
    await run.retry()
    await finished()
    expect(run.progress.done).toBe(40)
  })
  test('closing lets it go on; a notice says so, another tells of its end and leads back', async () => {
    const { batch, subject, notices, finished } = await open({ delay: 10 })
    batch.begin(subject)
    await batch.start()
    batch.close()
    const said = () => notices.list.map(({ message }) => message)
    expect(said()).toEqual([`3 pictures go on through ${subject.pipeline.name}.`])
    await finished()
    expect(said()).toEqual([`3 pictures are run through ${subject.pipeline.name}.`])
    notices.act(notices.list[0]!.id)
    expect(batch.open).toBe(true)
    expect(notices.list).toEqual([])
  })
  test('what fails of all pictures is said in the results, or in a notice where they are closed', async () => {
    const { api, batch, subject, notices } = await open({ delay: 10 })
    batch.begin(subject)
    await batch.start()
    const error = { ok: false, code: 'write-failed', message: 'The disk is full.', detail: {} } as const
    api.emit({ type: 'batch.failed', batch: batch.run!.id, error })
    expect(batch.run!.problem).toBe('The disk is full.')
    batch.close()
    api.emit({ type: 'batch.failed', batch: batch.run!.id, error })
    expect(notices.list.at(-1)).toMatchObject({ kind: 'error', message: 'The disk is full.' })
  })
})

/** A batch at its end, whose host keeps answers on its progress back. */
async function openLate() {
  const { api, batch, run: toEnd } = await open()
  await toEnd()
  const late: ((progress: BatchProgress) => void)[] = []
  const call = api.call.bind(api) as (...args: unknown[]) => Promise<unknown>
  vi.spyOn(api, 'call').mockImplementation(((method: string, ...rest: unknown[]) =>
    method === 'batches.progress' ? new Promise((resolve) => late.push(resolve)) : call(method, ...rest)) as never)
  return { api, run: batch.run!, late }
}

test('an answer that is overtaken by the word of its end tells nothing', async () => {
  const { api, run, late } = await openLate()
  const reading = run.refresh()
  api.emit({ type: 'batch.done', batch: run.id, progress: run.progress })
  expect(late).toHaveLength(2)
  for (const answer of late.reverse()) answer({ ...run.progress, state: answer === late[0] ? 'finished' : 'running' })
  await reading
  expect(run.progress.state).toBe('finished')
})

test('an answer is not overtaken by the word of a failed picture, which tells nothing of the progress', async () => {
  const { api, run, late } = await openLate()
  const reading = run.refresh()
  const error = { ok: false, code: 'image-damaged', message: 'It is damaged.', detail: {} } as const
  api.emit({ type: 'batch.imageFailed', batch: run.id, failure: { image: null, name: 'a.png', error } })
  late[0]!({ ...run.progress, state: 'paused' })
  await reading
  expect(run.progress.state).toBe('paused')
})

describe('what is found', () => {
  test('a click on a picture goes to it and leaves the results behind it', async () => {
    const { batch, run, images, show, notices } = await open()
    await run()
    batch.goTo(images[1]!.id)
    expect(show).toHaveBeenCalledWith(images[1]!.id)
    expect([batch.open, batch.run !== null, notices.list.length]).toEqual([false, true, 0])
    show.mockReturnValue(false)
    batch.show()
    batch.goTo('gone')
    expect([batch.open, batch.run!.problem]).toEqual([true, 'That picture is no longer in the gallery.'])
  })
  test('the file has every column and row, and its numbers read back equal', async () => {
    const { batch, run, files, tools, images } = await open()
    await run()
    const { table } = batch.run!
    table.sortBy(table.columns.find(({ id }) => id === '01-conv2d.mean')!)
    await batch.saveCsv()
    expect(tools.download).toHaveBeenCalledWith('blob:csv', 'summary.csv')
    const [head, ...lines] = files[0]!
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','))
    expect(head!.length).toBe(table.columns.length + 1)
    expect(lines.map((line) => line.at(-1)).sort()).toEqual(images.map(({ id }) => id).sort())
    const at = head!.indexOf('01-conv2d.mean')
    const means = lines.map((line) => Number(line[at]))
    expect(means).toEqual([...means].sort((a, b) => b - a))
    expect(batch.tableWork).toBeNull()
  })
  test('what is copied has the columns that are seen, and is asked for before they are read', async () => {
    const { api, batch, run, tools, copied } = await open()
    await run()
    const { table } = batch.run!
    for (const { key } of table.groups) if (table.shown.has(key) && key !== 'always') table.toggle(key)
    const copying = batch.copyTable()
    expect(tools.copy).toHaveBeenCalledTimes(1)
    expect(await copying).toBe(true)
    const lines = (copied[0] as string).split('\n').map((line) => line.split('\t'))
    expect(lines[0]).toEqual(['Image', 'Likeliest class'])
    expect(lines).toHaveLength(4)
    api.failNext('batches.table', new LoupeError('engine-lost', 'It stopped.'))
    expect([await batch.copyTable(), batch.run!.problem]).toEqual([false, 'It stopped.'])
    tools.copy.mockRejectedValueOnce(new Error('not allowed'))
    await expect(batch.copyTable()).rejects.toThrow('not allowed')
  })
})

describe('letting go', () => {
  test('results that are discarded, or replaced by others, are released', async () => {
    const { batch, subject, run, calls, finished } = await open()
    await run()
    batch.again()
    expect([batch.choosing, batch.open, batch.run !== null]).toEqual([true, false, true])
    await batch.start()
    await finished()
    expect(calls('batches.release')).toBe(1)
    batch.discard()
    expect([batch.run, batch.open, calls('batches.release')]).toEqual([null, false, 2])
    batch.begin(subject)
    expect(batch.choosing).toBe(true)
  })
  test('a window that goes while a batch is being started releases that too', async () => {
    const { batch, subject, calls } = await open({ delay: 10 })
    batch.begin(subject)
    const starting = batch.start()
    batch.dispose()
    await starting
    await expect.poll(() => calls('batches.release')).toBe(1)
    expect(batch.run).toBeNull()
  })
})

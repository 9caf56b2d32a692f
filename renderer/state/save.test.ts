import { describe, expect, test, vi } from 'vitest'
import { saveKinds } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { usualFigure } from '../../shared/figures.ts'
import { usualScales } from '../../shared/scales.ts'
import { fakeApi, type FakeOptions } from '../transport/fake.ts'
import { NoticeState } from './notices.svelte.ts'
import { SaveState } from './save.svelte.ts'
import type { SaveSubject } from './saveChoices.ts'

async function open(options: FakeOptions = {}) {
  const api = fakeApi({ delay: 0, images: 3, ...options })
  const tools = {
    createUrl: vi.fn(() => 'blob:zip'),
    revokeUrl: vi.fn<(url: string) => void>(),
    download: vi.fn<(url: string, name: string) => void>(),
  }
  const notices = new NoticeState()
  const save = new SaveState(api, notices, tools)
  const images = await api.call('images.list', {})
  const pipeline = (await api.call('pipelines.presets', {}))[0]!.pipeline
  const subject: SaveSubject = {
    pipeline,
    current: images[0]!,
    selected: images.slice(0, 1),
    stage: { index: 1, title: 'Conv 3×3' },
    channel: { index: 2, name: 'Sobel y' },
    probe: { stage: 1, place: { row: 4, column: 5, channel: 2 }, title: 'Conv 3×3, row 4, column 5' },
    region: null,
    run: 'shown',
    made: () => 6,
    scales: usualScales,
  }
  const exports = () => api.calls.filter(({ method }) => method === 'export.start').map(({ params }) => params)
  const calls = (method: string) => api.calls.filter((call) => call.method === method).length
  return { api, tools, notices, save, subject, images, exports, calls }
}

describe('what is written', () => {
  test('all stages of the picture on show, as every kind, in a zip that is downloaded and can be had again', async () => {
    const { save, subject, tools, exports, calls } = await open()
    save.begin(subject)
    await save.start()
    expect(exports()).toEqual([
      {
        runs: [expect.any(String)],
        save: ['png', 'npy', 'figure', 'script', 'manifest'],
        figure: usualFigure,
        destination: { type: 'zip' },
      },
    ])
    expect(save.status).toBe('done')
    expect(tools.download).toHaveBeenCalledWith('blob:zip', 'photo.zip')
    expect(calls('runs.release')).toBe(1)
    save.close()
    expect(tools.revokeUrl).toHaveBeenCalledWith('blob:zip')
  })
  test('one stage is named by its index and has no figure', async () => {
    const { save, subject, exports } = await open()
    save.begin(subject)
    save.what = 'stage'
    save.setKind('npy', false)
    await save.start()
    expect(exports()).toMatchObject([{ stage: 1, save: ['png', 'manifest'] }])
  })
  test('the figure alone is one picture, whatever kinds are ticked, drawn as it was chosen and downloaded as it is', async () => {
    const { api, tools, save, subject, exports, calls } = await open()
    const scales = { ...usualScales, mode: 'stages', kept: [{ key: 'all', from: -2, to: 2 }] } as const
    save.begin({ ...subject, scales })
    save.what = 'figure'
    save.setKind('figure', false)
    Object.assign(save.figure, { theme: 'dark', legend: false, magnification: 3, format: 'svg' })
    await save.start()
    expect(exports()).toEqual([])
    expect(api.calls.find(({ method }) => method === 'figures.draw')!.params).toEqual({
      run: 'run-1',
      subject: { type: 'evolution' },
      format: 'svg',
      figure: { ...usualFigure, theme: 'dark', legend: false, magnification: 3, scales },
    })
    expect(tools.download).toHaveBeenCalledWith('blob:zip', 'photo-evolution.svg')
    expect([save.status, save.saved!.result.name, calls('runs.release')]).toEqual(['done', 'photo-evolution.svg', 1])
  })
  test('the figure of several pictures, or in a folder, is saved as a job', async () => {
    const { save, subject, images, exports } = await open()
    save.begin({ ...subject, selected: images })
    save.what = 'figure'
    save.scope = 'selected'
    await save.start()
    save.begin(subject)
    save.where = 'folder'
    await save.start()
    expect(exports()).toMatchObject([{ save: ['figure'] }, { save: ['figure'], destination: { type: 'folder' } }])
  })
  test('one channel is that of its stage, alone as a picture or with its numbers', async () => {
    const { api, save, subject, exports } = await open()
    save.begin(subject)
    save.what = 'channel'
    for (const kind of ['npy', 'manifest'] as const) save.setKind(kind, false)
    await save.start()
    expect(api.calls.find(({ method }) => method === 'figures.draw')!.params).toMatchObject({
      subject: { type: 'stage', stage: 1, channel: 2 },
      format: 'png',
    })
    save.begin(subject)
    save.setKind('csv', true)
    await save.start()
    expect(exports()).toMatchObject([{ save: ['png', 'csv'], stage: 1, channel: 2 }])
  })
  test('what is zoomed into is a rectangle of its stage, or of the channel shown alone', async () => {
    const { save, subject, exports } = await open()
    save.begin(subject)
    expect(save.can('region')).toBe(false)
    const rect = { left: 8, top: 3, width: 11, height: 7 }
    for (const alone of [{}, { channel: 2 }]) {
      save.begin({ ...subject, region: { rect, ...alone, title: 'rows 3–9, columns 8–18' } })
      save.what = 'region'
      save.setKind('csv', true)
      expect(save.sight!.subject).toEqual({ type: 'stage', stage: 1, rect, ...alone })
      await save.start()
      expect(exports().at(-1)).toMatchObject({ save: ['png', 'npy', 'csv', 'manifest'], stage: 1, rect, ...alone })
    }
    save.begin(subject)
    expect(save.what).toBe('stage')
  })
  test('the host drags out the picture of the preview, or all that is chosen of it; letting go early is no problem', async () => {
    const { api, save, subject } = await open()
    save.begin(subject)
    save.what = 'stage'
    const { signal } = new AbortController()
    await save.dragOut(signal)
    for (const kind of ['npy', 'manifest'] as const) save.setKind(kind, false)
    await save.dragOut(signal)
    const dragged = api.calls.filter(({ method }) => method === 'host.dragOut').map(({ params }) => params)
    const picture = { run: 'shown', subject: { type: 'stage', stage: 1 }, format: 'png', figure: usualFigure }
    expect(dragged).toEqual([{ ...picture, save: ['png', 'npy', 'manifest'] }, picture])
    await save.dragOut(AbortSignal.abort())
    expect(save.problem).toBeNull()
    api.failNext('host.dragOut', new LoupeError('write-failed', 'The disk is full.'))
    await save.dragOut(signal)
    expect(save.problem).toBe('The disk is full.')
  })
  test('the formula of the probe is drawn from the run that is on show', async () => {
    const { api, save, subject, calls } = await open()
    save.begin(subject)
    save.what = 'formula'
    await save.start()
    expect(api.calls.find(({ method }) => method === 'figures.draw')!.params).toMatchObject({
      run: 'shown',
      subject: { type: 'formula', stage: 1, row: 4, column: 5, channel: 2 },
    })
    expect([calls('runs.start'), save.status]).toEqual([0, 'done'])
    // Into a folder it goes as everything else does.
    save.begin(subject)
    save.where = 'folder'
    await save.start()
    expect(api.calls.find(({ method }) => method === 'figures.save')!.params).toMatchObject({
      run: 'shown',
      subject: { type: 'formula', stage: 1, row: 4, column: 5, channel: 2 },
      folder: 'folder-1',
    })
    expect([save.status, save.saved?.job, save.saved?.url]).toEqual(['done', 'saved-figure', null])
    save.begin({ ...subject, probe: null })
    expect([save.what, save.can('formula')]).toEqual(['all', false])
  })
  test('everything is every kind, whatever is ticked', async () => {
    const { save, subject, exports } = await open()
    save.begin(subject)
    save.what = 'everything'
    save.setKind('png', false)
    await save.start()
    expect(exports()).toMatchObject([{ save: saveKinds }])
  })
  test('the preview is the very picture that would be saved, drawn again when another look is chosen', async () => {
    const { api, tools, save, subject } = await open()
    save.begin(subject)
    save.what = 'stage'
    save.setKind('npy', false)
    await save.figure.look(save.sight)
    save.figure.theme = 'transparent'
    await Promise.all([save.figure.look(save.sight), save.figure.look(save.sight)])
    const drawn = api.calls.filter(({ method }) => method === 'figures.draw').map(({ params }) => params)
    expect(drawn).toMatchObject([
      { run: 'shown', subject: { type: 'stage', stage: 1 }, format: 'png', figure: { theme: 'light' } },
      { run: 'shown', subject: { type: 'stage', stage: 1 }, format: 'png', figure: { theme: 'transparent' } },
    ])
    expect(save.figure.preview).toMatchObject({ width: 640, height: 480, name: 'photo-stage.png' })
    expect(tools.revokeUrl).toHaveBeenCalledTimes(1)
    api.failNext('figures.draw', new LoupeError('bad-request', 'Too large.'))
    save.figure.magnification = 8
    await save.figure.look(save.sight)
    expect([save.figure.preview, save.figure.problem]).toEqual([null, 'Too large.'])
    // Asked for again it is drawn, in fewer pixels than would be saved.
    await save.figure.look(save.sight)
    expect(api.calls.at(-1)!.params).toMatchObject({ figure: { magnification: 2 } })
    expect(save.figure.preview).toMatchObject({ width: 640 * 4, height: 480 * 4, exact: false })
  })
  test('all selected pictures are run and written together, in the order of the gallery', async () => {
    const { api, save, subject, images, exports } = await open()
    save.begin({ ...subject, selected: images })
    save.scope = 'selected'
    await save.start()
    const started = api.calls.filter(({ method }) => method === 'runs.start').map(({ params }) => params)
    expect(started.map((params) => (params as { image: string }).image)).toEqual(images.map(({ id }) => id))
    expect(exports()).toMatchObject([{ runs: ['run-1', 'run-2', 'run-3'] }])
  })
  test('a folder is asked for first; refusing to choose one goes back to choosing', async () => {
    const { api, save, subject, exports } = await open()
    save.begin(subject)
    save.where = 'folder'
    await save.start()
    expect(exports()).toMatchObject([{ destination: { type: 'folder', folder: 'folder-1' } }])
    expect(save.saved?.url).toBeNull()
    await save.reveal()
    expect(api.calls.at(-1)).toMatchObject({ method: 'host.revealExport', params: { job: save.saved!.job } })
  })
  test('nothing can be started without a kind, or for a stage while the original is shown', async () => {
    const { save, subject, exports } = await open()
    save.begin(subject)
    for (const kind of ['png', 'npy', 'figure', 'script', 'manifest'] as const) save.setKind(kind, false)
    expect(save.ready).toBe(false)
    await save.start()
    expect(exports()).toEqual([])
    save.setKind('png', true)
    save.begin({ ...subject, stage: null })
    save.what = 'stage'
    expect(save.ready).toBe(false)
  })
})

describe('when it does not go well', () => {
  test('a picture that fails is named and the others are saved', async () => {
    const { api, save, subject, images } = await open()
    api.failNext('runs.start', new LoupeError('layer-impossible', 'pool2d 2 does not fit.'))
    save.begin({ ...subject, selected: images })
    save.scope = 'selected'
    await save.start()
    expect(save.status).toBe('done')
    expect(save.saved!.failures).toEqual([{ name: 'landscape-0.jpg', reason: 'pool2d 2 does not fit.' }])
  })
  test('a run that fails half-way is the problem when it is the only one, and trying again works', async () => {
    const { api, save, subject } = await open()
    api.failNextRunAt(2, new LoupeError('engine-lost', 'It stopped; try again.'))
    save.begin(subject)
    await save.start()
    expect([save.status, save.problem]).toEqual(['failed', 'It stopped; try again.'])
    await save.start()
    expect([save.status, save.problem]).toEqual(['done', null])
  })
  test('cancelling cancels the export and goes back to choosing without a complaint', async () => {
    const { api, save, subject, notices, calls } = await open({ delay: 5 })
    save.begin(subject)
    const saving = save.start()
    await expect.poll(() => save.progress?.phase).toBe('writing')
    await expect.poll(() => calls('export.start')).toBe(1)
    await expect.poll(() => save.progress).toMatchObject({ total: 30 })
    save.cancel()
    await saving
    expect([save.status, save.problem, notices.list.length]).toEqual(['choosing', null, 0])
    expect(api.calls.some(({ method }) => method === 'export.cancel')).toBe(true)
  })
  test('cancelling while pictures are run cancels and releases their runs', async () => {
    // So slow that neither run can end, and make room for the third, before they are cancelled.
    const { save, subject, images, calls } = await open({ delay: 60 })
    save.begin({ ...subject, selected: images })
    save.scope = 'selected'
    const saving = save.start()
    await expect.poll(() => calls('runs.start')).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 10))
    save.cancel()
    await saving
    expect(save.status).toBe('choosing')
    expect(calls('runs.start')).toBe(2)
    expect(calls('runs.release')).toBe(2)
    expect(calls('export.start')).toBe(0)
  })
  test('closing while it is saved lets it go on, and a notice tells how it ended', async () => {
    const { save, subject, notices } = await open()
    save.begin(subject)
    const saving = save.start()
    save.close()
    await saving
    expect(notices.list.map(({ message }) => message)).toEqual(['Saved photo.zip.'])
  })
})

import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ApiEvent, ImageInfo } from '../../shared/api.ts'
import type { Manifest } from '../../shared/manifest.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { presets } from '../../shared/presets.ts'
import { endOf, photos, stagesOf, testEngine, type TestEngine } from '../../tests/support/engine.ts'
import { fixturesDir } from '../../tests/support/shared.ts'
import { decodeNpy } from '../export/npy.ts'
import { PrivateFolder } from './privateFolder.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline
const [shapes, clouds] = photos as [string, string]
const pipelineOf = (...layers: unknown[]) => parsePipeline({ version: 1, name: 'test', layers })

let engine: TestEngine
let folder: string
let photo: ImageInfo

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'engine-test-'))
  engine = await testEngine({ samples: folder })
  photo = await engine.addFile(shapes)
}, 60_000)
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

const bytesOf = async (file: string) => new Uint8Array(await readFile(file))
const failure = (code: string, message: string | RegExp = '') =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error
const exportEnd =
  (job: string) =>
  (event: ApiEvent): event is Extract<ApiEvent, { type: 'export.done' | 'export.failed' }> =>
    (event.type === 'export.done' || event.type === 'export.failed') && event.job === job

describe('the library', () => {
  test('knows an image by the hash of its bytes, and its name without folders', async () => {
    const id = createHash('sha256')
      .update(await readFile(shapes))
      .digest('hex')
    expect(photo).toMatchObject({ id, name: 'shapes.png', format: 'png', orientation: 1 })
    expect(await engine.call('images.list', {})).toContainEqual(photo)
  })

  test('gives the same image for the same bytes, and tells of it once', async () => {
    const bytes = await bytesOf(clouds)
    const first = await engine.call('images.add', { name: 'C:\\photos\\clo\u202euds\n.jpg', bytes })
    expect(first.name).toBe('clo\ufffduds\ufffd.jpg')
    expect(await engine.call('images.add', { name: 'other.jpg', bytes })).toEqual(first)
    expect(await engine.addFile(clouds)).toEqual(first)
    expect(engine.events.filter((event) => event.type === 'images.added' && event.image.id === first.id)).toHaveLength(
      1,
    )
  })

  test('keeps nothing of what is not a picture', async () => {
    const before = await engine.call('images.list', {})
    const bytes = new TextEncoder().encode('not a picture')
    await expect(engine.call('images.add', { name: 'note.txt', bytes })).rejects.toThrow(
      failure('image-unsupported', 'note.txt'),
    )
    expect(await engine.call('images.list', {})).toEqual(before)
  })

  test('names a file that is missing or is a folder, without its path', async () => {
    const missing = engine.addFile(path.join(folder, 'gone.png'))
    await expect(missing).rejects.toThrow(failure('image-unreadable', /^gone\.png cannot be read/))
    await expect(engine.addFile(folder)).rejects.toThrow(failure('image-unreadable', /^engine-test-\w+ is not a file/))
  })

  test('refuses a file that has changed since it was added, and takes it when it is added again', async () => {
    const file = path.join(folder, 'changing.png')
    await copyFile(photos[2]!, file)
    const info = await engine.addFile(file)
    await writeFile(file, await readFile(shapes))
    await expect(engine.call('images.read', { image: info.id })).rejects.toThrow(
      failure('image-unreadable', /changing\.png has changed on disk since it was added; add it again/),
    )
    await rm(file)
    await expect(engine.call('images.read', { image: info.id })).rejects.toThrow(
      failure('image-unreadable', 'changing.png'),
    )
    expect(await engine.addFile(photos[2]!)).toEqual(info)
    expect((await engine.call('images.read', { image: info.id, maxSize: 4 })).shape[1]).toBeLessThanOrEqual(4)
  })

  test('refuses a file over the limit before it is read', async () => {
    const small = await testEngine({ limits: { bytes: 1000 } })
    try {
      const bytes = await bytesOf(clouds)
      await expect(small.call('images.add', { name: 'clouds.jpg', bytes })).rejects.toThrow(failure('image-too-large'))
      await expect(small.addFile(clouds)).rejects.toThrow(failure('image-too-large', 'clouds.jpg'))
    } finally {
      await small.close()
    }
  })

  test('gives a thumbnail no larger than asked, and a window of the original', async () => {
    const { type, bytes } = await engine.call('images.thumbnail', { image: photo.id, size: 32 })
    expect(type).toMatch(/^image\//)
    expect(bytes.length).toBeGreaterThan(50)
    const window = await engine.call('images.read', { image: photo.id })
    expect(window.shape).toEqual([photo.height, photo.width, photo.channels])
    expect(window.data).toBeInstanceOf(Uint8Array)
  })

  test('offers the samples of its folder', async () => {
    await writeFile(path.join(folder, 'samples.json'), JSON.stringify([{ id: 'plate', title: 'A zone plate' }]))
    await copyFile(photos[2]!, path.join(folder, 'plate.png'))
    expect(await engine.call('samples.list', {})).toEqual([{ id: 'plate', title: 'A zone plate' }])
    expect((await engine.call('samples.add', { sample: 'plate' })).format).toBe('png')
    await expect(engine.call('samples.add', { sample: 'other' })).rejects.toThrow(failure('not-found'))
  })
})

test('a temporary folder that cannot be made is said in a sentence without its path', () => {
  vi.stubEnv('TMPDIR', '/nowhere/at/all')
  expect(() => new PrivateFolder().file('x')).toThrow(
    failure('write-failed', /^The temporary folder of this system cannot be used \(ENOENT\); [^/]*TMPDIR[^/]*$/),
  )
  vi.unstubAllEnvs()
})

describe('a run', () => {
  test('gives the stages NumPy gives, to the last bit', async () => {
    const { run } = await engine.run(photo.id, walkthrough)
    const reference = path.join(fixturesDir, 'synthetic/shapes/default')
    for (const [stage, name] of ['input', 'convolution', 'pooling'].entries()) {
      const expected = decodeNpy(await bytesOf(path.join(reference, `${name}.npy`)))
      const { data } = await engine.call('stages.read', { run, stage })
      expect(data).toEqual(expected.data)
    }
  })

  test('tells its events in order: the stages one by one, then the end', async () => {
    const { run, plan } = await engine.call('runs.start', { image: photo.id, pipeline: walkthrough })
    expect(engine.events.some((event) => 'run' in event && event.run === run)).toBe(false)
    await engine.event(endOf(run))
    const own = engine.events.filter((event) => 'run' in event && event.run === run && event.type !== 'run.progress')
    expect(own.map(({ type }) => type)).toEqual([...plan.stages.map(() => 'run.stage'), 'run.done'])
    expect(stagesOf(engine.events, run).map(({ index, shape }) => [index, shape])).toEqual(
      plan.stages.map(({ index, shape }) => [index, shape]),
    )
  })

  test('comes from the cache the second time, and from the edited layer down after an edit', async () => {
    const layers = (amount: number) => pipelineOf({ kind: 'input' }, { kind: 'conv2d' }, { kind: 'brighten', amount })
    const flags = async (amount: number) =>
      (await engine.run(photo.id, layers(amount))).stages.map(({ cached }) => cached)
    expect(await flags(0.111)).toEqual([expect.any(Boolean), expect.any(Boolean), false])
    expect(await flags(0.111)).toEqual([true, true, true])
    expect(await flags(0.112)).toEqual([true, true, false])
  })

  test('of a pipeline that does not fit is refused with the layer and the reason', async () => {
    const pipeline = pipelineOf({ kind: 'input', size: { width: 4, height: 4 } }, { kind: 'pool2d', size: 7 })
    await expect(engine.call('runs.start', { image: photo.id, pipeline })).rejects.toThrow(
      failure('layer-impossible', 'pool2d 1: a 7×7 window does not fit a 4×4 input'),
    )
    const plan = await engine.call('pipeline.plan', { pipeline, image: photo.id })
    expect(plan.problem).toMatchObject({ layer: 1, message: 'pool2d 1: a 7×7 window does not fit a 4×4 input' })
  })

  test('that needs too much memory is refused before it begins', async () => {
    const pipeline = pipelineOf({ kind: 'input' }, { kind: 'conv2d', filters: 100_000 })
    await expect(engine.call('runs.start', { image: photo.id, pipeline })).rejects.toThrow(failure('too-much-memory'))
  })

  test('of many at once each gets its own stages and its own end', async () => {
    const amounts = Array.from({ length: 12 }, (_, i) => i / 20)
    const runs = await Promise.all(
      amounts.map((amount) =>
        engine.run(photo.id, pipelineOf({ kind: 'input' }, { kind: 'brighten', amount, high: 100 })),
      ),
    )
    const minima = await Promise.all(
      runs.map(async ({ run }) => {
        const [before, after] = await Promise.all([
          engine.call('stages.read', { run, stage: 0 }),
          engine.call('stages.read', { run, stage: 1 }),
        ])
        return after.data[0]! - before.data[0]!
      }),
    )
    for (const [i, amount] of amounts.entries()) expect(minima[i]).toBeCloseTo(amount, 12)
  })

  test('can be read in windows that equal the whole', async () => {
    const { run } = await engine.run(photo.id, presets.find(({ id }) => id === 'edges')!.pipeline)
    const whole = await engine.call('stages.read', { run, stage: 1 })
    const rect = { left: 17, top: 40, width: 9, height: 5 }
    const part = await engine.call('stages.read', { run, stage: 1, rect, channels: [1, 3] })
    const [, width, channels] = whole.shape
    const expected = Array.from({ length: 9 * 5 * 2 }, (_, i) => {
      const [y, x, c] = [Math.floor(i / 18), Math.floor((i % 18) / 2), i % 2]
      return whole.data[((rect.top + y) * width + rect.left + x) * channels + 1 + c]!
    })
    expect([...part.data]).toEqual(expected)
    await expect(
      engine.call('stages.read', { run, stage: 1, rect: { left: 120, top: 0, width: 9, height: 1 } }),
    ).rejects.toThrow(failure('bad-request'))
  })

  test('that is gone, and stages that are not there, are not found', async () => {
    const { run } = await engine.run(photo.id, walkthrough)
    await expect(engine.call('stages.read', { run, stage: 6 })).rejects.toThrow(failure('not-found', 'no stage 6'))
    await engine.call('runs.release', { run })
    await expect(engine.call('stages.read', { run, stage: 0 })).rejects.toThrow(failure('not-found'))
    await expect(engine.call('stages.read', { run: 'unknown', stage: 0 })).rejects.toThrow(failure('not-found'))
  })

  test('reads as before when its stages have lost their place in the cache', async () => {
    const tiny = await testEngine({ cacheBytes: 1000 })
    try {
      const { id } = await tiny.addFile(shapes)
      const { run } = await tiny.run(id, walkthrough)
      const { run: same } = await engine.run(photo.id, walkthrough)
      for (const stage of [5, 0, 2]) {
        const [kept, again] = await Promise.all([
          engine.call('stages.read', { run: same, stage }),
          tiny.call('stages.read', { run, stage }),
        ])
        expect(again.data).toEqual(kept.data)
      }
    } finally {
      await tiny.close()
    }
  })

  test('of an image that is removed goes with it', async () => {
    const info = await engine.addFile(photos[2]!)
    const { run } = await engine.run(info.id, walkthrough)
    await engine.call('images.remove', { images: [info.id] })
    await expect(engine.call('stages.read', { run, stage: 0 })).rejects.toThrow(failure('not-found'))
    await expect(engine.call('runs.start', { image: info.id, pipeline: walkthrough })).rejects.toThrow(
      failure('not-found'),
    )
  })
})

describe('parameters', () => {
  test.each([
    ['images.thumbnail', { image: 'no hash', size: 32 }],
    ['images.thumbnail', { image: '0'.repeat(64), size: 1e9 }],
    ['stages.read', { run: '../..', stage: 0 }],
    ['stages.read', { run: 'run', stage: -1 }],
    ['stages.read', { run: 'run', stage: 0, surplus: 1 }],
    ['export.start', { runs: [], save: ['png'], destination: { type: 'zip' } }],
    ['no.such.method', {}],
  ])('of %s that are wrong are refused: %j', async (method, params) => {
    await expect(engine.call(method as 'host.info', params as never)).rejects.toThrow(failure('bad-request'))
  })

  test('of a pipeline with an unknown key are refused with its name', async () => {
    const pipeline = { version: 1, name: 'x', layers: [{ kind: 'input', colr: 'rgb' }] }
    await expect(engine.call('runs.start', { image: photo.id, pipeline })).rejects.toThrow(
      failure('pipeline-invalid', 'colr'),
    )
  })
})

describe('saving', () => {
  test('makes a zip with every file of every run, and can fetch it', async () => {
    const other = await engine.addFile(clouds)
    const runs = await Promise.all([engine.run(photo.id, walkthrough), engine.run(other.id, walkthrough)])
    const { job } = await engine.call('export.start', {
      runs: runs.map(({ run }) => run),
      save: ['npy', 'manifest'],
      destination: { type: 'zip' },
    })
    const end = await engine.event(exportEnd(job))
    if (end.type === 'export.failed') throw new Error(end.error.message)
    const { bytes, type } = await engine.call('export.fetch', { job })
    expect(type).toBe('application/zip')
    const files = unzipSync(bytes)
    expect(Object.keys(files).sort()).toEqual([...end.result.files].sort())
    expect(end.result.files).toHaveLength(14)
    expect(end.result.name).toBe('2 images.zip')
    const pooled = await engine.call('stages.read', { run: runs[0].run, stage: 2 })
    expect(decodeNpy(files['shapes/02-pool2d.npy']!).data).toEqual(pooled.data)
    const progress = engine.events.filter((event) => event.type === 'export.progress' && event.job === job)
    expect(progress.at(-1)).toMatchObject({ done: 14, total: 14 })
  })

  test('into a folder needs one that was granted', async () => {
    const { run } = await engine.run(photo.id, walkthrough)
    const request = { runs: [run], save: ['png'], stage: 2 } as const
    await expect(
      engine.call('export.start', { ...request, destination: { type: 'folder', folder: 'etc' } }),
    ).rejects.toThrow(failure('not-found'))
    const granted = engine.grantFolder(path.join(folder, 'saved'))
    expect(granted.name).toBe('saved')
    expect(engine.grantFolder(path.join(folder, 'saved'))).toEqual(granted)
    const destination = { type: 'folder', folder: granted.folder } as const
    const { job } = await engine.call('export.start', { ...request, destination })
    expect(await engine.event(exportEnd(job))).toMatchObject({
      type: 'export.done',
      result: { files: ['shapes/02-pool2d.png'], name: 'shapes' },
    })
    expect(readdirSync(path.join(folder, 'saved/shapes'))).toEqual(['02-pool2d.png'])
    await expect(engine.call('export.fetch', { job })).rejects.toThrow(failure('not-found'))
  })

  test('for a host that knows the folder gives the manifests', async () => {
    const { run } = await engine.run(photo.id, walkthrough)
    const directory = path.join(folder, 'out')
    const seen: string[] = []
    const result = await engine.exportTo({
      runs: [run],
      save: ['manifest'],
      directory,
      folders: ['mine'],
      onProgress: ({ file }) => seen.push(file),
    })
    const written = JSON.parse(await readFile(path.join(directory, 'mine/manifest.json'), 'utf8')) as Manifest
    expect(result.manifests).toEqual([written])
    expect(written.image.sha256).toBe(photo.id)
    expect(seen).toEqual(['manifest.json'])
  })

  test('that is cancelled leaves nothing and says so', async () => {
    const { run } = await engine.run(photo.id, walkthrough)
    const { folder: granted } = engine.grantFolder(path.join(folder, 'cancelled'))
    const { job } = await engine.call('export.start', {
      runs: Array.from({ length: 50 }, () => run),
      save: ['png', 'npy', 'figure', 'manifest'],
      destination: { type: 'folder', folder: granted },
    })
    await engine.event((event): event is ApiEvent => event.type === 'export.progress' && event.job === job)
    await engine.call('export.cancel', { job })
    expect(await engine.event(exportEnd(job))).toMatchObject({ type: 'export.failed', error: { code: 'cancelled' } })
    await expect.poll(() => existsSync(path.join(folder, 'cancelled'))).toBe(false)
  })
})

test('a listener that throws keeps the others and the engine from nothing, and is told of', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
  const heard: string[] = []
  const stop = [
    engine.subscribe(() => {
      throw new Error('a listener of the test')
    }),
    engine.subscribe(({ type }) => heard.push(type)),
  ]
  await engine.run(photo.id, walkthrough)
  for (const one of stop) one()
  expect(heard.filter((type) => type !== 'run.progress')).toEqual([
    ...walkthrough.layers.map(() => 'run.stage'),
    'run.done',
  ])
  expect(warn).toHaveBeenCalledWith(expect.objectContaining({ message: 'a listener of the test' }))
  warn.mockRestore()
})

describe('the host', () => {
  test('says what it is and what it can do', async () => {
    expect(await engine.call('host.info', {})).toMatchObject({
      host: 'cli',
      version: 'test',
      capabilities: { chooseFolder: false, revealFolder: false },
      limits: { pixels: 50e6 },
    })
    await expect(engine.call('host.chooseFolder', {})).rejects.toThrow(failure('bad-request'))
  })

  test('that can choose folders gives ids for them, and shows what was written but not what was long ago', async () => {
    const shown: string[] = []
    const directory = path.join(folder, 'chosen')
    const able = await testEngine({
      hostMethods: {
        chooseFolder: () => Promise.resolve(directory),
        revealFolder: (path) => Promise.resolve(void shown.push(path)),
      },
    })
    try {
      const { id } = await able.addFile(shapes)
      const { run } = await able.run(id, walkthrough)
      const chosen = await able.call('host.chooseFolder', {})
      expect(chosen?.name).toBe('chosen')
      const destination = { type: 'folder', folder: chosen!.folder } as const
      const jobs: string[] = []
      while (jobs.length < 17) {
        jobs.push((await able.call('export.start', { runs: [run], save: ['manifest'], destination })).job)
        await able.event(exportEnd(jobs.at(-1)!))
        await able.call('host.revealExport', { job: jobs.at(-1)! })
      }
      expect(new Set(shown)).toEqual(new Set([directory]))
      await expect(able.call('host.revealExport', { job: jobs[0]! })).rejects.toThrow(failure('not-found'))
    } finally {
      await able.close()
    }
  })
})

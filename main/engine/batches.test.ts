import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ApiEvent } from '../../shared/api.ts'
import { presets } from '../../shared/presets.ts'
import { photos, testEngine, type TestEngine } from '../../tests/support/engine.ts'

const pipeline = presets.find(({ id }) => id === 'walkthrough')!.pipeline
const destination = { type: 'none' } as const

let folder: string
let engine: TestEngine
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'batches-test-'))
})
afterEach(async () => {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
})

test('a batch that is told to try again as it ends does so', async () => {
  engine = await testEngine()
  const file = path.join(folder, 'photo.png')
  await cp(photos[0]!, file)
  await engine.addFile(file)
  await rm(file)
  let tried = false
  engine.subscribe((event) => {
    if (event.type !== 'batch.progress' || event.progress.state !== 'finished' || tried) return
    tried = true
    void cp(photos[0]!, file)
    void engine.call('batches.retry', { batch: event.batch })
  })
  const { batch } = await engine.call('batches.start', { pipeline, save: [], destination })
  const done = (event: ApiEvent) => event.type === 'batch.done' && event.progress.done === 1
  await engine.event((event): event is ApiEvent => done(event))
  expect(tried).toBe(true)
  expect(await engine.call('batches.failures', { batch, first: 0, limit: 10 })).toEqual({ failures: [], total: 0 })
})

test('nothing of a batch that was released is left when the engine has closed', async () => {
  engine = await testEngine()
  for (const photo of photos) await engine.addFile(photo)
  const out = path.join(folder, 'out')
  const saving = { type: 'folder', folder: engine.grantFolder(out).folder } as const
  const { batch } = await engine.call('batches.start', { pipeline, save: ['npy'], destination: saving })
  await engine.event((event): event is ApiEvent => event.type === 'batch.progress' && event.progress.done > 0)
  await engine.call('batches.release', { batch })
  await engine.close()
  expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([])
})

test('few images have the memory of many cores for themselves', async () => {
  engine = await testEngine({ limits: { memory: 2_000_000 } })
  const files = photos.slice(0, 1).map((file) => ({ path: file, name: path.basename(file), folder: 'x' }))
  const none = () => undefined
  const options = { files, pipeline, save: [], directory: null, jobs: 64, onProgress: none, onFailure: none }
  const batch = engine.openBatch(options)
  await batch.run()
  expect(batch.progress).toMatchObject({ done: 1, failed: 0 })
})

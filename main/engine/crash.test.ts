import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ApiEvent, RunId } from '../../shared/api.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { presets } from '../../shared/presets.ts'
import { endOf, photos, stagesOf, testEngine, type TestEngine } from '../../tests/support/engine.ts'
import { engineEntry } from '../../tests/support/engineEntry.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline
const [shapes, clouds, zoneplate] = photos as [string, string, string]

/** Seconds of work after a first stage that comes soon. */
const long = parsePipeline({
  version: 1,
  name: 'long',
  layers: [
    { kind: 'input', size: { width: 1500, height: 1500 } },
    { kind: 'conv2d', size: 61 },
    { kind: 'conv2d', size: 61 },
  ],
})
/** As wide as the memory bound lets it be: 3000 × 3000 in 16 filters. */
const wide = parsePipeline({
  version: 1,
  name: 'wide',
  layers: [
    { kind: 'input', size: { width: 3000, height: 3000 } },
    { kind: 'conv2d', filters: 16, size: 5, kernels: { type: 'random', seed: 1 } },
  ],
})

type ProgressOf = Extract<ApiEvent, { type: 'run.progress' }>
const progressOf =
  (run: RunId, stage: number) =>
  (event: ApiEvent): event is ProgressOf =>
    event.type === 'run.progress' && event.run === run && event.stage === stage

const alive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

let engine: TestEngine
beforeEach(async () => {
  engine = await testEngine()
}, 60_000)
afterEach(() => engine.close())

/** Starts the long run and kills the compute process in the middle of its second stage. */
async function killInTheMiddle(image: string): Promise<RunId> {
  const { run } = await engine.call('runs.start', { image, pipeline: long })
  await Promise.race([engine.event(progressOf(run, 1)), engine.event(endOf(run))])
  if (engine.computePid !== undefined) process.kill(engine.computePid, 'SIGKILL')
  return run
}

describe('a compute process that is killed in the middle of a run', () => {
  test('fails that run, naming its image, and nothing else', async () => {
    const [first, second] = [await engine.addFile(shapes), await engine.addFile(clouds)]
    const earlier = await engine.run(second.id, walkthrough)
    const pooled = await engine.call('stages.read', { run: earlier.run, stage: 2 })

    const killed = await killInTheMiddle(first.id)
    const waiting = engine.run(second.id, presets.find(({ id }) => id === 'edges')!.pipeline)
    expect(await engine.event(endOf(killed))).toMatchObject({
      type: 'run.failed',
      error: { ok: false, code: 'image-crashed', detail: { name: 'shapes.png' } },
    })
    expect(stagesOf(engine.events, killed)).toHaveLength(1)
    expect(engine.events).toContainEqual({
      type: 'engine.restarted',
      reason: expect.stringContaining('SIGKILL') as string,
    })

    expect(await engine.call('images.list', {})).toEqual([first, second])
    expect((await waiting).stages).toHaveLength(4)
    // Made again by the new process, to the last bit.
    expect(await engine.call('stages.read', { run: earlier.run, stage: 2 })).toEqual(pooled)
    const next = await engine.run(first.id, walkthrough)
    expect(next.stages.map(({ cached }) => cached)).toEqual([false, false, false, false, false, false])
  })

  test('twice with the same image refuses it from then on, however it is added, and no other', async () => {
    const { id } = await engine.addFile(shapes)
    for (let death = 0; death < 2; death++) {
      const run = await killInTheMiddle(id)
      expect(await engine.event(endOf(run))).toMatchObject({ error: { code: 'image-crashed' } })
    }
    const refused = { code: 'image-crashed', message: expect.stringContaining('not opened again') as string }
    await expect(engine.run(id, walkthrough)).rejects.toMatchObject(refused)
    await expect(engine.call('images.thumbnail', { image: id, size: 64 })).rejects.toMatchObject(refused)
    const bytes = new Uint8Array(await readFile(shapes))
    await expect(engine.call('images.add', { name: 'again.png', bytes })).rejects.toMatchObject(refused)
    const other = await engine.addFile(clouds)
    expect((await engine.run(other.id, walkthrough)).stages).toHaveLength(6)
  })
})

describe('a run that is cancelled', () => {
  test('answers at once and makes room for the next within a slice', async () => {
    const { id } = await engine.addFile(zoneplate)
    const other = await engine.addFile(clouds)
    await engine.run(other.id, walkthrough)
    const answers: number[] = []
    const stops: number[] = []
    for (let i = 0; i < 5; i++) {
      const { run } = await engine.call('runs.start', { image: id, pipeline: wide })
      await engine.event(progressOf(run, 1))
      const begin = performance.now()
      const next = engine.run(other.id, walkthrough)
      await engine.call('runs.cancel', { run })
      const end = await engine.event(endOf(run))
      answers.push(performance.now() - begin)
      expect(end).toMatchObject({ type: 'run.failed', error: { code: 'cancelled' } })
      // One run computes at a time, so the next one ends only once this one has really stopped.
      await next
      stops.push(performance.now() - begin)
      expect(stagesOf(engine.events, run)).toHaveLength(1)
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[2]!
    expect(median(answers)).toBeLessThan(1000)
    expect(median(stops)).toBeLessThan(1000)
    if (process.env['LAYERLOUPE_MEASURE']) {
      process.stdout.write(
        `cancel: answered in ${median(answers)} ms, next run done in ${median(stops)} ms (medians)\n`,
      )
    }
  }, 60_000)

  test('while it waits never begins', async () => {
    const { id } = await engine.addFile(clouds)
    const first = await engine.call('runs.start', { image: id, pipeline: long })
    const second = await engine.call('runs.start', { image: id, pipeline: walkthrough })
    await engine.event(progressOf(first.run, 0))
    await engine.call('runs.cancel', { run: second.run })
    await engine.call('runs.cancel', { run: first.run })
    expect(await engine.event(endOf(second.run))).toMatchObject({ error: { code: 'cancelled' } })
    expect(await engine.event(endOf(first.run))).toMatchObject({ error: { code: 'cancelled' } })
    expect(stagesOf(engine.events, second.run)).toEqual([])
  })
})

test('reads and thumbnails are answered while a run goes on', async () => {
  const { id } = await engine.addFile(clouds)
  const { run: done } = await engine.run(id, walkthrough)
  const { run } = await engine.call('runs.start', { image: id, pipeline: long })
  await engine.event(progressOf(run, 1))
  expect((await engine.call('stages.read', { run: done, stage: 2 })).shape).toEqual([32, 32, 1])
  expect((await engine.call('images.thumbnail', { image: id, size: 64 })).bytes.length).toBeGreaterThan(0)
  await expect(engine.call('stages.read', { run, stage: 2 })).rejects.toMatchObject({ code: 'not-found' })
  expect(engine.events.some((event) => endOf(run)(event))).toBe(false)
  await engine.call('runs.cancel', { run })
})

test('a call whose signal is aborted is answered at once, also while a picture is decoded', async () => {
  const { id } = await engine.addFile(clouds)
  const controller = new AbortController()
  const read = engine.call('images.read', { image: id }, { signal: controller.signal })
  controller.abort()
  await expect(read).rejects.toMatchObject({ code: 'cancelled' })
  await expect(engine.call('images.read', { image: id }, { signal: controller.signal })).rejects.toMatchObject({
    code: 'cancelled',
  })
  expect((await engine.call('images.read', { image: id, maxSize: 8 })).step).toBeGreaterThan(1)
})

describe('closing', () => {
  test('leaves no process and no file, and fails what is under way', async () => {
    const temporary = await mkdtemp(path.join(tmpdir(), 'engine-close-'))
    const before = process.env['TMPDIR']
    process.env['TMPDIR'] = temporary
    try {
      const own = await testEngine()
      const { id } = await own.call('images.add', { name: 'a.png', bytes: new Uint8Array(await readFile(shapes)) })
      const { run } = await own.run(id, walkthrough)
      const { folder } = own.grantFolder(path.join(temporary, 'saved'))
      await own.call('export.start', {
        runs: Array.from({ length: 50 }, () => run),
        save: ['png', 'npy', 'figure', 'manifest'],
        destination: { type: 'folder', folder },
      })
      await own.event((event): event is ApiEvent => event.type === 'export.progress')
      const pid = own.computePid!
      expect(readdirSync(temporary)).toHaveLength(2)
      const read = own.call('images.read', { image: id })
      const closed = own.close()
      await expect(read).rejects.toMatchObject({ code: 'engine-lost' })
      await closed
      expect(alive(pid)).toBe(false)
      // The export has taken back what it had written.
      expect(readdirSync(temporary)).toEqual([])
      await expect(own.call('images.add', { name: 'b.png', bytes: new Uint8Array(1) })).rejects.toMatchObject({
        code: 'engine-lost',
      })
    } finally {
      process.env['TMPDIR'] = before
      if (before === undefined) delete process.env['TMPDIR']
      await rm(temporary, { recursive: true })
    }
  })

  test('is not needed for the compute process to go when its parent is killed', async () => {
    const script = `
      const { fork } = require('node:child_process')
      const child = fork(${JSON.stringify(await engineEntry())}, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
      child.send({ type: 'start', limits: {}, cacheBytes: 0 })
      child.on('message', ({ type }) => type === 'ready' && console.log(child.pid))`
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (text: Buffer) => {
        resolve(Number(text.toString()))
      })
    })
    expect(alive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => alive(pid)).toBe(false)
  })
})

test('an entry that cannot be started fails every call with a reason, instead of trying for ever', async () => {
  const broken = await testEngine({ entry: path.join(tmpdir(), 'no-such-engine.js') })
  try {
    expect(existsSync(path.join(tmpdir(), 'no-such-engine.js'))).toBe(false)
    await expect(broken.addFile(shapes)).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringMatching(/cannot be started/) as string,
    })
  } finally {
    await broken.close()
  }
}, 60_000)

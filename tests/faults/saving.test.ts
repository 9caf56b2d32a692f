/** Saving, when the compute process is killed in the middle of it: nothing half-written stays, and nothing else goes. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ApiEvent, ExportRequest, JobId, RunId } from '../../shared/api.ts'
import { presets } from '../../shared/presets.ts'
import { photos, testEngine, type TestEngine } from '../support/engine.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline

let place: string
let engine: TestEngine
let run: RunId
beforeEach(async () => {
  place = mkdtempSync(path.join(tmpdir(), 'faults-saving-'))
  mkdirSync(path.join(place, 'temporary'))
  vi.stubEnv('TMPDIR', path.join(place, 'temporary'))
  engine = await testEngine()
  const { id } = await engine.addFile(photos[0]!)
  run = (await engine.run(id, walkthrough)).run
}, 60_000)
afterEach(async () => {
  await engine.close()
  vi.unstubAllEnvs()
  rmSync(place, { recursive: true })
})

const listing = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
const exportEnd =
  (job: JobId) =>
  (event: ApiEvent): event is Extract<ApiEvent, { type: 'export.done' | 'export.failed' }> =>
    (event.type === 'export.done' || event.type === 'export.failed') && event.job === job

/** Starts a long export and resolves when it has written `files` files. */
async function saveUntil(files: number, destination: ExportRequest['destination']): Promise<JobId> {
  const { job } = await engine.call('export.start', {
    runs: Array.from({ length: 40 }, () => run),
    save: ['png', 'npy', 'figure', 'manifest'],
    destination,
  })
  await engine.event(
    (event): event is ApiEvent => event.type === 'export.progress' && event.job === job && event.done >= files,
  )
  return job
}

/** Stops the compute process where it is, so that what it leaves can be looked at, and kills it. */
async function stopThenKill(look: () => void): Promise<void> {
  const pid = engine.computePid!
  process.kill(pid, 'SIGSTOP')
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) T /)
  look()
  process.kill(pid, 'SIGKILL')
}

const lost = {
  type: 'export.failed',
  error: { code: 'engine-lost', message: expect.stringContaining('try once more') as string },
}

describe.skipIf(process.platform !== 'linux')('a compute process that is killed', () => {
  test.each([1, 2, 14, 15, 33])(
    'while it saves to a folder leaves nothing there of its own, after %i files',
    async (files) => {
      const out = path.join(place, 'out')
      mkdirSync(path.join(out, 'shapes'), { recursive: true })
      writeFileSync(path.join(out, 'shapes/mine.txt'), 'mine')
      writeFileSync(path.join(out, '.layerloupe-0123456789ab.part'), 'of somebody else')
      const before = listing(out)
      const job = await saveUntil(files, { type: 'folder', folder: engine.grantFolder(out).folder })
      await stopThenKill(() => expect(listing(out).length).toBeGreaterThan(before.length + files))
      expect(await engine.event(exportEnd(job))).toMatchObject(lost)
      expect(listing(out)).toEqual(before)
      expect(readFileSync(path.join(out, 'shapes/mine.txt'), 'utf8')).toBe('mine')
    },
  )

  test('leaves no folder it had made, but what somebody else has put there meanwhile', async () => {
    const out = path.join(place, 'deep/new')
    const job = await saveUntil(20, { type: 'folder', folder: engine.grantFolder(out).folder })
    await stopThenKill(() => writeFileSync(path.join(out, 'shapes/theirs.txt'), 'theirs'))
    expect(await engine.event(exportEnd(job))).toMatchObject(lost)
    expect(listing(place).filter((name) => name.startsWith('deep'))).toEqual([
      'deep',
      'deep/new',
      'deep/new/shapes',
      'deep/new/shapes/theirs.txt',
    ])
  })

  test('while it makes a zip leaves nothing of it in the temporary folder', async () => {
    const job = await saveUntil(20, { type: 'zip' })
    const temporary = path.join(place, 'temporary')
    await stopThenKill(() => expect(listing(temporary).filter((name) => name.endsWith('.part'))).toHaveLength(1))
    expect(await engine.event(exportEnd(job))).toMatchObject(lost)
    expect(listing(temporary)).toHaveLength(1)
    await expect(engine.call('export.fetch', { job })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('just after the saving was cancelled leaves nothing either', async () => {
    const out = path.join(place, 'out')
    const job = await saveUntil(20, { type: 'folder', folder: engine.grantFolder(out).folder })
    await stopThenKill(() => void engine.call('export.cancel', { job }))
    expect(await engine.event(exportEnd(job))).toMatchObject({ error: { code: 'cancelled' } })
    await expect.poll(() => existsSync(out)).toBe(false)
  })

  test('does not keep the same from being saved again', async () => {
    const out = path.join(place, 'out')
    const { folder } = engine.grantFolder(out)
    await saveUntil(5, { type: 'folder', folder })
    process.kill(engine.computePid!, 'SIGKILL')
    const { job } = await engine.call('export.start', {
      runs: [run],
      save: ['npy', 'manifest'],
      destination: { type: 'folder', folder },
    })
    expect(await engine.event(exportEnd(job))).toMatchObject({ type: 'export.done' })
    expect(readdirSync(out)).toEqual(['shapes'])
    expect(readdirSync(path.join(out, 'shapes'))).toHaveLength(7)
  })
})

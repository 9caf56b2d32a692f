/** Disks that are full, while pictures are added and saved. */

import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ApiEvent, ExportRequest } from '../../shared/api.ts'
import { presets } from '../../shared/presets.ts'
import { photos, testEngine, type TestEngine } from '../support/engine.ts'
import { smallDisk } from '../support/smallDisk.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline

const { folder: disk, mounted, note } = smallDisk('600k')

const listing = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
const free = () => {
  const { bavail, bsize } = statfsSync(disk)
  return bavail * bsize
}

describe.skipIf(!mounted)(`a full disk${note}`, () => {
  let engine: TestEngine
  beforeEach(() => {
    mkdirSync(path.join(disk, 'mine'))
    writeFileSync(path.join(disk, 'mine/notes.txt'), 'notes')
  })
  afterEach(async () => {
    await engine.close()
    vi.unstubAllEnvs()
    for (const name of readdirSync(disk)) rmSync(path.join(disk, name), { recursive: true })
  })

  async function save(destination: ExportRequest['destination']) {
    const { id } = await engine.addFile(photos[0]!)
    const { run } = await engine.run(id, walkthrough)
    const { job } = await engine.call('export.start', {
      runs: Array.from({ length: 12 }, () => run),
      save: ['png', 'npy', 'figure', 'manifest'],
      destination,
    })
    return await engine.event(
      (event): event is Extract<ApiEvent, { type: 'export.done' | 'export.failed' }> =>
        (event.type === 'export.done' || event.type === 'export.failed') && event.job === job,
    )
  }
  const refused = {
    type: 'export.failed',
    error: {
      code: 'write-failed',
      message: expect.stringMatching(
        /^\S.* could not be written: the disk is full\. Free some space or choose another folder, then save again\.$/,
      ) as string,
      detail: { system: 'ENOSPC' },
    },
  }

  test('leaves the picture that was there before as it was when a new one does not fit, and nothing besides', async () => {
    engine = await testEngine()
    const { id } = await engine.addFile(photos[0]!)
    const { run } = await engine.run(id, walkthrough)
    const file = path.join(disk, 'mine/sum.svg')
    writeFileSync(file, 'before')
    writeFileSync(path.join(disk, 'mine/filler'), new Uint8Array(free() - 8192))
    const subject = { type: 'formula', stage: 1, row: 2, column: 3, channel: 0 } as const
    await expect(engine.drawTo({ run, subject, format: 'svg' }, file)).rejects.toMatchObject(refused.error)
    expect(readFileSync(file, 'utf8')).toBe('before')
    expect(listing(disk)).toEqual(['mine', 'mine/filler', 'mine/notes.txt', 'mine/sum.svg'])
  })

  test('while saving to a folder on it leaves nothing half-written, and says what to do', async () => {
    engine = await testEngine()
    const before = free()
    const end = await save({ type: 'folder', folder: engine.grantFolder(path.join(disk, 'mine/out')).folder })
    expect(end).toMatchObject(refused)
    expect(listing(disk)).toEqual(['mine', 'mine/notes.txt'])
    expect(free()).toBe(before)
  })

  test('while a zip is made in the temporary folder on it leaves nothing of the zip', async () => {
    vi.stubEnv('TMPDIR', disk)
    engine = await testEngine()
    expect(await save({ type: 'zip' })).toMatchObject(refused)
    const room = readdirSync(disk).find((name) => name.startsWith('layerloupe-'))!
    expect(readdirSync(path.join(disk, room))).toEqual([])
  })

  test('while a picture is added refuses it with what to do, and takes it when there is room', async () => {
    vi.stubEnv('TMPDIR', disk)
    engine = await testEngine()
    const bytes = new Uint8Array(readFileSync(photos[1]!))
    const filler = path.join(disk, 'filler')
    writeFileSync(filler, new Uint8Array(free() - (bytes.length >> 1)))
    await expect(engine.call('images.add', { name: 'clouds.jpg', bytes })).rejects.toMatchObject({
      code: 'write-failed',
      message: 'clouds.jpg could not be kept in the temporary folder (ENOSPC); make room there and add it again.',
    })
    const room = readdirSync(disk).find((name) => name.startsWith('layerloupe-'))!
    expect(readdirSync(path.join(disk, room))).toEqual([])
    rmSync(filler)
    expect(await engine.call('images.add', { name: 'clouds.jpg', bytes })).toMatchObject({ name: 'clouds.jpg' })
  })
})

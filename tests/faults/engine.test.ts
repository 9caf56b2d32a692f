/** The compute process killed at its work, and pictures that change or go while they are in use. */

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { presets } from '../../shared/presets.ts'
import { forkCompute } from '../../main/engine/nodeChild.ts'
import { photos, testEngine, type TestEngine } from '../support/engine.ts'
import { engineEntry } from '../support/engineEntry.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline
const [shapes, clouds] = photos as [string, string]

let place: string
let engine: TestEngine
beforeEach(async () => {
  place = mkdtempSync(path.join(tmpdir(), 'faults-engine-'))
  engine = await testEngine()
}, 60_000)
afterEach(async () => {
  await engine.close()
  rmSync(place, { recursive: true })
})

/** A picture that takes a good while to decode. */
async function slowPicture(): Promise<string> {
  const file = path.join(place, 'slow.png')
  const [width, height] = [4000, 4000]
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
  await sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
    .png({ compressionLevel: 1 })
    .toFile(file)
  return file
}

test('a compute process that is killed during a decode fails what was decoded, by name, and works on', async () => {
  await engine.close()
  let armed = false
  const entry = await engineEntry()
  engine = await testEngine({
    spawn() {
      const port = forkCompute(entry)
      return {
        ...port,
        onMessage: (listener) =>
          port.onMessage((message) => {
            listener(message)
            if (!armed || message.type !== 'decoding') return
            armed = false
            setTimeout(() => process.kill(port.pid!, 'SIGKILL'), 20)
          }),
      }
    },
  })
  const slow = await engine.addFile(await slowPicture())
  const small = await engine.addFile(shapes)
  const pid = engine.computePid!
  armed = true
  await expect(engine.call('images.read', { image: slow.id, maxSize: 64 })).rejects.toMatchObject({
    code: 'image-crashed',
    detail: { name: 'slow.png' },
  })
  expect(engine.events).toContainEqual({ type: 'engine.restarted', reason: 'it was ended by SIGKILL' })
  expect((await engine.run(small.id, walkthrough)).stages).toHaveLength(6)
  expect(engine.computePid).not.toBe(pid)
  // Once is no reason to refuse it.
  expect((await engine.call('images.read', { image: slow.id, maxSize: 64 })).rect).toMatchObject({ width: 4000 })
}, 60_000)

describe('a picture added by where it lies', () => {
  const uses = {
    'a thumbnail': (image: string) => engine.call('images.thumbnail', { image, size: 64 }),
    'its pixels': (image: string) => engine.call('images.read', { image }),
    'a run': (image: string) => engine.run(image, walkthrough),
  }

  test.each(Object.entries(uses))('that was deleted fails %s with its name and what to do', async (_what, use) => {
    const file = path.join(place, 'holiday.png')
    copyFileSync(shapes, file)
    const { id } = await engine.addFile(file)
    rmSync(file)
    await expect(use(id)).rejects.toMatchObject({
      code: 'image-unreadable',
      message: 'holiday.png cannot be read: it is not there (any more); if it was moved, open it where it is now.',
    })
  })

  test.each(Object.entries(uses))('that has other bytes now fails %s, however few they are', async (_what, use) => {
    const file = path.join(place, 'holiday.png')
    copyFileSync(shapes, file)
    const { id } = await engine.addFile(file)
    const bytes = readFileSync(file)
    bytes[bytes.length - 1]! ^= 1
    writeFileSync(file, bytes)
    await expect(use(id)).rejects.toMatchObject({
      code: 'image-unreadable',
      message: 'holiday.png has changed on disk since it was added; add it again.',
    })
    // Nothing of it stays in the way of the file as it is now.
    copyFileSync(clouds, file)
    const again = await engine.addFile(file)
    expect(again.id).not.toBe(id)
    expect((await engine.run(again.id, walkthrough)).stages).toHaveLength(6)
  })
})

test('the same file twice, by its place, by a link to it and as bytes, is one picture', async () => {
  const file = path.join(place, 'one.png')
  copyFileSync(shapes, file)
  copyFileSync(shapes, path.join(place, 'two.png'))
  const [first, ...others] = await Promise.all([
    engine.addFile(file),
    engine.addFile(file),
    engine.addFile(path.join(place, 'two.png')),
    engine.call('images.add', { name: 'three.png', bytes: new Uint8Array(readFileSync(file)) }),
  ])
  expect(others).toEqual([first, first, first])
  expect(await engine.call('images.list', {})).toEqual([first])
  expect(engine.events.filter(({ type }) => type === 'images.added')).toHaveLength(1)
})

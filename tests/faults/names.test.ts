/** Names that are awkward, from the file through the run to what is saved. */

import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiEvent } from '../../shared/api.ts'
import { presets } from '../../shared/presets.ts'
import { photos, testEngine, type TestEngine } from '../support/engine.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline
const windows = process.platform === 'win32'

let place: string
let engine: TestEngine
beforeAll(async () => {
  place = mkdtempSync(path.join(tmpdir(), 'faults-names-'))
  engine = await testEngine()
}, 60_000)
afterAll(async () => {
  await engine.close()
  rmSync(place, { recursive: true })
})

/** The file's name, what the gallery says, and the folder it is saved in. */
const names: readonly (readonly [what: string, file: string, shown: string, folder: string])[] = [
  ['emoji', '👩‍🔬🔬 lab 🏳️‍🌈.png', '👩‍🔬🔬 lab 🏳️‍🌈.png', '👩‍🔬🔬 lab 🏳️‍🌈'],
  ['right-to-left text', 'صورة שלום.png', 'صورة שלום.png', 'صورة שלום'],
  ['a turned ending', 'photo\u202egnp.exe.png', 'photo\ufffdgnp.exe.png', 'photo\ufffdgnp.exe'],
  [
    'newlines',
    'two\nlines\r\nand\ta tab.png',
    'two\ufffdlines\ufffd\ufffdand\ufffda tab.png',
    'two\ufffdlines\ufffd\ufffdand\ufffda tab',
  ],
  ['separators of lines and paragraphs', 'a\u2028b\u2029c.png', 'a\ufffdb\ufffdc.png', 'a\ufffdb\ufffdc'],
  ['commands to a terminal', 'red\u001b[31m\u0007.png', 'red\ufffd[31m\ufffd.png', 'red\ufffd[31m\ufffd'],
  ['255 bytes', `${'n'.repeat(251)}.png`, `${'n'.repeat(251)}.png`, 'n'.repeat(200)],
  ['255 bytes of emoji', `${'🦊'.repeat(62)}abc.png`, `${'🦊'.repeat(62)}abc.png`, '🦊'.repeat(50)],
  ['a device of Windows', 'con.png', 'con.png', 'con_'],
  ['nothing but an ending', '.png', '.png', '.png'],
  ['markup', '<img src=x onerror=alert(1)>.png', '<img src=x onerror=alert(1)>.png', '_img src=x onerror=alert(1)_'],
  ['a percent sign', '100%25 %2e%2e.png', '100%25 %2e%2e.png', '100%25 %2e%2e'],
]

describe.skipIf(windows)('a picture whose name has (skipped on Windows, which has no such files)', () => {
  test.each(names)(
    '%s is shown on one line and saved under a name every system takes',
    async (what, name, shown, saved) => {
      const folder = path.join(place, what)
      mkdirSync(folder)
      const file = path.join(folder, name)
      // Each its own bytes, so that none is taken for another.
      writeFileSync(file, Buffer.concat([readFileSync(photos[0]!), Buffer.from(name)]))
      const info = await engine.addFile(file)
      expect(info.name).toBe(shown)
      expect((await engine.call('images.thumbnail', { image: info.id, size: 32 })).bytes.length).toBeGreaterThan(50)
      const { run } = await engine.run(info.id, walkthrough)

      const out = path.join(folder, 'out')
      const { manifests, files } = await engine.exportTo({
        runs: [run, run],
        save: ['png', 'manifest'],
        directory: out,
      })
      const folders = readdirSync(out)
      expect(folders).toHaveLength(2)
      expect(folders).toContain(saved)
      for (const one of folders) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(200)
      expect(manifests[0]!.image.name).toBe(shown)
      const written = JSON.parse(readFileSync(path.join(out, saved, 'manifest.json'), 'utf8')) as (typeof manifests)[0]
      expect(written).toEqual(manifests[0])
      for (const one of files) expect(readFileSync(path.join(out, one)).length).toBeGreaterThan(50)

      const { job } = await engine.call('export.start', { runs: [run], save: ['npy'], destination: { type: 'zip' } })
      const end = await engine.event(
        (event): event is Extract<ApiEvent, { type: 'export.done' | 'export.failed' }> =>
          (event.type === 'export.done' || event.type === 'export.failed') && event.job === job,
      )
      expect(end).toMatchObject({ type: 'export.done', result: { name: `${saved}.zip` } })
      const zip = unzipSync((await engine.call('export.fetch', { job })).bytes)
      expect(Object.keys(zip).map((entry) => path.posix.dirname(entry))).toEqual(walkthrough.layers.map(() => saved))
    },
  )

  test('any of these is named in an error on one line', async () => {
    for (const [, name, shown] of names) {
      const bytes = new TextEncoder().encode('no picture')
      const error = await engine.call('images.add', { name, bytes }).catch((error: unknown) => error as Error)
      expect((error as Error).message).toContain(shown)
      expect((error as Error).message).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u)
    }
  })
})

test('a folder that leads to itself is opened once, to its end', async () => {
  const top = path.join(place, 'round')
  mkdirSync(path.join(top, 'below/deeper'), { recursive: true })
  copyFileSync(photos[0]!, path.join(top, 'one.png'))
  copyFileSync(photos[1]!, path.join(top, 'below/deeper/two.jpg'))
  symlinkSync(top, path.join(top, 'below/self'), 'junction')
  symlinkSync(path.join(top, 'below'), path.join(top, 'below/deeper/up.png'), 'junction')
  symlinkSync(path.join(top, 'nowhere'), path.join(top, 'gone'), 'junction')
  const own = await testEngine()
  try {
    await own.openFiles([top])
    const added = await own.call('images.list', {})
    expect(added.map(({ name }) => name).sort()).toEqual(['one.png', 'two.jpg'])
    const refused = own.events.filter(({ type }) => type === 'host.refused')
    // A link that is named like a picture is tried, and told of.
    expect(refused).toMatchObject([{ refusal: { name: 'up.png', error: { code: 'image-unreadable' } } }])
  } finally {
    await own.close()
  }
})

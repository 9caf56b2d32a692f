import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BatchProgress } from '../../shared/batch.ts'
import { presets } from '../../shared/presets.ts'
import { photos, testEngine, type TestEngine } from '../../tests/support/engine.ts'
import { foldersFor } from './batchNames.ts'

const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline

let engine: TestEngine
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'batch-test-'))
  engine = await testEngine()
}, 60_000)
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
})

/** The same photo under many names. */
async function manyFiles(count: number) {
  const files = []
  for (let i = 0; i < count; i++) {
    const name = `photo-${String(i).padStart(2, '0')}.png`
    await cp(photos[0]!, path.join(folder, name))
    files.push({ path: path.join(folder, name), name, folder: name })
  }
  return files
}

describe('a batch', () => {
  test('loses one image at most with a compute process that is killed, and its statistics miss none', async () => {
    const files = await manyFiles(12)
    const out = path.join(folder, 'killed')
    let killed = false
    const batch = engine.openBatch({
      files,
      pipeline: walkthrough,
      save: ['npy'],
      directory: out,
      jobs: 2,
      onProgress({ done }: BatchProgress) {
        // Some are in the process's sums by now, and have not been handed over.
        if (done < 5 || killed) return
        killed = true
        process.kill(batch.pids[0]!, 'SIGKILL')
      },
      onFailure: () => undefined,
    })
    await batch.run()
    expect(killed).toBe(true)
    const { done, failed } = batch.progress
    expect(done + failed).toBe(12)
    expect(failed).toBeLessThanOrEqual(1)
    for (const { error } of batch.tally.failures.values()) expect(error.code).toMatch(/^(engine-lost|image-crashed)$/)
    if (batch.requeueFailed()) await batch.run()
    expect(batch.progress).toMatchObject({ state: 'finished', done: 12, failed: 0, skipped: 0 })
    expect(batch.tally.sums.map((sums) => sums?.count)).toEqual([12, 12, 12, 12, 12, 12])
    expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('tries the images that failed again when it is told to', async () => {
    const [file] = await manyFiles(1)
    const broken = { path: path.join(folder, 'broken.png'), name: 'broken.png', folder: 'broken.png' }
    await writeFile(broken.path, 'not yet a picture')
    const failed: string[] = []
    const batch = engine.openBatch({
      files: [file!, broken],
      pipeline: walkthrough,
      save: [],
      directory: null,
      jobs: 1,
      onProgress: () => undefined,
      onFailure: ({ name }) => failed.push(name),
    })
    await batch.run()
    expect(failed).toEqual(['broken.png'])
    expect(batch.progress).toMatchObject({ done: 1, failed: 1 })
    await cp(photos[1]!, broken.path)
    expect(batch.requeueFailed()).toBe(true)
    await batch.run()
    expect(batch.progress).toMatchObject({ state: 'finished', done: 2, failed: 0 })
    expect(batch.tally.sums[0]!.count).toBe(2)
  })
})

test('folders of images are legal on Windows, unlike each other without regard to case, and none lies in another', () => {
  const names = [
    'a?.jpg',
    'a_.jpg',
    'A_.JPG',
    'a_.jpg.d/x.png',
    'con.png',
    'b/..hidden ',
    'statistics/y.png',
    'summary.csv',
  ]
  const folders = foldersFor(names)
  const lower = [...folders.values()].map((folder) => folder.toLowerCase())
  expect(new Set(lower).size).toBe(names.length)
  for (const folder of lower) {
    expect(lower.some((other) => other !== folder && other.startsWith(`${folder}/`))).toBe(false)
    expect(folder).not.toMatch(/[<>:"\\|?*]|(^|\/)(con|nul)\.|[. ](\/|$)/)
  }
  expect(folders.get('a?.jpg')).toBe('a_.jpg-2')
  expect(folders.get('summary.csv')).toBe('summary.csv-2')
  expect(folders.get('statistics/y.png')).toBe('statistics-2/y.png')
  // In whatever order they come.
  expect(foldersFor(names.toReversed())).toEqual(folders)
})

import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { usualFigure } from '../../shared/figures.ts'
import { finishedRun } from '../../tests/support/stages.ts'
import { isWhole, saveWhole } from './wholeFolder.ts'

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof fs>()
  return { ...real, rename: vi.fn(real.rename) }
})

let root: string
beforeEach(async () => {
  root = await fs.mkdtemp(path.join(tmpdir(), 'whole-test-'))
})
afterEach(async () => {
  vi.mocked(fs.rename).mockClear()
  await fs.rm(root, { recursive: true, force: true })
})

const run = finishedRun()
const wanted = { sha256: run.image.id, pipeline: run.pipeline, save: ['npy', 'png', 'manifest'] as const }

async function save(): Promise<boolean> {
  const target = { root, folder: 'photo.png', work: path.join(root, '.work') }
  await fs.mkdir(target.work)
  await saveWhole(run, wanted, target, new AbortController().signal)
  return await isWhole(target, wanted)
}

const refused = Object.assign(new Error('held'), { code: 'EPERM' })

test('a folder that a virus scanner holds for a moment is saved', async () => {
  vi.mocked(fs.rename).mockRejectedValueOnce(refused).mockRejectedValueOnce(refused)
  expect(await save()).toBe(true)
  expect(fs.rename).toHaveBeenCalledTimes(3)
})

test('a folder that may not be made says so, and not that something is in the way', async () => {
  const attempts = 5
  for (let i = 0; i < attempts; i++) vi.mocked(fs.rename).mockRejectedValueOnce(refused)
  await expect(save()).rejects.toThrow('photo.png could not be written: you may not write there')
})

test('a folder whose manifest lost its bytes in a power cut, or is of another version, is made again', async () => {
  expect(await save()).toBe(true)
  const manifest = path.join(root, 'photo.png', 'manifest.json')
  const arrays = { ...wanted, save: ['npy', 'manifest'] as const }
  const target = { root, folder: 'photo.png', work: path.join(root, '.work') }
  const other = JSON.stringify({ program: 'LayerLoupe', version: '99', files: [{ name: 'later.bin' }] })
  await fs.writeFile(path.join(root, 'photo.png', 'later.bin'), '')
  for (const text of [other, '', '{']) {
    await fs.writeFile(manifest, text)
    for (const picture of await fs.readdir(path.join(root, 'photo.png'))) {
      if (picture.endsWith('.png')) await fs.rm(path.join(root, 'photo.png', picture))
    }
    await saveWhole(run, arrays, target, new AbortController().signal)
    expect(await isWhole(target, arrays)).toBe(true)
  }
})

test('what somebody else has put into the way stays, and is named', async () => {
  expect(await save()).toBe(true)
  const target = { root, folder: 'photo.png', work: path.join(root, '.work') }
  const again = () => saveWhole(run, wanted, target, new AbortController().signal)
  const note = path.join(root, 'photo.png', 'note.txt')
  await fs.writeFile(note, 'mine')
  await fs.rm(path.join(root, 'photo.png', '00-input.npy'))
  await expect(again()).rejects.toThrow(
    'photo.png could not be saved: a folder of that name that holds note.txt is in the way, and not from LayerLoupe.',
  )
  expect(await fs.readFile(note, 'utf8')).toBe('mine')
  await fs.rm(path.join(root, 'photo.png'), { recursive: true })
  await fs.writeFile(path.join(root, 'photo.png'), 'mine')
  await expect(again()).rejects.toThrow('photo.png could not be saved: a file of that name is in the way')
})

test('pictures of another look are not those that are wanted; of arrays it does not matter', async () => {
  await save()
  const target = { root, folder: 'photo.png', work: path.join(root, '.work') }
  const figure = { ...usualFigure, theme: 'dark' } as const
  const light = await isWhole(target, { ...wanted, figure: usualFigure })
  expect([light, await isWhole(target, { ...wanted, figure })]).toEqual([true, false])
  const arrays = { ...wanted, save: ['npy', 'manifest'] as const }
  await saveWhole(run, arrays, target, new AbortController().signal)
  expect(await isWhole(target, { ...arrays, figure })).toBe(true)
})

test('pictures whose manifest knows no scale bar are made again, and take the place of the earlier ones', async () => {
  await save()
  const target = { root, folder: 'photo.png', work: path.join(root, '.work') }
  const file = path.join(root, 'photo.png/manifest.json')
  const older = JSON.parse(await fs.readFile(file, 'utf8')) as { options: { figure: { scaleBar?: boolean } } }
  delete older.options.figure.scaleBar
  await fs.writeFile(file, JSON.stringify(older))
  expect(await isWhole(target, wanted)).toBe(false)
  await saveWhole(run, wanted, target, new AbortController().signal)
  expect(await isWhole(target, wanted)).toBe(true)
  const left = { ...wanted, figure: { ...usualFigure, scaleBar: false } }
  expect(await isWhole(target, left)).toBe(false)
})

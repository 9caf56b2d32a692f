import type { Dirent } from 'node:fs'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { expandPatterns, findPictures, readList } from './pictures.ts'

vi.mock('node:fs/promises', async (importOriginal) => ({ ...(await importOriginal<typeof fs>()), readdir: vi.fn() }))

test('folders in folders may hold more pictures than a call has arguments', async () => {
  const entry = (name: string, isFolder: boolean) => ({ name, isDirectory: () => isFolder }) as unknown as Dirent
  const many = Array.from({ length: 200_000 }, (_, i) => entry(`${i}.png`, false))
  const root = await fs.mkdtemp(path.join(tmpdir(), 'pictures-test-'))
  vi.mocked(fs.readdir).mockImplementation((folder) =>
    Promise.resolve((folder === root ? [entry('deep', true)] : many) as never),
  )
  expect((await findPictures([root], { recursive: true })).pictures).toHaveLength(200_000)
  await fs.rmdir(root)
})

test('a list is read as any system writes it: with a mark at its beginning, in two bytes a letter, with zeros', async () => {
  const root = await fs.mkdtemp(path.join(tmpdir(), 'pictures-test-'))
  const file = path.join(root, 'list.txt')
  const names = ['a.png', 'grün/猫 1.jpg']
  for (const bytes of [
    Buffer.from(names.join('\n')),
    Buffer.from(`\ufeff${names.join('\r\n')}\r\n`),
    Buffer.from(`\ufeff${names.join('\r\n')}\r\n`, 'utf16le'),
    Buffer.from(`${names.join('\0')}\0`),
  ]) {
    await fs.writeFile(file, bytes)
    expect(await readList(file)).toEqual(names)
  }
  await fs.rm(root, { recursive: true })
})

test('what LayerLoupe saved is left out of folders, patterns and lists, and taken where it is named by itself', async () => {
  const { readdir } = await vi.importActual<typeof fs>('node:fs/promises')
  vi.mocked(fs.readdir).mockImplementation(readdir)
  const root = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), 'pictures-test-')))
  const at = (name: string) => path.join(root, name)
  const manifest = JSON.stringify({
    program: 'LayerLoupe',
    files: [{ name: '00-input.png' }, { name: 'evolution.png' }],
  })
  const contents = {
    'a.png': '',
    // A run's, with a picture beside its own that somebody else has put there.
    'run/manifest.json': manifest,
    'run/00-input.png': '',
    'run/evolution.png': '',
    'run/photo.png': '',
    // A part of a batch, in which the first of its images lies.
    'batch/batch-1-of-2.layerloupe': '',
    'batch/contact-sheet.png': '',
    'batch/statistics/00-input-mean.png': '',
    'batch/a.png/manifest.json': manifest,
    'batch/a.png/00-input.png': '',
    // Not ours.
    'site/manifest.json': '{"name": "site", "files": [{"name": "icon.png"}]}',
    'site/icon.png': '',
    'site/statistics/map.png': '',
  }
  for (const [name, text] of Object.entries(contents)) {
    await fs.mkdir(path.dirname(at(name)), { recursive: true })
    await fs.writeFile(at(name), text)
  }
  const all = Object.keys(contents)
    .filter((name) => name.endsWith('.png'))
    .map(at)
  const photos = ['a.png', 'run/photo.png', 'site/icon.png', 'site/statistics/map.png']
  const namesOf = async (words: string[], search: Partial<Parameters<typeof findPictures>[1]> = {}) => {
    const { pictures, saved } = await findPictures(words, { recursive: true, ...search })
    return { names: pictures.map((picture) => path.relative(root, picture.path)).sort(), saved }
  }

  expect(await namesOf([root])).toEqual({ names: photos, saved: 5 })
  expect(await namesOf([path.join(root, '**/*.png')])).toEqual({ names: photos, saved: 5 })
  expect(await namesOf([], { listed: all })).toEqual({ names: photos, saved: 5 })
  expect(await namesOf([at('run/evolution.png')])).toEqual({ names: ['run/evolution.png'], saved: 0 })
  // A shell that expands patterns itself names them all: the results of this very batch are no pictures of it.
  expect(await namesOf(all, { except: at('batch') })).toMatchObject({ saved: 3 })
  // A folder that is to have the results among its pictures is looked into all the same.
  expect(await namesOf([root], { except: root })).toEqual({ names: photos, saved: 5 })
  await expect(findPictures([at('batch')], { recursive: true })).rejects.toThrow(
    'this folder holds no pictures but those LayerLoupe saved itself',
  )
  await fs.rm(root, { recursive: true })
})

test('a name in a list is never a pattern: one that is gone is told of when it is read', async () => {
  const { pictures } = await findPictures([], { listed: ['gone[1].png', 'a*.png'], recursive: false })
  expect(pictures.map(({ name }) => name)).toEqual(['a*.png', 'gone[1].png'])
})

test('patterns are expanded where no file has such a name, and everything else is left as it is', async () => {
  const { readdir } = await vi.importActual<typeof fs>('node:fs/promises')
  vi.mocked(fs.readdir).mockImplementation(readdir)
  const root = await fs.mkdtemp(path.join(tmpdir(), 'pictures-test-'))
  const at = (name: string) => path.join(root, name)
  for (const name of ['b1.png', 'a1.jpg', 'a2.png', 'notes.txt', 'c[1].png', '.a3.png'])
    await fs.writeFile(at(name), '')
  expect(await expandPatterns([at('a*'), at('c[1].png'), 'gone.png'])).toEqual([
    at('a1.jpg'),
    at('a2.png'),
    at('c[1].png'),
    'gone.png',
  ])
  await expect(expandPatterns([at('x*.png')])).rejects.toThrow('no picture has such a name')
  await fs.rm(root, { recursive: true })
})

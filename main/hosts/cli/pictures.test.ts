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
  expect(await findPictures([root], { recursive: true })).toHaveLength(200_000)
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

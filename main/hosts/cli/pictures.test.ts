import type { Dirent } from 'node:fs'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { findPictures } from './pictures.ts'

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

import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readImageFile } from './files.ts'

test.skipIf(process.platform === 'win32')(
  'a pipe nobody writes to and a device without an end are refused, and not waited for',
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-files-'))
    onTestFinished(async () => await rm(folder, { recursive: true, force: true }))
    const pipe = path.join(folder, 'pipe.png')
    const device = path.join(folder, 'device.png')
    execFileSync('mkfifo', [pipe])
    await symlink('/dev/zero', device)

    for (const file of [pipe, device]) {
      const name = path.basename(file)
      await expect(readImageFile(file, name, 1e6)).rejects.toMatchObject({
        code: 'image-unreadable',
        message: `${name} cannot be read: it is not a file, but a pipe, a socket or a device.`,
      })
    }
  },
)

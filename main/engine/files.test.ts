import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
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

test.skipIf(process.platform !== 'linux')(
  'a name that is no text is told of, and not taken for a file that is gone',
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-files-'))
    onTestFinished(async () => await rm(folder, { recursive: true, force: true }))
    await writeFile(Buffer.from(`${folder}/caf\u00e9.png`, 'latin1'), '')
    const [name] = await readdir(folder)
    await expect(readImageFile(path.join(folder, name!), name!, 1e6)).rejects.toMatchObject({
      code: 'image-unreadable',
      message: 'caf\ufffd.png cannot be read: its name is no valid UTF-8; rename it.',
    })
  },
)

import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PrivateFolder, privatePrefix, removeStale } from './privateFolder.ts'

let temporary: string
beforeEach(() => {
  temporary = mkdtempSync(path.join(tmpdir(), 'private-folder-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(temporary, { recursive: true })
})

/** The number of a process that was, and is no more. */
const dead = () => spawnSync(process.execPath, ['-e', '']).pid
const mine = `-${process.pid}-`
const folderOf = (pid: number, space = privatePrefix().replace(mine, '')) => {
  const folder = path.join(temporary, `${space}-${pid}-Ab3def`)
  mkdirSync(folder)
  writeFileSync(path.join(folder, 'photo'), 'bytes')
  return path.basename(folder)
}

describe('a private folder', () => {
  test('is for this user alone, and goes with all in it', () => {
    vi.stubEnv('TMPDIR', temporary)
    const room = new PrivateFolder()
    const file = room.file('a')
    writeFileSync(file, 'a')
    if (process.platform !== 'win32') expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    room.remove()
    expect(readdirSync(temporary)).toEqual([])
  })

  test('of a process that is dead is removed with all in it', async () => {
    folderOf(dead())
    await removeStale(temporary)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('stays where its process lives, or is of another machine or container, or is not one at all', async () => {
    const parent = folderOf(process.ppid)
    const elsewhere = folderOf(dead(), 'layerloupe-00000000')
    const space = privatePrefix().replace(mine, '')
    const file = `${space}-${dead()}-File00`
    writeFileSync(path.join(temporary, file), 'a file')
    const link = `${space}-${dead()}-Link00`
    mkdirSync(path.join(temporary, 'target'))
    writeFileSync(path.join(temporary, 'target/kept'), 'kept')
    symlinkSync(path.join(temporary, 'target'), path.join(temporary, link), 'junction')
    const longer = `${space}-${dead()}-Ab3def-notes`
    mkdirSync(path.join(temporary, longer))
    await removeStale(temporary)
    expect(readdirSync(temporary).sort()).toEqual([parent, elsewhere, file, link, longer, 'target'].sort())
    expect(readdirSync(path.join(temporary, 'target'))).toEqual(['kept'])
  })

  test.skipIf(process.getuid?.() !== 0)('of another user stays (skipped: only root can make one)', async () => {
    const theirs = folderOf(dead())
    chownSync(path.join(temporary, theirs), 65_534, 65_534)
    await removeStale(temporary)
    expect(readdirSync(temporary)).toEqual([theirs])
  })

  test('is not looked for where there is no folder', async () => {
    await expect(removeStale(path.join(temporary, 'none'))).resolves.toBeUndefined()
  })
})

import { existsSync, statSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { launchFile } from './launch.ts'

let parent = ''
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'launch test '))
})
afterEach(async () => {
  await rm(parent, { recursive: true, force: true })
})

it('leads to the address, and its own address does not hold the token', async () => {
  const launch = await launchFile('http://127.0.0.1:4321/#SECRET_token-1', parent)
  expect(fileURLToPath(launch.url)).toBe(launch.file)
  expect(launch.url).not.toContain('SECRET')
  const page = await readFile(launch.file, 'utf8')
  expect(page).toContain('content="0; url=http://127.0.0.1:4321/#SECRET_token-1"')
})

it.skipIf(process.platform === 'win32')('can be read by this user alone', async () => {
  const launch = await launchFile('http://127.0.0.1:4321/#token', parent)
  expect(statSync(launch.file).mode & 0o777).toBe(0o600)
  expect(statSync(path.dirname(launch.file)).mode & 0o777).toBe(0o700)
})

it('leaves nothing when it is removed, also twice', async () => {
  const launch = await launchFile('http://127.0.0.1:4321/#token', parent)
  await launch.remove()
  await launch.remove()
  expect(existsSync(path.dirname(launch.file))).toBe(false)
})

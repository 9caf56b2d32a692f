import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Console } from './console.ts'
import { findElectron, openDesktop } from './desktop.ts'

let root: string
let folder: string
let notes: string[]
const console = { note: (text: string) => void notes.push(text) } as Console

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'layerloupe-'))
  folder = path.join(root, 'electron')
  notes = []
  await mkdir(path.join(folder, 'dist'), { recursive: true })
  await writeFile(path.join(folder, 'package.json'), '{"version":"45.0.0","type":"commonjs"}')
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

async function installer(code: string): Promise<void> {
  await writeFile(path.join(folder, 'install.js'), `require('fs').appendFileSync(__dirname + '/tries', '.');${code}`)
}

it('takes the runtime that is there, and runs no installer', async () => {
  await installer('')
  await writeFile(path.join(folder, 'dist/electron'), '')
  await writeFile(path.join(folder, 'path.txt'), 'electron')
  expect(await findElectron(root, console, { folder })).toBe(path.join(folder, 'dist/electron'))
  await expect(readFile(path.join(folder, 'tries'))).rejects.toThrow('ENOENT')
})

it('has the runtime fetched, and says so while it waits', async () => {
  await installer(
    "const fs = require('fs'); fs.writeFileSync(__dirname + '/dist/electron', ''); fs.writeFileSync(__dirname + '/path.txt', 'electron')",
  )
  expect(await findElectron(root, console, { folder })).toBe(path.join(folder, 'dist/electron'))
  expect(notes).toEqual(['Fetching Electron for the desktop window (tried once, for at most 60 seconds)…'])
})

it('tells once, in one line, that the runtime could not be fetched, and does not try again', async () => {
  await installer("console.error(new TypeError('fetch failed').stack); process.exit(1)")
  expect(await findElectron(root, console, { folder })).toBeUndefined()
  expect(await findElectron(root, console, { folder })).toBeUndefined()
  expect(notes).toHaveLength(2)
  expect(notes[1]).toMatch(/^Electron could not be fetched \(.*TypeError: fetch failed\), so .*browser.*install\.js$/)
  expect(await readFile(path.join(folder, 'tries'), 'utf8')).toBe('.')
})

it('waits for the installer no longer than it may take', async () => {
  await installer('setInterval(() => {}, 1000)')
  expect(await findElectron(root, console, { folder, time: 500 })).toBeUndefined()
  expect(notes[1]).toContain('not done within 0.5 seconds')
})

it.skipIf(process.platform === 'win32')('ends with the desktop app, or says why there is none', async () => {
  const program = path.join(root, 'electron.sh')
  await writeFile(
    program,
    '#!/bin/sh\necho "$@" > "$0.args"\ncase "$*" in *bad.png) echo "no display" >&2; exit 1;; esac\n',
  )
  await chmod(program, 0o755)
  expect(await openDesktop(program, '/program', ['/a.png'], { pixels: 9 }, console)).toBe(true)
  expect(await readFile(`${program}.args`, 'utf8')).toMatch(/\/program --max-pixels=9 \/a\.png\n$/)
  expect(await openDesktop(program, '/program', ['/bad.png'], {}, console)).toBe(false)
  expect(notes.at(-1)).toBe(
    'Electron could not show the window (it ended with code 1: no display), so it opens in a browser.',
  )
})

/** The built command line in a process of its own, as a person runs it. */

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { fixturesDir, repoRoot } from '../../support/shared.ts'

export const command = path.join(repoRoot, 'dist/main/cli.js')
export const shapes = path.join(fixturesDir, 'synthetic/shapes.png')
export const clouds = path.join(fixturesDir, 'synthetic/clouds.jpg')
export const zoneplate = path.join(fixturesDir, 'synthetic/zoneplate.png')

/** Settings and logs of tests that have none of their own; never those of whoever runs them. */
const data = path.join(repoRoot, 'test-results/data')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** What came on standard output and standard error so far. */
  readonly said: () => string
}

export interface StartOptions {
  readonly cwd?: string
  readonly env?: Record<string, string | undefined>
  /** In a group of its own, to which signals can be sent without reaching the tests. */
  readonly detached?: boolean
}

export function start(args: readonly string[], options: StartOptions = {}, program: string = command): Started {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: { ...process.env, LAYERLOUPE_DATA: data, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }))
  })
  return { child, ended, said: () => out + err }
}

export async function layerloupe(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  return await start(args, options).ended
}

/** A folder removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-test-'))
  onTestFinished(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** Every file below a folder, as paths from it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
}

/** Waits until something is so; fails with what `told` says after twenty seconds. */
export async function until(condition: () => boolean | Promise<boolean>, told: () => string): Promise<void> {
  const end = Date.now() + 20_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${told()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

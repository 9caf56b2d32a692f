/**
 * What a start needs before the program can run: dependencies from the lock file, and dist/. Does only what has
 * changed, tells about it on standard error, and lets one start at a time do it.
 */

import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { isBuilt, isInstalled, root } from './state.mjs'

const lock = path.join(root, '.cache/setup.lock')
/** No set-up takes this long, in milliseconds. */
const longestHold = 20 * 60_000

/** @param {string} text */
export function tell(text) {
  process.stderr.write(`${text}\n`)
}

/** A failure told as a sentence, without a stack. */
export class SetupError extends Error {}

/**
 * @param {{ build: boolean }} options whether dist/ is wanted too
 * @returns {Promise<void>}
 */
export async function setUp({ build }) {
  const ready = () => isInstalled() && (!build || isBuilt())
  if (ready()) return
  const release = await takeLock()
  try {
    if (!isInstalled()) {
      await step(
        'Installing dependencies (only when they change)…',
        // Also under `npm start --silent`, which would have it fail without a word.
        ...npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'),
        {
          failed:
            'npm could not install the dependencies. Check that this machine reaches the npm registry, then try again.',
        },
      )
    }
    if (build && !isBuilt()) {
      await step(
        'Building LayerLoupe (only when its sources change)…',
        process.execPath,
        [path.join(root, 'build/build.mjs')],
        {
          failed: 'LayerLoupe could not be built.',
        },
      )
    }
  } finally {
    release()
  }
}

/**
 * How to call npm: the one that runs us where there is one, so that none need be on the path.
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
function npm(...args) {
  const own = process.env['npm_execpath']
  if (own?.endsWith('npm-cli.js')) return [process.execPath, [own, ...args]]
  return process.platform === 'win32' ? ['cmd.exe', ['/c', 'npm', ...args]] : ['npm', args]
}

/**
 * Runs a command quietly; what it said is shown only when it fails.
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 * @param {{ failed: string }} options
 */
async function step(title, command, args, { failed }) {
  tell(title)
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid) hold(child.pid)
  /** @type {Buffer[]} */
  const said = []
  child.stdout.on('data', (chunk) => said.push(chunk))
  child.stderr.on('data', (chunk) => said.push(chunk))
  const code = await new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new SetupError(`${failed} (${error.message})`)))
    child.on('close', (status, signal) => resolve(status ?? signal))
  })
  if (code === 0) return
  process.stderr.write(Buffer.concat(said))
  throw new SetupError(failed)
}

/**
 * Waits until nobody else sets up here.
 * @returns {Promise<() => void>} gives the lock back
 */
async function takeLock() {
  mkdirSync(path.dirname(lock), { recursive: true })
  for (let told = false; ; told = true) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    if (isStale()) {
      rmSync(lock, { recursive: true, force: true })
      continue
    }
    if (!told) tell('Another start is setting LayerLoupe up; waiting for it…')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  const release = () => rmSync(lock, { recursive: true, force: true })
  process.once('exit', release)
  hold(process.pid)
  return () => {
    process.off('exit', release)
    release()
  }
}

/** @param {number} pid a process that works under the lock: it must be gone before the lock is taken from it */
function hold(pid) {
  appendFileSync(path.join(lock, 'pids'), `${pid}\n`)
}

/** Whether every holder of the lock is gone, or it is too old to be believed (numbers of processes come again). */
function isStale() {
  const made = statSync(lock, { throwIfNoEntry: false })
  if (!made) return false
  const age = Date.now() - made.mtimeMs
  const list = path.join(lock, 'pids')
  // Just made, and its holder not yet named: it is looked at again.
  if (!existsSync(list)) return age > 10_000
  const pids = readFileSync(list, 'utf8').split('\n').filter(Boolean)
  return age > longestHold || pids.every((pid) => !isAlive(Number(pid)))
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

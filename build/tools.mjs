/** Runs the project's own tools (tsc, eslint, vitest, …) from node_modules, without a shell. */

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './state.mjs'

/**
 * The script behind a package's command.
 * @param {string} packageName
 * @param {string} [command] the package's own name if left out
 */
function binOf(packageName, command = packageName) {
  const folder = path.join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return path.join(folder, typeof bin === 'string' ? bin : bin[command])
}

/** Each tool with its package, where the names differ. */
const packages = /** @type {Record<string, string>} */ ({ tsc: 'typescript', playwright: '@playwright/test' })

/**
 * @typedef {{ code: number, output: string, seconds: number }} Outcome
 * @param {string} tool
 * @param {readonly string[]} args
 * @param {{ show?: boolean, env?: Record<string, string>, timeout?: number }} [options] `show`: its output goes to the terminal as it comes
 * @returns {Promise<Outcome>}
 */
export function runTool(tool, args, options) {
  return run(process.execPath, [binOf(packages[tool] ?? tool, tool), ...args], options)
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ show?: boolean, env?: Record<string, string>, timeout?: number }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(command, args, { show = false, env = {}, timeout } = {}) {
  const begin = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      ...(timeout === undefined ? {} : { timeout }),
    })
    /** @type {Buffer[]} */
    const said = []
    child.stdout?.on('data', (chunk) => said.push(chunk))
    child.stderr?.on('data', (chunk) => said.push(chunk))
    /** @param {number} code @param {string} [reason] */
    const end = (code, reason = '') =>
      resolve({ code, output: Buffer.concat(said).toString() + reason, seconds: (performance.now() - begin) / 1000 })
    child.on('error', (error) => end(1, `${command} could not be started: ${error.message}\n`))
    child.on('close', (code, signal) => end(code ?? 1, signal ? `${command} was ended by ${signal}\n` : ''))
  })
}

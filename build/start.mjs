#!/usr/bin/env node
/**
 * `npm start`: sets up what is missing, then runs the program with the arguments it was given.
 * Runs before anything is installed, so it imports nothing but Node and its own neighbours.
 */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `LayerLoupe needs Node.js 20.19 or later; this is ${process.versions.node}. See https://nodejs.org.\n`,
  )
  process.exit(1)
}

const { setUp, SetupError, tell } = await import('./setup.mjs')
const { root } = await import('./state.mjs')
try {
  await setUp({ build: true })
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  tell(error instanceof SetupError ? reason : `LayerLoupe could not be set up in ${root}: ${reason}`)
  process.exit(1)
}
// npm runs this in the project's folder; names of files are meant from the folder the person is in.
const { npm_lifecycle_event: event, INIT_CWD: typedIn } = process.env
if (event === 'start' && typedIn && existsSync(typedIn)) process.chdir(typedIn)
await import(pathToFileURL(path.join(root, 'dist/main/cli.js')).href)

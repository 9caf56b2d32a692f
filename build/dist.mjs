/**
 * `npm run dist [-- ARGUMENTS]`: what is handed out, in dist-package/.
 *
 * - An npm package of the built program. It runs with Node alone: `npm install --global layerloupe-VERSION.tgz` gives the
 *   command `layerloupe` on any system Node and sharp run on.
 * - The desktop packages of the system this runs on, where an Electron runtime is there or can be fetched. With
 *   `--desktop`, not having one is a failure. All other arguments go to electron-builder.
 */

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { findRuntime } from './packages/runtime.mjs'
import { setUp } from './setup.mjs'
import { root } from './state.mjs'
import { run } from './tools.mjs'

await setUp({ build: true })
const output = path.join(root, 'dist-package')
const folder = path.join(output, 'layerloupe')
const own = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))

await rm(output, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for (const part of ['main', 'renderer', 'samples']) {
  await cp(path.join(root, 'dist', part), path.join(folder, part), { recursive: true })
}
for (const file of ['README.md', 'LICENSE']) {
  if (existsSync(path.join(root, file))) await cp(path.join(root, file), path.join(folder, file))
}
const command = path.join(folder, 'main/cli.js')
await writeFile(command, `#!/usr/bin/env node\n${await readFile(command, 'utf8')}`, { mode: 0o755 })

// Everything else is bundled; sharp brings a build of its own for each system.
const outside = ['sharp', '@img/sharp-wasm32']
const manifest = {
  name: own.name,
  version: own.version,
  description: own.description,
  type: 'module',
  engines: own.engines,
  bin: { layerloupe: 'main/cli.js' },
  files: ['main', 'renderer', 'samples'],
  dependencies: Object.fromEntries(outside.map((name) => [name, own.dependencies[name]])),
}
await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)

const npm = process.env['npm_execpath']
const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
const { code, output: said } = await run(program, [...first, 'pack', '--silent', folder, '--pack-destination', output])
if (code !== 0) {
  console.error(said)
  process.exit(1)
}
const file = said.trim().split('\n').at(-1) ?? ''
console.log(`dist-package/${file}`)
console.log(`Install it with: npm install --global ./dist-package/${file}`)

const args = process.argv.slice(2)
const runtime = await findRuntime()
if ('problem' in runtime) {
  console.log(`No desktop packages: ${runtime.problem}.`)
  if (args.includes('--desktop')) process.exitCode = 1
} else {
  // It draws with sharp, which is there only now.
  const { packDesktop } = await import('./packages/desktop.mjs')
  const builderArgs = args.filter((word) => word !== '--desktop')
  const packed = await packDesktop(runtime.folder, builderArgs, { show: true })
  process.exitCode = packed.code
}

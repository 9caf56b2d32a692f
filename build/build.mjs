/**
 * Builds dist/: the Node side, the window, the sample pictures.
 * Plain JavaScript without dependencies of its own, because it runs before anything is built.
 */

import { cp, rm, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildStamp, root, sourceHash } from './state.mjs'

const dist = path.join(root, 'dist')

/** The Node side alone: the command line, the desktop app and the compute process. */
export async function buildMain() {
  const { build } = await import('vite')
  await build({ configFile: path.join(root, 'build/vite.main.config.ts') })
  await build({ configFile: path.join(root, 'build/vite.preload.config.ts') })
  const assets = path.join(root, 'main/images/assets')
  if (existsSync(assets)) await cp(assets, path.join(dist, 'main/assets'), { recursive: true })
  const { png } = await import('./packages/icons.mjs')
  await writeFile(path.join(dist, 'main/icon.png'), await png(path.join(root, 'renderer/app/logo.svg'), 256))
}

export async function buildRenderer() {
  const { build } = await import('vite')
  await build({ configFile: path.join(root, 'build/vite.renderer.config.ts') })
}

/** Draws the sample pictures into dist/samples, unless they are there as this code draws them. */
export async function buildSamples() {
  const folder = path.join(dist, 'samples')
  const stamp = path.join(folder, '.drawn')
  const hash = sourceHash(['build/samples', 'main/images/encode.ts'])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  await rm(folder, { recursive: true, force: true })
  const { runnerImport } = await import('vite')
  const { module } = await runnerImport(path.join(root, 'build/samples/index.ts'), { configFile: false, root })
  await module.writeSamples(folder)
  await writeFile(stamp, hash)
}

/** Everything; the stamp is removed first and written last, so that a build cut short is made again. */
export async function buildAll() {
  const hash = sourceHash()
  await rm(buildStamp, { force: true })
  await buildMain()
  await buildRenderer()
  await buildSamples()
  await writeFile(buildStamp, hash)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildAll()
}

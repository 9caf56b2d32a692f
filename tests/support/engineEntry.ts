/** Builds the compute process for tests that run it, once for each state of the sources. */

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'vite'
import { repoRoot } from './shared.ts'

const cache = path.join(repoRoot, '.cache/engine-test')

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) return sourceFiles(file)
      return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [file] : []
    })
    .sort()
}

/** Path of the built compute process (main/engine/process.ts, or another entry given); sharp stays where it is installed. */
export async function engineEntry(entry = path.join(repoRoot, 'main/engine/process.ts')): Promise<string> {
  const hash = createHash('sha256').update(entry)
  const sources = ['shared', 'main'].flatMap((folder) => sourceFiles(path.join(repoRoot, folder)))
  for (const file of [...sources, entry]) hash.update(`\0${file}\0`).update(readFileSync(file))
  const folder = path.join(cache, hash.digest('hex').slice(0, 16))
  const built = path.join(folder, 'engine.js')
  if (existsSync(built)) return built
  const unfinished = `${folder}-${process.pid}-${Date.now()}`
  await build({
    configFile: false,
    root: repoRoot,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['sharp', '@img/sharp-wasm32'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: unfinished,
      minify: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: { engine: entry },
        external: ['sharp', /^@img\//],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  const assets = path.join(repoRoot, 'main/images/assets')
  if (existsSync(assets)) await cp(assets, path.join(unfinished, 'assets'), { recursive: true })
  await mkdir(cache, { recursive: true })
  // Another test file may have built it meanwhile; it is the same.
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }))
  return built
}

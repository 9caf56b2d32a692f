/** `npm run fuzz [-- --seconds N --seed N --case N]`: builds the program and the fuzzing, and runs it. */

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { setUp } from './setup.mjs'
import { root } from './state.mjs'

await setUp({ build: true })
const { build } = await import('vite')
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: true, external: ['sharp', '@img/sharp-wasm32'] },
  build: {
    ssr: true,
    target: 'node20',
    outDir: '.cache/fuzz',
    rolldownOptions: {
      input: { index: path.join(root, 'tests/fuzz/index.ts') },
      external: ['sharp', /^@img\//],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
const shared = path.join(process.env['LAYERLOUPE_SHARED'] ?? path.resolve(root, '../shared'), 'images')
const folders = [path.join(root, 'tests/fixtures'), ...(existsSync(shared) ? [shared] : [])]
const args = [
  path.join(root, '.cache/fuzz/index.js'),
  '--engine',
  path.join(root, 'dist/main/engine.js'),
  '--failures',
  path.join(root, '.cache/fuzz-failures'),
  ...folders.flatMap((folder) => ['--pictures', folder]),
  ...process.argv.slice(2),
]
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
process.exitCode = status ?? 1

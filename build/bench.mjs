/** `npm run bench [-- NAME…]`: builds the program and the benchmarks as they are shipped, and runs them. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildAll } from './build.mjs'
import { isBuilt, root } from './state.mjs'
import { findTestBrowser } from './testBrowser.mjs'

const { build } = await import('vite')
if (!isBuilt()) await buildAll()
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: true, external: ['sharp', '@playwright/test'] },
  build: {
    ssr: true,
    target: 'node20',
    outDir: '.cache/bench',
    rolldownOptions: {
      input: { index: path.join(root, 'bench/index.ts') },
      external: ['sharp', /^@img\//, '@playwright/test'],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
// The window is measured in a browser that is there, or one got for it; which one is told by this variable.
const { browser } = await findTestBrowser()
const env = browser ? { LAYERLOUPE_BROWSER: browser } : {}
// Measured with the defaults, and never with the settings, recent files and log of whoever measures.
const data = mkdtempSync(path.join(tmpdir(), 'layerloupe-bench-'))
const { status } = spawnSync(process.execPath, [path.join(root, '.cache/bench/index.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...env, LAYERLOUPE_DATA: data },
})
rmSync(data, { recursive: true, force: true })
process.exitCode = status ?? 1

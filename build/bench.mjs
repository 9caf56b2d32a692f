/** `npm run bench [-- NAME…]`: builds the program and the benchmarks as they are shipped, and runs them. */

import path from 'node:path'
import { pathToFileURL } from 'node:url'
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
if (browser) process.env['LAYERLOUPE_BROWSER'] = browser
await import(pathToFileURL(path.join(root, '.cache/bench/index.js')).href)

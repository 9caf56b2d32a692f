/**
 * The Node side: the command line (`cli.js`), the desktop app (`desktop.js`, Electron's main process) and the compute
 * process (`engine.js`), bundled but for sharp and Electron.
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }

export default defineConfig({
  root,
  logLevel: 'warn',
  define: { __VERSION__: JSON.stringify(version) },
  ssr: { noExternal: true, external: ['electron', 'sharp', '@img/sharp-wasm32'] },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist/main',
    emptyOutDir: true,
    minify: false,
    copyPublicDir: false,
    // What is bundled goes with the licences that ask to.
    license: { fileName: 'licences.md' },
    rolldownOptions: {
      input: {
        cli: `${root}main/app.ts`,
        desktop: `${root}main/desktop.ts`,
        engine: `${root}main/engine/process.ts`,
      },
      external: ['electron', 'sharp', /^@img\//],
      // Chunks stand beside the entries, so that `new URL('./assets/…', import.meta.url)` is right in each of them.
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})

/** The window: plain files under the strict content policy of the hosts (nothing inline, no data: addresses). */

import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  root: `${root}renderer`,
  base: './',
  logLevel: 'warn',
  // Without a preprocessor: type annotations in components are Svelte's own.
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    outDir: `${root}dist/renderer`,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    // What is bundled goes with the licences that ask to.
    license: { fileName: 'licences.md' },
    // A licence that asks to go with every copy (shared/logTable.ts) does.
    rolldownOptions: { output: { comments: { legal: true } } },
  },
})

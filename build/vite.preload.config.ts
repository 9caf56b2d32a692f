/** The desktop app's preload: one file, CommonJS, for Electron's sandboxed windows load nothing else. */

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  root,
  logLevel: 'warn',
  ssr: { noExternal: true, external: ['electron'], target: 'webworker' },
  build: {
    ssr: true,
    target: 'es2023',
    outDir: 'dist/preload',
    emptyOutDir: true,
    minify: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: { preload: `${root}main/hosts/electron/preload.ts` },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
})

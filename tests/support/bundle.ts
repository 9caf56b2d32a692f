/** Bundles a module as the product is bundled (sharp stays outside), so that a plain Node process can run it. */

import path from 'node:path'
import { build } from 'vite'
import { repoRoot } from './shared.ts'

/** Writes `.cache/tests/<name>.js` and returns its path. */
export async function bundleForNode(entry: string, name: string): Promise<string> {
  const outDir = path.join(repoRoot, '.cache/tests', name)
  await build({
    root: repoRoot,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['sharp', '@img/sharp-wasm32'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: true,
      minify: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: { [name]: path.join(repoRoot, entry) },
        external: ['sharp', /^@img\//],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  return path.join(outDir, `${name}.js`)
}

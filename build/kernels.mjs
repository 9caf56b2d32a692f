/** `npm run kernels`: compiles `main/simd/kernels.wat` into `main/simd/kernels.ts`, which is kept with the sources. */

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './state.mjs'

const source = path.join(root, 'main/simd/kernels.wat')
const target = path.join(root, 'main/simd/kernels.ts')

/** The module that `kernels.wat` compiles to, as text. */
export async function compileKernels() {
  const { default: load } = await import('wabt')
  const wabt = await load()
  const features = { simd: true }
  const module = wabt.parseWat('kernels.wat', readFileSync(source, 'utf8'), features)
  module.validate()
  const { buffer } = module.toBinary({})
  module.destroy()
  const binary = Buffer.from(buffer).toString('base64')
  return `/** Made of kernels.wat by \`npm run kernels\`: its WebAssembly, in base64. */\nexport const binary =\n  '${binary}'\n`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(target, await compileKernels())
}

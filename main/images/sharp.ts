/**
 * The one place that decides which build of sharp is loaded, and what it may open.
 *
 * Electron on Linux brings the system's GLib; sharp's native build brings its own, and together they corrupt memory or
 * crash. So any Electron process on Linux loads only the WebAssembly build, as does any process whose environment says
 * LAYERLOUPE_SHARP=wasm. Both builds decode to the same pixels (sharp.test.ts).
 */

import Module, { createRequire } from 'node:module'
import type sharpModule from 'sharp'
import { LoupeError } from '../../shared/errors.ts'

type Sharp = typeof sharpModule
export type SharpBuild = 'native' | 'wasm'

/** Which build a process must load: its platform, its Electron version if it has one, and what LAYERLOUPE_SHARP says. */
export function chooseBuild(platform: string, electron: string | undefined, setting: string | undefined): SharpBuild {
  if (setting === 'wasm') return 'wasm'
  return platform === 'linux' && electron !== undefined ? 'wasm' : 'native'
}

function load(build: SharpBuild): Sharp {
  const require = createRequire(import.meta.url)
  if (build === 'wasm') hideNativeBuild(createRequire(require.resolve('sharp')))
  const loaded = require('sharp') as Sharp
  const isWasm = 'emscripten' in loaded.versions
  if (build === 'wasm' && !isWasm) {
    throw new LoupeError('internal', 'The WebAssembly build of sharp is needed here, but another one was loaded.')
  }
  return loaded
}

/**
 * sharp tries a build made on this machine, then its native package, and falls back to WebAssembly when it gets
 * nothing. Putting an empty module where a native one would be found means that its library is never opened, even where
 * it is installed.
 */
function hideNativeBuild(requireFromSharp: NodeJS.Require): void {
  const { version } = requireFromSharp('../package.json') as { version: string }
  for (const libc of ['', 'musl']) {
    const platform = `${process.platform}${libc}-${process.arch}`
    for (const name of [
      `../src/build/Release/sharp-${platform}-${version}.node`,
      `@img/sharp-${platform}/sharp.node`,
    ]) {
      let file: string
      try {
        file = requireFromSharp.resolve(name)
      } catch {
        continue // Not installed: nothing to hide.
      }
      const empty = new Module(file)
      empty.exports = null
      empty.loaded = true
      requireFromSharp.cache[file] = empty
    }
  }
}

export const sharpBuild = chooseBuild(process.platform, process.versions['electron'], process.env['LAYERLOUPE_SHARP'])
export const sharp = load(sharpBuild)

/** What decodes pictures, with its version and which build it is. */
export function pictureVersions(): { readonly name: string; readonly version: string }[] {
  const { sharp: own, vips } = sharp.versions as { sharp?: string; vips?: string }
  const build = sharpBuild === 'wasm' ? 'WebAssembly build' : 'native build'
  return [
    { name: 'sharp', version: `${own ?? 'unknown'} (${build})` },
    { name: 'libvips', version: vips ?? 'unknown' },
  ]
}

// Each file is decoded once, so a cache of operations would only hold memory.
sharp.cache(false)
// Only these formats, and only from memory: whatever a file claims to be, no other loader can be reached.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadTiffBuffer',
  ],
})

/** Threads for one picture, from now on. */
export function useThreads(count: number): void {
  sharp.concurrency(count)
}

/**
 * The bytes of a buffer sharp returned, to keep. The WebAssembly build returns a window on its own memory, which it uses
 * again once the buffer has been collected; that has to be copied. The native one hands its memory over.
 */
export function keepBytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  const whole: ArrayBufferLike = buffer.buffer
  if (whole instanceof ArrayBuffer && whole.byteLength === buffer.length) return new Uint8Array(whole)
  return new Uint8Array(buffer)
}

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleForNode } from '../../tests/support/bundle.ts'
import type { DecodeProcess } from '../../tests/support/decodeFiles.ts'
import { fixturesDir, sharedDir } from '../../tests/support/shared.ts'
import { chooseBuild, sharp, sharpBuild } from './sharp.ts'

describe('chooseBuild', () => {
  it.each([
    ['linux', undefined, undefined, 'native'],
    ['linux', '38.0.0', undefined, 'wasm'],
    ['darwin', '38.0.0', undefined, 'native'],
    ['win32', '38.0.0', undefined, 'native'],
    ['linux', undefined, 'wasm', 'wasm'],
    ['darwin', undefined, 'wasm', 'wasm'],
    ['linux', '38.0.0', 'native', 'wasm'],
  ] as const)('on %s, Electron %s, LAYERLOUPE_SHARP=%s takes the %s build', (platform, electron, setting, build) => {
    expect(chooseBuild(platform, electron, setting)).toBe(build)
  })
})

describe('the loaded sharp', () => {
  it('opens no SVG, whoever asks', async () => {
    expect(sharpBuild).toBe('native')
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'
    await expect(sharp(Buffer.from(svg)).metadata()).rejects.toThrow()
  })

  it('opens no file by its path', async () => {
    await expect(sharp(path.join(fixturesDir, 'synthetic/shapes.png')).metadata()).rejects.toThrow()
  })
})

function pictures(folder: string | undefined): string[] {
  if (folder === undefined || !existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => /\.[a-z]+$/.test(file))
    .map((file) => path.join(folder, file))
}

describe('the two builds of sharp, from the bundle', () => {
  let script: string
  beforeAll(async () => {
    script = await bundleForNode('tests/support/decodeFiles.ts', 'decodeFiles')
  }, 60_000)

  function decodeWith(build: string, files: string[]): DecodeProcess {
    const env = { ...process.env, LAYERLOUPE_SHARP: build }
    return JSON.parse(execFileSync(process.execPath, [script, ...files], { env, encoding: 'utf8' })) as DecodeProcess
  }

  function compare(files: string[]): void {
    const native = decodeWith('', files)
    const wasm = decodeWith('wasm', files)
    expect([native.build, wasm.build]).toEqual(['native', 'wasm'])
    const results = ({ files: decoded }: DecodeProcess) =>
      decoded.map(({ file, code, shape, pixels }) => ({ file, code, shape, pixels }))
    expect(results(wasm)).toEqual(results(native))
  }

  it('decode the made pictures to the same pixels', () => {
    const files = pictures(path.join(fixturesDir, 'synthetic'))
    expect(files.length).toBe(3)
    compare(files)
  })

  it.skipIf(sharedDir === undefined)(
    'decode five photos and the awkward files to the same pixels',
    () => {
      const photos = pictures(path.join(sharedDir!, 'images'))
      const odd = pictures(path.join(sharedDir!, 'images/odd'))
      expect([photos.length, odd.length]).toEqual([5, 16])
      compare([...photos, ...odd])
    },
    60_000,
  )

  const gobject = '/lib/x86_64-linux-gnu/libgobject-2.0.so.0'
  it.skipIf(!existsSync(gobject))("do not both live with the system's GLib: WebAssembly does", () => {
    const files = pictures(path.join(fixturesDir, 'synthetic'))
    const env = { ...process.env, LAYERLOUPE_SHARP: 'wasm', LD_PRELOAD: gobject }
    const wasm = spawnSync(process.execPath, [script, ...files], { env, encoding: 'utf8' })
    expect(wasm.stderr).toBe('')
    expect((JSON.parse(wasm.stdout) as DecodeProcess).files.map(({ code }) => code)).toEqual(['ok', 'ok', 'ok'])
  })
})

/**
 * The compute process under Electron on Linux, where the system's GLib is in the process before ours could be:
 * Electron's own linking is stood in for by LD_PRELOAD, its version by a module loaded first.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { errorCodes, toWire } from '../../shared/errors.ts'
import { watchedChild, type WatchedChild } from '../support/electronChild.ts'
import { testEngine, type TestEngine } from '../support/engine.ts'
import { engineEntry } from '../support/engineEntry.ts'
import { fixturesDir, repoRoot, sharedDir } from '../support/shared.ts'

const folders = ['/lib/x86_64-linux-gnu', '/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib']
const names = ['libgobject-2.0.so.0', 'libglib-2.0.so.0']
/** The system's GLib, or nothing where it has none. */
const glib =
  folders.map((folder) => names.map((name) => path.join(folder, name))).find((files) => files.every(existsSync)) ?? []
const missing = glib.length === 0 ? ` (did not run: this system has no ${names.join(' and ')})` : ''

function picturesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(png|jpg|webp|avif|gif|tif|bmp|svg)$/.test(entry.name))
    .map(({ name }) => path.join(folder, name))
    .sort()
}

const made = picturesIn(path.join(fixturesDir, 'synthetic'))
const shared =
  sharedDir === undefined ? [] : ['images', 'images/odd'].flatMap((name) => picturesIn(path.join(sharedDir!, name)))
const pictures = [...made, ...shared]

/** Stored samples as they are and through their profile, at their own size. */
const pipelines = (['ignore', 'srgb'] as const).map((profile) => ({
  version: 1,
  name: profile,
  layers: [{ kind: 'input', size: 'original', colour: 'rgb', profile }],
}))

/** Probes, shrinks and decodes a picture in every way there is; `ok`, or the code of the refusal. */
async function decode(engine: TestEngine, file: string): Promise<string> {
  try {
    const { id } = await engine.addFile(file)
    await engine.call('images.thumbnail', { image: id, size: 160 })
    for (const pipeline of pipelines) await engine.run(id, pipeline)
    return 'ok'
  } catch (error) {
    return toWire(error).code
  }
}

async function open(child: WatchedChild): Promise<TestEngine> {
  const engine = await testEngine({ spawn: child.spawn })
  onTestFinished(() => engine.close())
  return engine
}

/** The native libraries of sharp a running process has opened. */
function nativeLibraries(pid: number | undefined): string[] {
  const maps = readFileSync(`/proc/${pid ?? 'none'}/maps`, 'utf8').split('\n')
  return [
    ...new Set(maps.flatMap((line) => /\S*(?:libvips|sharp-linux)[^/]*\.(?:so[.\d]*|node)$/.exec(line)?.[0] ?? [])),
  ]
}

describe.skipIf(process.platform !== 'linux')('the compute process under Electron on Linux', () => {
  let entry: string
  beforeAll(async () => {
    entry = await engineEntry()
  }, 60_000)

  test('opens no native library of sharp, though one is installed here', async () => {
    const [electron, node] = [watchedChild(entry, true), watchedChild(entry, false)]
    const [inElectron, inNode] = [await open(electron), await open(node)]
    expect(await decode(inElectron, made[0]!)).toBe('ok')
    expect(await decode(inNode, made[0]!)).toBe('ok')
    expect(nativeLibraries(inNode.computePid)).not.toEqual([])
    expect(nativeLibraries(inElectron.computePid)).toEqual([])
  }, 60_000)

  test('opens no native library that was built on this machine either', async () => {
    const place = await mkdtemp(path.join(tmpdir(), 'layerloupe-'))
    onTestFinished(() => rm(place, { recursive: true, force: true }))
    const modules = path.join(repoRoot, 'node_modules')
    await cp(path.dirname(entry), path.join(place, 'app'), { recursive: true })
    await cp(path.join(modules, 'sharp'), path.join(place, 'node_modules/sharp'), { recursive: true })
    for (const name of ['@img', 'detect-libc', 'semver']) {
      await symlink(path.join(modules, name), path.join(place, 'node_modules', name))
    }
    const fromSharp = createRequire(path.join(place, 'node_modules/sharp/package.json'))
    const { version } = fromSharp('./package.json') as { version: string }
    const release = path.join(place, 'node_modules/sharp/src/build/Release')
    await mkdir(release, { recursive: true })
    const platform = `linux-${process.arch}`
    const native = path.join(path.dirname(fromSharp.resolve(`@img/sharp-${platform}/package`)), 'lib')
    const [library] = readdirSync(native).filter((name) => name.endsWith('.node'))
    await symlink(path.join(native, library!), path.join(release, `sharp-${platform}-${version}.node`))

    const engine = await open(watchedChild(path.join(place, 'app/engine.js'), true))
    expect(await decode(engine, made[0]!)).toBe('ok')
    expect(nativeLibraries(engine.computePid)).toEqual([])
  }, 60_000)

  describe.skipIf(glib.length === 0)(`with the system's GLib loaded first${missing}`, () => {
    test.skipIf(sharedDir === undefined)('has the awkward pictures too', () => {
      expect(shared.length).toBe(21)
    })

    test('decodes every picture, or refuses it with a code, without a word from GLib', async () => {
      expect(made.length).toBe(3)
      const child = watchedChild(entry, true, glib)
      const engine = await open(child)
      const codes = new Map<string, string>()
      for (const file of pictures) codes.set(path.basename(file), await decode(engine, file))
      const maps = readFileSync(`/proc/${engine.computePid ?? 'none'}/maps`, 'utf8')
      expect(maps).toContain('libgobject-2.0.so')
      expect(nativeLibraries(engine.computePid)).toEqual([])
      expect(child.ends).toEqual([])
      expect(child.stderr()).toBe('')
      for (const [name, code] of codes)
        expect([name, ['ok', ...errorCodes]]).toEqual([name, expect.arrayContaining([code])])
      const refused = [...codes].filter(([, code]) => code !== 'ok').map(([name]) => name)
      expect(codes.size - refused.length).toBeGreaterThan(pictures.length / 2)
      expect([...codes.values()]).not.toContain('internal')
    }, 180_000)

    test('would hear from GLib if the native build were loaded: it does, outside Electron', async () => {
      const child = watchedChild(entry, false, glib)
      const engine = await open(child)
      for (const file of made) await decode(engine, file)
      expect(child.stderr()).toContain('GLib-GObject-CRITICAL')
    }, 120_000)
  })
})

/** The desktop packages: the settings, and what is inside one. Made against a stand-in of Electron, without the network. */

import asar from '@electron/asar'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { appId } from '../../main/hosts/electron/start.ts'
import { packDesktop } from '../../build/packages/desktop.mjs'
import { watchedChild } from '../support/electronChild.ts'
import { testEngine } from '../support/engine.ts'
import { fixturesDir, repoRoot } from '../support/shared.ts'
import { fuses, makeStandIn, readFuses } from './standIn.ts'

/** electron-builder's settings, as far as they are looked at here. */
interface Settings {
  readonly appId: string
  readonly extraMetadata: object
  readonly publish: unknown
  readonly mac: { readonly fileAssociations: readonly { ext: string | string[]; role: string; rank: string }[] }
  readonly linux: { readonly mimeTypes: readonly string[]; readonly target: readonly string[] }
  readonly win: { readonly target: readonly string[] }
  readonly nsis: { readonly include: string }
  readonly fileAssociations?: unknown
}
interface Builder {
  getConfig(folder: string, file: string): Promise<Settings>
  validateConfiguration(settings: unknown, logger: { isEnabled: boolean }): Promise<void>
}
/** What electron-builder makes of its settings for a desktop entry, without making a package. */
interface EntryHelper {
  getDesktopFileName(): string
  computeDesktopEntry(options: unknown): Promise<string>
}

const fromBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
const builder = fromBuilder('app-builder-lib/out/util/config/config') as Builder
const readSettings = () => builder.getConfig(repoRoot, 'electron-builder.yml')

describe('electron-builder.yml', () => {
  test("is what electron-builder's own schema allows, which is not everything", async () => {
    const settings = await readSettings()
    await expect(builder.validateConfiguration(settings, { isEnabled: false })).resolves.toBeUndefined()
    const wrong = { ...settings, linux: { ...settings.linux, targets: ['deb'] } }
    await expect(builder.validateConfiguration(wrong, { isEnabled: false })).rejects.toThrow(/configuration\.linux/)
  })

  test('names two packages for each system and publishes none', async () => {
    const { linux, mac, win, publish } = (await readSettings()) as Settings & { mac: { target: string[] } }
    expect([linux.target, mac.target, win.target]).toEqual([
      ['AppImage', 'deb'],
      ['dmg', 'zip'],
      ['nsis', 'portable'],
    ])
    expect(publish).toBeNull()
    // Windows knows shortcut and window for one by it.
    expect((await readSettings()).appId).toBe(appId)
  })

  test('offers LayerLoupe for every kind of picture it reads, as the default for none', async () => {
    const { linux, mac, nsis, fileAssociations } = await readSettings()
    const offered = mac.fileAssociations.flatMap(({ ext }) => ext)
    expect([...offered].sort()).toEqual(['avif', 'gif', 'jpeg', 'jpg', 'png', 'tif', 'tiff', 'webp'])
    for (const { role, rank } of mac.fileAssociations) expect([role, rank]).toEqual(['Viewer', 'Alternate'])
    expect([...linux.mimeTypes].sort()).toEqual(
      ['avif', 'gif', 'jpeg', 'png', 'tiff', 'webp'].map((type) => `image/${type}`),
    )
    // electron-builder's own associations make an app the default on Windows; ours are in the include.
    expect(fileAssociations).toBeUndefined()
    const include = readFileSync(path.join(repoRoot, nsis.include), 'utf8')
    expect([...include.matchAll(/\$\{DO\} "(\w+)"/g)].map(([, extension]) => extension).sort()).toEqual(offered.sort())
  })
})

describe('of the builds of sharp', () => {
  const { getNodeModuleFileMatcher } = fromBuilder('app-builder-lib/out/fileMatcher') as {
    getNodeModuleFileMatcher: (
      from: string,
      to: string,
      expand: (text: string) => string,
      system: unknown,
      packager: unknown,
    ) => {
      createFilter(): (file: string, stat: { isDirectory(): boolean }) => boolean
    }
  }
  /** As all of them would be installed side by side. */
  const builds = [
    'colour',
    'sharp-wasm32',
    'sharp-linux-x64',
    'sharp-libvips-linux-x64',
    'sharp-linuxmusl-arm64',
    'sharp-darwin-arm64',
    'sharp-libvips-darwin-arm64',
    'sharp-win32-x64',
  ]

  test.each([
    ['linux', ['colour', 'sharp-wasm32'], true],
    ['mac', ['colour', 'sharp-darwin-arm64', 'sharp-libvips-darwin-arm64'], false],
    ['win', ['colour', 'sharp-win32-x64'], false],
  ] as const)('a package for %s takes %j alone, and of sharp what it loads', async (system, taken, withEmnapi) => {
    const config = await readSettings()
    const packager = { config, debugLogger: { isEnabled: false } }
    const takes = getNodeModuleFileMatcher('/app', '/out', (text) => text, config[system], packager).createFilter()
    const isTaken = (file: string) => takes(`/app/node_modules/${file}`, { isDirectory: () => false })
    expect(builds.filter((name) => isTaken(`@img/${name}/lib/any.node`))).toEqual(taken)
    expect(isTaken('@emnapi/runtime/dist/any.js')).toBe(withEmnapi)
    const ofSharp = [
      'dist/index.cjs',
      'package.json',
      'src/common.cc',
      'install/build.js',
      'dist/index.d.ts',
      'dist/a.js.map',
    ]
    expect(ofSharp.filter((name) => isTaken(`sharp/${name}`))).toEqual(['dist/index.cjs', 'package.json'])
    expect(['valibot/dist/index.js', 'hono/dist/index.js', 'electron/index.js'].filter(isTaken)).toEqual([])
  })
})

test('whatever is packed of the work of others is named in About', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(repoRoot, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const about = readFileSync(path.join(repoRoot, 'renderer/settings/AboutDialog.svelte'), 'utf8').toLowerCase()
  // A package with an owner goes by the owner's name, and those of `@img` by sharp's.
  const names = Object.keys(dependencies).map((name) => /^@([^/]+)/.exec(name)?.[1]?.replace('img', 'sharp') ?? name)
  expect(names.length).toBeGreaterThan(8)
  expect([...names, 'electron', 'svelte', 'virtua', 'codemirror'].filter((name) => !about.includes(name))).toEqual([])
})

describe('the desktop entry of a package for Linux', () => {
  const { LinuxTargetHelper } = fromBuilder('app-builder-lib/out/targets/LinuxTargetHelper') as {
    LinuxTargetHelper: new (packager: unknown) => EntryHelper
  }
  const { default: AppImage } = fromBuilder('app-builder-lib/out/targets/appimage/AppImageTarget') as {
    default: new (...parts: unknown[]) => { readonly desktopEntry: { readonly value: Promise<string> } }
  }
  const fields = (entry: string): Record<string, string> =>
    Object.fromEntries([...entry.matchAll(/^([^=\n]+)=(.*)$/gm)].map(([, key, value]) => [key!, value!] as const))

  test('is of the name by which the system knows the window, starts it in its sandbox, and offers it for pictures', async () => {
    const config = await readSettings()
    const helper = new LinuxTargetHelper({
      config,
      platformSpecificBuildOptions: config.linux,
      executableName: 'layerloupe',
      fileAssociations: [],
      appInfo: { productName: 'LayerLoupe', sanitizedProductName: 'LayerLoupe', buildVersion: '1', description: '' },
      info: { metadata: config.extraMetadata },
    })
    const packager = Reflect.get(helper, 'packager') as unknown
    expect(helper.getDesktopFileName()).toBe(appId)
    const deb = fields(await helper.computeDesktopEntry(config.linux))
    const appImage = fields(await new AppImage('', packager, helper, '').desktopEntry.value)
    for (const entry of [deb, appImage]) {
      expect(entry).toMatchObject({ StartupWMClass: appId, Icon: 'layerloupe', Categories: 'Graphics;' })
      expect(entry['MimeType']).toBe(`${config.linux.mimeTypes.join(';')};`)
    }
    // File addresses, which the app takes for the files they name.
    expect([deb['Exec'], appImage['Exec']]).toEqual(['/opt/LayerLoupe/layerloupe %U', 'AppRun %U'])
  })
})

describe.skipIf(process.platform !== 'linux')('a package for Linux', () => {
  let place: string
  let resources: string
  let archive: string
  let inside: string[]
  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'layerloupe-'))
    await makeStandIn(path.join(place, 'electron'))
    await mkdir(path.join(place, 'cache'))
    const { code, output } = await packDesktop(
      path.join(place, 'electron'),
      ['--linux', 'dir', `-c.directories.output=${path.join(place, 'out')}`],
      {
        env: {
          // Whatever it would fetch it could not, and what it fetched would be found here.
          ELECTRON_BUILDER_CACHE: path.join(place, 'cache'),
          XDG_CACHE_HOME: path.join(place, 'cache'),
          HTTP_PROXY: 'http://127.0.0.1:9',
          HTTPS_PROXY: 'http://127.0.0.1:9',
          npm_config_offline: 'true',
        },
      },
    )
    expect(code, output).toBe(0)
    const [unpacked] = (await readdir(path.join(place, 'out'))).filter((name) => name.endsWith('-unpacked'))
    resources = path.join(place, 'out', unpacked!, 'resources')
    archive = path.join(resources, 'app.asar')
    inside = asar
      .listPackage(archive, { isPack: false })
      .map((name) => name.replace(/^[\\/]/, '').replaceAll('\\', '/'))
  })
  afterAll(() => rm(place, { recursive: true, force: true }))

  test('is made without fetching anything', async () => {
    expect(await readdir(path.join(place, 'cache'))).toEqual([])
  })

  test('holds the main process, the engine, the preload, the window, the samples and the WebAssembly build of sharp', () => {
    expect(inside).toEqual(
      expect.arrayContaining([
        'package.json',
        'dist/main/desktop.js',
        'dist/main/engine.js',
        'dist/main/assets/plex-sans-latin-400.woff',
        'dist/preload/preload.cjs',
        'dist/main/icon.png',
        'dist/main/licences.md',
        'dist/renderer/index.html',
        'dist/renderer/licences.md',
        'dist/samples/samples.json',
        'node_modules/sharp/dist/index.cjs',
        'node_modules/@img/colour/LICENSE.md',
        'node_modules/@img/sharp-wasm32/package.json',
        'node_modules/@emnapi/runtime/package.json',
      ]),
    )
    const { main, desktopName } = JSON.parse(asar.extractFile(archive, 'package.json').toString()) as {
      main: string
      desktopName: string
    }
    expect([main, desktopName]).toEqual(['dist/main/desktop.js', `${appId}.desktop`])
  })

  test('holds no sources, maps, tests or tools, and nothing native', () => {
    const tops = [...new Set(inside.map((name) => name.split('/')[0]))]
    expect(tops.sort()).toEqual(['dist', 'node_modules', 'package.json'])
    const folders = inside.filter((name) => /^dist\/[^/]+$/.test(name))
    expect(folders.sort()).toEqual(['dist/main', 'dist/preload', 'dist/renderer', 'dist/samples'])
    const packages = inside.filter((name) => /^node_modules\/(@[^/]+\/)?[^/@]+$/.test(name))
    expect(packages.map((name) => name.slice('node_modules/'.length)).sort()).toEqual([
      '@emnapi/runtime',
      '@img/colour',
      '@img/sharp-wasm32',
      'detect-libc',
      'semver',
      'sharp',
      'tslib',
    ])
    expect(
      inside.filter((name) => /\.(map|[cm]?ts|svelte|node|so(\.\d+)*|cc?|h)$|(^|\/)tests?(\/|$)/.test(name)),
    ).toEqual([])
  })

  test('has the WebAssembly build outside the archive, where it is a file', async () => {
    const folder = path.join(`${archive}.unpacked`, 'node_modules/@img')
    expect(await readdir(folder)).toEqual(['sharp-wasm32'])
    const [wasm] = (await readdir(path.join(folder, 'sharp-wasm32/lib'))).filter((name) => name.endsWith('.wasm'))
    expect((await stat(path.join(folder, 'sharp-wasm32/lib', wasm!))).size).toBeGreaterThan(1_000_000)
  })

  test("has its fuses set, and not Electron's starter app", async () => {
    const program = readFileSync(path.join(resources, '../layerloupe'))
    const on = [
      'enableCookieEncryption',
      'enableEmbeddedAsarIntegrityValidation',
      'onlyLoadAppFromAsar',
      // Newer than electron-builder's list of them, and left as Electron ships it: WebAssembly is faster with it.
      'wasmTrapHandlers',
    ]
    expect(readFuses(program)).toEqual(Object.fromEntries(fuses.map((name) => [name, on.includes(name)])))
    expect((await readdir(resources)).filter((name) => name.endsWith('.asar'))).toEqual(['app.asar'])
  })

  test('speaks the language the app is in, and no other', async () => {
    expect(await readdir(path.join(resources, '../locales'))).toEqual(['en-US.pak'])
  })

  test('has all its compute process needs: it decodes and computes from what was packed alone', async () => {
    const app = path.join(place, 'app')
    asar.extractAll(archive, app)
    const child = watchedChild(path.join(app, 'dist/main/engine.js'), true)
    const engine = await testEngine({ spawn: child.spawn })
    onTestFinished(() => engine.close())
    const { id } = await engine.addFile(path.join(fixturesDir, 'synthetic/clouds.jpg'))
    const { stages } = await engine.run(id, {
      version: 1,
      name: 'one',
      layers: [{ kind: 'input' }, { kind: 'conv2d' }],
    })
    expect(stages.map(({ shape }) => shape.slice(0, 2))).toEqual([
      [64, 64],
      [64, 64],
    ])
    expect(child.stderr()).toBe('')
  })
})

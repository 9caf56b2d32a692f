import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { appArguments, browserCandidates, dataFolder, hasDisplay } from '../../main/hosts/cli/browser.ts'
import { shapes, start, temporaryFolder, until } from './support/program.ts'

const address = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43,}/

test('serve prints an address, serves the window there, and ends with 0 on Ctrl-C', async () => {
  const { child, ended, said } = start(['serve', shapes])
  await until(() => address.test(said()), said)
  const [found] = address.exec(said())!
  const response = await fetch(new URL('/', found))
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('<title>LayerLoupe</title>')
  child.kill('SIGINT')
  const { code, out } = await ended
  expect(code).toBe(0)
  expect(out.trim()).toBe(found)
})

test('files that cannot be opened are told of and the folder beside them is opened; a word that is no file is not', async () => {
  const folder = await temporaryFolder()
  await writeFile(path.join(folder, 'empty.png'), '')
  await copyFile(shapes, path.join(folder, 'shapes.png'))
  const { child, ended, said } = start(['serve', path.join(folder, 'gone.jpg'), folder])
  await until(() => said().includes('empty.png'), said)
  child.kill('SIGINT')
  const { code, err } = await ended
  expect(code).toBe(0)
  expect(err).toContain(`layerloupe: ${path.join(folder, 'gone.jpg')} cannot be read: it is not there`)
  expect(err).toMatch(/^layerloupe: .*empty\.png is empty/m)
  expect(err).not.toContain('shapes.png')
})

test('a port that is taken is told as such', async () => {
  const first = start(['serve'])
  await until(() => address.test(first.said()), first.said)
  const port = new URL(address.exec(first.said())![0]).port
  const second = await start(['serve', '--port', port]).ended
  expect(second).toMatchObject({ code: 1, out: '' })
  expect(second.err).toContain(`port ${port} is taken`)
  first.child.kill('SIGINT')
  await first.ended
})

test.runIf(process.platform === 'linux')(
  'with no display it prints the address instead of opening a window',
  async () => {
    const { child, ended, said } = start([shapes], { env: { DISPLAY: undefined, WAYLAND_DISPLAY: undefined } })
    await until(() => address.test(said()), said)
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  },
)

/** A browser that writes down how it was called, asks for the page it was given, and waits to be closed. */
async function fakeBrowser(folder: string, body: string): Promise<Record<string, string>> {
  const file = path.join(folder, 'browser')
  await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/arguments'\n${body}\n`)
  await chmod(file, 0o755)
  await mkdir(path.join(folder, 'data'))
  return { LAYERLOUPE_BROWSER: file, DISPLAY: ':99', XDG_DATA_HOME: path.join(folder, 'data') }
}

describe.runIf(process.platform === 'linux')('the app window', () => {
  test('ends the program when it is closed, and leaves nothing behind', async () => {
    const folder = await temporaryFolder()
    const env = await fakeBrowser(
      folder,
      `for a in "$@"; do case "$a" in --app=file://*) cp "\${a#--app=file://}" '${folder}/page';; esac; done`,
    )
    const { code } = await start([shapes], { env }).ended
    expect(code).toBe(0)
    expect(await readFile(path.join(folder, 'page'), 'utf8')).toMatch(address)
    expect(await readdir(path.join(folder, 'data/layerloupe/windows'))).toEqual([])
  })

  test('once closed is not kept waiting for by pictures that have not been read', async () => {
    const folder = await temporaryFolder()
    const env = await fakeBrowser(folder, 'exit 0')
    const last = path.join(folder, 'notes.txt')
    await writeFile(last, 'not a picture')
    const { code, err } = await start([...Array<string>(1000).fill(shapes), last], { env }).ended
    expect(code).toBe(0)
    expect(err).not.toContain('notes.txt')
  })

  test('clears what a start that was killed left behind', async () => {
    const folder = await temporaryFolder()
    const env = await fakeBrowser(folder, 'exit 0')
    const windows = path.join(folder, 'data/layerloupe/windows')
    // No process has this number: Linux stops at 4194304.
    await mkdir(path.join(windows, 'window-4194305-abc/profile'), { recursive: true })
    await start([], { env }).ended
    expect(await readdir(windows)).toEqual([])
  })

  test('is told its address by a private file, never on the command line', async () => {
    const folder = await temporaryFolder()
    const env = await fakeBrowser(folder, 'exec sleep 60')
    const { child, ended, said } = start([], { env })
    await until(async () => (await readdir(folder)).includes('arguments'), said)
    const given = await readFile(path.join(folder, 'arguments'), 'utf8')
    expect(given).toContain('--app=file://')
    expect(given).not.toMatch(/#/)
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  })

  test('that cannot be opened leaves the address to open', async () => {
    const folder = await temporaryFolder()
    const env = await fakeBrowser(folder, 'exit 3')
    const { child, ended, said } = start([], { env })
    await until(() => address.test(said()), said)
    expect(said()).toContain('exit code 3')
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  })
})

test.runIf(process.platform === 'linux')(
  'where neither Electron nor Chromium is to be had, the default browser is handed a private page with the address',
  async () => {
    const folder = await temporaryFolder()
    const desktop = path.join(folder, 'electron')
    const opener = path.join(folder, 'xdg-open')
    await writeFile(desktop, '#!/bin/sh\nexit 7\n')
    await writeFile(opener, `#!/bin/sh\n/bin/cp "$1" '${folder}/page'\n`)
    await Promise.all([desktop, opener].map((file) => chmod(file, 0o755)))
    const { child, ended, said } = start([shapes], {
      env: {
        LAYERLOUPE_BROWSER: undefined,
        ELECTRON_OVERRIDE_DIST_PATH: folder,
        PATH: folder,
        DISPLAY: ':99',
        XDG_DATA_HOME: path.join(folder, 'data'),
      },
    })
    await until(() => said().includes('open in your browser'), said)
    expect(said()).toMatch(/Electron could not show the window \(.*7\), so it opens in a browser/)
    expect(said()).not.toMatch(address)
    expect(await readFile(path.join(folder, 'page'), 'utf8')).toMatch(address)
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
    expect(await readdir(path.join(folder, 'data/layerloupe/windows'))).toEqual([])
  },
)

describe('finding a browser', () => {
  test('Linux needs a display, X11 or Wayland', () => {
    expect(hasDisplay('linux', {})).toBe(false)
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true)
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
    expect(hasDisplay('win32', {})).toBe(true)
  })

  test('candidates are those of the system; a named browser comes alone', () => {
    expect(browserCandidates('linux', { PATH: '/usr/bin:/opt/bin' }).slice(0, 2)).toEqual([
      '/usr/bin/chromium',
      '/opt/bin/chromium',
    ])
    expect(browserCandidates('win32', { PROGRAMFILES: 'C:\\Program Files' })).toContain(
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    )
    expect(browserCandidates('darwin', {})[0]).toBe('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome')
    expect(browserCandidates('linux', { LAYERLOUPE_BROWSER: '/my/chrome', PATH: '/usr/bin' })).toEqual(['/my/chrome'])
  })

  test('only root goes without the sandbox', () => {
    expect(appArguments('file:///a', '/p', false)).not.toContain('--no-sandbox')
    expect(appArguments('file:///a', '/p', true)).toContain('--no-sandbox')
  })

  test('data is kept where each system keeps it', () => {
    expect(dataFolder('linux', {}, '/home/ada')).toBe('/home/ada/.local/share/layerloupe')
    expect(dataFolder('linux', { XDG_DATA_HOME: '/data' }, '/home/ada')).toBe('/data/layerloupe')
    expect(dataFolder('darwin', {}, '/Users/ada')).toBe('/Users/ada/Library/Application Support/LayerLoupe')
  })
})

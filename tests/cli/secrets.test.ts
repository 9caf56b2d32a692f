/** Where the keys of a window must not be: in what is printed, in the process list, in files others read or that stay. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { browserCandidates } from '../../main/hosts/cli/browser.ts'
import { decodeWire, encodeWire, wireType } from '../../shared/wire.ts'
import { filesBelow, shapes, start, temporaryFolder, until } from './support/program.ts'

/** A home and everything a program may keep, in a folder of the test's own. */
function homeIn(folder: string) {
  const at = (name: string) => path.join(folder, name)
  return {
    HOME: folder,
    XDG_DATA_HOME: at('data'),
    XDG_CONFIG_HOME: at('config'),
    XDG_STATE_HOME: at('state'),
    XDG_CACHE_HOME: at('cache'),
    TMPDIR: at('tmp'),
  }
}

async function filesWith(folder: string, secrets: readonly string[]): Promise<string[]> {
  const files = await filesBelow(folder)
  return files.filter((file) => {
    const text = readFileSync(path.join(folder, file), 'latin1')
    return secrets.some((secret) => text.includes(secret))
  })
}

/** Processes whose command line, or environment, holds a text. */
function processesWith(secret: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => ['cmdline', 'environ'].map((kind) => `/proc/${pid}/${kind}`))
    .filter((file) => {
      try {
        return readFileSync(file, 'latin1').includes(secret)
      } catch {
        return false // Ended meanwhile.
      }
    })
}

const token = /http:\/\/127\.0\.0\.1:\d+\/#([\w-]{43})/

test('serve prints a token once, in the address, and says no more of it or of the session, whatever is asked', async () => {
  const folder = await temporaryFolder()
  await mkdir(path.join(folder, 'tmp'))
  const { child, ended, said } = start(['serve', shapes], { env: homeIn(folder) })
  await until(() => token.test(said()), said)
  const [address, launch] = token.exec(said())!
  const { origin } = new URL(address)
  const ask = async (target: string, key: string, body: Uint8Array<ArrayBuffer>) =>
    await fetch(`${origin}${target}`, {
      method: 'POST',
      headers: { 'content-type': wireType, authorization: `Bearer ${key}` },
      body,
    })
  const exchanged = await ask('/api/session', '', encodeWire({ token: launch }))
  const { result } = decodeWire(new Uint8Array(await exchanged.arrayBuffer())) as { result: { session: string } }
  const { session } = result
  for (const [target, key, status] of [
    ['/api/session', '', 401],
    ['/api/call/images.list', session, 200],
    ['/api/call/images.list', launch!, 401],
    [`/api/call/${session}`, session, 404],
    [`/${launch!}`, session, 405],
  ] as const) {
    const answer = await ask(target, key, encodeWire(target === '/api/session' ? { token: launch } : {}))
    expect([target, answer.status]).toEqual([target, status])
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).not.toMatch(new RegExp(`${launch!}|${session}`))
  }
  if (process.platform === 'linux') expect([launch!, session].flatMap(processesWith)).toEqual([])
  child.kill('SIGINT')
  const { code, out, err } = await ended
  expect([code, out.trim()]).toEqual([0, address])
  expect(err).not.toMatch(new RegExp(`${launch!}|${session}`))
  expect(await filesWith(folder, [launch!, session])).toEqual([])
})

/** Writes down the page it is told to open, then does what `then` says. */
async function watchedBrowser(folder: string, then: string): Promise<Record<string, string>> {
  const file = path.join(folder, 'browser')
  const find = `for a in "$@"; do case "$a" in --app=file://*) page="\${a#--app=file://}";; esac; done`
  await writeFile(file, `#!/bin/sh\n${find}\necho "$page" > '${folder}/where'\ncp "$page" '${folder}/page'\n${then}\n`)
  await chmod(file, 0o755)
  await mkdir(path.join(folder, 'home/tmp'), { recursive: true })
  return { ...homeIn(path.join(folder, 'home')), LAYERLOUPE_BROWSER: file, DISPLAY: ':99' }
}

async function launched(folder: string, said: () => string): Promise<string> {
  await until(
    () => existsSync(path.join(folder, 'page')) && token.test(readFileSync(path.join(folder, 'page'), 'utf8')),
    said,
  )
  return token.exec(await readFile(path.join(folder, 'page'), 'utf8'))![1]!
}

const chromium = browserCandidates('linux', { PATH: process.env['PATH'] }).find(existsSync)

describe.runIf(process.platform === 'linux')('a window', () => {
  test('has its token in a file of this user alone, and in no process’s arguments or environment', async () => {
    const folder = await temporaryFolder()
    const env = await watchedBrowser(folder, 'exec env PAGE="$page" sleep 60')
    const { child, ended, said } = start([shapes], { env })
    const launch = await launched(folder, said)
    const page = (await readFile(path.join(folder, 'where'), 'utf8')).trim()
    expect((await stat(page)).mode & 0o777).toBe(0o600)
    for (const above of [path.dirname(page), path.dirname(path.dirname(page))]) {
      expect((await stat(above)).mode & 0o777).toBe(0o700)
    }
    expect(processesWith(launch)).toEqual([])
    // The search does find what is there.
    expect(processesWith(page).length).toBeGreaterThan(0)
    child.kill('SIGINT')
    await ended
    expect(said()).not.toContain(launch)
    expect(await filesWith(path.join(folder, 'home'), [launch])).toEqual([])
  })

  test.skipIf(chromium === undefined)('in a real browser leaves its token nowhere', async () => {
    const folder = await temporaryFolder()
    const env = await watchedBrowser(folder, `exec '${chromium!}' --headless=new "$@"`)
    const { child, ended, said } = start([shapes], { env })
    const launch = await launched(folder, said)
    const page = (await readFile(path.join(folder, 'where'), 'utf8')).trim()
    // The page that leads to the window is removed when the window has used the token.
    await until(() => !existsSync(page), said)
    expect(processesWith(launch)).toEqual([])
    expect(processesWith(path.dirname(path.dirname(page))).length).toBeGreaterThan(1)
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
    expect(said()).not.toContain(launch)
    expect(await filesWith(path.join(folder, 'home'), [launch])).toEqual([])
  })
})

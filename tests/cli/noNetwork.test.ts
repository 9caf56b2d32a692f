/**
 * LayerLoupe opens no connection. Told twice: by a trap in its own processes that writes down and refuses every attempt,
 * and by the kernel's counters in a network namespace that has nothing but loopback. (What the window's page asks for:
 * tests/e2e/noNetwork.spec.ts.)
 */

import { execFile, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { presets } from '../../shared/presets.ts'
import { bundleForNode } from '../support/bundle.ts'
import { command, layerloupe, shapes, temporaryFolder } from './support/program.ts'

const execute = promisify(execFile)
const trap = `--import=${new URL('../support/trapNetwork.mjs', import.meta.url).href}`

let scenario: string
beforeAll(async () => {
  scenario = await bundleForNode('tests/support/playWindow.ts', 'playWindow')
}, 60_000)

/** What the trap wrote down: which programs it watched, and what they attempted. */
async function readTrap(file: string) {
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  const named = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
  return { watched: named('watching'), attempts: named('ATTEMPT') }
}

const played = { ends: [...presets.map(() => 'run.done'), 'export.done'], images: 1, code: 0 }

describe('with every connection trapped', () => {
  test('the trap catches whatever way a program tries', async () => {
    const file = path.join(await temporaryFolder(), 'attempts')
    const ways = `
      import dgram from 'node:dgram'
      import dns, { lookup } from 'node:dns'
      import http from 'node:http'
      import https from 'node:https'
      import net, { connect } from 'node:net'
      import tls from 'node:tls'
      import { fork } from 'node:child_process'
      const ways = [
        () => fetch('http://192.0.2.1/'),
        () => http.get('http://192.0.2.2/').on('error', () => {}),
        () => https.get('https://192.0.2.3/').on('error', () => {}),
        () => net.connect(80, '192.0.2.4'),
        () => connect({ host: '192.0.2.5', port: 80 }),
        () => tls.connect({ host: '192.0.2.6', port: 443 }),
        () => net.connect('/run/some.sock'),
        () => dgram.createSocket('udp4'),
        () => lookup('one.invalid', () => {}),
        () => dns.promises.resolve4('two.invalid'),
        () => net.createServer().listen(0),
        () => net.createServer().listen({ host: '0.0.0.0', port: 0 }),
      ]
      for (const way of ways) try { await way() } catch {}
      if (process.argv[1] === undefined) fork(process.env.CHILD, ['x'])
    `
    const child = `data:text/javascript,import net from 'node:net'; try { net.connect(81, '192.0.2.9') } catch {}`
    const source = path.join(path.dirname(file), 'child.mjs')
    await writeFile(source, `await import(${JSON.stringify(child)})`)
    await execute(process.execPath, [trap, '--input-type=module', '-e', ways], {
      env: { ...process.env, LAYERLOUPE_TEST_NETWORK: file, CHILD: source },
    })
    const { watched, attempts } = await readTrap(file)
    expect(watched).toEqual(['no program', 'child.mjs'])
    const wanted = ['1:80', '2:80', '3:443', '4:80', '5:80', '6:443', '9:81'].map((end) => `connection 192.0.2.${end}`)
    expect(attempts.sort()).toEqual(
      [
        ...wanted,
        'connection /run/some.sock',
        'datagram udp4',
        'name one.invalid',
        'name two.invalid',
        'listening 0',
        'listening {"host":"0.0.0.0","port":0}',
      ].sort(),
    )
  })

  test('the command line runs, plans and lists', async () => {
    const folder = await temporaryFolder()
    const file = path.join(folder, 'attempts')
    const env = { NODE_OPTIONS: trap, LAYERLOUPE_TEST_NETWORK: file }
    for (const args of [
      ['run', shapes, '--out', path.join(folder, 'out')],
      ['run', shapes, '--pipeline', 'edges', '--json'],
      ['plan', '--size', shapes],
      ['presets'],
      ['--help'],
    ]) {
      const { code, err } = await layerloupe(args, { env })
      expect([args, code, err.includes('This test allows')]).toEqual([args, 0, false])
    }
    const { watched, attempts } = await readTrap(file)
    expect(attempts).toEqual([])
    expect(watched.filter((name) => name === 'cli.js')).toHaveLength(5)
    expect(watched).toContain('engine.js')
  })

  test('a window is opened, given a picture, runs each preset, saves and is reloaded', async () => {
    const file = path.join(await temporaryFolder(), 'attempts')
    const { stdout } = await execute(process.execPath, [scenario, command, shapes], {
      env: { ...process.env, PLAY_NODE_OPTIONS: trap, LAYERLOUPE_TEST_NETWORK: file },
    })
    expect(JSON.parse(stdout)).toMatchObject(played)
    expect(await readTrap(file)).toEqual({ watched: ['cli.js', 'engine.js'], attempts: [] })
  })
})

/** Runs a program where there is no network but loopback; what it printed, and what the kernel saw it attempt. */
async function aloneWithLoopback(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const script = 'ip link set lo up && "$@"; code=$?; cat /proc/self/net/snmp >&2; exit $code'
  const { stdout, stderr } = await execute('unshare', ['-n', 'sh', '-c', script, 'sh', program, ...args], { env })
  const counter = (protocol: string, name: string) => {
    const [names, values] = stderr.split('\n').filter((line) => line.startsWith(`${protocol}: `))
    return Number(values!.split(' ')[names!.split(' ').indexOf(name)])
  }
  // Ways out that there were none of, and packets of the protocol names are asked by.
  return { stdout, noRoute: counter('Ip', 'OutNoRoutes'), datagrams: counter('Udp', 'OutDatagrams') }
}

const canBeAlone = spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']).status === 0

describe.skipIf(!canBeAlone)('with no network but loopback (Linux, as root)', () => {
  test('the kernel counts what is attempted', async () => {
    const code = `require('net').connect(80, '192.0.2.1').on('error', () => process.stdout.write('no'))`
    const { stdout, noRoute } = await aloneWithLoopback(process.execPath, ['-e', code])
    expect([stdout, noRoute]).toEqual(['no', 1])
  })

  test('the command line works and attempts nothing', async () => {
    const out = path.join(await temporaryFolder(), 'out')
    const { noRoute, datagrams } = await aloneWithLoopback(process.execPath, [command, 'run', shapes, '--out', out])
    expect([noRoute, datagrams]).toEqual([0, 0])
  })

  test('a window is opened, given a picture, runs each preset, saves and is reloaded, and nothing is attempted', async () => {
    const { stdout, noRoute, datagrams } = await aloneWithLoopback(process.execPath, [scenario, command, shapes])
    expect(JSON.parse(stdout)).toMatchObject(played)
    expect([noRoute, datagrams]).toEqual([0, 0])
  })
})

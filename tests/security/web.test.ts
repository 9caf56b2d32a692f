/** The web host attacked over raw sockets, always at 127.0.0.1: every attempt gets nothing and causes nothing. */

import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { decodeWire, encodeWire } from '../../shared/wire.ts'
import { requestText, sendRaw, type HeaderLine } from '../support/rawHttp.ts'
import { lengthOf, ours, removal, startAttacker, type Attacker } from './attacker.ts'

let from: Attacker
/** What a test caused on purpose. */
let meant: string[] = []
const output: string[] = []

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    vi.spyOn(stream, 'write').mockImplementation((chunk: string | Uint8Array) => {
      output.push(String(chunk))
      return write(chunk)
    })
  }
  from = await startAttacker({ call: 10_000 })
})

afterAll(async () => {
  await from.host.close()
})

afterEach(async () => {
  expect(await from.caused()).toEqual(meant)
  meant = []
})

describe('what is let in', () => {
  it('is the page, without a token', async () => {
    const answer = await from.send('GET', '/', [from.own])
    expect([answer.status, answer.body.toString()]).toEqual([200, '<!doctype html><title>LayerLoupe</title>'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    // Asked for the theme, which the page is served in.
    meant = ['settings.read']
  })

  it('is an asset, which may be kept for ever', async () => {
    const answer = await from.send('GET', '/assets/index-0123abcd.js', [from.own])
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  it('is a call with the session token, which is not to be kept', async () => {
    const body = encodeWire({})
    const answer = await from.send('POST', '/api/call/images.list', [from.own, ours, from.key, lengthOf(body)], body)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect((decodeWire(new Uint8Array(answer.body)) as { result: unknown[] }).result).toHaveLength(2)
    meant = ['images.list']
  })
})

it.skipIf(process.platform !== 'linux')('listens on 127.0.0.1 alone', () => {
  const hex = from.host.port.toString(16).toUpperCase().padStart(4, '0')
  const listening = ['/proc/self/net/tcp', '/proc/self/net/tcp6']
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(`:${hex}`) && state === '0A')
    .map(([, local]) => local)
  expect(listening).toEqual([`0100007F:${hex}`])
})

describe('the host name', () => {
  it.each([
    ['missing', []],
    ['foreign', ['evil.example']],
    ['foreign with our port', ['evil.example:PORT']],
    ['of another port', ['127.0.0.1:1']],
    ['without a port', ['127.0.0.1']],
    ['0.0.0.0', ['0.0.0.0:PORT']],
    ['a LAN address', ['192.168.1.20:PORT']],
    ['a name that resolves to 127.0.0.1', ['127.0.0.1.nip.io:PORT']],
    ['twice', ['127.0.0.1:PORT', '127.0.0.1:PORT']],
    ['own and foreign', ['127.0.0.1:PORT', 'evil.example']],
    ['foreign and own', ['evil.example', '127.0.0.1:PORT']],
  ])('%s gets neither a page nor a call', async (_name, hosts) => {
    const lines = hosts.map((value): HeaderLine => ['Host', value.replace('PORT', String(from.host.port))])
    expect([400, 421]).toContain((await from.send('GET', '/', lines)).status)
    expect([400, 421]).toContain(await from.attack([...lines, ours, from.key]))
  })
})

describe('the origin', () => {
  it.each([
    'https://evil.example',
    'null',
    'http://127.0.0.1:1',
    'http://localhost:PORT',
    'http://127.0.0.1:PORT.evil.example',
  ])('%s is refused, token or not', async (origin) => {
    const line: HeaderLine = ['Origin', origin.replace('PORT', String(from.host.port))]
    expect(await from.attack([from.own, ours, from.key, line])).toBe(403)
    expect(await from.attack([from.own, ours, line])).toBe(403)
    expect((await from.send('GET', '/api/events', [from.own, from.key, line])).status).toBe(403)
    expect((await from.send('OPTIONS', '/api/call/images.remove', [from.own, line])).status).toBe(403)
  })
})

describe('Sec-Fetch-Site', () => {
  it.each(['cross-site', 'same-site', 'none'])('%s is refused, token or not', async (site) => {
    const line: HeaderLine = ['Sec-Fetch-Site', site]
    expect(await from.attack([from.own, ours, from.key, line])).toBe(403)
    expect((await from.send('GET', '/api/events', [from.own, from.key, line])).status).toBe(403)
    expect((await from.send('GET', '/assets/index-0123abcd.js', [from.own, line])).status).toBe(403)
    const framed: HeaderLine[] = [line, ['Sec-Fetch-Mode', 'navigate'], ['Sec-Fetch-Dest', 'iframe']]
    expect((await from.send('GET', '/', [from.own, ...framed])).status).toBe(403)
  })
})

describe('what a page can post without asking', () => {
  it.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=b',
  ])('%s has no effect, token or not', async (type) => {
    const line: HeaderLine = ['Content-Type', type]
    expect(await from.attack([from.own, line, from.key])).toBe(415)
    expect(await from.attack([from.own, line])).toBe(401)
    const many = Array.from(
      { length: 300 },
      (_, part) => `--b\r\nContent-Disposition: form-data; name="${part}"\r\n\r\nx\r\n`,
    )
    expect(await from.attack([from.own, line, from.key], many.join('').slice(0, 9000))).toBe(415)
    const body = encodeWire({ token: from.launchToken() })
    expect((await from.send('POST', '/api/session', [from.own, line, lengthOf(body)], body)).status).toBe(415)
  })

  it('has no effect without a type', async () => {
    expect(await from.attack([from.own, from.key])).toBe(415)
  })
})

describe('the token', () => {
  it('missing, wrong, truncated, lengthened or of another scheme is refused', async () => {
    expect(await from.attack([from.own, ours])).toBe(401)
    for (const token of [
      '',
      'x',
      'A'.repeat(43),
      from.session.slice(0, -1),
      `${from.session}A`,
      from.session.toLowerCase() + 'x',
    ]) {
      expect(await from.attack([from.own, ours, ['Authorization', `Bearer ${token}`]])).toBe(401)
    }
    expect(await from.attack([from.own, ours, ['Authorization', from.session]])).toBe(401)
    expect(await from.attack([from.own, ours, ['Cookie', `session=${from.session}`]])).toBe(401)
    expect((await from.send('GET', '/api/events', [from.own])).status).toBe(401)
  })

  it('of an address is good for one exchange, and for nothing else', async () => {
    const launch = from.launchToken()
    expect(await from.attack([from.own, ours, ['Authorization', `Bearer ${launch}`]])).toBe(401)
    expect(await from.exchange(launch)).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await from.exchange(launch)).toBeUndefined()
    expect(await from.exchange(from.session)).toBeUndefined()
    expect(await from.exchange('A'.repeat(43))).toBeUndefined()
    expect(await from.exchange('')).toBeUndefined()
  })

  it('is not read from the address', async () => {
    expect((await from.send('GET', `/api/events?token=${from.session}`, [from.own])).status).toBe(400)
  })

  it('exchange refuses what is no exchange', async () => {
    for (const body of [encodeWire({}), encodeWire({ token: 7 }), encodeWire([]), encodeWire(null)]) {
      expect((await from.send('POST', '/api/session', [from.own, ours, lengthOf(body)], body)).status).toBe(401)
    }
    for (const body of ['', 'token', '\u0001\u0000\u0000\u0000{']) {
      expect((await from.send('POST', '/api/session', [from.own, ours, lengthOf(body)], body)).status).toBe(400)
    }
  })

  it('appears in nothing the host printed', () => {
    expect(from.session).toHaveLength(43)
    expect(output.filter((line) => line.includes(from.session))).toEqual([])
  })
})

describe('paths', () => {
  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%252e%252e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets\\index-0123abcd.js',
    '/index.html%00.png',
    '/index.html\0',
    '//secret.txt',
    '///etc/passwd',
    '//127.0.0.1/',
    '/C:/Windows/win.ini',
    'C:\\Windows\\win.ini',
    '/?file=/etc/passwd',
    '/assets/index-0123abcd.js?x',
    '/./',
    '/.',
    'http://evil.example/',
    'file:///etc/passwd',
    '*',
    '/etc/passwd\t',
    '/\u00e4',
    `/${'a'.repeat(20_000)}`,
  ])('%j gets nothing', async (target) => {
    const answer = await from.send('GET', target, [from.own, from.key])
    expect([400, 414, 431]).toContain(answer.status)
    expect(answer.all).not.toMatch(/secret|root:/)
  })

  it('in absolute form get nothing, ours included', async () => {
    expect((await from.send('GET', `http://127.0.0.1:${from.host.port}/`, [from.own])).status).toBe(400)
  })

  it.each(['/secret.txt', '/notes.txt', '/etc/passwd', '/index.htm', '/assets', '/constructor', '/__proto__'])(
    '%j is no page',
    async (target) => {
      expect((await from.send('GET', target, [from.own])).status).toBe(404)
    },
  )
})

describe('methods by another spelling', () => {
  it.each([
    '/API/call/images.remove',
    '/api/Call/images.remove',
    '/api//call/images.remove',
    '//api/call/images.remove',
    '/api/call/images.remove/',
    '/api/call/images%2eremove',
    '/api/call/../call/images.remove',
    '/api/call/x/../images.remove',
    '/api/call/images.remove?x',
    '/api/call/images.remove%00',
    '/api/call/Images.Remove',
    '/api/call/images.remove.',
    '/api\\call\\images.remove',
  ])('%j call nothing, token or not', async (target) => {
    for (const key of [[from.key], []]) {
      const answer = await from.send('POST', target, [from.own, ours, ...key, lengthOf(removal)], removal)
      expect(answer.status).toBeOneOf([400, 401, 404, 405])
    }
  })
})

describe('methods', () => {
  it.each(['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'LOCK', 'POST'])(
    '%s changes no page',
    async (method) => {
      const { status } = await from.send(method, '/', [from.own])
      expect([405]).toContain(status)
    },
  )

  it('unknown to HTTP are refused', async () => {
    expect((await from.send('STEAL', '/', [from.own])).status).toBe(400)
  })

  it('CONNECT opens no tunnel', async () => {
    const { status } = await sendRaw(from.host.port, [requestText('CONNECT', 'evil.example:80', [from.own])], 1000)
    expect(status).toBe(0)
  })

  it('of the contract are all there are', async () => {
    for (const method of ['addFile', 'exportTo', 'close', 'call', 'constructor', 'toString', '__proto__']) {
      const answer = await from.send(
        'POST',
        `/api/call/${method}`,
        [from.own, ours, from.key, lengthOf(removal)],
        removal,
      )
      expect(answer.status).toBeOneOf([400, 404])
    }
  })

  it('with wrong parameters are refused before the engine is asked', async () => {
    for (const params of [
      {},
      [],
      null,
      { images: 'all' },
      { images: ['../../etc/passwd'] },
      { images: [], extra: 1 },
    ]) {
      expect(await from.attack([from.own, ours, from.key], encodeWire(params))).toBe(400)
    }
    expect(await from.attack([from.own, ours, from.key], '{"images":[]}')).toBe(400)
  })
})

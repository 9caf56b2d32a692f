/** What a sender can make the host hold or wait for: bodies, connections, slow readers; over raw sockets at 127.0.0.1. */

import net from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fakeApi } from '../../renderer/transport/fake.ts'
import { decodeWire, encodeWire } from '../../shared/wire.ts'
import { requestText, sendRaw, type HeaderLine } from '../support/rawHttp.ts'
import { startTestHost } from '../support/webHost.ts'
import { expectStrict, ours, lengthOf, startAttacker, type Attacker } from './attacker.ts'

let from: Attacker

beforeAll(async () => {
  from = await startAttacker({ call: 10_000, headersTime: 400, requestTime: 3000, bodyIdle: 200, connections: 40 })
})

afterAll(async () => {
  await from.host.close()
})

/** What a test caused on purpose. */
let meant: string[] = []
afterEach(async () => {
  expect(await from.caused()).toEqual(meant)
  meant = []
})

describe('bodies', () => {
  it('larger than allowed are refused with a reason the sender can read', async () => {
    const large = new Uint8Array(4_000_000)
    const answer = await from.send(
      'POST',
      '/api/call/images.remove',
      [from.own, ours, from.key, lengthOf(large)],
      large,
    )
    expect(answer.status).toBe(413)
    expect(decodeWire(new Uint8Array(answer.body))).toMatchObject({
      ok: false,
      message: 'The body may have 10000 bytes at most.',
    })
  })

  it('announced larger than allowed are refused before they are sent', async () => {
    const lines: HeaderLine[] = [
      from.own,
      from.key,
      ['Content-Type', 'application/octet-stream'],
      ['Content-Length', '99999999999'],
    ]
    expect((await from.send('POST', '/api/call/images.add', [...lines, ['Expect', '100-continue']])).status).toBe(413)
  })

  it('in chunks, compressed, or of two lengths are refused', async () => {
    const chunked = await from.send(
      'POST',
      '/api/call/images.remove',
      [from.own, ours, from.key, ['Transfer-Encoding', 'chunked']],
      '0\r\n\r\n',
    )
    expect(chunked.status).toBe(411)
    expect(await from.attack([from.own, ours, from.key, ['Content-Encoding', 'gzip']])).toBe(415)
    expect(await from.attack([from.own, ours, from.key, ['Content-Length', '3']])).toBe(400)
    const both: HeaderLine[] = [['Transfer-Encoding', 'chunked']]
    expect(await from.attack([from.own, ours, from.key, ...both])).toBe(400)
  })

  it('that stop coming are given up', async () => {
    const lines = [from.own, ours, from.key, ['Content-Length', '5000'] as const]
    const answer = await sendRaw(from.host.port, [requestText('POST', '/api/call/images.remove', lines), 'ab'], 3000)
    expect(answer.status).toBe(408)
  })

  it('that trickle are given up when the whole request takes too long', async () => {
    const started = Date.now()
    const status = await trickle(
      requestText('POST', '/api/call/images.remove', [from.own, ours, from.key, ['Content-Length', '5000']]),
    )
    expect(status).toBe('closed')
    expect(Date.now() - started).toBeLessThan(15_000)
  })

  it('of many senders at once take little memory, whether they are let in or not', async () => {
    const before = process.memoryUsage().rss
    let most = before
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
    const head = (key: readonly HeaderLine[], length: number) =>
      requestText('POST', '/api/call/images.add', [
        from.own,
        ...key,
        ['Content-Type', 'application/octet-stream'],
        ['Content-Length', String(length)],
      ])
    // 15 that send 6 MB each and may not; 15 that may, and announce all that is allowed and send next to nothing.
    const much = Buffer.alloc(6_000_000)
    const answers = await Promise.all(
      Array.from({ length: 15 }).flatMap(() => [
        sendRaw(from.host.port, [head([], much.length), much], 10_000),
        sendRaw(from.host.port, [head([from.key], 90_000_000), 'x'], 10_000),
      ]),
    )
    clearInterval(timer)
    // The first are cut off as they send, some before they have read why.
    expect(new Set(answers.map(({ status }) => status).filter((status) => status !== 0))).toEqual(new Set([401, 408]))
    expect(answers.filter(({ status }) => status === 408)).toHaveLength(15)
    // Kept, they would be 1440 MB.
    expect(most - before).toBeLessThan(300_000_000)
  }, 30_000)

  it('without a token are not waited for', async () => {
    const lines = [from.own, ours, ['Content-Length', '5000'] as const]
    const answer = await sendRaw(from.host.port, [requestText('POST', '/api/call/images.remove', lines)], 3000)
    expect(answer.status).toBe(401)
  })
})

describe('connections', () => {
  it('that send no request, or headers too slowly, are closed', async () => {
    for (const start of ['', 'GET / HTTP/1.1\r\n']) {
      const answer = await sendRaw(from.host.port, [start], 5000)
      expect(answer.status).toBe(408)
      expectStrict(answer)
    }
  })

  it('with headers beyond all measure are refused', async () => {
    expect((await from.send('GET', '/', [from.own, ['X-Long', 'x'.repeat(20_000)]])).status).toBe(431)
  })

  it('that do not speak HTTP are refused', async () => {
    expect((await sendRaw(from.host.port, ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'])).status).toBe(400)
    expect((await sendRaw(from.host.port, ['GET /\r\n\r\n'])).status).toBe(400)
  })

  it('are judged request by request', async () => {
    const { all } = await sendRaw(
      from.host.port,
      [requestText('GET', '/missing', [from.own]) + requestText('GET', '/', [['Host', 'evil.example']])],
      1000,
    )
    expect(all.match(/HTTP\/1\.1 (\d+)/g)?.at(0)).toBe('HTTP/1.1 404')
    expect(all).not.toContain('<!doctype html>')
  })

  it('are bounded in number, and the host is well afterwards', async () => {
    const sockets = Array.from({ length: 60 }, () => net.connect({ host: '127.0.0.1', port: from.host.port }))
    const closed = sockets.map(async (socket) => {
      await new Promise<void>((resolve) => {
        socket.on('error', () => undefined)
        socket.on('close', () => {
          resolve()
        })
      })
    })
    // 20 of them are over the limit and closed at once; all say nothing and are closed within headersTime and a check.
    sockets.forEach((socket) => socket.resume())
    await Promise.all(closed)
    expect((await from.send('GET', '/', [from.own])).status).toBe(200)
    meant = ['settings.read']
  })
})

it('an answer nobody takes is not kept for ever', async () => {
  const bytes = new Uint8Array(64_000_000)
  const engine = fakeApi({ delay: 0 })
  const call = engine.call.bind(engine)
  engine.call = async (...args: Parameters<typeof call>) =>
    args[0] === 'images.thumbnail' ? { type: 'image/png', bytes } : await call(...args)
  // One connection at a time: another is let in only when the stuck one has been closed.
  const host = await startTestHost({ engine, limits: { answerIdle: 300, connections: 1 } })
  const own: HeaderLine = ['Host', `127.0.0.1:${host.port}`]
  const token = encodeWire({ token: new URL(host.address()).hash.slice(1) })
  const exchange = await sendRaw(host.port, [requestText('POST', '/api/session', [own, ours, lengthOf(token)]), token])
  const { result } = decodeWire(new Uint8Array(exchange.body)) as { result: { session: string } }

  const body = encodeWire({ image: '0'.repeat(64), size: 64 })
  const lines: HeaderLine[] = [own, ['Authorization', `Bearer ${result.session}`], ours, lengthOf(body)]
  const page = async () => (await sendRaw(host.port, [requestText('GET', '/', [own])])).status
  // The first bytes of the answer are taken, and no more.
  const stick = async () =>
    await new Promise<net.Socket | undefined>((resolve) => {
      const socket = net.connect({ host: '127.0.0.1', port: host.port })
      socket.on('error', () => undefined)
      socket.on('close', () => {
        resolve(undefined)
      })
      socket.once('data', () => {
        socket.pause()
        resolve(socket)
      })
      socket.write(requestText('POST', '/api/call/images.thumbnail', lines))
      socket.write(body)
    })
  let stuck: net.Socket | undefined
  await expect.poll(async () => (stuck = await stick()) !== undefined).toBe(true)
  expect(await page()).toBe(0)
  await expect.poll(page).toBe(200)
  stuck?.destroy()
  await host.close()
})

/** Sends a byte every 50 ms until the other side closes or 20 seconds have passed. */
async function trickle(head: string): Promise<'closed' | 'open'> {
  return await new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port: from.host.port })
    socket.write(head)
    const timer = setInterval(() => socket.write('x'), 50)
    const end = setTimeout(() => {
      finish('open')
    }, 20_000)
    const finish = (how: 'closed' | 'open') => {
      clearInterval(timer)
      clearTimeout(end)
      socket.destroy()
      resolve(how)
    }
    socket.resume()
    socket.on('error', () => undefined)
    socket.on('close', () => {
      finish('closed')
    })
  })
}

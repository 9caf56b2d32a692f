/** A running host with two pictures, and what it takes to send it anything at all and to see that nothing came of it. */

import { expect } from 'vitest'
import type { WebLimits } from '../../main/hosts/web/server.ts'
import { fakeApi } from '../../renderer/transport/fake.ts'
import { decodeWire, encodeWire, wireType } from '../../shared/wire.ts'
import { requestText, sendRaw, type HeaderLine, type RawAnswer } from '../support/rawHttp.ts'
import { startTestHost } from '../support/webHost.ts'

/** Our own content type. */
export const ours: HeaderLine = ['Content-Type', wireType]

/** A call that would remove every picture, were it let through. */
export const removal = encodeWire({ images: ['0'.repeat(64)] })

export function lengthOf(body: Uint8Array | string): HeaderLine {
  return ['Content-Length', String(Buffer.byteLength(body))]
}

export type Attacker = Awaited<ReturnType<typeof startAttacker>>

export async function startAttacker(limits: Partial<WebLimits> = {}) {
  const engine = fakeApi({ delay: 0, images: 2 })
  const host = await startTestHost({ engine, limits })
  const own: HeaderLine = ['Host', `127.0.0.1:${host.port}`]

  async function send(
    method: string,
    target: string,
    headers: readonly HeaderLine[],
    body: Uint8Array | string = '',
  ): Promise<RawAnswer> {
    const answer = await sendRaw(host.port, [requestText(method, target, headers), body])
    expectStrict(answer)
    return answer
  }

  async function exchange(token: string): Promise<string | undefined> {
    const body = encodeWire({ token })
    const answer = await send('POST', '/api/session', [own, ours, lengthOf(body)], body)
    if (answer.status === 200) {
      return (decodeWire(new Uint8Array(answer.body)) as { result: { session: string } }).result.session
    }
    expect(answer.status).toBe(401)
    return undefined
  }

  const launchToken = () => new URL(host.address()).hash.slice(1)
  const session = (await exchange(launchToken()))!
  let seen = engine.calls.length
  return {
    host,
    own,
    session,
    key: ['Authorization', `Bearer ${session}`] as HeaderLine,
    send,
    exchange,
    /** The token of a fresh address. */
    launchToken,
    /** Posts `images.remove` with these headers; returns the status. */
    async attack(headers: readonly HeaderLine[], body: Uint8Array | string = removal): Promise<number> {
      return (await send('POST', '/api/call/images.remove', [...headers, lengthOf(body)], body)).status
    },
    /** Methods the engine was asked for since this was last called; it must still have its two pictures. */
    async caused(): Promise<string[]> {
      const methods = engine.calls.slice(seen).map(({ method }) => method)
      const left = await engine.call('images.list', {})
      seen = engine.calls.length
      expect(left).toHaveLength(2)
      return methods
    },
  }
}

/** What every answer of the host must say, whatever it answers. */
export function expectStrict({ status, headers, all }: RawAnswer): void {
  expect(status, all.slice(0, 200)).toBeGreaterThan(0)
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /)
  expect(policy).toMatch(/frame-ancestors 'none'$/)
  expect(policy).not.toMatch(/unsafe|\*|data:/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(headers.has('server')).toBe(false)
  expect(headers.has('x-powered-by')).toBe(false)
  expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
}

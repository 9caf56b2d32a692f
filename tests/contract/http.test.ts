/** What only the transport over HTTP has: keys, windows, a connection that breaks, a host that stops. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ApiEvent } from '../../shared/api.ts'
import { fakeApi, type FakeApi } from '../../renderer/transport/fake.ts'
import { httpApi, type Connection, type HttpApi, type HttpOptions } from '../../renderer/transport/http.ts'
import { presets } from '../../shared/presets.ts'
import { startTestHost, testWindow, type TestHost } from '../support/webHost.ts'
import { refusal } from './session.ts'

let engine: FakeApi
let host: TestHost
const opened: HttpApi[] = []

beforeEach(async () => {
  engine = fakeApi({ delay: 20, images: 1 })
  host = await startTestHost({ engine })
})

afterEach(async () => {
  for (const api of opened.splice(0)) api.close()
  await host.close()
})

async function open(options: HttpOptions): Promise<HttpApi> {
  const api = await httpApi(options)
  opened.push(api)
  return api
}

describe('an address', () => {
  it('opens a window, leaves the address bar, and its token is not what is kept', async () => {
    const address = host.address()
    let told = false
    void host.opened(address).then(() => (told = true))
    const window = testWindow(address)
    expect(told).toBe(false)
    const api = await open(window)
    expect(await api.call('images.list', {})).toHaveLength(1)
    expect(told).toBe(true)
    expect(window.shown).toBe(`${host.origin}/`)
    expect([...window.stored.values()].join()).not.toContain(new URL(address).hash.slice(1))
  })

  it('opens one window only; the next is told what to do', async () => {
    const address = host.address()
    await open(testWindow(address))
    const window = testWindow(address)
    const { code, message } = await refusal(open(window))
    expect(code).toBe('unauthorized')
    expect(message).toMatch(/has been used already.*press Enter in the terminal/)
    expect(window.shown).toBe(`${host.origin}/`)
  })

  it('each opens a window of its own', async () => {
    const [first, second] = [host.address(), host.address()]
    const apis = [await open(testWindow(first)), await open(testWindow(second))]
    const events: ApiEvent[][] = [[], []]
    apis.forEach((api, index) => api.subscribe((event) => events[index]!.push(event)))
    const event: ApiEvent = { type: 'engine.restarted', reason: 'x' }
    engine.emit(event)
    await expect.poll(() => events).toEqual([[event], [event]])
  })

  it('opened again in the window that used it is that window', async () => {
    const address = host.address()
    const window = testWindow(address)
    await open(window)
    expect(await (await open(window)).call('images.list', {})).toHaveLength(1)
  })
})

describe('a window', () => {
  it('goes on after a reload', async () => {
    const window = testWindow(host.address())
    await open(window)
    const reloaded = { ...window, location: { ...window.location, hash: '' } }
    expect(await (await open(reloaded)).call('images.list', {})).toHaveLength(1)
  })

  it('without a key is told how to get one', async () => {
    const { code, message } = await refusal(open(testWindow(`${host.origin}/`)))
    expect(code).toBe('unauthorized')
    expect(message).toMatch(/has no key.*Open the address LayerLoupe printed/)
  })

  it('of an earlier start is told so, and keeps its useless key no longer', async () => {
    const window = testWindow(`${host.origin}/`)
    window.stored.set('layerloupe.session', 'A'.repeat(43))
    expect((await refusal(open(window))).code).toBe('unauthorized')
    expect(window.stored.size).toBe(0)
  })
})

describe('a connection', () => {
  /** A window whose stream of events can be cut, and kept from coming back. */
  async function openCuttable() {
    let cut = () => {
      /* No stream yet. */
    }
    let reachable = true
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (typeof input !== 'string' || !input.endsWith('/api/events')) return await globalThis.fetch(input, init)
      if (!reachable) throw new TypeError('unreachable')
      const controller = new AbortController()
      cut = () => {
        controller.abort()
      }
      return await globalThis.fetch(input, { ...init, signal: controller.signal })
    }
    const api = await open({ ...testWindow(host.address()), fetch, retries: [0, 50, 50, 50, 50, 50] })
    const events: ApiEvent[] = []
    const states: Connection[] = []
    api.subscribe((event) => events.push(event))
    api.onConnection((state) => states.push(state))
    return {
      api,
      events,
      states,
      cut: () => {
        reachable = false
        cut()
      },
      mend: () => {
        reachable = true
      },
    }
  }
  const restarted = (reason: string): ApiEvent => ({ type: 'engine.restarted', reason })

  it('that breaks is mended, and nothing is missed or told twice', async () => {
    const window = await openCuttable()
    engine.emit(restarted('before'))
    await expect.poll(() => window.events).toHaveLength(1)
    window.cut()
    await expect.poll(() => window.states).toEqual(['lost'])
    engine.emit(restarted('meanwhile'))
    window.mend()
    await expect.poll(() => window.states).toEqual(['lost', 'open'])
    engine.emit(restarted('after'))
    await expect.poll(() => window.events).toEqual(['before', 'meanwhile', 'after'].map(restarted))
  })

  it('to a host that has stopped is given up: what runs has failed, and every call says what to do', async () => {
    const window = testWindow(host.address())
    const api = await open(window)
    const events: ApiEvent[] = []
    const states: Connection[] = []
    api.subscribe((event) => events.push(event))
    api.onConnection((state) => states.push(state))
    const [image] = await api.call('images.list', {})
    const { run } = await api.call('runs.start', { image: image!.id, pipeline: presets[0]!.pipeline })
    await expect.poll(() => events.length).toBeGreaterThan(0)
    await host.close()
    await expect.poll(() => states).toEqual(['lost', 'gone'])
    const sentence = 'LayerLoupe does not answer; if it has stopped, start it again and open the address it prints.'
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', run, error: { code: 'engine-lost', message: sentence } })
    expect(await refusal(api.call('images.list', {}))).toMatchObject({ code: 'engine-lost', message: sentence })
    const reloaded = { ...window, location: { ...window.location, hash: '' } }
    expect(await refusal(open(reloaded))).toMatchObject({ code: 'engine-lost', message: sentence })
  })

  it('closed by its own side says nothing more', async () => {
    const api = await open(testWindow(host.address()))
    const states: Connection[] = []
    api.onConnection((state) => states.push(state))
    api.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(states).toEqual([])
  })

  it('is not taken for broken when a listener fails', async () => {
    const api = await open(testWindow(host.address()))
    const faults: unknown[] = []
    const catchFault = (error: unknown) => faults.push(error)
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', catchFault)
    const events: ApiEvent[] = []
    api.subscribe(() => {
      throw new Error('fault of a view')
    })
    api.subscribe((event) => events.push(event))
    engine.emit(restarted('one'))
    engine.emit(restarted('two'))
    await expect.poll(() => events).toHaveLength(2)
    await expect.poll(() => faults).toHaveLength(2)
    process.off('uncaughtException', catchFault)
    for (const listener of listeners) process.on('uncaughtException', listener)
  })
})

describe('a host', () => {
  it('aborts the engine call of a window that leaves', async () => {
    let aborted = false
    const call = engine.call.bind(engine)
    engine.call = async (method, params, options) => {
      if (method !== 'images.thumbnail') return await call(method, params, options)
      return await new Promise<never>((_, reject) => {
        options?.signal?.addEventListener('abort', () => {
          aborted = true
          reject(new Error('aborted'))
        })
      })
    }
    const api = await open(testWindow(host.address()))
    const controller = new AbortController()
    const thumbnail = api.call('images.thumbnail', { image: '0'.repeat(64), size: 64 }, { signal: controller.signal })
    setTimeout(() => {
      controller.abort()
    }, 50)
    expect((await refusal(thumbnail)).code).toBe('cancelled')
    await expect.poll(() => aborted).toBe(true)
  })

  it('closes at once, whatever is open', async () => {
    engine.call = async () => await new Promise<never>(() => undefined)
    const api = await open(testWindow(host.address()))
    const waiting = refusal(api.call('images.list', {}))
    await new Promise((resolve) => setTimeout(resolve, 50))
    const started = Date.now()
    await host.close()
    expect(Date.now() - started).toBeLessThan(1000)
    expect((await waiting).code).toBe('engine-lost')
  })

  it('puts the address of a development server in front only when it is told to', async () => {
    const developed = await startTestHost({ engine, devOrigin: 'http://localhost:5173' })
    expect(developed.address()).toMatch(/^http:\/\/localhost:5173\/#[A-Za-z0-9_-]{43}$/)
    expect(host.address()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[A-Za-z0-9_-]{43}$/)
    await developed.close()
  })

  it('says which port is taken', async () => {
    await expect(startTestHost({ engine, port: host.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('takes a picture of 200 megabytes', async () => {
    const api = await open(testWindow(host.address()))
    const bytes = new Uint8Array(200_000_000)
    bytes[199_999_999] = 7
    let received: Uint8Array | undefined
    engine.call = (async (_method: string, params: { bytes: Uint8Array }) => {
      received = params.bytes
      return await Promise.resolve(null)
    }) as never
    await api.call('images.add', { name: 'large.tif', bytes })
    expect(received?.length).toBe(200_000_000)
    expect(received?.[199_999_999]).toBe(7)
  })
})

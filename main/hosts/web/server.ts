/**
 * The loopback host: the built renderer and the Api over HTTP, on 127.0.0.1 alone. Every request passes the guard
 * before anything else looks at it, and no request names a file of this machine.
 */

import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { plainHeaders, strictHeaders } from '../../engine/headers.ts'
import { dressedPage, readPages, type Pages } from '../../engine/pages.ts'
import type { Api } from '../../../shared/api.ts'
import { LoupeError } from '../../../shared/errors.ts'
import { decodeWire, encodeWire, streamType, wireType } from '../../../shared/wire.ts'
import { BodyError, Gate, readBody } from './body.ts'
import { answerCall, answerUpload, nameHeader, refusal, type Answer } from './calls.ts'
import { defaultEventLimits, EventLog, type EventLimits } from './events.ts'
import { decide, type Area, type Decision } from './guard.ts'
import { refuse, refuseRaw } from './refuse.ts'
import { Tokens } from './token.ts'
import { Windows } from './windows.ts'

/** Bounds on what a sender can make this host hold, in bytes, milliseconds and connections. */
export interface WebLimits {
  readonly call: number
  /** Bytes of all bodies held at once, waiting ones not counted. */
  readonly bodies: number
  readonly connections: number
  /** Until the headers are there; until the whole request is; with no byte of a body; with no byte of an answer taken. */
  readonly headersTime: number
  readonly requestTime: number
  readonly bodyIdle: number
  readonly answerIdle: number
  /** Until a window whose stream has ended is taken for gone. */
  readonly absence: number
  readonly events: EventLimits
}

const defaultLimits: WebLimits = {
  call: 8 * 1024 * 1024,
  bodies: 512 * 1024 * 1024,
  connections: 128,
  headersTime: 10_000,
  requestTime: 120_000,
  bodyIdle: 10_000,
  answerIdle: 30_000,
  absence: 30_000,
  events: defaultEventLimits,
}

export interface WebHostOptions {
  readonly engine: Api
  /** Folder of the built renderer; none where a development server shows the pages. */
  readonly renderer?: string
  /** 0 or left out: a free one. */
  readonly port?: number
  /** `http://localhost:5173`: a development server whose pages may call. Never set in use. */
  readonly devOrigin?: string
  readonly limits?: Partial<WebLimits>
}

export interface WebHost {
  /** An address to open once: each call mints a new token. */
  address(): string
  /** Resolves when this address has been opened; never, if it is not. */
  opened(address: string): Promise<void>
  readonly origin: string
  readonly port: number
  /** Ends every connection and stops listening. The engine is its owner's to close. */
  close(): Promise<void>
}

/** Starts the host; rejects with the system's own error where it cannot listen (`EADDRINUSE`) or read the renderer (`ENOENT`). */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { engine, devOrigin } = options
  const limits = { ...defaultLimits, ...options.limits }
  const pages: Pages = options.renderer === undefined ? new Map() : await readPages(options.renderer)
  const { limits: imageLimits } = await engine.call('host.info', {})
  const tokens = new Tokens()
  const events = new EventLog(engine, limits.events)
  const gate = new Gate(limits.bodies)
  const areas = new WeakMap<IncomingMessage, Area>()
  const windows = new Windows(engine, limits.absence)
  const app = createApp({ engine, windows, pages, tokens, events, gate, limits, areas })
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })

  let port = 0
  const judge = (incoming: IncomingMessage): Decision =>
    decide(
      {
        method: incoming.method ?? '',
        target: incoming.url ?? '',
        headers: pairs(incoming.rawHeaders),
        remoteAddress: incoming.socket.remoteAddress ?? '',
      },
      {
        port,
        ...(devOrigin === undefined ? {} : { devOrigin }),
        isSession: (token) => tokens.isSession(token),
        limits: { upload: imageLimits.bytes, call: limits.call },
      },
    )
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse, expectsGo: boolean) => {
    const decision = judge(incoming)
    if (!decision.allow) {
      refuse(incoming, outgoing, decision)
      return
    }
    if (expectsGo) outgoing.writeContinue()
    areas.set(incoming, decision.area)
    void listener(incoming, outgoing)
  }

  const server = createServer({
    headersTimeout: limits.headersTime,
    requestTimeout: limits.requestTime,
    connectionsCheckingInterval: Math.min(1000, limits.headersTime),
    keepAliveTimeout: 5000,
    maxHeaderSize: 16 * 1024,
    // The guard refuses a missing Host itself, with the headers every answer has.
    requireHostHeader: false,
    noDelay: true,
  })
  server.maxConnections = limits.connections
  server.on('request', (incoming, outgoing) => {
    serve(incoming, outgoing, false)
  })
  server.on('checkContinue', (incoming, outgoing) => {
    serve(incoming, outgoing, true)
  })
  server.on('checkExpectation', (incoming, outgoing) => {
    refuse(incoming, outgoing, { status: 417, reason: 'There is nothing to expect here.' })
  })
  server.on('clientError', refuseRaw)
  port = await listen(server, options.port ?? 0)

  const origin = `http://127.0.0.1:${port}`
  const openings = new Map<string, Promise<void>>()
  return {
    address() {
      const { token, spent } = tokens.mint()
      const address = `${devOrigin ?? origin}/#${token}`
      openings.set(address, spent)
      void spent.then(() => openings.delete(address))
      return address
    },
    opened: async (address) => await openings.get(address),
    origin,
    port,
    async close() {
      events.close()
      windows.close()
      const closed = new Promise<void>((resolve) =>
        server.close(() => {
          resolve()
        }),
      )
      server.closeAllConnections()
      await closed
    },
  }
}

interface Parts {
  readonly engine: Api
  readonly pages: Pages
  readonly tokens: Tokens
  readonly events: EventLog
  readonly windows: Windows
  readonly gate: Gate
  readonly limits: WebLimits
  readonly areas: WeakMap<IncomingMessage, Area>
}

type WebContext = Context<{ Bindings: HttpBindings }>

/** What the guard let through, by area. */
function createApp(parts: Parts): Hono<{ Bindings: HttpBindings }> {
  const { engine, windows, pages, tokens, events, gate, limits, areas } = parts
  const app = new Hono<{ Bindings: HttpBindings }>()

  const areaOf = <T extends Area['type']>(context: WebContext, type: T): Area & { type: T } => {
    const area = areas.get(context.env.incoming)
    if (area?.type !== type) throw new LoupeError('internal', 'A request reached a route the guard did not mean.')
    return area as Area & { type: T }
  }
  // The guard lets no call and no stream through without one.
  const sessionOf = (context: WebContext) => context.req.header('authorization') ?? ''
  const reply = (context: WebContext, { status, body }: Answer) => {
    context.env.outgoing.setTimeout(limits.answerIdle)
    return new Response(body, { status, headers: { ...strictHeaders, 'content-type': wireType } })
  }

  app.post('/api/session', async (context) => {
    const body = await readBody(context.env.incoming, areaOf(context, 'session').length, limits.bodyIdle)
    const session = tokens.exchange(launchToken(body))
    if (session === undefined) return reply(context, refusal(new LoupeError('unauthorized', spentSentence)))
    return reply(context, { status: 200, body: encodeWire({ ok: true, result: { session } }) })
  })

  app.get('/api/events', (context) => {
    areaOf(context, 'events')
    const after = /^[0-9]{1,15}$/.exec(context.req.header('last-event-id') ?? '')?.[0]
    const stream = events.open(after === undefined ? undefined : Number(after))
    context.env.outgoing.setTimeout(limits.answerIdle)
    if (!stream) return reply(context, refusal(new LoupeError('bad-request', 'Too many windows are open.'), 503))
    context.env.outgoing.once('close', windows.opened(sessionOf(context)))
    return new Response(stream, { headers: { ...strictHeaders, 'content-type': streamType } })
  })

  app.post('/api/call/:method', async (context) => {
    const { method, length, upload } = areaOf(context, 'call')
    const { incoming, outgoing } = context.env
    const abort = new AbortController()
    outgoing.once('close', () => {
      abort.abort(new LoupeError('cancelled', 'The window left.'))
    })
    const leave = await gate.enter(length, abort.signal)
    try {
      const body = await readBody(incoming, length, limits.bodyIdle)
      const name = context.req.header(nameHeader)
      return reply(
        context,
        upload
          ? await answerUpload(engine, name, body, abort.signal)
          : await answerCall(windows.engineFor(sessionOf(context)), method, body, abort.signal),
      )
    } finally {
      leave()
    }
  })

  app.get('*', async (context) => {
    const { path } = areaOf(context, 'page')
    const page = pages.get(path)
    if (!page) return new Response('There is no such page.\n', { status: 404, headers: plainHeaders })
    const body = path === '/' ? dressedPage(page.bytes, (await engine.call('settings.read', {})).settings) : page.bytes
    return new Response(body, {
      headers: { ...strictHeaders, 'content-type': page.type, 'cache-control': page.cache },
    })
  })

  app.onError((error, context) => {
    if (error instanceof BodyError) {
      return reply(context, refusal(new LoupeError('bad-request', error.message), error.status))
    }
    return reply(context, refusal(error))
  })
  return app
}

const spentSentence =
  'This address has been used already, or is not from this LayerLoupe. ' +
  'Get a new one: press Enter in the terminal where LayerLoupe runs, or start it again.'

/** The token in an exchange's body; whatever else it is, is no token. */
function launchToken(body: Uint8Array): string {
  const value = decodeWire(body)
  const token = typeof value === 'object' && value !== null && 'token' in value ? value.token : undefined
  return typeof token === 'string' ? token : ''
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index]!, raw[2 * index + 1]!])
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}

/**
 * Who may ask the loopback host for what: one pure decision, taken from the raw request before anything is routed,
 * parsed or read. Everything not named here is refused.
 */

import type { Method } from '../../../shared/api.ts'
import { isMethod } from '../../../shared/schema.ts'
import { wireType } from '../../../shared/wire.ts'

export interface GuardedRequest {
  readonly method: string
  /** The request target exactly as it came, undecoded. */
  readonly target: string
  /** Every header line in order, duplicates included. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly remoteAddress: string
}

export interface GuardRules {
  readonly port: number
  /** A development server in front of this host; its pages count as our own. */
  readonly devOrigin?: string
  readonly isSession: (token: string) => boolean
  /** Largest bodies in bytes: of `images.add`, and of every other call. */
  readonly limits: { readonly upload: number; readonly call: number }
}

export type Area =
  | { readonly type: 'page'; readonly path: string }
  | { readonly type: 'session'; readonly length: number }
  | { readonly type: 'events' }
  | { readonly type: 'call'; readonly method: Method; readonly length: number; readonly upload: boolean }

export type Decision =
  | { readonly allow: true; readonly area: Area }
  | { readonly allow: false; readonly status: number; readonly reason: string }

/** The exchange carries one token. */
const sessionBodyLimit = 1024
const targetLimit = 256
/** The raw upload's own type: like ours, no form or plain cross-site request can have it. */
const uploadType = 'application/octet-stream'

/** Plain segments only: no escapes, no query, no dot in front, no empty segment. All our own paths are of this form. */
const plainTarget = /^\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?$/
const bearer = /^Bearer ([A-Za-z0-9_-]{43})$/
const wholeNumber = /^(?:0|[1-9][0-9]{0,11})$/

/** Headers the decision rests on; two of one kind leave it open which one counts, so neither does. */
const single = [
  'host',
  'origin',
  'authorization',
  'content-type',
  'content-length',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
]

export function decide(request: GuardedRequest, rules: GuardRules): Decision {
  const header = collect(request.headers)
  for (const name of single) {
    if ((header.get(name)?.length ?? 0) > 1) return refuse(400, `The header ${name} must not come twice.`)
  }
  const value = (name: string): string | undefined => header.get(name)?.[0]

  const refusal = refuseSender(request, rules, value) ?? refuseTarget(request.target) ?? refuseFetch(request, value)
  if (refusal) return refusal

  if (request.target !== '/api' && !request.target.startsWith('/api/')) return decidePage(request, header)
  return decideApi(request, rules, header)
}

/** The sender's address, the name it called us by, and the page it comes from. */
function refuseSender(
  request: GuardedRequest,
  rules: GuardRules,
  value: (name: string) => string | undefined,
): Decision | undefined {
  if (request.remoteAddress !== '127.0.0.1') return refuse(403, 'Only this computer may ask.')
  const host = value('host')
  if (host === undefined) return refuse(400, 'The header host is missing.')
  // A name that merely resolves to 127.0.0.1 is how a rebinding page reaches a loopback server.
  if (host !== `127.0.0.1:${rules.port}` && host !== `localhost:${rules.port}`) {
    return refuse(421, 'This address is not the one LayerLoupe answers to.')
  }
  const origin = value('origin')
  if (origin !== undefined && origin !== `http://${host}` && origin !== rules.devOrigin) {
    return refuse(403, 'Pages of other sites may not ask.')
  }
  return undefined
}

function refuseTarget(target: string): Decision | undefined {
  if (target.length > targetLimit) return refuse(414, 'The path is too long.')
  return plainTarget.test(target) ? undefined : refuse(400, 'The path is not a plain one.')
}

/** Where the browser says the request comes from. Other clients send no such header; they have the token to show. */
function refuseFetch(request: GuardedRequest, value: (name: string) => string | undefined): Decision | undefined {
  const site = value('sec-fetch-site')
  const mode = value('sec-fetch-mode')
  const destination = value('sec-fetch-dest')
  const opensWindow =
    request.method === 'GET' && request.target === '/' && mode === 'navigate' && destination === 'document'
  // Typing the address, or following it from the launch file, opens the page in a window of its own; it holds no secret.
  if (opensWindow) return undefined
  if (site !== undefined && site !== 'same-origin') return refuse(403, 'Pages of other sites may not ask.')
  if (mode === 'navigate') return refuse(403, 'Only the page itself can be opened in a window.')
  return undefined
}

function decidePage(request: GuardedRequest, header: ReadonlyMap<string, readonly string[]>): Decision {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Pages can only be read.')
  return refuseBody(header) ?? { allow: true, area: { type: 'page', path: request.target } }
}

function decideApi(
  request: GuardedRequest,
  rules: GuardRules,
  header: ReadonlyMap<string, readonly string[]>,
): Decision {
  if (request.target === '/api/session') {
    if (request.method !== 'POST') return refuse(405, 'The exchange is a POST.')
    const body = checkBody(header, [wireType], sessionBodyLimit)
    return 'allow' in body ? body : { allow: true, area: { type: 'session', length: body.length } }
  }

  const token = bearer.exec(header.get('authorization')?.[0] ?? '')?.[1]
  if (token === undefined || !rules.isSession(token)) {
    return refuse(401, 'This window has no valid key: open the address LayerLoupe prints.')
  }

  if (request.target === '/api/events') {
    if (request.method !== 'GET') return refuse(405, 'Events are read with GET.')
    return refuseBody(header) ?? { allow: true, area: { type: 'events' } }
  }

  const method = /^\/api\/call\/([A-Za-z.]+)$/.exec(request.target)?.[1]
  if (method === undefined || !isMethod(method)) return refuse(404, 'There is no such method.')
  if (request.method !== 'POST') return refuse(405, 'Methods are called with POST.')
  const upload = method === 'images.add'
  const body = checkBody(header, [upload ? uploadType : wireType], upload ? rules.limits.upload : rules.limits.call)
  return 'allow' in body ? body : { allow: true, area: { type: 'call', method, length: body.length, upload } }
}

/** A body must say its type and its length beforehand; chunked and compressed ones hide how much will come. */
function checkBody(
  header: ReadonlyMap<string, readonly string[]>,
  types: readonly string[],
  limit: number,
): { readonly length: number } | Decision {
  if (!types.includes(header.get('content-type')?.[0] ?? '')) {
    return refuse(415, `The body must be of the type ${types.join(' or ')}.`)
  }
  if (header.has('content-encoding')) return refuse(415, 'The body must not be compressed.')
  const length = header.get('content-length')?.[0] ?? ''
  if (header.has('transfer-encoding') || !wholeNumber.test(length)) return refuse(411, 'The length must be given.')
  return Number(length) > limit ? refuse(413, `The body may have ${limit} bytes at most.`) : { length: Number(length) }
}

function refuseBody(header: ReadonlyMap<string, readonly string[]>): Decision | undefined {
  const empty = !header.has('transfer-encoding') && (header.get('content-length')?.[0] ?? '0') === '0'
  return empty ? undefined : refuse(400, 'A reading request has no body.')
}

function collect(headers: GuardedRequest['headers']): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    values.set(key, [...(values.get(key) ?? []), value])
  }
  return values
}

function refuse(status: number, reason: string): Decision & { readonly allow: false } {
  return { allow: false, status, reason }
}

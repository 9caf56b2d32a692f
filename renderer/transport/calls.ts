/** Calls over HTTP, one request each, with the key of this window's session. */

import type { ImageInfo, Method, Params, Result } from '../../shared/api.ts'
import { encodeWire, wireType } from '../../shared/wire.ts'
import { read, send } from './exchange.ts'

export const posted = { 'content-type': wireType }
/** These end something: they are delivered even while the window closes, as far as browsers allow (64 kB). */
const parting: ReadonlySet<Method> = new Set([
  'runs.cancel',
  'runs.release',
  'export.cancel',
  'images.remove',
  'batches.release',
])
const partingLimit = 60_000

export class Calls {
  readonly authorization: Readonly<Record<string, string>>
  readonly #origin: string
  readonly #fetch: typeof globalThis.fetch

  constructor(origin: string, session: string, fetch: typeof globalThis.fetch) {
    this.#origin = origin
    this.authorization = { authorization: `Bearer ${session}` }
    this.#fetch = fetch
  }

  async call<M extends Method>(method: M, params: Params<M>, signal?: AbortSignal): Promise<Result<M>> {
    if (method === 'images.add') {
      const { name, bytes } = params as Params<'images.add'>
      return await this.upload(name, bytes as Uint8Array<ArrayBuffer>, signal)
    }
    const body = encodeWire(params)
    const keepalive = parting.has(method) && body.byteLength <= partingLimit
    return await this.#post(method, { headers: { ...this.authorization, ...posted }, body, keepalive }, signal)
  }

  /** A picture as it is, without a copy in our own form. */
  async upload(name: string, body: Blob | Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<ImageInfo> {
    const headers = {
      ...this.authorization,
      'content-type': 'application/octet-stream',
      'x-layerloupe-name': encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')),
    }
    return await this.#post('images.add', { headers, body }, signal)
  }

  async #post<M extends Method>(method: M, request: RequestInit, signal?: AbortSignal): Promise<Result<M>> {
    const response = await send(this.#fetch, `${this.#origin}/api/call/${method}`, {
      method: 'POST',
      ...request,
      ...(signal ? { signal } : {}),
    })
    return (await read(response, signal)) as Result<M>
  }
}

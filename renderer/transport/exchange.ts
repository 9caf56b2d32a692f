/** One request and its answer, or the coded error in it. */

import { errorCodes, fromWire, LoupeError, type WireError } from '../../shared/errors.ts'
import { decodeWire, wireType } from '../../shared/wire.ts'

const goneSentence = 'LayerLoupe does not answer; if it has stopped, start it again and open the address it prints.'

/** A request with nothing of the browser's own state in it. */
export async function send(fetch: typeof globalThis.fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, {
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      ...init,
    })
  } catch (error) {
    throw unreachable(error, init.signal)
  }
}

/** The result in an answer; throws the coded error in it. */
export async function read(response: Response, signal?: AbortSignal): Promise<unknown> {
  const bytes = await response.arrayBuffer().catch((error: unknown) => {
    throw unreachable(error, signal)
  })
  if (response.headers.get('content-type') !== wireType) {
    throw new LoupeError('internal', `LayerLoupe gave an answer it should not give (${response.status}).`)
  }
  const value = decodeWire(new Uint8Array(bytes)) as { ok: true; result: unknown } | WireError
  if (value.ok) return value.result
  if (!errorCodes.includes(value.code)) throw new LoupeError('internal', value.message)
  throw fromWire(value)
}

function unreachable(cause: unknown, signal: AbortSignal | null | undefined): LoupeError {
  if (signal?.aborted) return new LoupeError('cancelled', 'It was cancelled.', {}, { cause })
  return gone(cause)
}

export function gone(cause?: unknown): LoupeError {
  return new LoupeError('engine-lost', goneSentence, {}, { cause })
}

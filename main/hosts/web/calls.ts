/** One call over HTTP: bytes in, checked parameters to the engine, an answer or a coded error out. */

import type { Api, Method } from '../../../shared/api.ts'
import { assertNever, LoupeError, toWire, type ErrorCode } from '../../../shared/errors.ts'
import { parseParams } from '../../../shared/schema.ts'
import { decodeWire, encodeWire } from '../../../shared/wire.ts'

export interface Answer {
  readonly status: number
  readonly body: Uint8Array<ArrayBuffer>
}

/** The name of an uploaded picture, percent-encoded UTF-8: header lines are ASCII. */
export const nameHeader = 'x-layerloupe-name'

/** Answers a call whose body is in our own form. */
export async function answerCall(engine: Api, method: Method, body: Uint8Array, signal: AbortSignal): Promise<Answer> {
  return await answer(async () => await engine.call(method, parseParams(method, decodeWire(body)), { signal }))
}

/** Answers `images.add`, whose body is the picture itself, so that a large one is not copied once more. */
export async function answerUpload(
  engine: Api,
  name: string | undefined,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<Answer> {
  return await answer(async () => {
    const params = parseParams('images.add', { name: decodeName(name ?? ''), bytes })
    return await engine.call('images.add', params, { signal })
  })
}

async function answer(call: () => Promise<unknown>): Promise<Answer> {
  try {
    return { status: 200, body: encodeWire({ ok: true, result: await call() }) }
  } catch (error) {
    return refusal(error)
  }
}

/** Anything thrown, as an answer. */
export function refusal(error: unknown, status?: number): Answer {
  const wire = toWire(error)
  return { status: status ?? statusOf(wire.code), body: encodeWire(wire) }
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw new LoupeError('bad-request', `images.add was called wrongly: ${nameHeader} is not percent-encoded UTF-8.`)
  }
}

function statusOf(code: ErrorCode): number {
  switch (code) {
    case 'bad-request':
      return 400
    case 'unauthorized':
      return 401
    case 'not-found':
      return 404
    case 'cancelled':
      return 409
    case 'image-too-large':
    case 'too-much-memory':
      return 413
    case 'image-unsupported':
    case 'image-damaged':
    case 'image-timeout':
    case 'image-crashed':
    case 'image-unreadable':
    case 'pipeline-invalid':
    case 'notebook-invalid':
    case 'layer-impossible':
    case 'shapes-differ':
      return 422
    case 'internal':
      return 500
    case 'engine-lost':
    case 'lab-restarted':
      return 503
    case 'write-failed':
      return 507
    default:
      return assertNever(code, 'error code')
  }
}

/** Coded errors: what went wrong and what to do, in one form inside the program and on the wire. */

export const errorCodes = [
  'bad-request',
  'not-found',
  'unauthorized',
  'image-unsupported',
  'image-damaged',
  'image-too-large',
  'image-timeout',
  'image-crashed',
  'image-unreadable',
  'pipeline-invalid',
  'notebook-invalid',
  'layer-impossible',
  'shapes-differ',
  'too-much-memory',
  'cancelled',
  'engine-lost',
  'lab-restarted',
  'write-failed',
  'internal',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** Facts a host or view may use: names, limits, indices; never a path. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean | null>>

export class LoupeError extends Error {
  override readonly name = 'LoupeError'
  readonly code: ErrorCode
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.detail = detail
  }
}

/** How an error crosses a border. */
export interface WireError {
  readonly ok: false
  readonly code: ErrorCode
  readonly message: string
  readonly detail: ErrorDetail
}

/** Anything thrown, as it crosses a border; what is not one of ours is `internal`. */
export function toWire(error: unknown): WireError {
  if (error instanceof LoupeError) {
    return { ok: false, code: error.code, message: error.message, detail: error.detail }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { ok: false, code: 'internal', message: `Something inside LayerLoupe failed: ${message}`, detail: {} }
}

export function fromWire(wire: WireError): LoupeError {
  return new LoupeError(wire.code, wire.message, wire.detail)
}

/** Ends a switch over a union: a new member without a case does not compile. */
export function assertNever(value: never, what: string): never {
  throw new LoupeError('internal', `Unexpected ${what}: ${JSON.stringify(value)}`)
}

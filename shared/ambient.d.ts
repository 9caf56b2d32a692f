/**
 * What every host of ours (Node 20, browsers) has and the ES library does not declare: only what `shared` uses.
 * Read by the project without DOM and Node types alone; the others have their own declarations.
 */

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean })
  decode(bytes?: ArrayBufferView | ArrayBuffer): string
}

interface AbortSignal {
  readonly aborted: boolean
}

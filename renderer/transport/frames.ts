/** Values out of a stream of frames (`encodeFrame`), however its bytes were cut. */

import { decodeWire } from '../../shared/wire.ts'

/** Yields the values that each piece of the stream completes, in order; what is not completed is dropped with the stream. */
export async function* readFrames(stream: ReadableStream<Uint8Array>): AsyncGenerator<readonly unknown[], void, void> {
  const reader = stream.getReader()
  let pieces: Uint8Array[] = []
  let held = 0
  let needed = 4
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      pieces.push(value)
      held += value.length
      if (held < needed) continue
      const bytes = joined(pieces, held)
      const view = new DataView(bytes.buffer, bytes.byteOffset)
      const values: unknown[] = []
      let at = 0
      needed = 4
      while (at + 4 <= held) {
        const length = view.getUint32(at, true)
        needed = 4 + length
        if (at + needed > held) break
        if (length > 0) values.push(decodeWire(bytes.subarray(at + 4, at + needed)))
        at += needed
        needed = 4
      }
      pieces = [bytes.subarray(at)]
      held -= at
      if (values.length > 0) yield values
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

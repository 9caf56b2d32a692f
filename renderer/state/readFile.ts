/** The bytes of a file the person gave, up to a limit. */

import { LoupeError } from '../../shared/errors.ts'
import type { SourceFile } from './uploads.svelte.ts'

/**
 * Reads piece by piece, so that the window never waits for the disk and no more than the limit (in bytes) is held.
 * Throws `image-too-large` or `image-unreadable`, naming the file.
 */
export async function readFile(file: SourceFile, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of read(file, limit)) {
    pieces.push(piece)
    length += piece.length
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** Reads the file and keeps nothing of it. Throws as `readFile` does, and nothing where the file is in order. */
export async function checkFile(file: SourceFile, limit: number): Promise<void> {
  const pieces = read(file, limit)
  while (!(await pieces.next()).done);
}

async function* read(file: SourceFile, limit: number): AsyncGenerator<Uint8Array, void, void> {
  let length = 0
  const reader = file.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new LoupeError(
        'image-unreadable',
        `${file.name} could not be read; it may be a folder (drop it by itself) or have been moved, or you may not be allowed to open it.`,
        {},
        { cause: error },
      )
    })
    if (done) return
    length += value.length
    if (length > limit) {
      void reader.cancel().catch(() => undefined)
      const most = Math.floor(limit / 1e6).toLocaleString('en')
      throw new LoupeError(
        'image-too-large',
        `${file.name} is larger than ${most} MB. Save a smaller copy and add that.`,
      )
    }
    yield value
  }
}

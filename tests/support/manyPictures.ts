/** As many different pictures as are wanted, each of some hundred bytes. */

import { buildPng } from './awkward.ts'

/** A small picture, and where in it stands the number that makes each another file. */
export function numberedPicture(): { readonly bytes: Uint8Array; readonly at: number } {
  const rows = Uint8Array.from({ length: 72 }, (_, i) => (i % 9 === 0 ? 0 : i * 3))
  const picture = buildPng(8, 8, rows)
  // Bytes after its end belong to the file and not to the picture.
  return { bytes: Uint8Array.from([...picture, 0, 0, 0, 0]), at: picture.length }
}

/** The file of this number; a damaged one ends in the middle. */
export function pictureNumber(
  index: number,
  { bytes, at }: { readonly bytes: Uint8Array; readonly at: number },
  isDamaged: boolean,
): Uint8Array {
  const copy = bytes.slice()
  new DataView(copy.buffer).setUint32(at, index)
  return isDamaged ? copy.subarray(0, 50 - (index % 10)) : copy
}

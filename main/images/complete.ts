/** Whether a file holds all it says it does: a look at its structure, without decoding. */

import { LoupeError } from '../../shared/errors.ts'
import { quotedName, type ImageFile, type ImageFormat } from './format.ts'

/**
 * Throws `image-damaged` where a picture is cut off before its (first) frame can be whole. Bytes after the end are no
 * reason, nor is anything odd in the structure: what is not understood is left to the decoder.
 */
export function checkComplete(file: ImageFile, format: ImageFormat): void {
  if (!endings[format](file.bytes)) throw endsTooEarly(file)
}

function endsTooEarly(file: ImageFile): LoupeError {
  return new LoupeError(
    'image-damaged',
    `${quotedName(file)} is damaged: it ends too early. Get a fresh copy of it, or save it again with another program.`,
  )
}

/** False only where the file surely ends too early. */
type Ending = (bytes: Uint8Array) => boolean

const endings: Readonly<Record<ImageFormat, Ending>> = {
  jpeg: jpegEnds,
  png: pngEnds,
  gif: gifFrameEnds,
  webp: riffEnds,
  // Their parts lie anywhere in the file; only the decoder can tell.
  avif: () => true,
  tiff: () => true,
}

/**
 * ITU-T T.81, B.1: segments by their lengths, so that a thumbnail within one is not looked at, until an end marker that
 * stands outside of them. In scan data 0xFF is followed by 0 or by a restart marker.
 */
function jpegEnds(bytes: Uint8Array): boolean {
  let at = 2
  for (;;) {
    // Scan data, fill bytes or junk, up to the next marker.
    at = bytes.indexOf(0xff, at)
    if (at < 0 || at + 1 >= bytes.length) return false
    const marker = bytes[at + 1]!
    if (marker === 0xd9) return true
    if (marker === 0xff) at += 1
    else if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) at += 2
    else {
      if (at + 3 >= bytes.length) return false
      at += 2 + Math.max(2, bytes[at + 2]! * 256 + bytes[at + 3]!)
    }
  }
}

/** PNG 5.3: chunks by their lengths, until after the picture's data; decoders do not mind when IEND itself is missing. */
function pngEnds(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let hasData = false
  let at = 8
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at)
    const isData = view.getUint32(at + 4) === 0x49444154
    if (hasData && !isData) return true
    if (at + 8 + length > bytes.length) return false
    hasData = isData
    at += 12 + length
  }
  return hasData
}

/** GIF89a: blocks by their lengths, to the end of the first frame's data; later frames are not shown. */
function gifFrameEnds(bytes: Uint8Array): boolean {
  const colours = (packed: number) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0)
  let at = 13 + colours(bytes[10] ?? 0)
  while (at < bytes.length) {
    const block = bytes[at]!
    if (block === 0x21) at = subBlocksEnd(bytes, at + 2)
    else if (block === 0x2c) return subBlocksEnd(bytes, at + 11 + colours(bytes[at + 9] ?? 0)) <= bytes.length
    // A trailer, or something the decoder has to judge.
    else return true
  }
  return false
}

/** Where the data that begins at `at` ends, after its empty last block; beyond the file where it is cut off. */
function subBlocksEnd(bytes: Uint8Array, at: number): number {
  let end = at
  while (end < bytes.length && bytes[end] !== 0) end += 1 + bytes[end]!
  return end + 1
}

/** RIFF: the length of all that follows its first eight bytes. */
function riffEnds(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return 8 + view.getUint32(4, true) <= bytes.length
}

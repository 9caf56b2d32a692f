/** Unpacking WOFF 1.0 fonts (https://www.w3.org/TR/WOFF/) with Node's own zlib: three times as fast as the font parser's. */

import { inflateSync } from 'node:zlib'

const headerLength = 44
const entryLength = 20

/** The TrueType or OpenType file inside a WOFF file. Trusts its input, which is shipped with the program. */
export function unpackWoff(woff: Uint8Array): ArrayBuffer {
  const from = new DataView(woff.buffer, woff.byteOffset, woff.byteLength)
  const tables = from.getUint16(12)
  const font = new Uint8Array(from.getUint32(16))
  const to = new DataView(font.buffer)
  to.setUint32(0, from.getUint32(4))
  to.setUint16(4, tables)
  let at = 12 + 16 * tables
  for (let i = 0; i < tables; i++) {
    const entry = headerLength + entryLength * i
    const [tag, offset, packed, length, checksum] = [0, 4, 8, 12, 16].map((place) => from.getUint32(entry + place)) as [
      number,
      number,
      number,
      number,
      number,
    ]
    const bytes = woff.subarray(offset, offset + packed)
    font.set(packed < length ? inflateSync(bytes) : bytes, at)
    ;[tag, checksum, at, length].forEach((value, place) => {
      to.setUint32(12 + 16 * i + 4 * place, value)
    })
    // Tables begin at multiples of four.
    at += Math.ceil(length / 4) * 4
  }
  return font.buffer
}

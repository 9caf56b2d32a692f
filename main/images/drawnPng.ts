/**
 * PNG files of drawings. Most rows of a drawing are as the row above them, which PNG says with zeros, and zlib is soon
 * done with zeros. libvips takes half as long again, mostly for being handed the pixels.
 */

import { crc32, deflateSync } from 'node:zlib'
import type { Canvas } from './canvas.ts'

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** How the bytes of a row are told: as they are, or by how much they differ from those above. */
const asIs = 0
const up = 2

/** A higher level takes twice as long for a tenth of the bytes. */
const level = 2
const chunkSize = 1 << 16

/** Where the rows of one drawing after the other are made ready. */
let scratch = Buffer.alloc(0)

/** Encodes losslessly, here and now: some milliseconds for a drawing of a few megabytes. */
export function encodeDrawing(canvas: Canvas): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(canvas.width, 0)
  header.writeUInt32BE(canvas.height, 4)
  header[8] = 8
  header[9] = canvas.channels === 4 ? 6 : 2
  const data = deflateSync(filteredRows(canvas), { level, chunkSize })
  return Buffer.concat([signature, ...chunk('IHDR', header), ...chunk('IDAT', data), ...chunk('IEND', Buffer.alloc(0))])
}

/** Each row after the byte that says how it is told, until the next drawing is encoded. */
function filteredRows({ width, height, channels, pixels }: Canvas): Buffer {
  const length = width * channels
  const all = height * (length + 1)
  if (scratch.length < all) scratch = Buffer.allocUnsafeSlow(all)
  const rows = scratch.subarray(0, all)
  const from = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length)
  for (let row = 0, at = 0, to = 0; row < height; row++, at += length) {
    const isAsAbove = row > 0 && from.compare(from, at - length, at, at, at + length) === 0
    rows[to++] = isAsAbove ? up : asIs
    if (isAsAbove) rows.fill(0, to, to + length)
    else from.copy(rows, to, at, at + length)
    to += length
  }
  return rows
}

function chunk(name: string, data: Buffer): readonly Buffer[] {
  const start = Buffer.alloc(8)
  start.writeUInt32BE(data.length, 0)
  start.write(name, 4, 'latin1')
  const end = Buffer.alloc(4)
  end.writeUInt32BE(crc32(data, crc32(start.subarray(4))), 0)
  return [start, data, end]
}

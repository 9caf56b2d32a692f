/**
 * PNG files of drawings. Most rows of a drawing are as the row above them, which PNG says with zeros, and zlib is soon
 * done with zeros. libvips takes half as long again, mostly for being handed the pixels.
 */

import { promisify } from 'node:util'
import { crc32, deflate, deflateSync } from 'node:zlib'
import type { Canvas } from './canvas.ts'

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** How the bytes of a row are told: as they are, or by how much they differ from those above. */
const asIs = 0
const up = 2

/** A higher level takes longer for hardly fewer bytes. */
const deflating = { level: 2, chunkSize: 1 << 16 }

/** Bytes of rows compressed here and now, some milliseconds at most for a drawing; more are left to another thread. */
const mostAtOnce = 1 << 22
/** Where those lie, of one drawing after the other. */
let scratch: Buffer | undefined

/** Encodes losslessly. The canvas has been read when this returns its promise, and may be drawn on again. */
export async function encodeDrawing(canvas: Canvas): Promise<Uint8Array> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(canvas.width, 0)
  header.writeUInt32BE(canvas.height, 4)
  header[8] = 8
  header[9] = canvas.channels === 4 ? 6 : 2
  const data = await compressedRows(canvas)
  return Buffer.concat([signature, ...chunk('IHDR', header), ...chunk('IDAT', data), ...chunk('IEND', Buffer.alloc(0))])
}

function compressedRows(canvas: Canvas): Buffer | Promise<Buffer> {
  const length = canvas.height * (canvas.width * canvas.channels + 1)
  if (length > mostAtOnce) {
    const rows = Buffer.allocUnsafeSlow(length)
    filterRows(canvas, rows)
    return promisify(deflate)(rows, deflating)
  }
  scratch ??= Buffer.allocUnsafeSlow(mostAtOnce)
  filterRows(canvas, scratch)
  return deflateSync(scratch.subarray(0, length), deflating)
}

/** Writes each row after the byte that says how it is told. */
function filterRows({ width, height, channels, pixels }: Canvas, rows: Buffer): void {
  const length = width * channels
  const from = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length)
  for (let row = 0, at = 0, to = 0; row < height; row++, at += length) {
    const isAsAbove = row > 0 && from.compare(from, at - length, at, at, at + length) === 0
    rows[to++] = isAsAbove ? up : asIs
    if (isAsAbove) rows.fill(0, to, to + length)
    else from.copy(rows, to, at, at + length)
    to += length
  }
}

function chunk(name: string, data: Buffer): readonly Buffer[] {
  const start = Buffer.alloc(8)
  start.writeUInt32BE(data.length, 0)
  start.write(name, 4, 'latin1')
  const end = Buffer.alloc(4)
  end.writeUInt32BE(crc32(data, crc32(start.subarray(4))), 0)
  return [start, data, end]
}

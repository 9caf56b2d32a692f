/** Awkward picture files made by hand, byte by byte, for tests that have no collection of them beside the project. */

import { crc32, deflateSync } from 'node:zlib'

function pngChunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

/** A PNG of `width` × `height` grey bytes whose data is `rows` (all zero bytes of one row if left out). */
export function buildPng(width: number, height: number, rows: Uint8Array = new Uint8Array(1)): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      pngChunk('IHDR', header),
      pngChunk('IDAT', deflateSync(rows)),
      pngChunk('IEND', new Uint8Array(0)),
    ]),
  )
}

export interface TiffOptions {
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly samples: number
  /** 1: 0 is black, 2: RGB, 3: palette. */
  readonly photometric: number
  /** 1: whole numbers, 3: floating point. */
  readonly sampleFormat?: number
  /** 16-bit values, all reds, all greens, all blues. */
  readonly colourMap?: readonly number[]
  /** EXIF orientation. */
  readonly orientation?: number
  readonly data: Uint8Array
}

/** An uncompressed little-endian TIFF of one strip. */
export function buildTiff(options: TiffOptions): Uint8Array {
  const { width, height, bits, samples, photometric, sampleFormat = 1, colourMap, orientation = 1, data } = options
  const short = 3
  const long = 4
  const entries: [tag: number, values: readonly number[], type?: number][] = [
    [256, [width]],
    [257, [height]],
    [258, Array<number>(samples).fill(bits)],
    [259, [1]],
    [262, [photometric]],
    [273, [8]],
    [274, [orientation]],
    [277, [samples]],
    [278, [height]],
    [279, [data.length], long],
  ]
  if (colourMap !== undefined) entries.push([320, colourMap])
  if (photometric === 2 && samples > 3) entries.push([338, Array<number>(samples - 3).fill(0)])
  entries.push([339, Array<number>(samples).fill(sampleFormat)])

  const directoryAt = 8 + data.length + (data.length % 2)
  let extraAt = directoryAt + 2 + entries.length * 12 + 4
  const file = Buffer.alloc(extraAt + entries.reduce((sum, [, values]) => sum + values.length * 2, 0))
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(directoryAt, 4)
  file.set(data, 8)
  file.writeUInt16LE(entries.length, directoryAt)
  entries.forEach(([tag, values, type = short], index) => {
    const at = directoryAt + 2 + index * 12
    file.writeUInt16LE(tag, at)
    file.writeUInt16LE(type, at + 2)
    file.writeUInt32LE(values.length, at + 4)
    if (type === long) {
      file.writeUInt32LE(values[0]!, at + 8)
      return
    }
    const inline = values.length <= 2
    if (!inline) file.writeUInt32LE(extraAt, at + 8)
    values.forEach((value, i) => file.writeUInt16LE(value, (inline ? at + 8 : extraAt) + i * 2))
    if (!inline) extraAt += values.length * 2
  })
  return new Uint8Array(file)
}

/** The same JPEG with an EXIF block that says how it is turned. */
export function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  // One entry: tag 0x0112, type short, one value; big-endian.
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
  const exif = [...Buffer.from('Exif\0\0MM\0*', 'latin1'), 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0]
  const marker = [0xff, 0xe1, 0, exif.length + 2]
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, 2), Uint8Array.from([...marker, ...exif]), jpeg.subarray(2)]))
}

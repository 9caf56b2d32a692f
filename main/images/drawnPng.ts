/**
 * PNG files of drawings. A drawing repeats itself: most of each row is as the row above it, most of the rest as the
 * pixel before. To look for these two alone takes half of libvips's time, for files a quarter larger.
 */

import { crc32 } from 'node:zlib'
import type { Canvas } from './canvas.ts'

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** Encodes losslessly. */
export function encodeDrawing(canvas: Canvas): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(canvas.width, 0)
  header.writeUInt32BE(canvas.height, 4)
  header[8] = 8
  header[9] = canvas.channels === 4 ? 6 : 2
  stream.begin(canvas)
  for (let row = 0; row < canvas.height; row++) stream.add(row)
  const chunks = [chunk('IHDR', header), chunk('IDAT', stream.end()), chunk('IEND', new Uint8Array(0))]
  return new Uint8Array(Buffer.concat([signature, ...chunks.flat()]))
}

function chunk(name: string, data: Uint8Array): readonly Uint8Array[] {
  const start = Buffer.alloc(8)
  start.writeUInt32BE(data.length, 0)
  start.write(name, 4, 'latin1')
  const end = Buffer.alloc(4)
  end.writeUInt32BE(crc32(data, crc32(start.subarray(4))), 0)
  return [start, data, end]
}

/** A code and its number of bits, as they are written: the first bit is the lowest. */
type Code = readonly [code: number, bits: number]

/** Huffman codes are defined with their first bit the highest. */
function reversed(code: number, bits: number): number {
  let turned = 0
  for (let i = 0; i < bits; i++) turned |= ((code >> i) & 1) << (bits - 1 - i)
  return turned
}

/** RFC 1951, 3.2.6: the codes that need no table in the file. */
function symbolCode(symbol: number): Code {
  if (symbol < 144) return [reversed(0x30 + symbol, 8), 8]
  if (symbol < 256) return [reversed(0x190 + symbol - 144, 9), 9]
  if (symbol < 280) return [reversed(symbol - 256, 7), 7]
  return [reversed(0xc0 + symbol - 280, 8), 8]
}

/** RFC 1951, 3.2.5: a class of numbers, and which of them, in `extra` bits. */
function classOf(number: number, finest: number): { readonly index: number; readonly rest: number; extra: number } {
  const extra = Math.max(0, 31 - Math.clz32(number) - finest)
  return { index: (extra << finest) + (number >> extra), rest: number & ((1 << extra) - 1), extra }
}

/** The longest match: 258 bytes. */
const longest = 258

function lengthCode(length: number): Code {
  if (length === longest) return symbolCode(285)
  const { index, rest, extra } = classOf(length - 3, 2)
  const [code, bits] = symbolCode(257 + index)
  return [code | (rest << bits), bits + extra]
}

function distanceCode(distance: number): Code {
  const { index, rest, extra } = classOf(distance - 1, 1)
  return [reversed(index, 5) | (rest << 5), 5 + extra]
}

/** How far back a match may lie. */
const farthest = 32_768

const literals = Array.from({ length: 256 }, (_, byte) => symbolCode(byte))
const literalCodes = Uint16Array.from(literals, ([code]) => code)
const literalBits = Uint8Array.from(literals, ([, bits]) => bits)
const lengths = Array.from({ length: longest + 1 }, (_, length): Code => (length < 3 ? [0, 0] : lengthCode(length)))
const lengthCodes = Uint16Array.from(lengths, ([code]) => code)
const lengthBits = Uint8Array.from(lengths, ([, bits]) => bits)

class Bits {
  /** Large enough for every stream so far; little of it is ever touched. */
  bytes = new Uint8Array(0)
  length = 0
  #held = 0
  #count = 0

  begin(most: number): void {
    if (this.bytes.length < most) this.bytes = new Uint8Array(Buffer.allocUnsafeSlow(most).buffer)
    this.length = this.#held = this.#count = 0
  }

  /** At most 24 bits. */
  put(code: number, bits: number): void {
    let held = this.#held | (code << this.#count)
    let count = this.#count + bits
    while (count >= 8) {
      this.bytes[this.length++] = held
      held >>>= 8
      count -= 8
    }
    this.#held = held
    this.#count = count
  }

  literal(byte: number): void {
    this.put(literalCodes[byte]!, literalBits[byte]!)
  }

  /** At least three bytes, as they are at a distance. */
  match(length: number, [code, bits]: Code): void {
    for (let left = length; left > 0;) {
      // None of fewer than three may be left.
      const part = left <= longest ? left : Math.min(longest, left - 3)
      this.put(lengthCodes[part]!, lengthBits[part]!)
      this.put(code, bits)
      left -= part
    }
  }
}

/** A zlib stream (RFC 1950) of the rows, each after a zero: no filter. */
class Stream {
  readonly #bits = new Bits()
  #pixels: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#pixels.buffer)
  #channels = 3
  #stride = 0
  #before: Code = [0, 0]
  /** Null where rows are too long to be looked back over. */
  #above: Code | null = null
  /** Bytes that are as those above, not written yet. */
  #same = 0
  // Adler-32 of all rows so far, and of the last one: the sum of its bytes, and of its sums up to each. Of the next one
  // only what differs has to be looked at.
  #low = 1
  #high = 0
  #sum = 0
  #sums = 0

  begin({ pixels, width, height, channels }: Canvas): void {
    this.#pixels = pixels
    this.#view = new DataView(pixels.buffer, pixels.byteOffset, pixels.length)
    this.#channels = channels
    this.#stride = width * channels
    const line = this.#stride + 1
    this.#before = distanceCode(channels)
    this.#above = line <= farthest ? distanceCode(line) : null
    this.#low = 1
    this.#same = this.#high = this.#sum = this.#sums = 0
    // No byte takes more than nine bits.
    this.#bits.begin(16 + Math.ceil((height * line * 9) / 8))
    // Deflate with a window of 32 KB, and one block, the last, with the codes of 3.2.6.
    this.#bits.put(0x0178, 16)
    this.#bits.put(3, 3)
  }

  add(row: number): void {
    const from = row * this.#stride
    const end = from + this.#stride
    const isCompared = row > 0 && this.#above !== null
    if (isCompared) this.#same++
    else this.#bits.literal(0)
    for (let i = from; i < end;) {
      if (isCompared) {
        const differs = unlike(this.#pixels, this.#view, i, end, this.#stride)
        this.#same += differs - i
        i = differs
        if (i === end) break
        this.#endSame(from, i)
      }
      // Before the first pixel of a row there is none, though there are bytes.
      const run = i >= from + this.#channels ? unlike(this.#pixels, this.#view, i, end, this.#channels) : i
      const next = run - i >= 3 ? run : Math.min(end, i + this.#channels)
      this.#count(i, next, end, row > 0 ? this.#stride : 0)
      if (run - i >= 3) this.#bits.match(run - i, this.#before)
      else for (let at = i; at < next; at++) this.#bits.literal(this.#pixels[at]!)
      i = next
    }
    // So that fewer than three are never of two rows, between which there is the filter.
    if (this.#same < 3) this.#endSame(from, end)
    this.#high = (this.#high + (this.#stride + 1) * this.#low + this.#sums) % 65_521
    this.#low = (this.#low + this.#sum) % 65_521
  }

  /** Writes that the bytes up to `i` were as those above; fewer than three as they are. */
  #endSame(from: number, i: number): void {
    if (this.#same >= 3) this.#bits.match(this.#same, this.#above!)
    else for (let at = i - this.#same; at < i; at++) this.#bits.literal(at < from ? 0 : this.#pixels[at]!)
    this.#same = 0
  }

  /** Takes a piece of a row in place of that above, `stride` before it, into its sums; in the first row it is new. */
  #count(from: number, to: number, end: number, stride: number): void {
    const pixels = this.#pixels
    let more = 0
    let mores = 0
    for (let at = from; at < to; at++) {
      more += stride > 0 ? pixels[at]! - pixels[at - stride]! : pixels[at]!
      mores += more
    }
    this.#sum += more
    this.#sums += mores + more * (end - to)
  }

  end(): Uint8Array {
    this.#endSame(0, this.#pixels.length)
    // The end of the block, and zeros up to a whole byte.
    this.#bits.put(0, 14)
    const { bytes, length } = this.#bits
    this.#pixels = new Uint8Array(0)
    this.#view = new DataView(this.#pixels.buffer)
    new DataView(bytes.buffer).setUint32(length, this.#high * 65_536 + this.#low)
    return bytes.subarray(0, length + 4)
  }
}

/** One for all: V8 forgets what it has compiled for a class as soon as there is no instance. */
const stream = new Stream()

/** Where, from `i` on, a byte differs from the one `distance` before it. */
function unlike(pixels: Uint8Array, view: DataView, i: number, end: number, distance: number): number {
  if (pixels[i] !== pixels[i - distance]) return i
  while (i + 8 <= end && unlikeBits(view, i, i - distance) === 0) i += 8
  while (i < end && pixels[i] === pixels[i - distance]) i++
  return i
}

/** Of eight bytes each; zero where they are alike. */
function unlikeBits(view: DataView, a: number, b: number): number {
  return (view.getInt32(a, true) ^ view.getInt32(b, true)) | (view.getInt32(a + 4, true) ^ view.getInt32(b + 4, true))
}

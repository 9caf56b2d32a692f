/** Pictures to begin with, and what is done to them. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import type { Random } from './random.ts'

export interface PictureFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const endings = ['.png', '.jpg', '.jpeg', '.webp', '.avif', '.gif', '.tif', '.tiff', '.bmp', '.svg']

/** Every picture in these folders, and a small made one of each format. */
export async function pictures(folders: readonly string[]): Promise<readonly PictureFile[]> {
  const found = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .filter((name) => endings.includes(path.extname(name).toLowerCase()))
      .map((name) => ({ name: path.basename(name), bytes: new Uint8Array(readFileSync(path.join(folder, name))) })),
  )
  return [...found, ...(await made())]
}

async function made(): Promise<PictureFile[]> {
  const pixels = Uint8Array.from({ length: 48 * 40 * 4 }, (_, i) => (i * i * 7 + (i >> 4) * 29) % 256)
  const image = () => sharp(pixels, { raw: { width: 48, height: 40, channels: 4 } }).withIccProfile('p3')
  const encoded = {
    'made.png': image().png(),
    'made-palette.png': image().png({ palette: true }),
    'made-interlaced.png': image().png({ progressive: true }),
    'made.jpg': image().jpeg(),
    'made-progressive.jpg': image().jpeg({ progressive: true }),
    'made.webp': image().webp(),
    'made-lossless.webp': image().webp({ lossless: true }),
    'made.avif': image().avif(),
    'made.gif': image().gif(),
    'made.tif': image().tiff({ compression: 'lzw' }),
    'made-tiles.tif': image().tiff({ tile: true, compression: 'deflate' }),
  }
  return await Promise.all(
    Object.entries(encoded).map(async ([name, one]) => ({ name, bytes: new Uint8Array(await one.toBuffer()) })),
  )
}

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array

const flipBytes: Mutation = (bytes, random) => {
  const copy = bytes.slice()
  const count = 1 + random.below(random.chance(0.5) ? 4 : 64)
  for (let i = 0; i < count; i++) {
    // Headers are at the front: half of the changes go there.
    const at = random.below(random.chance(0.5) ? Math.min(400, copy.length) : copy.length)
    copy[at] = random.chance(0.5) ? random.below(256) : copy[at]! ^ (1 << random.below(8))
  }
  return copy
}

const cut: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length + 1))

const splice: Mutation = (bytes, random, other) => {
  const [at, from] = [random.below(bytes.length), random.below(other.length)]
  const length = random.below(Math.min(4096, other.length - from) + 1)
  const removed = random.chance(0.5) ? length : random.below(256)
  return join(bytes.subarray(0, at), other.subarray(from, from + length), bytes.subarray(at + removed))
}

const repeat: Mutation = (bytes, random) => {
  const at = random.below(bytes.length)
  const end = Math.min(bytes.length, at + random.below(2048))
  const times = 1 + random.below(20)
  return join(
    bytes.subarray(0, at),
    ...Array.from({ length: times }, () => bytes.subarray(at, end)),
    bytes.subarray(at),
  )
}

/** Lengths, counts and sizes that lie: a number of 1, 2 or 4 bytes becomes one from the edge of its range. */
const lie: Mutation = (bytes, random) => {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  const count = 1 + random.below(3)
  for (let i = 0; i < count; i++) {
    const width = random.pick([1, 2, 4] as const)
    if (copy.length < width) break
    const range = random.chance(0.7) ? Math.min(600, copy.length) : copy.length
    const at = random.below(Math.min(range, copy.length - width + 1))
    const value = random.pick([0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff])
    const little = random.chance(0.5)
    if (width === 1) view.setUint8(at, value & 0xff)
    else if (width === 2) view.setUint16(at, value & 0xffff, little)
    else view.setUint32(at, value, little)
  }
  return copy
}

const mutations: readonly Mutation[] = [flipBytes, flipBytes, lie, lie, cut, splice, repeat]

/** A picture that is no longer quite one, perhaps under a name of another kind. */
export function mutatePicture(file: PictureFile, all: readonly PictureFile[], random: Random): PictureFile {
  let { bytes } = file
  const rounds = 1 + random.below(3)
  for (let i = 0; i < rounds && bytes.length > 0; i++) {
    bytes = random.pick(mutations)(bytes, random, random.pick(all).bytes)
  }
  // Decoders look no further than the first wrong sum: mended, the rest of the file counts as well.
  if (random.chance(0.6)) bytes = mendPng(bytes)
  const name = random.chance(0.3) ? `${path.parse(file.name).name}${random.pick(endings)}` : file.name
  return { name, bytes }
}

/** The same file with the check sums of its chunks made right, if it is a PNG. */
function mendPng(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 8 || new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== 0x89504e47) return bytes
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  for (let at = 8; at + 12 <= copy.length;) {
    const end = at + 8 + view.getUint32(at)
    if (end + 4 > copy.length) break
    view.setUint32(end, crc32(copy.subarray(at + 4, end)))
    at = end + 4
  }
  return copy
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

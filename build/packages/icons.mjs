/** Draws the app's icons from its logo, in the forms the three systems want. */

import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'

/** @param {string} logo an SVG file @param {number} size in pixels */
function draw(logo, size) {
  // An SVG is drawn at 72 dots an inch unless told otherwise, and this one is 32 units wide.
  return sharp(logo, { density: (72 * size) / 32 }).resize(size, size, { fit: 'contain', background: '#0000' })
}

/** The logo as a PNG. @param {string} logo @param {number} size */
export const png = (logo, size) => draw(logo, size).png({ compressionLevel: 9 }).toBuffer()

/**
 * An entry of a Windows icon as a bitmap without a file header: its rows from the bottom up, blue first, then a mask
 * that is empty because the pixels have an alpha of their own.
 * @param {string} logo @param {number} size
 */
async function bitmap(logo, size) {
  const pixels = await draw(logo, size).ensureAlpha().raw().toBuffer()
  const header = Buffer.alloc(40)
  header.writeUInt32LE(40, 0)
  header.writeInt32LE(size, 4)
  // The height counts the mask too.
  header.writeInt32LE(2 * size, 8)
  header.writeUInt16LE(1, 12)
  header.writeUInt16LE(32, 14)
  const rows = Buffer.alloc(pixels.length)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = ((size - 1 - y) * size + x) * 4
      const to = (y * size + x) * 4
      rows.set([pixels[from + 2] ?? 0, pixels[from + 1] ?? 0, pixels[from] ?? 0, pixels[from + 3] ?? 0], to)
    }
  }
  const maskRow = Math.ceil(size / 32) * 4
  return Buffer.concat([header, rows, Buffer.alloc(maskRow * size)])
}

/** The layout of Windows: small pictures as bitmaps, the largest as PNG. @param {string} logo */
async function ico(logo) {
  const sizes = [16, 24, 32, 48, 64, 128, 256]
  const pictures = await Promise.all(sizes.map((size) => (size < 256 ? bitmap(logo, size) : png(logo, size))))
  const head = Buffer.alloc(6 + 16 * sizes.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(sizes.length, 4)
  let offset = head.length
  for (const [index, picture] of pictures.entries()) {
    const at = 6 + 16 * index
    // 256 is written as 0.
    const size = (sizes[index] ?? 0) % 256
    head.set([size, size, 0, 0], at)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(picture.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += picture.length
  }
  return Buffer.concat([head, ...pictures])
}

/** The kinds of an Apple icon that hold a PNG, each with its size in pixels. */
const appleKinds = /** @type {const} */ ([
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
])

/** @param {string} name @param {Buffer} content */
function block(name, content) {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32BE(8 + content.length, 4)
  return Buffer.concat([head, content])
}

/** @param {string} logo */
async function icns(logo) {
  const blocks = await Promise.all(appleKinds.map(async ([kind, size]) => block(kind, await png(logo, size))))
  return block('icns', Buffer.concat(blocks))
}

/**
 * Writes icon.ico, icon.icns and linux/NxN.png.
 * @param {string} logo an SVG file, square
 * @param {string} folder emptied first
 */
export async function drawIcons(logo, folder) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(path.join(folder, 'linux'), { recursive: true })
  await writeFile(path.join(folder, 'icon.ico'), await ico(logo))
  await writeFile(path.join(folder, 'icon.icns'), await icns(logo))
  for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
    await writeFile(path.join(folder, 'linux', `${size}x${size}.png`), await png(logo, size))
  }
}

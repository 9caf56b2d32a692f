/** What a file is by its first bytes, whatever its name says; an allow-list, before any decoder sees it. */

import { LoupeError } from '../../shared/errors.ts'

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff'

export interface ImageFile {
  /** Only for messages; folders in front of it are not shown. */
  readonly name: string
  readonly bytes: Uint8Array
}

const readable = 'LayerLoupe reads JPEG, PNG, WebP, AVIF, GIF and TIFF'

/** The file's own name in quotation marks, for messages: never a path. */
export function quotedName(file: ImageFile): string {
  return `“${file.name.replace(/^.*[\\/]/, '')}”`
}

/** The format, or `image-unsupported` saying what the file is instead and what to do. */
export function sniffFormat(file: ImageFile): ImageFormat {
  const { bytes } = file
  if (bytes.length === 0) {
    throw new LoupeError('image-damaged', `${quotedName(file)} is empty: it holds no bytes. Get a fresh copy of it.`)
  }
  for (const [format, matches] of formats) if (matches(bytes)) return format
  const found = foreign.find(([, matches]) => matches(bytes))?.[0]
  const reason = found === undefined ? 'is not a picture LayerLoupe knows' : `is ${found}`
  throw new LoupeError(
    'image-unsupported',
    `${quotedName(file)} ${reason}. ${readable}; convert it to PNG or JPEG first.`,
    { found: found ?? null },
  )
}

type Test = (bytes: Uint8Array) => boolean

const formats: readonly (readonly [ImageFormat, Test])[] = [
  ['jpeg', starts([0xff, 0xd8, 0xff])],
  ['png', starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['gif', (bytes) => text(bytes, 0, 6) === 'GIF87a' || text(bytes, 0, 6) === 'GIF89a'],
  ['webp', (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP'],
  ['avif', (bytes) => brands(bytes).some((brand) => brand === 'avif' || brand === 'avis')],
  // 42 is TIFF, 43 is BigTIFF, in either byte order.
  ['tiff', (bytes) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(bytes, 0, 4))],
]

/** Named only to say what a refused file is. */
const foreign: readonly (readonly [string, Test])[] = [
  ['a BMP picture', starts([0x42, 0x4d])],
  ['a HEIC picture', (bytes) => brands(bytes).some((brand) => /^(hei|hev|mif1|msf1)/.test(brand))],
  ['a video', (bytes) => brands(bytes).length > 0 || starts([0x1a, 0x45, 0xdf, 0xa3])(bytes)],
  ['a PDF document', (bytes) => text(bytes, 0, 5) === '%PDF-'],
  ['a JPEG XL picture', (bytes) => starts([0xff, 0x0a])(bytes) || text(bytes, 4, 8) === 'JXL '],
  ['a JPEG 2000 picture', (bytes) => starts([0xff, 0x4f, 0xff, 0x51])(bytes) || text(bytes, 4, 8) === 'jP  '],
  ['a Photoshop document', (bytes) => text(bytes, 0, 4) === '8BPS'],
  ['an icon', starts([0, 0, 1, 0])],
  ['an OpenEXR picture', starts([0x76, 0x2f, 0x31, 0x01])],
  ['a ZIP archive', starts([0x50, 0x4b, 0x03, 0x04])],
  ['a web page', (bytes) => isMarkup(bytes) && /<(?:!doctype html|html|head|body)[\s>]/i.test(text(bytes, 0, 4096))],
  // An SVG is a program of drawing commands that may pull in other files and fonts: not safe to open from anyone.
  ['an SVG drawing', (bytes) => isMarkup(bytes) && /<(?:[a-z]+:)?svg[\s>]/i.test(text(bytes, 0, 4096))],
  ['a text file with markup', isMarkup],
]

function isMarkup(bytes: Uint8Array): boolean {
  return /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?[\s\0]*</.test(text(bytes, 0, 256))
}

function starts(signature: readonly number[]): Test {
  return (bytes) => signature.every((byte, index) => bytes[index] === byte)
}

/** Bytes as Latin-1 characters. */
function text(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}

/** Major and compatible brands of an ISO media file (its `ftyp` box); none if it is not one. */
function brands(bytes: Uint8Array): string[] {
  if (bytes.length < 16 || text(bytes, 4, 8) !== 'ftyp') return []
  const length = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.length, 256)
  const found = [text(bytes, 8, 12)]
  for (let at = 16; at + 4 <= length; at += 4) found.push(text(bytes, at, at + 4))
  return found
}

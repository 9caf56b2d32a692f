/** Picture files the tests make, good and awkward. */

import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { clouds, shapes, type FileToAdd } from './test.ts'

/** A colourful gradient, different for each seed. */
export async function madePicture(name: string, width = 96, height = 72, seed = 1): Promise<FileToAdd> {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels.set([(x * 5 + seed * 31) & 255, (y * 3 + seed * 17) & 255, ((x ^ y) * seed) & 255], (y * width + x) * 3)
    }
  }
  const buffer = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
  return { name, mimeType: 'image/png', buffer }
}

/** Cut within its header: refused when it is added. */
export function cutJpeg(name: string): FileToAdd {
  return { name, mimeType: 'image/jpeg', buffer: readFileSync(clouds).subarray(0, 120) }
}

/** Its header is good and its body ends in the middle. */
export function halfJpeg(name: string): FileToAdd {
  const whole = readFileSync(clouds)
  return { name, mimeType: 'image/jpeg', buffer: whole.subarray(0, whole.length >> 1) }
}

/** Whole from its header to its end, and what is between cannot be: found only when all of it is decoded. */
export function brokenPng(name: string): FileToAdd {
  const buffer = readFileSync(shapes)
  const middle = buffer.length >> 1
  for (let i = middle; i < middle + 8; i++) buffer[i]! ^= 0xff
  return { name, mimeType: 'image/png', buffer }
}

export function htmlAsPng(name: string): FileToAdd {
  return { name, mimeType: 'image/png', buffer: Buffer.from('<!doctype html><title>Not found</title><p>404</p>') }
}

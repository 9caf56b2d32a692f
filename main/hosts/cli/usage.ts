/** What a person typed, read into what the commands take; a mistake is a sentence and exit code 2. */

import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { saveKinds, type SaveKind } from '../../../shared/api.ts'
import { LoupeError, toWire } from '../../../shared/errors.ts'
import { parsePipelineText, type Pipeline } from '../../../shared/pipeline.ts'
import { presetsOn } from '../../../shared/presets.ts'
import type { Size } from '../../../shared/tensor.ts'

/** Bad usage: told as a sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** `png,npy` as a list without repeats; `all` is every kind. */
export function parseSave(text: string): readonly SaveKind[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.length === 1 && names[0] === 'all') return saveKinds
  for (const name of names) {
    if (!isSaveKind(name)) {
      const what = name === '' ? 'an empty name' : JSON.stringify(name)
      throw new UsageError(`--save has ${what}; it takes any of ${saveKinds.join(', ')}, separated by commas, or all.`)
    }
  }
  return saveKinds.filter((kind) => names.includes(kind))
}

function isSaveKind(name: string): name is SaveKind {
  return (saveKinds as readonly string[]).includes(name)
}

/** `640x480` (or with ×) as a size in pixels; undefined where the text is not of that form. */
export function parseSize(text: string): Size | undefined {
  const match = /^(\d{1,6})\s*[x×]\s*(\d{1,6})$/i.exec(text)
  if (!match) return undefined
  const size = { width: Number(match[1]), height: Number(match[2]) }
  if (size.width < 1 || size.height < 1 || size.width > 100_000 || size.height > 100_000) {
    throw new UsageError(`--size ${text}: both sides must be between 1 and 100000 pixels.`)
  }
  return size
}

/** A number of pixels; `50e6` will do. */
export function parsePixels(text: string): number {
  const pixels = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(pixels) || pixels < 1) {
    throw new UsageError(`--max-pixels ${text}: this must be a whole number of pixels, such as 50000000 or 50e6.`)
  }
  return pixels
}

/** A port to listen on; 0 is any free one. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new UsageError(`--port ${text}: a port is a whole number from 0 (any free one) to 65535.`)
  }
  return port
}

/**
 * A preset by its id, or a pipeline file. A preset wins over a file of the same name; `./walkthrough` is the file.
 * The background lies under transparent pixels where the pipeline names no other.
 */
export async function readPipeline(name: string, background = '#ffffff'): Promise<Pipeline> {
  const presets = presetsOn(background)
  const preset = presets.find(({ id }) => id === name)
  if (preset) return preset.pipeline
  let text: string
  try {
    text = await readFile(name, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') {
      const known = presets.map(({ id }) => id).join(', ')
      throw new UsageError(`--pipeline ${name}: there is no such file, and the presets are ${known}.`)
    }
    throw new UsageError(`--pipeline ${name}: ${whyUnreadable(code)}.`)
  }
  try {
    return parsePipelineText(text, background)
  } catch (error) {
    if (error instanceof LoupeError) throw new UsageError(`${name}: ${error.message}`)
    throw error
  }
}

/** Refuses `--out` where it is a file, or nothing: an unset variable of a script must not mean the current folder. */
export async function checkFolder(directory: string): Promise<void> {
  if (directory === '') throw new UsageError('--out has an empty name; name the folder to save to (. is this one).')
  const there = await stat(directory).catch(() => undefined)
  if (there && !there.isDirectory()) throw new UsageError(`--out ${directory}: this is a file, not a folder.`)
}

/** Why a path cannot be used as a picture before anything reads it; undefined where it can be tried. */
export async function whyNoFile(
  file: string,
  ofFolder = `this is a folder; name the pictures in it, for example ${path.join(file, '*.jpg')}`,
): Promise<string | undefined> {
  try {
    const there = await stat(file)
    if (there.isDirectory()) return ofFolder
    return there.isFile() ? undefined : 'this is not a file'
  } catch (error) {
    return whyUnreadable((error as NodeJS.ErrnoException).code)
  }
}

function whyUnreadable(code: string | undefined): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file'
  if (code === 'EISDIR') return 'this is a folder'
  if (code === 'EACCES' || code === 'EPERM') return 'it cannot be read: permission denied'
  return `it cannot be read (${code ?? 'unknown reason'})`
}

/** Why a picture failed, with the file as it was typed: errors name files without their folders. */
export function reasonOf(file: string, error: unknown): string {
  const { message } = toWire(error)
  const name = path.basename(file)
  for (const start of [`“${name}”`, name]) if (message.startsWith(start)) return file + message.slice(start.length)
  return `${file}: ${message}`
}

/** Reading image files, for the process that decodes them. */

import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { LoupeError } from '../../shared/errors.ts'
import type { ImageSource } from './protocol.ts'

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The whole file. Throws `image-unreadable` or, before anything is read, `image-too-large`. */
export async function readImageFile(path: string, name: string, byteLimit: number): Promise<Uint8Array> {
  try {
    // Before it is opened: a named pipe that nobody writes to would never be, and a device may have no end.
    const found = await stat(path)
    if (!found.isFile() && !found.isDirectory()) throw notAFile(name)
    const handle = await open(path, 'r')
    try {
      const { size } = await handle.stat()
      checkFileSize(name, size, byteLimit)
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(name, error)
  }
}

function notAFile(name: string): LoupeError {
  const message = `${name} cannot be read: it is not a file, but a pipe, a socket or a device.`
  return new LoupeError('image-unreadable', message, { name })
}

/** The bytes of an image in the library. Throws `image-unreadable` where they are no longer those that were added. */
export async function readSource(source: ImageSource, byteLimit: number): Promise<Uint8Array> {
  const { id, name } = source.info
  const bytes = await readImageFile(source.path, name, byteLimit)
  if (sha256(bytes) !== id) {
    throw new LoupeError('image-unreadable', `${name} has changed on disk since it was added; add it again.`, { name })
  }
  return bytes
}

export function checkFileSize(name: string, size: number, limit: number): void {
  if (size <= limit) return
  throw new LoupeError(
    'image-too-large',
    `${name} is ${megabytes(size)} MB; LayerLoupe opens files up to ${megabytes(limit)} MB.`,
    { name, byteLength: size, limit },
  )
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}

const reasons: Record<string, string> = {
  ENOENT: 'it is not there (any more); if it was moved, open it where it is now',
  EACCES: 'you may not read it; change its permissions and try again',
  EPERM: 'you may not read it; change its permissions and try again',
  EISDIR: 'it is a folder; open the pictures in it',
}

/** Anything a file system says, as a sentence about the file by name, without its path. */
export function unreadable(name: string, error: unknown): LoupeError {
  if (error instanceof LoupeError) return error
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown error'
  // Names come as text: bytes that are none have become this sign, and lead to no file.
  const isNoText = code === 'ENOENT' && name.includes('\ufffd')
  const reason = isNoText ? 'its name is no valid UTF-8; rename it' : (reasons[code] ?? `the system says ${code}`)
  return new LoupeError('image-unreadable', `${name} cannot be read: ${reason}.`, { name }, { cause: error })
}

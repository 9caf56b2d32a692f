/** Where saved files go: a folder or a zip; each file whole or not there at all. */

import { randomBytes } from 'node:crypto'
import { open, rename, rm, rmdir, stat, writeFile, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { Zip, ZipPassThrough } from 'fflate'
import { LoupeError } from '../../shared/errors.ts'
import { makeFolders } from './folders.ts'
import { noNote, type Note } from './journal.ts'
import { safeName, takenNames, uniqueFolder, uniqueName } from './names.ts'
import { describeWriteError } from './writeError.ts'

/** What is written to a file; pieces come one after the other, so that it is never in memory all at once. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>

export interface Sink {
  /** Takes a folder name nothing else has (`base`, `base-2`, …) and returns it. */
  folder(base: string): Promise<string>
  /** Writes one file whole; `name` uses `/` between folders. Throws `write-failed`, leaving nothing of the file. */
  write(name: string, content: Content): Promise<void>
  /** Everything is written: makes it last. */
  close(): Promise<void>
  /** Takes back all this sink has written, so that nothing is left half done. Never throws. */
  abort(): Promise<void>
}

export interface FolderSink extends Sink {
  /** As any sink's; text may come in pieces too. */
  write(name: string, content: Content | Iterable<string>): Promise<void>
}

/** A hidden name beside the final one, so that the rename stays on one disk. */
function temporaryName(file: string): string {
  return path.join(path.dirname(file), `.layerloupe-${randomBytes(6).toString('hex')}.part`)
}

/** Path components made safe; the result always lies below the sink's own folder. */
function components(name: string): string[] {
  return name
    .split('/')
    .filter((part) => part !== '')
    .map(safeName)
}

/**
 * Files into `directory`, made if it is not there. Each is written under a hidden name, synced and renamed. `note` hears
 * of everything that is new before it is made.
 */
export function folderSink(directory: string, note: Note = noNote): FolderSink {
  const root = path.resolve(directory)
  const written: string[] = []
  const folders: string[] = []
  const temporaries = new Set<string>()

  async function makeFolder(folder: string): Promise<void> {
    if (folders.includes(folder)) return
    const first = await makeFolders(folder, note)
    // What was there before us is not ours to take back.
    if (first !== undefined) for (let at = folder; at.startsWith(first); at = path.dirname(at)) folders.push(at)
  }

  return {
    async folder(base) {
      await makeFolder(root).catch((error: unknown) => {
        throw describeWriteError(error, path.basename(root))
      })
      const name = await uniqueFolder(root, base, note)
      folders.push(path.join(root, name))
      return name
    },
    async write(name, content) {
      const parts = components(name)
      const file = path.join(root, ...parts)
      const temporary = temporaryName(file)
      try {
        await makeFolder(path.dirname(file))
        const existed = await stat(file).then(
          () => true,
          () => false,
        )
        temporaries.add(temporary)
        note({ type: 'file', path: temporary })
        await writeWhole(temporary, content)
        if (!existed) note({ type: 'file', path: file })
        await rename(temporary, file)
        temporaries.delete(temporary)
        if (!existed) written.push(file)
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined)
        temporaries.delete(temporary)
        throw describeWriteError(error, parts.at(-1) ?? name)
      }
    },
    async close() {
      await syncFolders([root, ...folders])
    },
    async abort() {
      const files = [...temporaries, ...written.splice(0)]
      await Promise.all(files.map((file) => rm(file, { force: true }).catch(() => undefined)))
      // Deepest first; a folder someone else has put a file into stays.
      const byDepth = [...new Set(folders.splice(0))].sort((a, b) => b.length - a.length)
      for (const folder of byDepth) await rmdir(folder).catch(() => undefined)
    },
  }
}

/** One file where a person wants it, whole or not at all: what was there stays until then. Throws `write-failed`. */
export async function writeFileWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryName(path.resolve(file))
  try {
    await writeWhole(temporary, bytes)
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw describeWriteError(error, path.basename(file))
  }
}

/** One file of a name that nothing in the folder (made if it is not there) has: `a.png`, or `a-2.png`, …; returns it. */
export async function writeNewFile(directory: string, wanted: string, bytes: Uint8Array): Promise<string> {
  const { name: base, ext } = path.parse(safeName(wanted))
  let taken: ReadonlySet<string>
  try {
    await makeFolders(directory)
    taken = await takenNames(directory)
  } catch (error) {
    throw describeWriteError(error, wanted)
  }
  let name = base + ext
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}-${n}${ext}`
  await writeFileWhole(path.join(directory, name), bytes)
  return name
}

async function writeWhole(file: string, content: Content | Iterable<string>): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await writeFile(handle, content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes renames survive a power cut; Windows has no such call and needs none. */
async function syncFolders(folders: readonly string[]): Promise<void> {
  if (process.platform === 'win32') return
  for (const folder of new Set(folders)) {
    const handle = await open(folder, 'r').catch(() => undefined)
    await handle?.sync().catch(() => undefined)
    await handle?.close()
  }
}

/**
 * A zip is handed over whole, and Node reads no file of 2 GiB or more at once. Without the format's 64-bit extension
 * its list of files counts to 65,535: one more, and programs find only what is left after that.
 */
const zipLimits = { bytes: 0x7fff_ffff, files: 0xffff }

/** Bytes of a file's two headers and its data descriptor in a zip, without its name, generously. */
const directoryEntry = 128

function tooMuch(limit: string, file: string): LoupeError {
  return new LoupeError(
    'write-failed',
    `A zip holds at most ${limit}, and these stages are more. Save fewer images or stages, or save to a folder.`,
    { file },
  )
}

/**
 * One zip file of a name nothing has, written under a hidden name as files come and renamed when closed.
 * Files are stored as they are: pictures are compressed already, and speed counts more than size on one's own disk.
 */
export function zipSink(file: string, note: Note = noNote, limits = zipLimits): Sink {
  const target = path.resolve(file)
  const temporary = temporaryName(target)
  const taken = new Set<string>()
  let handle: Promise<FileHandle> | undefined
  let byteLength = 0
  let directoryBytes = 0
  let entries = 0
  let pending: Uint8Array[] = []
  let failure: LoupeError | undefined
  // One file after the other, however many are written at the same time.
  let queue: Promise<void> = Promise.resolve()

  const zip = new Zip((error, chunk) => {
    if (error) failure ??= describeWriteError(error, path.basename(target))
    else pending.push(chunk)
  })

  function enqueue(task: () => Promise<void>): Promise<void> {
    const done = queue.then(async () => {
      if (failure) throw failure
      try {
        await task()
      } catch (error) {
        throw (failure ??= describeWriteError(error, path.basename(target)))
      }
    })
    queue = done.catch(() => undefined)
    return done
  }

  async function flush(): Promise<void> {
    handle ??= makeFolders(path.dirname(target), note).then(() => {
      note({ type: 'file', path: temporary })
      return open(temporary, 'wx')
    })
    const out = await handle
    const chunks = pending
    pending = []
    if (failure) throw failure
    for (const chunk of chunks) {
      byteLength += chunk.length
      await out.writeFile(chunk)
    }
  }

  return {
    folder: (base) => Promise.resolve(uniqueName(base, taken)),
    write: (name, content) =>
      enqueue(async () => {
        const safe = components(name).join('/')
        directoryBytes += directoryEntry + 2 * Buffer.byteLength(safe)
        if (++entries > limits.files) throw tooMuch(`${limits.files.toLocaleString('en')} files`, safe)
        const entry = new ZipPassThrough(safe)
        zip.add(entry)
        const push = async (bytes: Uint8Array, last: boolean) => {
          if (byteLength + bytes.length + directoryBytes > limits.bytes)
            throw tooMuch(`${(limits.bytes / 1e9).toFixed(1)} GB`, safe)
          entry.push(bytes, last)
          await flush()
        }
        if (content instanceof Uint8Array) return push(content, true)
        for await (const piece of content) await push(piece, false)
        await push(new Uint8Array(0), true)
      }),
    close: () =>
      enqueue(async () => {
        zip.end()
        await flush()
        const out = await handle!
        await out.sync()
        await out.close()
        handle = undefined
        note({ type: 'file', path: target })
        await rename(temporary, target)
      }),
    async abort() {
      failure ??= new LoupeError('cancelled', 'Saving was cancelled.')
      await queue
      const out = await handle?.catch(() => undefined)
      await out?.close().catch(() => undefined)
      handle = undefined
      await rm(temporary, { force: true }).catch(() => undefined)
    },
  }
}

/**
 * The folder of one image of a batch: made under another name and moved to its own, so that it is there with all its
 * files or not at all, whoever else saves to the same place.
 */

import { createHash, randomBytes } from 'node:crypto'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { SaveKind } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { FigureOptions } from '../../shared/figures.ts'
import { filesOfManifest, manifestName, parseManifest, type Manifest } from '../../shared/manifest.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { version } from '../../shared/version.ts'
import { makeFolders } from './folders.ts'
import { drawnAs, exportRun, type FinishedRun } from './index.ts'
import type { Content } from './sink.ts'
import { describeWriteError } from './writeError.ts'

export interface Target {
  readonly root: string
  /** Below the root, `/` between folders, each a safe name. */
  readonly folder: string
  /** A folder of the batch's own on the same disk, where unfinished things are. */
  readonly work: string
}

/** What makes a folder the one wanted. */
export interface Wanted {
  readonly sha256: string
  readonly pipeline: Pipeline
  readonly save: readonly SaveKind[]
  readonly figure?: FigureOptions
}

/** Whether the folder has, by its manifest, exactly what is wanted, made by this version, each file with its size and hash. */
export async function isWhole({ root, folder }: Target, wanted: Wanted): Promise<boolean> {
  const place = path.join(root, folder)
  const manifest = await manifestIn(place)
  if (!manifest || manifest.version !== version || manifest.image.sha256 !== wanted.sha256) return false
  const { save, stage, figure } = manifest.options
  if (stage !== null || save.toSorted().join() !== wanted.save.toSorted().join()) return false
  if (JSON.stringify(manifest.pipeline) !== JSON.stringify(wanted.pipeline)) return false
  if (!isDeepStrictEqual(figure, drawnAs(wanted.save, wanted.figure))) return false
  for (const { name, byteLength, sha256 } of manifest.files) {
    if (name !== path.basename(name)) return false
    const bytes = await readFile(path.join(place, name)).catch(() => undefined)
    if (bytes?.byteLength !== byteLength || createHash('sha256').update(bytes).digest('hex') !== sha256) return false
  }
  return true
}

async function manifestIn(place: string): Promise<Manifest | null> {
  try {
    return parseManifest(await readFile(path.join(place, manifestName), 'utf8'))
  } catch {
    // None, or none of ours: what is there is not what is wanted, and that is all that is asked.
    return null
  }
}

async function filesListed(place: string): Promise<readonly string[]> {
  try {
    return filesOfManifest(await readFile(path.join(place, manifestName), 'utf8'))
  } catch {
    return []
  }
}

/**
 * Saves a run as a folder. What another process has put there meanwhile stays if it is whole; an earlier one of other
 * options is replaced. Throws `cancelled` and `write-failed`, leaving nothing.
 */
export async function saveWhole(run: FinishedRun, wanted: Wanted, target: Target, signal: AbortSignal): Promise<void> {
  const { root, folder, work } = target
  const unfinished = path.join(work, randomBytes(8).toString('hex'))
  const place = path.join(root, folder)
  try {
    await written(folder, () => mkdir(unfinished))
    // Not synced file by file: after a power cut, the sizes and hashes of the manifest tell what has to be made again. And
    // written at once: to hand a small file to another thread and back takes longer, and nobody else waits for this one.
    const write = (name: string, content: Content) =>
      written(name, () => writeNow(path.join(unfinished, name), content))
    const { save, figure } = wanted
    await exportRun(run, save, { write }, { folder: '', signal, ...(figure ? { figure } : {}) })
    await written(folder, () => makeFolders(path.dirname(place)))
    await moveTo(unfinished, place, () => isWhole(target, wanted), work)
  } finally {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function writeNow(file: string, content: Content): Promise<void> {
  const out = openSync(file, 'wx')
  try {
    if (content instanceof Uint8Array) writeFileSync(out, content)
    else for await (const piece of content) writeFileSync(out, piece)
  } finally {
    closeSync(out)
  }
}

async function written<T>(what: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    throw describeWriteError(error, what)
  }
}

/** Codes of a rename onto something that is there, on the systems there are. */
const inTheWay = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'ENOTDIR']
/** Others may put something there again and again, or hold what is to be moved: virus scanners look at what is new. */
const attempts = 5
/** Milliseconds before another attempt where nothing is in the way. */
const patience = 100

async function moveTo(unfinished: string, place: string, isThere: () => Promise<boolean>, work: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(unfinished, place)
      return
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (attempt === attempts || !inTheWay.includes(code)) throw describeWriteError(error, path.basename(place))
      if (await isThere()) return
      if (await isAbsent(place)) await wait(patience * attempt)
      else await moveAside(place, unfinished, work, error)
    }
  }
}

async function isAbsent(place: string): Promise<boolean> {
  return await lstat(place).then(
    () => false,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  )
}

/**
 * Moves an earlier folder of ours out of the way: all in it is of its manifest, of whatever version, or called as what
 * takes its place (a power cut may leave a manifest without its bytes). Anything else that is there stays, and is an error.
 */
async function moveAside(place: string, unfinished: string, work: string, cause: unknown): Promise<void> {
  const entries = await readdir(place).catch(() => undefined)
  const listed = await filesListed(place)
  const ours = new Set([...(await readdir(unfinished)), ...listed])
  const foreign = entries?.find((entry) => !ours.has(entry))
  if (!entries || foreign !== undefined) {
    const name = path.basename(place)
    const what = foreign === undefined ? 'a file of that name' : `a folder of that name that holds ${foreign}`
    throw new LoupeError(
      'write-failed',
      `${name} could not be saved: ${what} is in the way, and not from LayerLoupe. Move it, or choose another folder.`,
      { file: name },
      { cause },
    )
  }
  const aside = path.join(work, randomBytes(8).toString('hex'))
  await rename(place, aside).catch(() => undefined)
  await rm(aside, { recursive: true, force: true })
}

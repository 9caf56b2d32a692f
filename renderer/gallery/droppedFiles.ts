/** Files out of what was dropped: folders are read as they come, with bounds, and never twice round a link to themselves. */

import { isPictureName } from '../../shared/pictureNames.ts'

interface DroppedItem extends Pick<DataTransferItem, 'kind' | 'getAsFile'> {
  webkitGetAsEntry(): (DroppedEntry & { readonly filesystem: { readonly root: DroppedRoot } }) | null
}

/** As much of the browser's FileSystemEntry as is needed. */
export interface DroppedEntry {
  readonly name: string
  readonly isFile: boolean
  readonly isDirectory: boolean
}
interface DroppedFile extends DroppedEntry {
  file(done: (file: File) => void, failed: (error: unknown) => void): void
}
interface Listed {
  createReader(): { readEntries(done: (entries: DroppedEntry[]) => void, failed: (error: unknown) => void): void }
}
type DroppedFolder = DroppedEntry & Listed
/** Above all that is dropped. */
interface DroppedRoot extends Listed {
  getDirectory(
    name: string,
    options: Record<string, never>,
    done: (folder: DroppedEntry) => void,
    failed: (error: unknown) => void,
  ): void
}

export interface Bounds {
  readonly files: number
  readonly depth: number
  readonly folders: number
}
const defaultBounds: Bounds = { files: 20_000, depth: 24, folders: 5_000 }

/** What a folder was found to hold besides pictures. */
export interface FolderReport {
  pictures: number
  /** Files that are no pictures by their name and were left where they are. */
  other: number
  /** Files and folders that could not be read. */
  unreadable: number
  /** Set when a bound was reached and reading stopped. */
  bound: keyof Bounds | null
}

/**
 * Walks folders breadth first, giving the files of each folder at once. Only files named like pictures
 * are taken; hidden ones are not. Aborting the signal ends it.
 */
export async function* filesInFolders(
  folders: readonly DroppedEntry[],
  report: FolderReport,
  signal: AbortSignal,
  bounds: Bounds = defaultBounds,
): AsyncGenerator<readonly File[], void, void> {
  const queue = folders.map((folder) => ({ folder, above: [] as readonly string[] }))
  let files = 0
  for (let at = 0; at < queue.length; at++) {
    if (signal.aborted) return
    if (at >= bounds.folders) {
      report.bound = 'folders'
      return
    }
    const { folder, above } = queue[at]!
    const entries = await readFolder(folder as DroppedFolder, report, bounds.files - files)
    entries.sort((a, b) => compareNames(a.name, b.name))
    // A link to a folder above shows that folder's own listing again, and then without end.
    const listing = entries.map((entry) => entry.name).join('\n')
    if (entries.some((entry) => entry.isDirectory) && above.includes(listing)) continue
    const found: File[] = []
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      if (entry.isDirectory) {
        if (above.length + 1 >= bounds.depth) report.bound = 'depth'
        else queue.push({ folder: entry, above: [...above, listing] })
      } else if (!isPictureName(entry.name)) report.other++
      else if (files + found.length >= bounds.files) report.bound = 'files'
      else {
        const file = await readFile(entry as DroppedFile)
        if (file) found.push(file)
        else report.unreadable++
      }
    }
    files += found.length
    report.pictures = files
    if (found.length > 0) yield found
    if (report.bound === 'files') return
  }
}

/** What to say about what was not taken; null if everything was. */
export function describeReport(report: FolderReport, bounds: Bounds = defaultBounds): string | null {
  const parts: string[] = []
  if (report.pictures === 0 && report.unreadable === 0) parts.push('No pictures were found there.')
  if (report.bound === 'files') {
    parts.push(
      `Only the first ${bounds.files.toLocaleString('en')} pictures were taken; add the others folder by folder.`,
    )
  } else if (report.bound === 'folders') {
    parts.push(`Only the first ${bounds.folders.toLocaleString('en')} folders were read; add the others one by one.`)
  } else if (report.bound === 'depth') {
    parts.push(`Folders more than ${bounds.depth} deep were not read; add them on their own.`)
  }
  if (report.unreadable > 0) {
    parts.push(`${count(report.unreadable, 'file or folder', 'files or folders')} could not be read.`)
  }
  if (report.other > 0)
    parts.push(
      `${count(report.other, 'file', 'files')} that ${report.other === 1 ? 'is no picture was' : 'are no pictures were'} left out.`,
    )
  return parts.length > 0 ? parts.join(' ') : null
}

function count(n: number, one: string, many: string): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`
}

const collator = new Intl.Collator('en', { numeric: true })
function compareNames(a: string, b: string): number {
  return collator.compare(a, b)
}

/** All entries of a folder, but not far more than `most`: the browser gives them a hundred at a time. */
async function readFolder(folder: DroppedFolder, report: FolderReport, most: number): Promise<DroppedEntry[]> {
  const entries: DroppedEntry[] = []
  try {
    const reader = folder.createReader()
    for (;;) {
      const some = await new Promise<DroppedEntry[]>((done, failed) => reader.readEntries(done, failed))
      if (some.length === 0) break
      entries.push(...some)
      // Twice the room: half of it may be no pictures; what is cut off here is told of as a bound.
      if (entries.length > most * 2 + 1000) {
        report.bound = 'files'
        break
      }
    }
  } catch {
    report.unreadable++
  }
  return entries
}

function readFile(entry: DroppedFile): Promise<File | null> {
  return new Promise((done) => entry.file(done, () => done(null)))
}

/** What was dropped, told apart; each in the order it lay in. */
interface Dropped {
  readonly folders: readonly DroppedEntry[]
  readonly files: readonly File[]
}

/**
 * A drop's folders and loose files. Must be called while the drop event is handled, since the drop is empty afterwards:
 * all of it is taken before the first wait.
 *
 * Which of them are folders Chromium answers item by item only after asking the disk, while the window waits: seconds for
 * ten thousand pictures. But what is dropped there lies in one file system, whose listing tells the same and keeps nobody
 * waiting. Other browsers give each item a file system of its own, and have its answer at hand.
 */
export async function takeDropped(data: { readonly items: Iterable<DroppedItem> }): Promise<Dropped> {
  const items = [...data.items].filter(({ kind }) => kind === 'file')
  const [first, second] = items.slice(0, 2).map((item) => item.webkitGetAsEntry())
  if (first && second && first.filesystem === second.filesystem) {
    const files = items.map((item) => item.getAsFile()).filter((file) => file !== null)
    const found = await foldersIn(first.filesystem.root)
    const names = new Set(files.map(({ name }) => name))
    return {
      folders: [...names].flatMap((name) => found.get(name) ?? []),
      files: files.filter(({ name }) => !found.has(name)),
    }
  }
  const taken = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  return {
    folders: taken.flatMap(({ entry }) => (entry?.isDirectory ? [entry] : [])),
    files: taken.flatMap(({ entry, file }) => (file && !entry?.isDirectory ? [file] : [])),
  }
}

/**
 * The folders in a file system of dropped things, by name. One that does not open, as what was deleted meanwhile, or
 * that has the name of a file beside it, is none: reading it as a file then says so with its name.
 */
async function foldersIn(root: DroppedRoot): Promise<ReadonlyMap<string, DroppedEntry>> {
  const entries: DroppedEntry[] = []
  const reader = root.createReader()
  for (;;) {
    const some = await new Promise<DroppedEntry[]>((done) => reader.readEntries(done, () => done([])))
    if (some.length === 0) break
    entries.push(...some)
  }
  const files = new Set(entries.filter(({ isFile }) => isFile).map(({ name }) => name))
  const folders = new Map<string, DroppedEntry>()
  for (const { name, isDirectory } of entries) {
    if (!isDirectory || files.has(name)) continue
    const folder = await new Promise<DroppedEntry | null>((done) => {
      root.getDirectory(name, {}, done, () => done(null))
    })
    if (folder) folders.set(name, folder)
  }
  return folders
}

/** The pictures of a folder chosen with the file dialog, and how many other files it held. */
export function picturesOf(files: readonly File[]): { pictures: File[]; other: number } {
  const visible = files.filter((file) => !file.name.startsWith('.'))
  const pictures = visible.filter((file) => isPictureName(file.name)).slice(0, defaultBounds.files)
  return { pictures, other: visible.length - pictures.length }
}

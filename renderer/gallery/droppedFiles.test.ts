import { describe, expect, test } from 'vitest'
import {
  describeReport,
  filesInFolders,
  picturesOf,
  takeDropped,
  type DroppedEntry,
  type FolderReport,
} from './droppedFiles.ts'

type Tree = { readonly [name: string]: Tree | 'file' | 'unreadable' }

/** Folders as the browser gives them: a few entries at a time. */
function folder(name: string, tree: () => Tree): DroppedEntry {
  const entries = () =>
    Object.entries(tree()).map(([child, content]) =>
      typeof content === 'string'
        ? {
            name: child,
            isFile: true,
            isDirectory: false,
            file: (done: (file: File) => void, failed: (error: unknown) => void) =>
              content === 'file' ? done(new File(['x'], child)) : failed(new Error('no')),
          }
        : folder(child, () => content),
    )
  return {
    name,
    isFile: false,
    isDirectory: true,
    createReader() {
      let left: DroppedEntry[] | null = null
      return {
        readEntries(done: (entries: DroppedEntry[]) => void) {
          left ??= entries()
          done(left.splice(0, 2))
        },
      }
    },
  } as DroppedEntry
}

async function read(tree: Tree | DroppedEntry, bounds?: Parameters<typeof filesInFolders>[3], signal?: AbortSignal) {
  const report: FolderReport = { pictures: 0, other: 0, unreadable: 0, bound: null }
  const top = typeof tree['name'] === 'string' ? (tree as DroppedEntry) : folder('top', () => tree as Tree)
  const names: string[] = []
  for await (const files of filesInFolders([top], report, signal ?? new AbortController().signal, bounds)) {
    names.push(...files.map((file) => file.name))
  }
  return { names, report }
}

test('pictures of all folders are taken in the order people count, those we refuse too; other and hidden files are not', async () => {
  const { names, report } = await read({
    'b10.jpg': 'file',
    'b3.BMP': 'file',
    'b4.heic': 'file',
    'b2.jpg': 'file',
    'notes.txt': 'file',
    '.DS_Store': 'file',
    '.thumbnails': { 'x.png': 'file' },
    more: { 'deep.webp': 'file', deeper: { 'deepest.TIF': 'file' } },
  })
  expect(names).toEqual(['b2.jpg', 'b3.BMP', 'b4.heic', 'b10.jpg', 'deep.webp', 'deepest.TIF'])
  expect(report).toEqual({ pictures: 6, other: 1, unreadable: 0, bound: null })
})

test('a folder linked into itself is read once', async () => {
  const tree: Tree = {
    'a.png': 'file',
    get self() {
      return tree
    },
  }
  const { names, report } = await read(folder('top', () => tree))
  expect(names).toEqual(['a.png'])
  expect(report.bound).toBeNull()
})

test('two folders linked into each other are read once each', async () => {
  const one: Tree = {
    'a.png': 'file',
    get two() {
      return two
    },
  }
  const two: Tree = {
    'b.png': 'file',
    get one() {
      return one
    },
  }
  expect((await read(folder('top', () => one))).names).toEqual(['a.png', 'b.png'])
})

describe('bounds', () => {
  const many = (count: number): Tree =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.png`, 'file']))

  test('no more files than the bound', async () => {
    const { names, report } = await read({ ...many(30), more: many(30) }, { files: 40, depth: 9, folders: 9 })
    expect(names.length).toBe(40)
    expect(describeReport(report, { files: 40, depth: 9, folders: 9 })).toMatch(/^Only the first 40 pictures/)
  })
  test('no deeper than the bound', async () => {
    let tree: Tree = { 'bottom.png': 'file' }
    for (let i = 0; i < 10; i++) tree = { [`level${i}`]: tree, [`${i}.png`]: 'file' }
    const { names, report } = await read(tree, { files: 99, depth: 3, folders: 99 })
    expect(names).toEqual(['9.png', '8.png', '7.png'])
    expect(report.bound).toBe('depth')
  })
  test('no more folders than the bound', async () => {
    const { names } = await read(
      { a: { 'a.png': 'file' }, b: { 'b.png': 'file' }, c: { 'c.png': 'file' } },
      { files: 99, depth: 9, folders: 3 },
    )
    expect(names).toEqual(['a.png', 'b.png'])
  })
})

test('a file that cannot be read is counted and the others are taken', async () => {
  const { names, report } = await read({ 'a.png': 'unreadable', 'b.png': 'file' })
  expect(names).toEqual(['b.png'])
  expect(describeReport(report)).toBe('1 file or folder could not be read.')
})

test('cancelling ends the reading', async () => {
  const abort = new AbortController()
  abort.abort()
  expect((await read({ 'a.png': 'file' }, undefined, abort.signal)).names).toEqual([])
})

test('what was found is told only where there is something to tell', () => {
  const none = { pictures: 3, other: 0, unreadable: 0, bound: null }
  expect(describeReport(none)).toBeNull()
  expect(describeReport({ ...none, pictures: 0, other: 2 })).toBe(
    'No pictures were found there. 2 files that are no pictures were left out.',
  )
})

test('of a folder chosen in the dialog only visible pictures are taken', () => {
  const files = ['a.png', 'b.txt', '.c.png', 'd.JPEG'].map((name) => new File([], name))
  const { pictures, other } = picturesOf(files)
  expect(pictures.map(({ name }) => name)).toEqual(['a.png', 'd.JPEG'])
  expect(other).toBe(1)
})

describe('what is dropped', () => {
  interface Thing {
    readonly name: string
    readonly folder?: boolean
    /** Deleted since: a listing takes it for a folder, and it does not open. */
    readonly gone?: boolean
  }

  /** As Chromium gives it: one file system for all, where each question for an item waits for the disk. */
  function together(things: readonly Thing[]) {
    const asked: string[] = []
    const entryOf = ({ name, folder, gone }: Thing) => ({
      name,
      isFile: !folder && !gone,
      isDirectory: !!folder || !!gone,
    })
    const root = {
      createReader() {
        const left = things.map(entryOf).sort((a, b) => (a.name < b.name ? -1 : 1))
        return { readEntries: (done: (entries: DroppedEntry[]) => void) => done(left.splice(0, 2)) }
      },
      getDirectory(
        name: string,
        _options: object,
        done: (entry: DroppedEntry) => void,
        failed: (error: unknown) => void,
      ) {
        const thing = things.find((other) => other.name === name)
        if (thing?.folder) done({ name, isFile: false, isDirectory: true })
        else failed(new Error('no folder'))
      },
    }
    const filesystem = { root }
    let over = false
    const items = things.map((thing) => ({
      kind: 'file',
      getAsFile: () => (over ? null : new File(['x'], thing.name)),
      webkitGetAsEntry() {
        asked.push(thing.name)
        return over || thing.gone ? null : { ...entryOf(thing), filesystem }
      },
    }))
    const taken = takeDropped({ items })
    over = true
    return { asked, taken }
  }

  /** As others do: a file system each. */
  function apart(things: readonly Thing[]) {
    const none = () => {
      throw new Error('its listing tells nothing of the others')
    }
    return takeDropped({
      items: things.map(({ name, folder = false }) => ({
        kind: 'file',
        getAsFile: () => new File(['x'], name),
        webkitGetAsEntry: () => ({
          name,
          isFile: !folder,
          isDirectory: folder,
          filesystem: { root: { createReader: none, getDirectory: none } },
        }),
      })),
    })
  }

  const namesOf = ({ folders, files }: Awaited<ReturnType<typeof takeDropped>>) => ({
    folders: folders.map(({ name }) => name),
    files: files.map(({ name }) => name),
  })
  const mixed = [{ name: 'b.png' }, { name: 'more', folder: true }, { name: 'a.png' }, { name: 'up.jpg', folder: true }]

  test.each([
    ['all lie in one file system', (things: readonly Thing[]) => together(things).taken],
    ['each has its own', apart],
  ])('a folder is one whatever its name where %s', async (_, take) => {
    expect(namesOf(await take(mixed))).toEqual({ folders: ['more', 'up.jpg'], files: ['b.png', 'a.png'] })
    expect(namesOf(await take(mixed.slice(3)))).toEqual({ folders: ['up.jpg'], files: [] })
    expect(namesOf(await take(mixed.slice(0, 1)))).toEqual({ folders: [], files: ['b.png'] })
    expect(namesOf(await take([]))).toEqual({ folders: [], files: [] })
  })

  test('of ten thousand pictures two make the window wait for the disk; folders among them are found', async () => {
    const pictures = Array.from({ length: 10_000 }, (_, index) => ({ name: `${index}.png` }))
    const { asked, taken } = together([...pictures, ...mixed])
    expect(asked).toEqual(['0.png', '1.png'])
    const { folders, files } = namesOf(await taken)
    expect(folders).toEqual(['more', 'up.jpg'])
    expect(files).toEqual([...pictures.map(({ name }) => name), 'b.png', 'a.png'])
  })

  test('what was deleted since stays a file, so that it is told of by its name', async () => {
    const { taken } = together([{ name: 'a.png' }, { name: 'b.png' }, { name: 'gone.png', gone: true }])
    expect(namesOf(await taken)).toEqual({ folders: [], files: ['a.png', 'b.png', 'gone.png'] })
  })

  test('a file beside a folder of its name is not taken for it', async () => {
    const { taken } = together([{ name: 'a.png' }, { name: 'same', folder: true }, { name: 'same' }])
    expect(namesOf(await taken)).toEqual({ folders: [], files: ['a.png', 'same', 'same'] })
  })
})

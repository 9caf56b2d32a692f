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
  const dropped = (names: readonly string[], isFolder: (name: string) => boolean) => {
    const asked: string[] = []
    const items = names.map((name) => ({
      kind: 'file',
      getAsFile: () => new File(['x'], name),
      webkitGetAsEntry() {
        asked.push(name)
        return { name, isFile: !isFolder(name), isDirectory: isFolder(name) } as FileSystemEntry
      },
    }))
    return { asked, ...takeDropped({ items }) }
  }

  test('a folder is one whatever its name', () => {
    const { folders, files } = dropped(['a.png', 'holiday.jpg', 'more'], (name) => name !== 'a.png')
    expect(folders.map(({ name }) => name)).toEqual(['holiday.jpg', 'more'])
    expect(files.map(({ name }) => name)).toEqual(['a.png'])
  })

  test('of many pictures a hundred make the window ask the disk; a folder after them is found', () => {
    const names = Array.from({ length: 400 }, (_, index) => `${index}.png`)
    const { asked, folders, files } = dropped([...names, 'more', 'notes.txt'], (name) => name === 'more')
    expect(asked).toEqual([...names.slice(0, 100), 'more', 'notes.txt'])
    expect(folders.map(({ name }) => name)).toEqual(['more'])
    expect(files.map(({ name }) => name)).toEqual([...names, 'notes.txt'])
  })
})

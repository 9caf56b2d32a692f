import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ApiEvent, ImageInfo } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { Opening, picturesIn } from './opening.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'opening-test-'))
})
afterEach(async () => await rm(folder, { recursive: true }))

/** Takes everything but what is called bad; keeps what it was given. */
function open() {
  const added: string[] = []
  const events: ApiEvent[] = []
  const opening = new Opening(
    (file) => {
      const name = path.basename(file)
      if (name.startsWith('bad')) return Promise.reject(new LoupeError('image-damaged', `${name} is damaged.`))
      added.push(path.relative(folder, file))
      return Promise.resolve({ name } as ImageInfo)
    },
    (event) => events.push(event),
  )
  const told: string[] = []
  const options = { onRefused: (file: string) => told.push(path.relative(folder, file)) }
  return {
    opening,
    added,
    events,
    told,
    run: (...names: string[]) =>
      opening.open(
        names.map((name) => at(name)),
        options,
      ),
  }
}

const at = (...parts: string[]) => path.join(folder, ...parts)

async function make(...files: string[]): Promise<void> {
  for (const file of files) {
    await mkdir(path.dirname(at(file)), { recursive: true })
    await writeFile(at(file), '')
  }
}

test('what LayerLoupe saved in folders of a folder is left out and told of once, and is there where its own folder is opened', async () => {
  await make(
    'photos/a.png',
    'photos/out/a.png/00-input.png',
    'photos/out/a.png/mine.png',
    'photos/out/contact-sheet.png',
  )
  await make('photos/out/batch.layerloupe', 'photos/out/statistics/00-input-mean.png')
  const manifest = { program: 'LayerLoupe', files: [{ name: '00-input.png' }] }
  await writeFile(at('photos/out/a.png/manifest.json'), JSON.stringify(manifest))
  const { added, events, run } = open()
  await run('photos')
  expect(added).toEqual(['photos/a.png', 'photos/out/a.png/mine.png'])
  expect(events.flatMap((event) => (event.type === 'host.refused' ? [event.refusal.error.message] : []))).toEqual([
    'photos holds 3 pictures that LayerLoupe saved itself, left out; to see them, open the folder they are in.',
  ])
  await run('photos/out/a.png')
  expect(added.slice(2)).toEqual(['photos/out/a.png/00-input.png', 'photos/out/a.png/mine.png'])
})

test('files and the pictures of folders are added in order, the first is shown, and folders that lead to themselves end', async () => {
  await make(
    'trip/b10.jpg',
    'trip/b9.jpg',
    'trip/notes.txt',
    'trip/z.heic',
    'trip/.hidden.jpg',
    'trip/more/c.PNG',
    'a.webp',
  )
  await symlink(at('trip'), at('trip/more/again'))
  await symlink(at('a.webp'), at('trip/linked.webp'))
  const { added, events, run, opening } = open()
  await run('trip', 'a.webp')
  // Whoever adds the HEIC says why it cannot be read; passed over in silence it would be missed.
  expect(added).toEqual(['trip/b9.jpg', 'trip/b10.jpg', 'trip/linked.webp', 'trip/z.heic', 'trip/more/c.PNG', 'a.webp'])
  expect(events).toEqual([{ type: 'host.opened', image: { name: 'b9.jpg' } }])
  expect(opening.list()).toEqual([])
})

test('what cannot be added is kept with its reason and without its path, told with it, and the others are added', async () => {
  await make('bad.jpg', 'good.jpg', 'empty/notes.txt', 'mine.pipeline.json')
  const { added, events, told, run, opening } = open()
  await run('bad.jpg', 'good.jpg', 'empty', 'mine.pipeline.json')
  expect(added).toEqual(['good.jpg'])
  expect(opening.list().map(({ name, error }) => [name, error.code, error.message])).toEqual([
    ['bad.jpg', 'image-damaged', 'bad.jpg is damaged.'],
    ['empty', 'image-unreadable', 'empty holds no pictures.'],
    [
      'mine.pipeline.json',
      'image-unsupported',
      'mine.pipeline.json is a pipeline, not a picture; drop it on the window to use it.',
    ],
  ])
  expect(events.filter(({ type }) => type === 'host.refused')).toEqual(
    opening.list().map((refusal) => ({ type: 'host.refused', refusal })),
  )
  expect(told).toEqual(['bad.jpg', 'empty', 'mine.pipeline.json'])
})

test('what is refused twice is kept once, and a refusal that is forgotten is gone', async () => {
  const { run, opening } = open()
  await run('bad1.jpg', 'bad2.jpg')
  await run('bad1.jpg')
  expect(opening.list().map(({ name }) => name)).toEqual(['bad1.jpg', 'bad2.jpg'])
  opening.forget([opening.list()[0]!.id, 'unknown'])
  expect(opening.list().map(({ name }) => name)).toEqual(['bad2.jpg'])
})

test('once stopped, nothing more is added or refused', async () => {
  const { run, opening, added } = open()
  const controller = new AbortController()
  controller.abort()
  await opening.open([at('a.jpg'), at('bad.jpg')], { signal: controller.signal })
  expect([added, opening.list()]).toEqual([[], []])
  await run('a.jpg')
  expect(added).toEqual(['a.jpg'])
})

test('folders beyond the bounds are told of, not passed over', async () => {
  await make('a.jpg', 'b.jpg', 'c.jpg', 'one/d.jpg', 'one/two/e.jpg')
  const all = async (bounds: Parameters<typeof picturesIn>[1]) => {
    const found: string[] = []
    for await (const item of picturesIn(folder, bounds)) {
      found.push('error' in item ? (item.error as Error).message : path.basename(item.picture))
    }
    return found
  }
  const name = path.basename(folder)
  expect(await all({ pictures: 2, folders: 9, depth: 9 })).toEqual([
    'a.jpg',
    'b.jpg',
    `${name} was not opened to its end: it holds more than 2 pictures; open the others folder by folder.`,
  ])
  expect(await all({ pictures: 9, folders: 2, depth: 9 })).toEqual([
    'a.jpg',
    'b.jpg',
    'c.jpg',
    'd.jpg',
    `${name} was not opened to its end: it holds more than 2 folders; open the others one by one.`,
  ])
  expect(await all({ pictures: 9, folders: 9, depth: 2 })).toEqual([
    'a.jpg',
    'b.jpg',
    'c.jpg',
    'd.jpg',
    'two was not opened: it lies more than 2 folders deep; open it on its own.',
  ])
})

test.runIf(process.getuid?.() !== 0)('a folder that may not be read says so', async () => {
  await make('locked/a.jpg')
  await chmod(at('locked'), 0o000)
  const { run, opening } = open()
  await run('locked')
  await chmod(at('locked'), 0o700)
  expect(opening.list()[0]!.error.message).toMatch(/^locked cannot be read: you may not read it/)
})

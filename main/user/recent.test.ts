import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { noLog } from './log.ts'
import { RecentFiles } from './recent.ts'

let folder: string
let changes: number
const open = () => new RecentFiles(folder, noLog, () => changes++)
const file = (name: string) => {
  writeFileSync(path.join(folder, name), '')
  return path.join(folder, name)
}
beforeEach(() => {
  changes = 0
  folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-recent-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('are kept newest first, each once, twelve at most, from one start to the next', async () => {
  const recent = open()
  expect(recent.list()).toEqual([])
  await recent.add([file('a.png'), folder, file('b.png')])
  await recent.add([path.join(folder, 'a.png')])
  const names = () =>
    open()
      .list()
      .map(({ name, kind }) => [name, kind])
  expect(names()).toEqual([
    ['a.png', 'file'],
    ['b.png', 'file'],
    [path.basename(folder), 'folder'],
  ])
  await recent.add(Array.from({ length: 20 }, (_, i) => file(`${i}.png`)))
  expect(names()).toHaveLength(12)
  expect(names()[0]).toEqual(['19.png', 'file'])
  recent.clear()
  expect([names(), changes]).toEqual([[], 4])
})

it('that are gone are told once and taken off the list', async () => {
  const recent = open()
  await recent.add([file('a.png'), file('b.png')])
  const [b, a] = recent.list()
  expect(await recent.find(a!.id)).toBe(path.join(folder, 'a.png'))
  rmSync(path.join(folder, 'b.png'))
  await expect(recent.find(b!.id)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/^b\.png is not where it was/) as string,
  })
  expect(
    open()
      .list()
      .map(({ name }) => name),
  ).toEqual(['a.png'])
  await expect(recent.find(b!.id)).rejects.toMatchObject({
    message: expect.stringMatching(/not among the recent/) as string,
  })
})

it('never were where there was nothing to open', async () => {
  const recent = open()
  expect(await recent.add([path.join(folder, 'nothing.png')])).toEqual([])
  expect([recent.list(), readdirSync(folder)]).toEqual([[], []])
})

it('remember the folder of each dialog apart', () => {
  const recent = open()
  recent.setFolder('open', '/photos')
  recent.setFolder('save', '/out')
  expect([open().folderOf('open'), open().folderOf('save')]).toEqual(['/photos', '/out'])
})

it('in a damaged file are told of and kept aside', () => {
  writeFileSync(path.join(folder, 'recent.json'), '{"version":1,"items":[7]}')
  expect(open().problem).toMatch(/^The recent files in recent\.json are damaged\./)
  expect(readdirSync(folder)[0]).toMatch(/^recent\.corrupt-/)
})

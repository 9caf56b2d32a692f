import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { filesHandedOver, parseCommandLine } from './commandLine.ts'

it.each([
  [['/app/layerloupe', 'a.png', '/b/c d.jpg'], true, ['/home/a.png', '/b/c d.jpg'], undefined],
  [['/dist/electron', '/program', 'a.png'], false, ['/home/a.png'], undefined],
  [['/dist/electron', '--no-sandbox', '/program', '--max-pixels=900', 'a.png'], false, ['/home/a.png'], 900],
  [['/app/layerloupe', '--max-pixels=lots'], true, [], undefined],
] as const)('reads %j', (argv, isPackaged, files, pixels) => {
  expect(parseCommandLine(argv, '/home', isPackaged)).toEqual({
    files: files.map((file) => path.resolve(file)),
    pixels,
  })
})

it('takes the addresses a Linux desktop hands over for files, and no others', () => {
  const files = (...words: string[]) => parseCommandLine(['/app/layerloupe', ...words], '/home', true).files
  const names = ['/photos/a b.png', '/photos/100%25 #1.png', '/photos/صورة🦊.jpg'].map((name) => path.resolve(name))
  expect(files(...names.map((name) => pathToFileURL(name).href))).toEqual(names)
  expect(files(pathToFileURL(names[0]!).href.replace('file://', 'FILE://localhost'))).toEqual([names[0]])
  // No file of this machine: left as they are, and so refused by name. (Windows takes a server for a place of files.)
  const server = process.platform === 'win32' ? [] : ['file://server/a.png']
  for (const other of [...server, 'file:///C:/a%2fb', 'https://example.com/a.png']) {
    expect(files(other)).toEqual([path.resolve('/home', other)])
  }
})

it('takes nothing but absolute paths from another start', () => {
  expect(filesHandedOver({ files: ['/a.png', 'b.png', 7, null] })).toEqual(['/a.png'])
  for (const data of [null, undefined, 'x', {}, { files: '/a.png' }]) expect(filesHandedOver(data)).toEqual([])
})

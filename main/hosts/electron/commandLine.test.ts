import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { filesHandedOver, parseCommandLine } from './commandLine.ts'

it.each([
  [['/app/layerloupe', 'a.png', '/b/c d.jpg'], true, ['/home/a.png', '/b/c d.jpg'], undefined],
  [['/dist/electron', '/program', 'a.png'], false, ['/home/a.png'], undefined],
  [['/dist/electron', '--no-sandbox', '/program', '--max-pixels=900', 'a.png'], false, ['/home/a.png'], 900],
  [['/app/layerloupe', '--max-pixels=lots'], true, [], undefined],
] as const)('reads %j', (argv, isPackaged, files, pixels) => {
  expect(parseCommandLine(argv, '/home', isPackaged)).toEqual({ files, pixels })
})

it('takes the addresses a Linux desktop hands over for files, and no others', () => {
  const files = (...words: string[]) => parseCommandLine(['/app/layerloupe', ...words], '/home', true).files
  const names = ['/photos/a b.png', '/photos/100%25 #1?.png', '/photos/صورة🦊.jpg']
  expect(files(...names.map((name) => pathToFileURL(name).href))).toEqual(names)
  expect(files('FILE:///photos/a.png', 'file://localhost/b.png')).toEqual(['/photos/a.png', '/b.png'])
  // No file of this machine: left as they are, and so refused by name.
  expect(files('file://server/a.png', 'file:///a%2fb', 'https://example.com/a.png')).toEqual([
    '/home/file:/server/a.png',
    '/home/file:/a%2fb',
    '/home/https:/example.com/a.png',
  ])
})

it('takes nothing but absolute paths from another start', () => {
  expect(filesHandedOver({ files: ['/a.png', 'b.png', 7, null] })).toEqual(['/a.png'])
  for (const data of [null, undefined, 'x', {}, { files: '/a.png' }]) expect(filesHandedOver(data)).toEqual([])
})

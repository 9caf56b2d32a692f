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

it('takes nothing but absolute paths from another start', () => {
  expect(filesHandedOver({ files: ['/a.png', 'b.png', 7, null] })).toEqual(['/a.png'])
  for (const data of [null, undefined, 'x', {}, { files: '/a.png' }]) expect(filesHandedOver(data)).toEqual([])
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ApiEvent } from '../../../shared/api.ts'
import { noLog } from '../../user/log.ts'
import type { Electron } from './electron.ts'
import { PersonMenu } from './personMenu.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-menu-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('thousands of files that come one by one are written down together, the newest at the front', async () => {
  let menus = 0
  const told: ApiEvent[] = []
  const systems: string[] = []
  const electron = {
    app: { isPackaged: true, addRecentDocument: (file: string) => systems.push(file) },
    Menu: { buildFromTemplate: () => ({}), setApplicationMenu: () => menus++ },
  }
  const menu = new PersonMenu(electron as unknown as Electron, { folder, log: noLog })
  const nothing = () => undefined
  menu.begin({ openFiles: nothing, openFolder: nothing, open: nothing, tell: (event) => told.push(event) })
  const names = Array.from({ length: 5000 }, (_, index) => `${index}.png`)
  for (const name of names.slice(-20)) writeFileSync(path.join(folder, name), '')
  for (const name of names) menu.remember([path.join(folder, name)])
  await expect.poll(() => told.length).toBe(1)
  // As they begin, and with the files in them.
  expect(menus).toBe(2)
  expect(menu.recent.items().map(({ name }) => name)).toEqual(names.slice(-12).reverse())
  expect(systems).toHaveLength(12)
  // What is opened just before the end is not lost.
  menu.remember([path.join(folder, '4980.png')])
  await menu.settle()
  const again = new PersonMenu(electron as unknown as Electron, { folder, log: noLog })
  expect(again.recent.items()[0]).toMatchObject({ name: '4980.png', kind: 'file' })
})

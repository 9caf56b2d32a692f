import type { MenuItemConstructorOptions } from 'electron'
import { expect, it } from 'vitest'
import { menuTemplate, type MenuActions } from './menu.ts'

function made(platform: NodeJS.Platform, developing = false) {
  const done: string[] = []
  const actions: MenuActions = {
    openFiles: () => done.push('files'),
    openFolder: () => done.push('folder'),
    command: (command) => done.push(command),
    openRecent: (item) => done.push(`recent ${item}`),
    clearRecent: () => done.push('clear'),
  }
  const recent = [{ id: '7', label: '~/a & b.png' }]
  const menus = menuTemplate(platform, { developing, recent, actions })
  const itemsOf = (menu: MenuItemConstructorOptions) => (menu.submenu ?? []) as MenuItemConstructorOptions[]
  const everything = menus.flatMap((menu) => itemsOf(menu).flatMap((item) => [item, ...itemsOf(item)]))
  return { menus, everything, done, itemsOf }
}
const nameOf = ({ label, role }: MenuItemConstructorOptions) => label ?? role ?? ''

it.each([
  ['linux', ['&File', 'editMenu', '&View', 'windowMenu', 'help'], ['&File', 'help', '&File']],
  ['win32', ['&File', 'editMenu', '&View', 'windowMenu', 'help'], ['&File', 'help', '&File']],
  ['darwin', ['LayerLoupe', '&File', 'editMenu', '&View', 'windowMenu', 'help'], Array(3).fill('LayerLoupe')],
] as const)(
  'on %s the menus are that system’s, and Settings, About and Quit where it has them',
  (platform, names, where) => {
    const { menus, itemsOf } = made(platform)
    expect(menus.map(nameOf)).toEqual(names)
    const menusWith = (name: string) =>
      menus.filter((menu) => itemsOf(menu).some((item) => nameOf(item) === name)).map(nameOf)
    expect(['Settings…', 'About LayerLoupe', 'quit'].flatMap(menusWith)).toEqual(where)
  },
)

it.each(['linux', 'win32', 'darwin'] as const)(
  'on %s no two items have one shortcut, and each does what it says',
  (platform) => {
    const { everything, done } = made(platform)
    const shortcuts = Object.fromEntries(
      everything.flatMap((item) => (item.accelerator === undefined ? [] : [[item.accelerator, nameOf(item)]])),
    ) as Record<string, string>
    expect(shortcuts).toEqual({
      'CmdOrCtrl+O': 'Open…',
      'CmdOrCtrl+Shift+O': 'Open Folder…',
      'CmdOrCtrl+S': 'Save…',
      'CmdOrCtrl+,': 'Settings…',
      'CmdOrCtrl+=': 'zoomIn',
    })
    expect(everything.filter(({ accelerator }) => accelerator !== undefined)).toHaveLength(
      Object.keys(shortcuts).length,
    )
    for (const { click } of everything) (click as (() => void) | undefined)?.()
    expect([...done].sort()).toEqual(
      ['files', 'folder', 'recent 7', 'clear', 'save', 'batch', 'settings', 'help', 'diagnostics', 'about'].sort(),
    )
  },
)

it('a name’s ampersand is shown, and reloading and developer tools are there only for who develops', () => {
  expect(made('linux').everything.map(nameOf)).toContain('~/a && b.png')
  const roles = (developing: boolean) => made('linux', developing).everything.map(({ role }) => role)
  expect(roles(true)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']))
  for (const role of ['reload', 'toggleDevTools', 'forceReload']) expect(roles(false)).not.toContain(role)
})

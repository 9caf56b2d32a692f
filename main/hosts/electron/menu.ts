/** The native menus. What a window does, a role does; what the page does, it is told; what needs a native dialog, the host does. */

import type { MenuItemConstructorOptions } from 'electron'
import type { HostCommand } from '../../../shared/api.ts'

export interface MenuActions {
  openFiles(): void
  openFolder(): void
  command(command: HostCommand): void
  openRecent(item: string): void
  clearRecent(): void
}

/** A recent file or folder as the menu shows it. */
export interface RecentEntry {
  readonly id: string
  readonly label: string
}

export function menuTemplate(
  platform: NodeJS.Platform,
  {
    developing,
    recent,
    actions,
  }: { readonly developing: boolean; readonly recent: readonly RecentEntry[]; readonly actions: MenuActions },
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  return [
    // macOS keeps About, Settings, hiding and quitting in a menu of the app's own name.
    ...(isMac ? [appMenu(actions)] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Open…', accelerator: 'CmdOrCtrl+O', click: () => actions.openFiles() },
        { label: 'Open Folder…', accelerator: 'CmdOrCtrl+Shift+O', click: () => actions.openFolder() },
        { label: 'Open Recent', submenu: recentMenu(recent, actions) },
        separator,
        { label: 'Save…', accelerator: 'CmdOrCtrl+S', click: () => actions.command('save') },
        { label: 'Run on Many Pictures…', click: () => actions.command('batch') },
        separator,
        ...(isMac ? [] : [settingsItem(actions), separator]),
        { role: 'close' },
        ...(isMac ? [] : [{ role: 'quit' } as const]),
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        // The role's own is Ctrl and the plus sign, which many keyboards have above the equals sign.
        { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(developing ? [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Keyboard Shortcuts', click: () => actions.command('help') },
        separator,
        { label: 'Copy Diagnostic Report…', click: () => actions.command('diagnostics') },
        ...(isMac ? [] : [aboutItem(actions)]),
      ],
    },
  ]
}

function settingsItem(actions: MenuActions): MenuItemConstructorOptions {
  return { label: 'Settings…', accelerator: 'CmdOrCtrl+,', click: () => actions.command('settings') }
}

function aboutItem(actions: MenuActions): MenuItemConstructorOptions {
  return { label: 'About LayerLoupe', click: () => actions.command('about') }
}

function appMenu(actions: MenuActions): MenuItemConstructorOptions {
  const separator = { type: 'separator' } as const
  return {
    label: 'LayerLoupe',
    submenu: [
      aboutItem(actions),
      separator,
      settingsItem(actions),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
}

function recentMenu(recent: readonly RecentEntry[], actions: MenuActions): MenuItemConstructorOptions[] {
  if (recent.length === 0) return [{ label: 'Nothing yet', enabled: false }]
  return [
    // An ampersand in a label would underline the letter after it.
    ...recent.map(({ id, label }) => ({ label: label.replaceAll('&', '&&'), click: () => actions.openRecent(id) })),
    { type: 'separator' },
    { label: 'Clear', click: () => actions.clearRecent() },
  ]
}

/** The native menus. What a window does, a role does; what the page does, it is told; what needs a native dialog, the host does. */

import type { MenuItemConstructorOptions } from 'electron'
import type { HostCommand } from '../../../shared/api.ts'

export interface MenuActions {
  openFiles(): void
  openFolder(): void
  command(command: HostCommand): void
}

export function menuTemplate(
  platform: NodeJS.Platform,
  { developing, actions }: { readonly developing: boolean; readonly actions: MenuActions },
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  return [
    // macOS keeps About, hiding and quitting in a menu of the app's own name.
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Open…', accelerator: 'CmdOrCtrl+O', click: () => actions.openFiles() },
        { label: 'Open Folder…', accelerator: 'CmdOrCtrl+Shift+O', click: () => actions.openFolder() },
        separator,
        { label: 'Save…', accelerator: 'CmdOrCtrl+S', click: () => actions.command('save') },
        separator,
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
        ...(isMac ? [] : [separator, { role: 'about' } as const]),
      ],
    },
  ]
}

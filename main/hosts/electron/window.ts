/** The one window: how it is made, where it stands, and what happens when its page dies. */

import type { BrowserWindow, Session } from 'electron'
import { pageUrl } from './address.ts'
import type { Log } from '../../user/log.ts'
import type { Electron } from './electron.ts'
import { placeWindow, readPlacement, smallest, writePlacement } from './placement.ts'

export interface WindowOptions {
  readonly preload: string
  readonly icon: string
  readonly session: Session
  /** Where the window's place is kept. */
  readonly placement: string
  /** The page that was there is gone: what it asked for is of no more use to anyone. */
  readonly onGone: () => void
  /** The page is there and listens. */
  readonly onReady: () => void
  readonly onClosed: () => void
  /** What was wrong with the remembered place: a sentence. */
  readonly onProblem: (problem: string) => void
  readonly log: Log
}

/** Makes the window, hidden and empty; it is shown when the page that is loaded into it can be seen. */
export function makeWindow(electron: Electron, options: WindowOptions): BrowserWindow {
  const { app, BrowserWindow, nativeTheme, screen } = electron
  const { value: saved, problem, writable } = readPlacement(options.placement)
  if (problem !== null) options.onProblem(problem)
  const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea)
  const window = new BrowserWindow({
    ...placeWindow(saved?.bounds, areas),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'LayerLoupe',
    // Elsewhere the program has it, and on Linux a desktop entry, but only where one is installed.
    ...(process.platform === 'linux' ? { icon: options.icon } : {}),
    // Of the page's own ground, so that nothing flashes before it is painted.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#161615' : '#f6f6f4',
    webPreferences: {
      preload: options.preload,
      session: options.session,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (saved?.maximized) window.maximize()
  window.once('ready-to-show', () => {
    window.show()
  })
  window.on('close', () => {
    if (writable) rememberPlace(window, options)
  })
  window.on('closed', options.onClosed)
  // A page with unsaved changes asks to stay. A browser would put that to the person; Electron stays without a word.
  window.webContents.on('will-prevent-unload', (event) => {
    if (givesUpChanges(electron, window)) event.preventDefault()
  })
  window.webContents.on('did-navigate', options.onGone)
  window.webContents.on('did-finish-load', options.onReady)
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    options.onGone()
    options.log.write('window.gone', { reason })
    if (reason !== 'clean-exit') void offerReload(electron, window, options.log, 'has stopped working', reason)
  })
  return window
}

/** Loads the page into the window; where it does not come, the person is told and asked. Never rejects. */
export async function showPage(electron: Electron, window: BrowserWindow, log: Log): Promise<void> {
  try {
    await window.loadURL(pageUrl)
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string }
    // Closed meanwhile, loaded once more meanwhile, or dead, which is told by itself.
    if (window.isDestroyed() || window.webContents.isCrashed() || code === 'ERR_ABORTED') return
    log.write('window.unloaded', { code })
    await offerReload(electron, window, log, 'cannot be shown', code)
  }
}

/** Shows the window whatever it is doing. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

function rememberPlace(window: BrowserWindow, { placement, log }: WindowOptions): void {
  try {
    writePlacement(placement, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  } catch (error) {
    // A window that opens elsewhere next time is no reason to keep this one from closing.
    log.write('window.unwritten', { code: (error as NodeJS.ErrnoException).code ?? 'unknown' })
  }
}

function givesUpChanges({ dialog }: Electron, window: BrowserWindow): boolean {
  const answer = dialog.showMessageBoxSync(window, {
    type: 'warning',
    title: 'LayerLoupe',
    message: 'Something would be lost: changes that no file has, or a run over many pictures.',
    detail: 'Stay to save the changes, or to let the run come to its end; files it has saved stay in any case.',
    buttons: ['Stay', 'Leave all the same'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return answer === 1
}

async function offerReload(
  electron: Electron,
  window: BrowserWindow,
  log: Log,
  what: string,
  reason: string,
): Promise<void> {
  // It is hidden until its page is there, and a message that belongs to a hidden window is not seen everywhere.
  if (!window.isVisible()) window.show()
  const { response } = await electron.dialog.showMessageBox(window, {
    type: 'error',
    title: 'LayerLoupe',
    message: `The window ${what}.`,
    detail: `Its page is gone (${reason}). The pictures and results are still there; reload the window to go on.`,
    buttons: ['Reload', 'Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  if (response === 1) electron.app.quit()
  else if (!window.isDestroyed()) await showPage(electron, window, log)
}

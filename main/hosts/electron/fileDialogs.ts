/** The system's dialogs for files and folders; each opens where it was last. */

import type { BrowserWindow, OpenDialogOptions } from 'electron'
import path from 'node:path'
import { pictureExtensions } from '../../../shared/pictureNames.ts'
import type { DialogKind, RecentFiles } from '../../user/recent.ts'
import type { Electron } from './electron.ts'

export class FileDialogs {
  readonly #electron: Pick<Electron, 'dialog'>
  readonly #recent: RecentFiles
  readonly #window: () => BrowserWindow | undefined

  constructor(electron: Pick<Electron, 'dialog'>, recent: RecentFiles, window: () => BrowserWindow | undefined) {
    this.#electron = electron
    this.#recent = recent
    this.#window = window
  }

  /** A folder to save to, or null. */
  async chooseFolder(): Promise<string | null> {
    const [chosen] = await this.#choose('save', {
      title: 'Choose a folder to save to',
      buttonLabel: 'Choose',
      properties: ['openDirectory', 'createDirectory'],
    })
    if (chosen === undefined) return null
    this.#recent.setFolder('save', chosen)
    return chosen
  }

  /** Pictures, or a folder of them. */
  async chooseToOpen(what: 'openFile' | 'openDirectory'): Promise<readonly string[]> {
    const chosen = await this.#choose(
      'open',
      what === 'openFile'
        ? {
            properties: ['openFile', 'multiSelections'],
            filters: [
              { name: 'Pictures', extensions: [...pictureExtensions] },
              { name: 'All files', extensions: ['*'] },
            ],
          }
        : { properties: ['openDirectory'] },
    )
    const [first] = chosen
    if (first !== undefined) this.#recent.setFolder('open', path.dirname(first))
    return chosen
  }

  async #choose(kind: DialogKind, options: OpenDialogOptions): Promise<readonly string[]> {
    const { dialog } = this.#electron
    const window = this.#window()
    const last = this.#recent.folderOf(kind)
    const all = last === undefined ? options : { ...options, defaultPath: last }
    const { canceled, filePaths } = window ? await dialog.showOpenDialog(window, all) : await dialog.showOpenDialog(all)
    return canceled ? [] : filePaths
  }
}

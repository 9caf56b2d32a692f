/** The menus with the recent files in them: made anew whenever those change, and told to the window. */

import { homedir } from 'node:os'
import type { ApiEvent } from '../../../shared/api.ts'
import { toWire } from '../../../shared/errors.ts'
import type { Recent } from '../../engine/person.ts'
import type { Log } from '../../user/log.ts'
import { kept, RecentFiles } from '../../user/recent.ts'
import type { Electron } from './electron.ts'
import { menuTemplate } from './menu.ts'

/** Milliseconds in which files that come one by one are taken together. */
const gathering = 300

export interface PersonActions {
  openFiles(): void
  openFolder(): void
  /** Opens a file or folder, and brings the window to the front. */
  open(file: string): void
  tell(event: ApiEvent): void
}

export class PersonMenu {
  readonly recent: RecentFiles
  readonly #electron: Pick<Electron, 'app' | 'Menu'>
  #actions: PersonActions | undefined
  /** Opened and not written down yet, newest last. */
  #noted: readonly string[] = []
  #gathering: NodeJS.Timeout | undefined

  constructor(
    electron: Pick<Electron, 'app' | 'Menu'>,
    { folder, log }: { readonly folder: string; readonly log: Log },
  ) {
    this.#electron = electron
    this.recent = new RecentFiles(folder, log, () => {
      this.#show()
      this.#actions?.tell({ type: 'recent.changed', items: this.recent.items() })
    })
  }

  /** What the contract's methods about recent files do. */
  readonly api: Recent = {
    list: () => this.recent.items(),
    open: async (item) => {
      const file = await this.recent.find(item)
      this.#actions?.open(file)
    },
    clear: () => {
      this.recent.clear()
      this.#electron.app.clearRecentDocuments()
    },
  }

  /** Shows the menus; from now on they do something. */
  begin(actions: PersonActions): void {
    this.#actions = actions
    this.#show()
  }

  /**
   * Puts files and folders that were opened to the front of the recent ones, here and in the system's own list: soon,
   * for thousands may be dropped at once, and each time the file is written and the menus are made anew.
   */
  remember(files: readonly string[]): void {
    if (files.length === 0) return
    this.#noted = [...this.#noted, ...files].slice(-kept)
    this.#gathering ??= setTimeout(() => void this.settle(), gathering)
  }

  /** Writes down what was opened, now. */
  async settle(): Promise<void> {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    const noted = this.#noted
    this.#noted = []
    for (const file of await this.recent.add(noted)) this.#electron.app.addRecentDocument(file)
  }

  #show(): void {
    const { app, Menu } = this.#electron
    const actions = this.#actions
    if (!actions) return
    const recent = this.recent.list().map(({ id, path }) => ({ id, label: shortPath(path) }))
    const template = menuTemplate(process.platform, {
      developing: !app.isPackaged,
      recent,
      actions: {
        openFiles: () => {
          actions.openFiles()
        },
        openFolder: () => {
          actions.openFolder()
        },
        command: (command) => {
          actions.tell({ type: 'host.command', command })
        },
        openRecent: (item) => {
          this.api.open(item).catch((error: unknown) => {
            actions.tell({ type: 'host.failed', error: toWire(error) })
          })
        },
        clearRecent: () => {
          this.api.clear()
        },
      },
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
}

/** With `~` for the home folder. */
function shortPath(file: string): string {
  const home = homedir()
  return file.startsWith(home) ? `~${file.slice(home.length)}` : file
}

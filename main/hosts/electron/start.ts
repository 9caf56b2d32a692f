/** The desktop app: one instance, one window, one engine, from start to end. */

import type { BrowserWindow, OpenDialogOptions } from 'electron'
import path from 'node:path'
import type { HostCommand, Result } from '../../../shared/api.ts'
import { pictureExtensions } from '../../../shared/pictureNames.ts'
import { createEngine, type Engine } from '../../engine/index.ts'
import { readPages } from '../../engine/pages.ts'
import { pageUrl } from './address.ts'
import { filesHandedOver, parseCommandLine } from './commandLine.ts'
import type { Electron } from './electron.ts'
import { carryApi, type Carrier } from './ipc.ts'
import { menuTemplate } from './menu.ts'
import { Opening } from './opening.ts'
import { TaskProgress } from './progress.ts'
import { openSession, registerScheme } from './session.ts'
import { forkUtility } from './utilityChild.ts'
import { bringForward, makeWindow } from './window.ts'

export interface DesktopOptions {
  readonly version: string
  /** Folder of the built renderer. */
  readonly renderer: string
  /** The built preload. */
  readonly preload: string
  /** The built compute process. */
  readonly engineEntry: string
  /** The folder of the sample pictures. */
  readonly samples: string
  readonly argv: readonly string[]
  readonly cwd: string
}

/** Must be called before the app is ready. Resolves when the window is there, or when another instance has it. */
export async function startDesktop(electron: Electron, options: DesktopOptions): Promise<void> {
  const { app } = electron
  registerScheme(electron)
  app.enableSandbox()
  const { files, pixels } = parseCommandLine(options.argv, options.cwd, app.isPackaged)
  // Handed over as data: Chromium changes the order of a second instance's arguments and adds its own.
  if (!app.requestSingleInstanceLock({ files })) {
    app.quit()
    return
  }
  const desktop = new Desktop(electron, options, pixels)
  // macOS tells of files before the app is ready.
  app.on('open-file', (event, file) => {
    event.preventDefault()
    desktop.open([file])
  })
  app.on('second-instance', (_event, _argv, _cwd, data) => {
    desktop.open(filesHandedOver(data))
  })
  app.on('activate', () => {
    desktop.open([])
  })
  app.on('window-all-closed', () => {
    // On macOS an app stays until it is quit.
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('will-quit', (event) => {
    if (desktop.closed) return
    // Its temporary files go with it; then there is nothing left to wait for.
    event.preventDefault()
    void desktop.close().finally(() => {
      app.quit()
    })
  })
  await app.whenReady()
  await desktop.start(files)
}

class Desktop {
  readonly #electron: Electron
  readonly #options: DesktopOptions
  readonly #pixels: number | undefined
  readonly #early: string[] = []
  #engine: Engine | undefined
  #carrier: Carrier | undefined
  #opening: Opening | undefined
  #showWindow: (() => Promise<void>) | undefined
  #window: BrowserWindow | undefined
  closed = false

  constructor(electron: Electron, options: DesktopOptions, pixels: number | undefined) {
    this.#electron = electron
    this.#options = options
    this.#pixels = pixels
  }

  /** Shows files, and the window in any case. */
  open(files: readonly string[]): void {
    if (!this.#opening) {
      this.#early.push(...files)
      return
    }
    this.#opening.open(files)
    if (this.#window) bringForward(this.#window)
    else void this.#showWindow?.()
  }

  async start(files: readonly string[]): Promise<void> {
    const { app, Menu } = this.#electron
    const { version, samples, preload } = this.#options
    const engine = createEngine({
      version,
      host: 'electron',
      samples,
      limits: this.#pixels === undefined ? {} : { pixels: this.#pixels },
      spawn: () => forkUtility(this.#electron, this.#options.engineEntry),
      hostMethods: {
        chooseFolder: () => this.#chooseFolder(),
        revealFolder: (directory) => {
          this.#electron.shell.showItemInFolder(directory)
          return Promise.resolve()
        },
      },
    })
    this.#engine = engine
    const session = openSession(this.#electron, await readPages(this.#options.renderer))
    const progress = new TaskProgress((fraction) => this.#window?.setProgressBar(fraction ?? -1))
    engine.subscribe((event) => {
      progress.take(event)
    })
    const carrier = carryApi(this.#electron, countingStages(engine, progress), () => this.#window)
    const opening = new Opening(engine)
    this.#carrier = carrier
    this.#opening = opening
    app.setAboutPanelOptions({ applicationName: 'LayerLoupe', applicationVersion: version })
    const actions = {
      openFiles: () => void this.#chooseFiles('openFile'),
      openFolder: () => void this.#chooseFiles('openDirectory'),
      command: (command: HostCommand) => {
        carrier.tell({ type: 'host.command', command })
      },
    }
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(menuTemplate(process.platform, { developing: !app.isPackaged, actions })),
    )
    this.#showWindow = async () => {
      const gone = () => {
        opening.stop()
        carrier.forget()
      }
      this.#window = makeWindow(this.#electron, {
        preload,
        session,
        placement: path.join(app.getPath('userData'), 'window.json'),
        onGone: gone,
        onReady: () => {
          opening.start()
        },
        onClosed: () => {
          this.#window = undefined
          gone()
        },
      })
      await this.#window.loadURL(pageUrl)
    }
    opening.open([...files, ...this.#early])
    await this.#showWindow()
  }

  /** Ends the engine; resolves when it is gone. */
  async close(): Promise<void> {
    this.#carrier?.forget()
    await this.#engine?.close()
    this.closed = true
  }

  async #choose(options: OpenDialogOptions): Promise<readonly string[]> {
    const { dialog } = this.#electron
    const { canceled, filePaths } = this.#window
      ? await dialog.showOpenDialog(this.#window, options)
      : await dialog.showOpenDialog(options)
    return canceled ? [] : filePaths
  }

  async #chooseFolder(): Promise<string | null> {
    const chosen = await this.#choose({
      title: 'Save to a folder',
      buttonLabel: 'Save here',
      properties: ['openDirectory', 'createDirectory'],
    })
    return chosen[0] ?? null
  }

  async #chooseFiles(what: 'openFile' | 'openDirectory'): Promise<void> {
    const chosen = await this.#choose({
      properties: what === 'openFile' ? ['openFile', 'multiSelections'] : ['openDirectory'],
      ...(what === 'openFile'
        ? {
            filters: [
              { name: 'Pictures', extensions: [...pictureExtensions] },
              { name: 'All files', extensions: ['*'] },
            ],
          }
        : {}),
    })
    if (chosen.length > 0) this.open(chosen)
  }
}

/** The engine, with the number of each run's stages noted as it starts. */
function countingStages(engine: Engine, progress: TaskProgress): Pick<Engine, 'call' | 'addFile' | 'subscribe'> {
  return {
    async call(method, params, options) {
      const result = await engine.call(method, params, options)
      if (method === 'runs.start') {
        const { run, plan } = result as Result<'runs.start'>
        progress.planned(run, plan.stages.length)
      }
      return result
    },
    addFile: (file, signal) => engine.addFile(file, signal),
    subscribe: (listener) => engine.subscribe(listener),
  }
}

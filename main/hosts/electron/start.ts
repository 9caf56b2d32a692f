/** The desktop app: one instance, one window, one engine, from start to end. */

import type { BrowserWindow } from 'electron'
import path from 'node:path'
import type { Result } from '../../../shared/api.ts'
import { createEngine, type Engine } from '../../engine/index.ts'
import { readPages } from '../../engine/pages.ts'
import { openLog } from '../../user/log.ts'
import type { Places } from '../../user/places.ts'
import { openSettings } from '../../user/settings.ts'
import { filesHandedOver, parseCommandLine } from './commandLine.ts'
import { confineAll } from './confine.ts'
import type { Electron } from './electron.ts'
import { FileDialogs } from './fileDialogs.ts'
import { carryApi, type Carrier } from './ipc.ts'
import { Opening } from './opening.ts'
import { PersonMenu } from './personMenu.ts'
import { TaskProgress } from './progress.ts'
import { closeNetwork, openSession, registerScheme } from './session.ts'
import { forkUtility } from './utilityChild.ts'
import { bringForward, makeWindow, showPage } from './window.ts'

export interface DesktopOptions {
  readonly version: string
  /** Folder of the built renderer. */
  readonly renderer: string
  /** The built preload. */
  readonly preload: string
  /** The built compute process. */
  readonly engineEntry: string
  /** The window's icon, where a window brings its own: a PNG. */
  readonly icon: string
  /** The folder of the sample pictures. */
  readonly samples: string
  /** Where what is kept for the person goes. */
  readonly places: Places
  readonly argv: readonly string[]
  readonly cwd: string
}

/** `appId` of electron-builder.yml. */
export const appId = 'org.layerloupe.LayerLoupe'

/** Must be called before the app is ready. Resolves when the window is there, or when another instance has it. */
export async function startDesktop(electron: Electron, options: DesktopOptions): Promise<void> {
  const { app } = electron
  registerScheme(electron)
  closeNetwork(electron)
  // The name the installer has given the shortcuts, so that the taskbar takes window and shortcut for one.
  if (process.platform === 'win32') app.setAppUserModelId(appId)
  app.enableSandbox()
  confineAll(app)
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
    // From here on files go to an app that is going: another start is to have a window of its own.
    app.releaseSingleInstanceLock()
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
  #menu: PersonMenu | undefined
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
    this.#openNow(this.#opening, files)
    if (this.#window) bringForward(this.#window)
    else void this.#showWindow?.()
  }

  #openNow(opening: Opening, files: readonly string[]): void {
    opening.open(files)
    this.#menu?.remember(files)
  }

  async start(files: readonly string[]): Promise<void> {
    const { app, nativeTheme } = this.#electron
    const { version, samples, preload, icon, places } = this.#options
    const log = openLog(places.logs)
    const settings = openSettings(places.config)
    // Before there is a window, so that it begins in the right colours.
    nativeTheme.themeSource = settings.current.theme
    const menu = new PersonMenu(this.#electron, { folder: places.config, log })
    const dialogs = new FileDialogs(this.#electron, menu.recent, () => this.#window)
    const problems: string[] = menu.recent.problem === null ? [] : [menu.recent.problem]
    const engine = createEngine({
      version,
      host: 'electron',
      samples,
      limits: this.#pixels === undefined ? {} : { pixels: this.#pixels },
      settings,
      log,
      problems,
      spawn: () => forkUtility(this.#electron, this.#options.engineEntry),
      hostMethods: {
        chooseFolder: () => dialogs.chooseFolder(),
        revealFolder: (directory) => {
          this.#electron.shell.showItemInFolder(directory)
          return Promise.resolve()
        },
        recent: menu.api,
        dragOut: (file, picture) => {
          const icon = this.#electron.nativeImage.createFromBuffer(Buffer.from(picture))
          this.#window?.webContents.startDrag({ file, icon })
          return Promise.resolve()
        },
      },
    })
    this.#engine = engine
    const session = openSession(this.#electron, await readPages(this.#options.renderer))
    const progress = new TaskProgress((fraction) => this.#window?.setProgressBar(fraction ?? -1))
    engine.subscribe((event) => {
      progress.take(event)
      if (event.type === 'settings.changed') nativeTheme.themeSource = event.state.settings.theme
    })
    const carrier = carryApi(this.#electron, watchedEngine(engine, progress, menu), () => this.#window)
    const opening = new Opening(engine)
    this.#carrier = carrier
    this.#opening = opening
    const openChosen = async (what: 'openFile' | 'openDirectory') => {
      const chosen = await dialogs.chooseToOpen(what)
      if (chosen.length > 0) this.open(chosen)
    }
    this.#menu = menu
    menu.begin({
      openFiles: () => void openChosen('openFile'),
      openFolder: () => void openChosen('openDirectory'),
      open: (file) => {
        this.open([file])
      },
      tell: (event) => {
        carrier.tell(event)
      },
    })
    this.#showWindow = async () => {
      const gone = () => {
        opening.stop()
        carrier.forget()
      }
      this.#window = makeWindow(this.#electron, {
        preload,
        icon,
        session,
        placement: path.join(app.getPath('userData'), 'window.json'),
        log,
        onProblem: (problem) => {
          problems.push(problem)
          log.write('problem', { reason: problem })
        },
        onGone: gone,
        onReady: () => {
          opening.start()
        },
        onClosed: () => {
          this.#window = undefined
          gone()
        },
      })
      await showPage(this.#electron, this.#window, log)
    }
    this.#openNow(opening, [...files, ...this.#early])
    await this.#showWindow()
  }

  /** Ends the engine; resolves when it is gone. */
  async close(): Promise<void> {
    this.#carrier?.forget()
    await this.#menu?.settle()
    await this.#engine?.close()
    this.closed = true
  }
}

/** The engine, with the number of each run's stages noted as it starts, and files remembered that were added. */
function watchedEngine(
  engine: Engine,
  progress: TaskProgress,
  menu: PersonMenu,
): Pick<Engine, 'call' | 'addFile' | 'subscribe'> {
  return {
    async call(method, params, options) {
      const result = await engine.call(method, params, options)
      if (method === 'runs.start') {
        const { run, plan } = result as Result<'runs.start'>
        progress.planned(run, plan.stages.length)
      }
      return result
    },
    async addFile(file, signal) {
      const image = await engine.addFile(file, signal)
      menu.remember([file])
      return image
    },
    subscribe: (listener) => engine.subscribe(listener),
  }
}

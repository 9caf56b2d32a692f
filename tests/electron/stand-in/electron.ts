/**
 * A stand-in of the `electron` module where Electron's runtime is absent: what the host uses of it, typed against
 * electron.d.ts. Values cross its IPC as a structured clone, as in Electron; what shows the page is given from outside.
 */

import type * as electron from 'electron'
import { EventEmitter } from 'node:events'
import type { Electron } from '../../../main/hosts/electron/electron.ts'
import { AppStandIn } from './app.ts'
import { forkStandIn } from './utilityProcess.ts'

/** Whatever shows pages: a browser, or nothing but the preload. */
export interface Screen {
  /** Loads an address into the window; resolves when the page has loaded. */
  load(url: string): Promise<void>
  /** Hands a message to the page's preload. */
  deliver(channel: string, args: readonly unknown[]): void
  close(): Promise<void>
}
export type OpenScreen = (contents: ContentsStandIn, preload: string) => Screen

type Handler = (event: electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown
export type Sender = Pick<electron.IpcMainInvokeEvent, 'sender' | 'senderFrame'>

export class IpcMainStandIn extends EventEmitter {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    this.#handlers.set(channel, handler)
  }

  async invoke(from: Sender, channel: string, args: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    const event = from as electron.IpcMainInvokeEvent
    return structuredClone(await handler(event, ...(structuredClone(args) as unknown[])))
  }

  send(from: Sender, channel: string, args: readonly unknown[]): void {
    this.emit(channel, from, ...(structuredClone(args) as unknown[]))
  }
}

type BeforeRequest = Parameters<electron.WebRequest['onBeforeRequest']>[0] & object

export class SessionStandIn extends EventEmitter {
  readonly handlers = new Map<string, (request: Request) => Response | Promise<Response>>()
  permissionRequest: Parameters<electron.Session['setPermissionRequestHandler']>[0] = null
  permissionCheck: Parameters<electron.Session['setPermissionCheckHandler']>[0] = null
  devicePermission: Parameters<electron.Session['setDevicePermissionHandler']>[0] = null
  spellChecker = true
  #beforeRequest: BeforeRequest | undefined

  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => {
      this.handlers.set(scheme, handler)
    },
  }
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest) => {
      this.#beforeRequest = listener
    },
  }

  setPermissionRequestHandler(handler: SessionStandIn['permissionRequest']): void {
    this.permissionRequest = handler
  }
  setPermissionCheckHandler(handler: SessionStandIn['permissionCheck']): void {
    this.permissionCheck = handler
  }
  setDevicePermissionHandler(handler: SessionStandIn['devicePermission']): void {
    this.devicePermission = handler
  }
  setSpellCheckerEnabled(enable: boolean): void {
    this.spellChecker = enable
  }

  /** What the session answers to a request, or undefined where it is cancelled or nobody serves its scheme. */
  async answer(method: string, url: string): Promise<Response | undefined> {
    const told: electron.CallbackResponse[] = []
    this.#beforeRequest?.({ url, method } as electron.OnBeforeRequestListenerDetails, (response) => told.push(response))
    const handler = this.handlers.get(new URL(url).protocol.slice(0, -1))
    return told.some(({ cancel }) => cancel) || !handler ? undefined : await handler(new Request(url, { method }))
  }
}

export class ContentsStandIn extends EventEmitter {
  readonly session: SessionStandIn
  readonly ipcMain: IpcMainStandIn
  readonly mainFrame = { url: '', parent: null as object | null }
  screen!: Screen
  webRtc = 'default'
  crashed = false
  windowOpenHandler: Parameters<electron.WebContents['setWindowOpenHandler']>[0] | undefined

  constructor(session: SessionStandIn, ipcMain: IpcMainStandIn) {
    super()
    this.session = session
    this.ipcMain = ipcMain
  }

  /** What was dragged out of the window. */
  readonly drags: electron.Item[] = []
  startDrag(item: electron.Item): void {
    this.drags.push(item)
  }

  send(channel: string, ...args: unknown[]): void {
    this.screen.deliver(channel, structuredClone(args))
  }
  setWindowOpenHandler(handler: NonNullable<ContentsStandIn['windowOpenHandler']>): void {
    this.windowOpenHandler = handler
  }
  setWebRTCIPHandlingPolicy(policy: string): void {
    this.webRtc = policy
  }
  isCrashed(): boolean {
    return this.crashed
  }

  /** How messages of a frame of this window arrive. */
  sender(frame: { readonly url: string; readonly parent: object | null } | null = this.mainFrame): Sender {
    return { sender: this, senderFrame: frame } as unknown as Sender
  }

  /** Whether the host lets a frame go to an address. */
  mayNavigate(url: string, isMainFrame: boolean): boolean {
    const details = {
      url,
      isMainFrame,
      defaultPrevented: false,
      preventDefault() {
        details.defaultPrevented = true
      },
    }
    this.emit('will-frame-navigate', details)
    return !details.defaultPrevented
  }
}

export class WindowStandIn
  extends EventEmitter
  implements
    Pick<
      electron.BrowserWindow,
      | 'loadURL'
      | 'show'
      | 'focus'
      | 'isMinimized'
      | 'restore'
      | 'maximize'
      | 'isMaximized'
      | 'getNormalBounds'
      | 'setProgressBar'
      | 'isDestroyed'
      | 'isVisible'
    >
{
  readonly options: electron.BrowserWindowConstructorOptions
  readonly webContents: ContentsStandIn
  bounds: electron.Rectangle
  visible = false
  focused = 0
  minimized = false
  maximized = false
  readonly progress: number[] = []
  readonly #onClosed: () => void
  #destroyed = false

  constructor(
    options: electron.BrowserWindowConstructorOptions,
    { ipcMain, openScreen, onClosed }: { ipcMain: IpcMainStandIn; openScreen: OpenScreen; onClosed: () => void },
  ) {
    super()
    this.options = options
    const { width = 800, height = 600, x = 100, y = 100, webPreferences } = options
    this.bounds = { x, y, width, height }
    this.#onClosed = onClosed
    this.webContents = new ContentsStandIn(webPreferences!.session as unknown as SessionStandIn, ipcMain)
    this.webContents.screen = openScreen(this.webContents, webPreferences!.preload!)
  }

  async loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url
    await this.webContents.screen.load(url)
    this.emit('ready-to-show')
    this.webContents.emit('did-finish-load')
  }
  show(): void {
    this.visible = true
  }
  isVisible(): boolean {
    return this.visible
  }
  focus(): void {
    this.focused++
  }
  isMinimized(): boolean {
    return this.minimized
  }
  restore(): void {
    this.minimized = false
  }
  maximize(): void {
    this.maximized = true
  }
  isMaximized(): boolean {
    return this.maximized
  }
  getNormalBounds(): electron.Rectangle {
    return this.bounds
  }
  setProgressBar(progress: number): void {
    this.progress.push(progress)
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }

  /** As a person closes it. */
  async closeByPerson(): Promise<void> {
    this.emit('close', {})
    this.#destroyed = true
    await this.webContents.screen.close()
    this.emit('closed')
    this.#onClosed()
  }
}

export interface StandInOptions {
  readonly userData: string
  readonly openScreen: OpenScreen
  /** False where another instance has the lock. */
  readonly hasLock?: boolean
  readonly displays?: readonly electron.Rectangle[]
}

/** What a test does to the outside of the app, and sees of it. */
export class StandIn {
  readonly app: AppStandIn
  readonly ipcMain = new IpcMainStandIn()
  readonly windows: WindowStandIn[] = []
  readonly sessions = new Map<string, SessionStandIn>()
  /** Electron's own, which shows no page of ours. */
  readonly defaultSession = new SessionStandIn()
  readonly shown: string[] = []
  readonly messages: electron.MessageBoxOptions[] = []
  schemes: electron.CustomScheme[] = []
  menu: electron.MenuItemConstructorOptions[] = []
  displays: readonly electron.Rectangle[]
  /** The open dialogs there were. */
  readonly dialogs: electron.OpenDialogOptions[] = []
  /** What the person picks in the next open dialogs; none left: they cancel. */
  readonly picks: string[][] = []
  /** Pictures that are their own bytes. */
  readonly nativeImage = {
    createFromBuffer: (bytes: Buffer) => {
      const image = { bytes, height: 0, resize: ({ height = 0 }: electron.ResizeOptions) => ({ ...image, height }) }
      return image
    },
  } as unknown as Electron['nativeImage']
  readonly nativeTheme: { shouldUseDarkColors: boolean; themeSource: Electron['nativeTheme']['themeSource'] } = {
    shouldUseDarkColors: false,
    themeSource: 'system',
  }
  /** Which button of a message they press. */
  button = 0
  readonly children: ReturnType<typeof forkStandIn>[] = []
  readonly electron: Electron

  constructor({ userData, openScreen, hasLock = true, displays }: StandInOptions) {
    this.app = new AppStandIn(userData, hasLock)
    this.displays = displays ?? [{ x: 0, y: 0, width: 1920, height: 1080 }]
    const { app, ipcMain, windows } = this
    const onClosed = () => {
      app.emit('window-all-closed')
    }
    class BrowserWindow extends WindowStandIn {
      constructor(options: electron.BrowserWindowConstructorOptions) {
        super(options, { ipcMain, openScreen, onClosed })
        windows.push(this)
        app.emit('web-contents-created', {}, this.webContents)
      }
    }
    const choose = (options: electron.OpenDialogOptions): electron.OpenDialogReturnValue => {
      this.dialogs.push(options)
      const filePaths = this.picks.shift()
      return { canceled: filePaths === undefined, filePaths: filePaths ?? [] }
    }
    const parts = {
      app,
      BrowserWindow,
      ipcMain,
      dialog: {
        showOpenDialog: (...args: unknown[]) => Promise.resolve(choose(args.at(-1) as electron.OpenDialogOptions)),
        showMessageBox: (...args: unknown[]) => {
          this.messages.push(args.at(-1) as electron.MessageBoxOptions)
          return Promise.resolve({ response: this.button, checkboxChecked: false })
        },
        showMessageBoxSync: (...args: unknown[]) => {
          this.messages.push(args.at(-1) as electron.MessageBoxOptions)
          return this.button
        },
      },
      Menu: {
        buildFromTemplate: (template: electron.MenuItemConstructorOptions[]) => template,
        setApplicationMenu: (menu: electron.MenuItemConstructorOptions[]) => {
          this.menu = menu
        },
      },
      nativeImage: this.nativeImage,
      nativeTheme: this.nativeTheme,
      protocol: {
        registerSchemesAsPrivileged: (schemes: electron.CustomScheme[]) => {
          this.schemes = schemes
        },
      },
      screen: {
        getAllDisplays: () => this.displays.map((workArea) => ({ workArea })),
        getPrimaryDisplay: () => ({ workArea: this.displays[0] }),
      },
      session: {
        defaultSession: this.defaultSession as unknown as electron.Session,
        fromPartition: (partition: string) => {
          const session = this.sessions.get(partition) ?? new SessionStandIn()
          this.sessions.set(partition, session)
          return session
        },
      },
      shell: { showItemInFolder: (path: string) => this.shown.push(path) },
      utilityProcess: {
        fork: (...args: Parameters<typeof forkStandIn>) => {
          const child = forkStandIn(...args)
          this.children.push(child)
          return child
        },
      },
    } satisfies { [K in keyof Electron]: object }
    this.electron = parts as unknown as Electron
  }

  /** The window there is. */
  get window(): WindowStandIn {
    return this.windows.at(-1)!
  }

  /** Closes the window as a person does, and on macOS, where an app stays without one, quits; resolves when it has ended. */
  async end(): Promise<void> {
    await this.window.closeByPerson()
    if (process.platform === 'darwin') this.app.quit()
    await this.app.ended
  }

  /** Chooses a menu item by its labels. */
  chooseMenu(...labels: readonly string[]): void {
    let items = this.menu
    for (const [depth, label] of labels.entries()) {
      const item = items.find((one) => one.label?.replace('&', '') === label || one.role === label.toLowerCase())
      if (!item) throw new Error(`There is no menu item ${labels.slice(0, depth + 1).join(' > ')}.`)
      if (depth === labels.length - 1) (item.click as (() => void) | undefined)?.()
      else items = item.submenu as electron.MenuItemConstructorOptions[]
    }
  }
}

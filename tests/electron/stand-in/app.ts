/** Electron's `app`, as far as the host uses it. */

import type * as electron from 'electron'
import { EventEmitter } from 'node:events'

export class AppStandIn
  extends EventEmitter
  implements
    Pick<
      electron.App,
      | 'isPackaged'
      | 'getPath'
      | 'quit'
      | 'exit'
      | 'whenReady'
      | 'requestSingleInstanceLock'
      | 'releaseSingleInstanceLock'
      | 'setAppUserModelId'
      | 'enableSandbox'
    >
{
  readonly isPackaged = false
  readonly #userData: string
  #hasLock: boolean
  handedOver: unknown
  sandboxed = false
  /** Switches given to Chromium before the app was ready. */
  readonly switches: Record<string, string> = {}
  readonly commandLine = {
    appendSwitch: (name: string, value = '') => {
      if (this.#isReady) throw new Error('Chromium has read its command line already')
      this.switches[name] = value
    },
  }
  #isReady = false
  readonly recent: string[] = []
  /** Lets the app become ready. */
  becomeReady!: () => void
  readonly #ready = new Promise<void>((resolve) => (this.becomeReady = resolve)).then(() => {
    this.#isReady = true
  })
  didQuit!: () => void
  /** Resolves when the app has quit. */
  readonly ended = new Promise<void>((resolve) => (this.didQuit = resolve))

  constructor(userData: string, hasLock: boolean) {
    super()
    this.#userData = userData
    this.#hasLock = hasLock
  }

  getPath(): string {
    return this.#userData
  }
  whenReady(): Promise<void> {
    return this.#ready
  }
  requestSingleInstanceLock(data?: Record<string, unknown>): boolean {
    this.handedOver = data
    return this.#hasLock
  }
  releaseSingleInstanceLock(): void {
    this.#hasLock = false
  }
  hasSingleInstanceLock(): boolean {
    return this.#hasLock
  }
  setAppUserModelId(): void {
    // Windows alone takes notice of it.
  }
  enableSandbox(): void {
    this.sandboxed = true
  }
  addRecentDocument(file: string): void {
    this.recent.push(file)
  }
  clearRecentDocuments(): void {
    this.recent.length = 0
  }
  quit(): void {
    const event = { defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) }
    this.emit('will-quit', event)
    if (!event.defaultPrevented) this.didQuit()
  }
  exit(): void {
    this.didQuit()
  }
}

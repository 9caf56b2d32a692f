/** A window that is a page of a real Chromium. An https origin stands for the app's scheme; nothing else is reachable. */

import type { Browser, BrowserContext, Frame, Page, Request, Route } from '@playwright/test'
import path from 'node:path'
import { build, type Rolldown } from 'vite'
import { decodeWire, encodeWire } from '../../../shared/wire.ts'
import { repoRoot } from '../../support/shared.ts'
import type { ContentsStandIn, OpenScreen, Screen } from './electron.ts'
import { preloadSource } from './preload.ts'

const appOrigin = 'app://layerloupe'
const pageOrigin = 'https://layerloupe.stand-in'

function toApp(url: string): string {
  return url.replace(pageOrigin, appOrigin)
}

/** The shim and the preload in it as one script, for no page under our policy may evaluate text. */
export async function pageScript(): Promise<string> {
  const [output] = (await build({
    root: repoRoot,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: path.join(repoRoot, 'tests/electron/stand-in/pageShim.ts'), formats: ['iife'], name: 'shim' },
    },
  })) as Rolldown.RolldownOutput[]
  const shim = output!.output[0].code
  return `if (window === top && location.origin === '${pageOrigin}') {
    ${shim}
    ;(function (require) { ${await preloadSource()} })(() => shim.electron)
  }`
}

export function browserScreens(browser: Browser, script: string): OpenScreen & { readonly screens: ChromiumScreen[] } {
  const screens: ChromiumScreen[] = []
  const open: OpenScreen = (contents) => {
    const screen = new ChromiumScreen(browser, script, contents)
    screens.push(screen)
    return screen
  }
  return Object.assign(open, { screens })
}

export class ChromiumScreen implements Screen {
  readonly #browser: Browser
  readonly #script: string
  readonly #contents: ContentsStandIn
  #context: BrowserContext | undefined
  /** The page has asked for nothing yet: where it goes is where the host sends it. */
  #expected: string | undefined
  #opened = false
  page!: Page
  readonly saved: string[] = []
  popups = 0
  /** What the page was refused: navigations and requests. */
  readonly refused: string[] = []

  constructor(browser: Browser, script: string, contents: ContentsStandIn) {
    this.#browser = browser
    this.#script = script
    this.#contents = contents
  }

  async load(url: string): Promise<void> {
    await this.#context?.close()
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' })
    this.#context = context
    await context.exposeBinding('standInCall', ({ frame }: { frame: Frame }, text: string) => this.#call(frame, text))
    await context.addInitScript(this.#script)
    await context.route('**/*', (route) => this.#answer(route))
    this.page = await context.newPage()
    context.on('page', (popup) => void this.#popup(popup))
    this.page.on('framenavigated', (frame) => {
      if (frame === this.page.mainFrame()) this.#contents.emit('did-navigate', {}, toApp(frame.url()))
    })
    this.#contents.crashed = false
    this.page.on('crash', () => {
      this.#contents.crashed = true
      this.#contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    })
    this.page.on('download', (download) => {
      const event = { defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) }
      this.#contents.session.emit('will-download', event, { getURL: () => toApp(download.url()) }, this.#contents)
      if (event.defaultPrevented) void download.cancel()
      else this.saved.push(download.suggestedFilename())
    })
    this.#opened = true
    this.#expected = url
    await this.page.goto(url.replace(appOrigin, pageOrigin))
  }

  deliver(channel: string, args: readonly unknown[]): void {
    const text = Buffer.from(encodeWire(args)).toString('base64')
    // There may be no page yet, or one on its way out; a message to nobody is lost, as in Electron.
    if (!this.#opened) return
    this.page
      .evaluate(
        ([name, body]) => {
          ;(window as unknown as { standIn: { deliver(name: string, body: string): void } }).standIn.deliver(name, body)
        },
        [channel, text] as const,
      )
      .catch(() => undefined)
  }

  async close(): Promise<void> {
    await this.#context?.close()
  }

  async #call(frame: Frame, text: string): Promise<string> {
    const { kind, channel, args } = decodeWire(Buffer.from(text, 'base64')) as {
      kind: 'invoke' | 'send'
      channel: string
      args: unknown[]
    }
    const sender = this.#contents.sender({ url: toApp(frame.url()), parent: frame.parentFrame() })
    const { ipcMain } = this.#contents
    let value: unknown = null
    if (kind === 'invoke') value = await ipcMain.invoke(sender, channel, args)
    else ipcMain.send(sender, channel, args)
    return Buffer.from(encodeWire({ value })).toString('base64')
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request()
    const url = toApp(request.url())
    if (request.isNavigationRequest() && !this.#mayGo(url, frameOf(request) === this.page.mainFrame())) {
      this.refused.push(url)
      await route.abort('aborted')
      return
    }
    const response = await this.#contents.session.answer(request.method(), url)
    if (!response) {
      this.refused.push(url)
      await route.abort('blockedbyclient')
      return
    }
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
  }

  #mayGo(url: string, isMainFrame: boolean): boolean {
    if (isMainFrame && url === this.#expected) {
      this.#expected = undefined
      return true
    }
    return this.#contents.mayNavigate(url, isMainFrame)
  }

  async #popup(popup: Page): Promise<void> {
    const details = { url: popup.url() } as Parameters<NonNullable<ContentsStandIn['windowOpenHandler']>>[0]
    if (this.#contents.windowOpenHandler?.(details).action === 'deny') await popup.close()
    else this.popups++
  }
}

/** A new window's first request has no frame yet. */
function frameOf(request: Request): Frame | undefined {
  try {
    return request.frame()
  } catch {
    return undefined
  }
}

/** The contract over Electron's IPC: calls from our window's page, and from nothing else, to the engine; events back. */

import type { BrowserWindow, IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import type { ApiEvent, Method, Params } from '../../../shared/api.ts'
import type { Reply } from '../../../shared/bridge.ts'
import { LoupeError, toWire } from '../../../shared/errors.ts'
import { Begun } from '../../engine/begun.ts'
import type { Engine } from '../../engine/index.ts'
import { isPage } from './address.ts'
import { channels } from './channels.ts'
import type { Electron } from './electron.ts'

/** Calls one window may have under way. */
const callsAllowed = 1024

/** The window there is at the moment. */
export type CurrentWindow = () => BrowserWindow | undefined

export interface Carrier {
  /** Tells the window, if there is one. */
  tell(event: ApiEvent): void
  /** Gives up whatever the page that was there has asked for. */
  forget(): void
}

/** Answers the window's calls with the engine. An answer is always a value: a result, or a coded error. */
export function carryApi(
  { ipcMain }: Pick<Electron, 'ipcMain'>,
  engine: Pick<Engine, 'call' | 'addFile' | 'subscribe'>,
  currentWindow: CurrentWindow,
): Carrier {
  const calls = new Map<string, AbortController>()
  const begun = new Begun(engine, ['runs.start', 'export.start', 'batches.start', 'lab.open'])

  async function answer(
    event: IpcMainInvokeEvent,
    id: unknown,
    work: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<Reply<unknown>> {
    try {
      if (!isOurPage(event, currentWindow())) {
        throw new LoupeError('unauthorized', 'Only the page of the LayerLoupe window may ask this.')
      }
      if (typeof id !== 'string' || id.length > 64 || calls.has(id)) throw badCall('its id is not a new one')
      if (calls.size >= callsAllowed) throw badCall('too many calls are waiting')
      const controller = new AbortController()
      calls.set(id, controller)
      try {
        return { ok: true, result: await work(controller.signal) }
      } finally {
        if (calls.get(id) === controller) calls.delete(id)
      }
    } catch (error) {
      return toWire(error)
    }
  }

  // The engine checks method and parameters itself: it is the border.
  ipcMain.handle(channels.call, (event, id: unknown, method: unknown, params: unknown) =>
    answer(event, id, (signal) => begun.call(method as Method, params as Params<Method>, { signal })),
  )
  ipcMain.handle(channels.addFile, (event, id: unknown, path: unknown) =>
    answer(event, id, (signal) => {
      if (typeof path !== 'string' || path === '') throw badCall('it names no file')
      return engine.addFile(path, signal)
    }),
  )
  ipcMain.on(channels.cancel, (event, id: unknown) => {
    if (typeof id === 'string' && isOurPage(event, currentWindow())) calls.get(id)?.abort()
  })

  const tell = (event: ApiEvent) => {
    begun.hear(event)
    const window = currentWindow()
    if (window && !window.isDestroyed()) window.webContents.send(channels.event, event)
  }
  engine.subscribe(tell)
  return {
    tell,
    forget() {
      for (const controller of calls.values()) controller.abort()
      calls.clear()
      begun.end()
    },
  }
}

/** Whether a message comes from the top frame of our window while that shows our page. */
function isOurPage(
  { sender, senderFrame }: Pick<IpcMainEvent | IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  window: BrowserWindow | undefined,
): boolean {
  if (!window || window.isDestroyed() || sender !== window.webContents) return false
  // Null once the frame has gone elsewhere; a frame within the page has a parent.
  return senderFrame !== null && senderFrame.parent === null && isPage(senderFrame.url)
}

function badCall(what: string): LoupeError {
  return new LoupeError('bad-request', `The window called the host wrongly: ${what}.`)
}

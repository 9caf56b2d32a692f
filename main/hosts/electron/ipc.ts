/** The contract over Electron's IPC: calls from our window's page, and from nothing else, to the engine; events back. */

import type { BrowserWindow, IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import type { ApiEvent, Method, Params, Result } from '../../../shared/api.ts'
import type { Reply } from '../../../shared/bridge.ts'
import { LoupeError, toWire } from '../../../shared/errors.ts'
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
  /** What the page that is there has begun, and how to end it. */
  const begun = new Map<string, () => void>()

  /** A call; what it begins ends once the page is gone, however that came. */
  async function call(method: Method, params: Params<Method>, signal: AbortSignal): Promise<unknown> {
    const result = await engine.call(method, params, { signal })
    if (method === 'runs.release') begun.delete((params as Params<'runs.release'>).run)
    if (method === 'batches.release') begun.delete((params as Params<'batches.release'>).batch)
    const beginning = beginningOf(method, result, engine)
    if (beginning && signal.aborted) beginning.end()
    else if (beginning) begun.set(beginning.id, beginning.end)
    return result
  }

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
    answer(event, id, (signal) => call(method as Method, params as Params<Method>, signal)),
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
    if (event.type === 'export.done' || event.type === 'export.failed') begun.delete(event.job)
    const window = currentWindow()
    if (window && !window.isDestroyed()) window.webContents.send(channels.event, event)
  }
  engine.subscribe(tell)
  return {
    tell,
    forget() {
      for (const controller of calls.values()) controller.abort()
      calls.clear()
      for (const end of begun.values()) end()
      begun.clear()
    },
  }
}

/** What a call has begun that goes on after its answer, and how it is ended; null where it is over with that. */
function beginningOf(
  method: Method,
  result: unknown,
  engine: Pick<Engine, 'call'>,
): { readonly id: string; readonly end: () => void } | null {
  if (method === 'runs.start') {
    const { run } = result as Result<'runs.start'>
    return { id: run, end: () => void engine.call('runs.release', { run }) }
  }
  if (method === 'export.start') {
    const { job } = result as Result<'export.start'>
    return { id: job, end: () => void engine.call('export.cancel', { job }) }
  }
  if (method === 'batches.start') {
    const { batch } = result as Result<'batches.start'>
    return { id: batch, end: () => void engine.call('batches.release', { batch }) }
  }
  return null
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

/** A window without a browser: the preload runs in this process, and the test is the page. */

import { EventEmitter } from 'node:events'
import { compileFunction } from 'node:vm'
import type { Bridge } from '../../../shared/bridge.ts'
import type { ContentsStandIn, OpenScreen } from './electron.ts'

/** Each window's bridge goes to `onBridge` when its page has loaded. */
export function nodeScreens(preload: string, onBridge: (bridge: Bridge) => void): OpenScreen {
  return (contents) => {
    const incoming = new EventEmitter()
    return {
      async load(url) {
        const response = await contents.session.answer('GET', url)
        if (response?.status !== 200) throw new Error(`${url} was not served`)
        onBridge(runPreload(preload, contents, incoming))
      },
      deliver(channel, args) {
        // In a turn of its own, as a message between processes comes.
        setImmediate(() => incoming.emit(channel, {}, ...args))
      },
      close: () => Promise.resolve(),
    }
  }
}

function runPreload(source: string, contents: ContentsStandIn, incoming: EventEmitter): Bridge {
  let bridge: Bridge | undefined
  const electron = {
    contextBridge: { exposeInMainWorld: (_name: string, api: Bridge) => (bridge = api) },
    ipcRenderer: {
      invoke: (channel: string, ...args: unknown[]) => contents.ipcMain.invoke(contents.sender(), channel, args),
      send: (channel: string, ...args: unknown[]) => {
        contents.ipcMain.send(contents.sender(), channel, args)
      },
      on: (channel: string, listener: () => void) => incoming.on(channel, listener),
      off: (channel: string, listener: () => void) => incoming.off(channel, listener),
    },
    webUtils: { getPathForFile: () => '' },
  }
  const run = compileFunction(source, ['require']) as (require: (name: string) => unknown) => void
  run(() => electron)
  return bridge!
}

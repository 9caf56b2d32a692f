/** In the page, in place of Electron's renderer: what the preload requires, over a binding that carries text. */

import { decodeWire, encodeWire } from '../../../shared/wire.ts'

interface Shim {
  /** Where files lie, by their name: what the browser knows and the page does not. */
  readonly paths: Map<string, string>
  deliver(channel: string, text: string): void
}
declare const window: {
  standInCall(text: string): Promise<string>
  standIn: Shim
}

type Listener = (event: object, ...args: unknown[]) => void
const listeners = new Map<string, Set<Listener>>()
const paths = new Map<string, string>()

function toText(value: unknown): string {
  const bytes = encodeWire(structuredClone(value))
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}

function fromText(text: string): unknown {
  return decodeWire(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)))
}

async function call(kind: 'invoke' | 'send', channel: string, args: unknown[]): Promise<unknown> {
  return (fromText(await window.standInCall(toText({ kind, channel, args }))) as { value: unknown }).value
}

window.standIn = {
  paths,
  deliver(channel, text) {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...(fromText(text) as unknown[]))
  },
}

export const electron = {
  contextBridge: {
    exposeInMainWorld(name: string, api: object) {
      Object.defineProperty(window, name, { value: Object.freeze(api) })
    },
  },
  ipcRenderer: {
    invoke: (channel: string, ...args: unknown[]) => call('invoke', channel, args),
    send: (channel: string, ...args: unknown[]) => void call('send', channel, args),
    on: (channel: string, listener: Listener) => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener))
    },
    off: (channel: string, listener: Listener) => listeners.get(channel)?.delete(listener),
  },
  webUtils: { getPathForFile: ({ name }: { name: string }) => paths.get(name) ?? '' },
}

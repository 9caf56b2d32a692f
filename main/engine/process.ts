/** The compute process's entry. It lives exactly as long as the process that started it. */

import type { ComputePort, FromCompute, ToCompute } from './protocol.ts'
import { serve } from './serve.ts'

/** What Electron's utilityProcess gives its child in place of Node's channel. */
interface ParentPort {
  postMessage(message: FromCompute): void
  on(event: 'message', listener: (event: { data: ToCompute }) => void): void
}

function electronPort(parent: ParentPort): ComputePort {
  return {
    post(message) {
      parent.postMessage(message)
    },
    onMessage(listener) {
      parent.on('message', (event) => {
        listener(event.data)
      })
    },
  }
}

function nodePort(): ComputePort {
  return {
    post(message) {
      // Once the channel is closed there is nobody to tell.
      if (process.connected) process.send?.(message, undefined, {}, () => undefined)
    },
    onMessage(listener) {
      process.on('message', listener)
    },
  }
}

// Electron's own types say that every process has one.
const { parentPort } = process as { readonly parentPort?: ParentPort }

// Ctrl-C, a terminal that closes and `timeout` reach this process too. The one that started it decides when to stop,
// so that what is half written can be taken back; what it kills, it kills with SIGKILL.
if (!parentPort) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)
else process.on('SIGINT', () => undefined)

const stop = serve(parentPort ? electronPort(parentPort) : nodePort(), () => process.exit(0))

/** Milliseconds for taking back what is half written, when there is nobody left to wait for it. */
const stopWithin = 2000

// The channel closes with the other end, however that ended.
process.on('disconnect', () => {
  setTimeout(() => process.exit(0), stopWithin)
  stop()
})

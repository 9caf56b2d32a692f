/** The compute process as it would find itself under Electron: version, libraries and all, in a process of Node's. */

import { fork, type ChildProcess } from 'node:child_process'
import { childEnvironment } from '../../main/engine/child.ts'
import type { ChildPort, FromCompute } from '../../main/engine/protocol.ts'

const asElectron = new URL('asElectron.mjs', import.meta.url).href

export interface WatchedChild {
  readonly spawn: () => ChildPort
  /** Everything it has written to standard error. */
  readonly stderr: () => string
  /** How each process ended that ended by itself. */
  readonly ends: readonly string[]
}

/** `electron`: whether the process has an Electron version; `libraries` are loaded before its own. */
export function watchedChild(entry: string, electron: boolean, libraries: readonly string[] = []): WatchedChild {
  let said = ''
  const ends: string[] = []
  return {
    ends,
    stderr: () => said,
    spawn() {
      const child: ChildProcess = fork(entry, [], {
        env: { ...childEnvironment(), ...(libraries.length === 0 ? {} : { LD_PRELOAD: libraries.join(':') }) },
        execArgv: electron ? ['--import', asElectron] : [],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
      return {
        pid: child.pid,
        post(message) {
          if (child.connected) child.send(message, () => undefined)
        },
        onMessage(listener) {
          child.on('message', (message) => listener(message as FromCompute))
        },
        onExit(listener) {
          child.once('close', (code, signal) => {
            const how = signal === null ? `it ended with code ${code ?? 'unknown'}` : `it was ended by ${signal}`
            ends.push(how)
            listener(how)
          })
        },
        kill() {
          child.kill('SIGKILL')
        },
      }
    },
  }
}

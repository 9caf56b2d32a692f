/** The compute process as a child of Node. */

import { fork } from 'node:child_process'
import { childEnvironment, EndReason } from './child.ts'
import type { ChildPort, FromCompute } from './protocol.ts'

export function forkCompute(entry: URL | string): ChildPort {
  const child = fork(entry, [], {
    env: childEnvironment(),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const reason = new EndReason(child.stderr)
  let failure: string | undefined
  return {
    pid: child.pid,
    post(message) {
      // A process that is gone says so through 'exit'; what was on its way is lost with it.
      if (child.connected) child.send(message, () => undefined)
    },
    onMessage(listener) {
      child.on('message', (message) => {
        listener(message as FromCompute)
      })
    },
    onExit(listener) {
      const once = (told: string) => {
        if (failure !== undefined) return
        failure = told
        listener(told)
      }
      child.on('error', (error) => {
        once(`it could not be started: ${error.message}`)
      })
      child.on('close', (code, signal) => {
        once(reason.of(signal === null ? `it ended with code ${code ?? 'unknown'}` : `it was ended by ${signal}`))
      })
    },
    kill() {
      child.kill('SIGKILL')
    },
  }
}

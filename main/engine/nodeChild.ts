/** The compute process as a child of Node. */

import { fork } from 'node:child_process'
import type { ChildPort, FromCompute } from './protocol.ts'

/** What libraries need of the environment, and our own settings; nothing else is any of their business. */
const passedOn = /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|SystemRoot|windir|UV_THREADPOOL_SIZE|LAYERLOUPE_.*)$/i

/** Characters of the child's standard error kept for the reason of its end. */
const kept = 2000

export function forkCompute(entry: URL | string): ChildPort {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name)))
  const child = fork(entry, [], {
    env,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-kept)
  })
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
      const once = (reason: string) => {
        if (failure !== undefined) return
        failure = reason
        listener(reason)
      }
      child.on('error', (error) => {
        once(`it could not be started: ${error.message}`)
      })
      child.on('close', (code, signal) => {
        const lines = complaint.trim().split('\n')
        const last = lines.findLast((line) => /^\S*Error\b/.test(line)) ?? lines.at(-1)
        const how = signal === null ? `it ended with code ${code ?? 'unknown'}` : `it was ended by ${signal}`
        once(last ? `${how}: ${last}` : how)
      })
    },
    kill() {
      child.kill('SIGKILL')
    },
  }
}

/** The compute process as a child of Node. */

import { fork } from 'node:child_process'
import { childEnvironment, EndReason } from './child.ts'
import type { ChildPort, FromCompute } from './protocol.ts'

/**
 * Where the C library is glibc, large arrays lie in huge pages if the system has them: the first write to each small
 * page of a new tensor costs as much as a third of the convolution that fills it. Few arenas instead of one a thread: what
 * one thread has freed, the next picture has, and a long batch grows less. Nothing else reads these settings.
 */
export function nodeEnvironment(arenas = 2): NodeJS.ProcessEnv {
  return { ...childEnvironment(), GLIBC_TUNABLES: `glibc.malloc.hugetlb=1:glibc.malloc.arena_max=${arenas}` }
}

/**
 * Its heap is small, for tensors and pictures lie outside it: to look through it at once takes a few milliseconds. In
 * steps it would be begun again and again, since what lies outside counts, and take a quarter of the time of a batch.
 */
const flags = ['--no-incremental-marking']

/** In a batch it lets go of each picture before the next (batchImage.ts), and so needs no room for the young of many. */
const batchFlags = [...flags, '--expose-gc', '--max-semi-space-size=4']

export function forkCompute(entry: URL | string, use: 'window' | 'batch' = 'window'): ChildPort {
  const child = fork(entry, [], {
    env: nodeEnvironment(use === 'batch' ? 1 : 2),
    execArgv: use === 'batch' ? batchFlags : flags,
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

/** Electron's utility process as a Node process that takes itself for one: `process.parentPort`, and Electron's version. */

import type * as electron from 'electron'
import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'

/** Runs in the child before its own code, and in the threads it starts, which have nobody to speak to. */
const disguise = `
import { EventEmitter } from 'node:events'
import { isMainThread } from 'node:worker_threads'
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '45.4.1' } })
if (isMainThread) {
  const port = new EventEmitter()
  const send = process.send.bind(process)
  port.postMessage = (message) => send(message, undefined, {}, () => undefined)
  // What comes before anybody listens waits, as in Electron.
  port.once('newListener', () =>
    setImmediate(() => process.on('message', (data) => port.emit('message', { data, ports: [] }))),
  )
  process.parentPort = port
  process.send = undefined
}
`

class UtilityStandIn
  extends EventEmitter
  implements Pick<electron.UtilityProcess, 'pid' | 'stderr' | 'postMessage' | 'kill'>
{
  readonly #child: ChildProcess
  #spawned = false

  constructor(child: ChildProcess) {
    super()
    this.#child = child
    child.on('spawn', () => {
      this.#spawned = true
      this.emit('spawn')
    })
    child.on('message', (message) => this.emit('message', message))
    child.on('close', (code) => this.emit('exit', code ?? 1))
  }

  get pid(): number | undefined {
    return this.#spawned ? this.#child.pid : undefined
  }
  get stderr(): Readable | null {
    return this.#child.stderr
  }
  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => undefined)
  }
  kill(): boolean {
    return this.#child.kill()
  }
}

export function forkStandIn(
  modulePath: string,
  args: string[],
  { env, execArgv = [], stdio }: electron.ForkOptions,
): UtilityStandIn {
  const child = fork(modulePath, args, {
    env: env as NodeJS.ProcessEnv,
    execArgv: [...execArgv, '--import', `data:text/javascript,${encodeURIComponent(disguise)}`],
    serialization: 'advanced',
    stdio: [...(stdio as ('pipe' | 'ignore')[]), 'ipc'],
  })
  return new UtilityStandIn(child)
}

/** The compute process as a utility process of Electron's. */

import type { UtilityProcess } from 'electron'
import { childEnvironment, EndReason } from '../../engine/child.ts'
import type { ChildPort, FromCompute } from '../../engine/protocol.ts'
import type { Electron } from './electron.ts'

/** Starts the built compute process; only when the app is ready. */
export function forkUtility({ utilityProcess }: Pick<Electron, 'utilityProcess'>, entry: string): ChildPort {
  const child = utilityProcess.fork(entry, [], {
    env: childEnvironment(),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe'],
    serviceName: 'LayerLoupe engine',
  })
  const reason = new EndReason(child.stderr)
  return {
    get pid() {
      return child.pid
    },
    post(message) {
      child.postMessage(message)
    },
    onMessage(listener) {
      child.on('message', (message: FromCompute) => {
        listener(message)
      })
    },
    onExit(listener) {
      child.once('exit', (code) => {
        listener(reason.of(`it ended with code ${code}`))
      })
    },
    kill() {
      kill(child)
    },
  }
}

/** At once, whatever it is doing: Electron's own `kill` asks (SIGTERM), and a process that hangs may not hear it. */
function kill(child: UtilityProcess): void {
  if (child.pid === undefined) {
    child.once('spawn', () => {
      kill(child)
    })
    return
  }
  try {
    process.kill(child.pid, 'SIGKILL')
  } catch {
    // Gone already, or not ours to signal: what Electron can do is what is left.
    child.kill()
  }
}

/** The program as a person starts it: the built command line serving the window, in a process of its own. */

import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { repoRoot } from '../../support/shared.ts'

export interface Host {
  /** Opens once. */
  readonly address: string
  readonly origin: string
  /** The host process. */
  readonly pid: number
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>
  /** Ends it as Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>
}

export async function startHost(files: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Host> {
  const program = path.join(repoRoot, 'dist/main/cli.js')
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [program, 'serve', ...files], {
    // Never the settings and logs of whoever runs the tests.
    env: { ...process.env, LAYERLOUPE_DATA: path.join(repoRoot, 'test-results/data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line') as Promise<[string]>, exited])
  const address = first[0]
  if (typeof address !== 'string') throw new Error(`the host ended before it gave an address:\n${said}`)
  return {
    address,
    origin: new URL(address).origin,
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      return (await exited)[0]
    },
  }
}

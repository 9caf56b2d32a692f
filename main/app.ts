/** The program on Node: brings the engine, the command line and the web host together. */

import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { version } from '../package.json' with { type: 'json' }
import { createEngine, type Engine } from './engine/index.ts'
import { openLog } from './user/log.ts'
import { userPlaces } from './user/places.ts'
import { openSettings } from './user/settings.ts'

/** dist/: this file is built into dist/main. */
const dist = fileURLToPath(new URL('..', import.meta.url))

function openEngine(host: 'cli' | 'web', { pixels }: { readonly pixels?: number }, lazy = false): Engine {
  const limits = pixels === undefined ? {} : { pixels }
  const { config, logs } = userPlaces()
  const settings = openSettings(config)
  if (settings.problem !== null) process.stderr.write(`layerloupe: ${settings.problem} (${config})\n`)
  const samples = path.join(dist, 'samples')
  return createEngine({ version, host, lazy, limits, settings, log: openLog(logs), samples })
}

// Whoever reads our output may stop reading (`| head`); that is the end, not an error. A file it goes to may not fit.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  const reason = error.code === 'ENOSPC' ? 'the disk is full' : `the system reported ${error.code ?? error.message}`
  process.stderr.write(`layerloupe: what was to be printed could not be written: ${reason}.\n`)
  process.exit(1)
})

const argv = process.argv.slice(2)
// The compute process takes longest to start, so that of `run` starts while the rest of this program loads.
const limited = argv.some((word) => word.startsWith('--max-pixels'))
let early = argv[0] === 'run' && !limited ? openEngine('cli', {}) : undefined

const { runCli } = await import('./hosts/cli/program.ts')
process.exitCode = await runCli(argv, {
  version,
  root: path.join(dist, '..'),
  openEngine(limits) {
    // A batch has compute processes of its own, and a plan may need none.
    const engine = early ?? openEngine('cli', limits, true)
    early = undefined
    return engine
  },
  openWindowEngine: (limits) => openEngine('web', limits),
  async startHost(engine, port) {
    const { startWebHost } = await import('./hosts/web/server.ts')
    return await startWebHost({ engine, renderer: path.join(dist, 'renderer'), port })
  },
  async launchPage(address, folder) {
    const { launchFile } = await import('./hosts/web/launch.ts')
    return await launchFile(address, folder)
  },
})
await early?.close()

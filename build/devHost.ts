/** The web host behind a development server: `node host.js PORT DEV_ORIGIN`. */

import path from 'node:path'
import { createEngine } from '../main/engine/index.ts'
import { startWebHost } from '../main/hosts/web/server.ts'

const [port, devOrigin, samples] = process.argv.slice(2)
if (!port || !devOrigin || !samples) throw new Error('host.js needs a port, an origin and the folder of samples')
const engine = createEngine({ version: 'development', host: 'web', samples: path.resolve(samples) })
const host = await startWebHost({ engine, port: Number(port), devOrigin })
console.log(`Open ${host.address()}`)

process.once('SIGTERM', () => {
  void host
    .close()
    .then(() => engine.close())
    .then(() => process.exit(0))
})

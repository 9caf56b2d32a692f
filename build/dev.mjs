/**
 * `npm run dev`: the window from a development server that reloads what changes, in front of a web host that is
 * rebuilt and started again when anything behind it changes.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import { createServer as createSocket } from 'node:net'
import path from 'node:path'
import { setUp } from './setup.mjs'
import { root } from './state.mjs'

await setUp({ build: true })
const { build, createServer } = await import('vite')
const outDir = path.join(root, '.cache/dev')

/** A port nobody listens on. */
async function freePort() {
  const socket = createSocket().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const address = socket.address()
  socket.close()
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

const hostPort = await freePort()
const server = await createServer({
  configFile: path.join(root, 'build/vite.renderer.config.ts'),
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: `http://127.0.0.1:${hostPort}`, changeOrigin: true } },
  },
})
await server.listen()
const origin = server.resolvedUrls?.local[0]?.replace(/\/$/, '')
if (!origin) throw new Error('the development server has no address')

/** @type {import('node:child_process').ChildProcess | undefined} */
let host
async function startHost() {
  if (host && host.exitCode === null) {
    host.kill('SIGTERM')
    await once(host, 'exit')
  }
  const args = [path.join(outDir, 'host.js'), String(hostPort), origin ?? '', path.join(root, 'dist/samples')]
  host = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
}

await cp(path.join(root, 'main/images/assets'), path.join(outDir, 'assets'), { recursive: true })
const watcher = await build({
  configFile: path.join(root, 'build/vite.main.config.ts'),
  build: {
    outDir,
    emptyOutDir: false,
    watch: {},
    rolldownOptions: { input: { host: path.join(root, 'build/devHost.ts') } },
  },
})
if (!('on' in watcher)) throw new Error('vite does not watch')
watcher.on('event', (event) => {
  if (event.code === 'BUNDLE_END') void startHost()
  if (event.code === 'ERROR') console.error(event.error.message)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    host?.kill('SIGTERM')
    process.exit(0)
  })
}

/** The main scenario of a window, played over HTTP by a plain Node program: `node playWindow.js <cli.js> <picture>`. */

import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { httpApi, type HttpApi } from '../../renderer/transport/http.ts'
import type { ApiEvent } from '../../shared/api.ts'
import { testWindow } from './webHost.ts'

const [program = '', picture = ''] = process.argv.slice(2)

/** The first event to come that is of one of these types. */
async function eventOf(api: HttpApi, ...types: readonly ApiEvent['type'][]) {
  return await new Promise<ApiEvent>((resolve) => {
    const stop = api.subscribe((event) => {
      if (!types.includes(event.type)) return
      stop()
      resolve(event)
    })
  })
}

// What only the program is to be watched for is handed on to it alone.
const { PLAY_NODE_OPTIONS: nodeOptions, ...env } = process.env
const child = spawn(process.execPath, [program, 'serve'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...env, ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }) },
})
const address = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
const window = testWindow(address)
let api = await httpApi(window)

const { id: image } = await api.call('images.add', { name: path.basename(picture), bytes: await readFile(picture) })
await api.call('images.thumbnail', { image, size: 160 })
const ends: string[] = []
for (const { pipeline } of await api.call('pipelines.presets', {})) {
  const end = eventOf(api, 'run.done', 'run.failed')
  const { run, plan } = await api.call('runs.start', { image, pipeline })
  ends.push((await end).type)
  await api.call('stages.read', { run, stage: plan.stages.length - 1, maxSize: 64 })
}

const start = await api.call('pipelines.presets', {})
const { run } = await api.call('runs.start', { image, pipeline: start[0]!.pipeline })
await eventOf(api, 'run.done')
const saved = eventOf(api, 'export.done', 'export.failed')
const save = ['png', 'npy', 'figure', 'manifest'] as const
const { job } = await api.call('export.start', { runs: [run], save, destination: { type: 'zip' } })
ends.push((await saved).type)
const zip = await api.call('export.fetch', { job })

// A reload: the same window without the token.
api.close()
api = await httpApi({ ...window, location: { ...window.location, hash: '' } })
const images = await api.call('images.list', {})
api.close()
child.kill('SIGINT')
const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
process.stdout.write(`${JSON.stringify({ ends, zip: zip.bytes.byteLength, images: images.length, code })}\n`)

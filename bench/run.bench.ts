/** A warm run: from `runs.start` to the last stage, in the engine and as a window sees it over HTTP. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEngine } from '../main/engine/index.ts'
import { startWebHost } from '../main/hosts/web/server.ts'
import type { Api, ImageId } from '../shared/api.ts'
import { presets } from '../shared/presets.ts'
import { openWindow } from '../tests/support/webHost.ts'
import { printTable } from './measure.ts'
import { makePhoto } from './photos.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
const runs = 60

/** Milliseconds from `runs.start` to the last stage's event. */
function timeRun(api: Api, image: ImageId, pipeline: unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    const begin = performance.now()
    const stop = api.subscribe((event) => {
      if (event.type !== 'run.done' && event.type !== 'run.failed') return
      stop()
      if (event.type === 'run.done') resolve(performance.now() - begin)
      else reject(new Error(event.error.message))
    })
    api.call('runs.start', { image, pipeline }).catch(reject)
  })
}

const { pipeline } = presets[0]!

/** The walkthrough with something else in its first layer, so that no stage is in the cache. */
function withInput(options: Record<string, unknown>): unknown {
  return { ...pipeline, layers: [{ ...pipeline.layers[0], ...options }, ...pipeline.layers.slice(1)] }
}
/** Another background for transparency: the photo is decoded anew. */
const fresh = (n: number) => withInput({ background: `#${n.toString(16).padStart(6, '0')}` })
/** Another range: the decoded photo is used again. */
const shifted = (n: number) => withInput({ range: { type: 'standard', mean: [n / 1e6], std: [1] } })

export async function benchRun(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-bench-'))
  const engine = createEngine({ version: 'bench', host: 'web', entry: path.join(dist, 'main/engine.js') })
  const host = await startWebHost({ engine, renderer: path.join(dist, 'renderer') })
  const window = await openWindow(host)
  const image = await engine.addFile(await makePhoto(folder, 512, 512))
  const times: Record<'cold' | 'engine' | 'window' | 'cached', number[]> = {
    cold: [],
    engine: [],
    window: [],
    cached: [],
  }
  for (let i = 0; i < runs; i++) {
    times.cold.push(await timeRun(engine, image.id, fresh(i)))
    times.engine.push(await timeRun(engine, image.id, shifted(2 * i)))
    times.window.push(await timeRun(window, image.id, shifted(2 * i + 1)))
    times.cached.push(await timeRun(window, image.id, shifted(2 * i + 1)))
  }
  printTable('From runs.start to the last stage, 512×512 JPEG, walkthrough at 64×64', '', [
    { what: 'in the engine, photo decoded before', ours: times.engine.slice(5), goal: 'under 15 ms' },
    { what: 'in the engine, photo decoded anew', ours: times.cold.slice(5), goal: '' },
    { what: 'as a window sees it over HTTP', ours: times.window.slice(5), goal: 'under 30 ms' },
    { what: 'the same again, from the cache', ours: times.cached.slice(5), goal: '' },
  ])
  window.close()
  await host.close()
  await engine.close()
  await rm(folder, { recursive: true })
}

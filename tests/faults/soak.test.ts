/** Memory over many runs: what a run took is given back, by the host and by the compute process. */

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { presets } from '../../shared/presets.ts'
import { photos, testEngine, type TestEngine } from '../support/engine.ts'

const runs = 2000
const walkthrough = presets.find(({ id }) => id === 'walkthrough')!
const settled = 100
const mostGrowth = 100

let engine: TestEngine
beforeAll(async () => {
  // The cache is full long before the first look, so that it is no reason to grow after it.
  engine = await testEngine({ cacheBytes: 8e6 })
}, 60_000)
afterAll(() => engine.close())

const residentMegabytes = (pid: number | 'self') =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1000

test.skipIf(process.platform !== 'linux')(
  `${runs} runs end within ${mostGrowth} MB of where the first ${settled} had come (skipped where there is no /proc)`,
  async () => {
    const images = await Promise.all(photos.map((photo) => engine.addFile(photo)))
    const look = () => ({ host: residentMegabytes('self'), compute: residentMegabytes(engine.computePid!) })
    const pid = engine.computePid
    let first = look()
    let computed = 0
    for (let index = 0; index < runs; index++) {
      if (index === settled) first = look()
      const image = images[index % images.length]!
      const { pipeline } = index % 5 === 0 ? presets[(index / 5) % presets.length]! : walkthrough
      // Another amount each time: nothing comes from the cache.
      const layers = [
        ...pipeline.layers.slice(0, 1),
        { kind: 'brighten', amount: index / 1e4 },
        ...pipeline.layers.slice(1),
      ]
      const { run, stages } = await engine.run(image.id, { ...pipeline, layers })
      computed += stages.filter(({ cached }) => !cached).length
      await engine.call('stages.read', { run, stage: stages.length - 1 })
      if (index % 10 === 0) await engine.call('images.thumbnail', { image: image.id, size: 64 })
      await engine.call('runs.release', { run })
      engine.events.length = 0
    }
    const last = look()
    expect(engine.computePid).toBe(pid)
    expect(computed).toBeGreaterThan(runs * 3)
    if (process.env['LAYERLOUPE_MEASURE']) {
      process.stdout.write(`soak: ${JSON.stringify({ first, last })} MB\n`)
    }
    expect(last.compute - first.compute).toBeLessThan(mostGrowth)
    expect(last.host - first.host).toBeLessThan(mostGrowth)
  },
  180_000,
)

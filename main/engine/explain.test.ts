import { expect, test } from 'vitest'
import { photos, testEngine, type TestEngine } from '../../tests/support/engine.ts'
import { presets } from '../../shared/presets.ts'

const at = (row: number, column: number, channel = 0) => ({ row, column, channel })
const { pipeline } = presets.find(({ id }) => id === 'tiny-vgg-shape')!

async function everything(engine: TestEngine) {
  const image = await engine.addFile(photos[0]!)
  const { run, stages } = await engine.run(image.id, pipeline)
  const last = stages.length - 1
  const place = at(0, 0, 3)
  const timeless = await Promise.all([
    ...stages.map(({ index }) => engine.call('explain', { run, stage: index, ...at(0, 0, 1) })),
    engine.call('receptiveField', { run, stage: last - 2, ...place, winners: true }),
    engine.call('trace', { run, stage: last, ...place, limit: 5 }),
  ])
  return timeless
}

test('stages that were given up are made again for every explanation, and nothing else comes out', async () => {
  const keeping = await testEngine()
  const forgetting = await testEngine({ cacheBytes: 1 })
  try {
    expect(await everything(forgetting)).toEqual(await everything(keeping))
  } finally {
    await keeping.close()
    await forgetting.close()
  }
}, 60_000)

test('a long trace is given up when asked, and what comes after it is answered soon', async () => {
  const engine = await testEngine()
  try {
    const image = await engine.addFile(photos[0]!)
    const conv2d = { kind: 'conv2d', filters: 8, kernels: { type: 'random', seed: 1 } }
    const layers = [{ kind: 'input', size: { width: 500, height: 500 } }, conv2d, conv2d, { kind: 'globalPool' }]
    const { run } = await engine.run(image.id, { version: 1, name: 'Wide', layers })
    const abort = new AbortController()
    const began = Date.now()
    const traced = engine.call('trace', { run, stage: 3, ...at(0, 0) }, { signal: abort.signal })
    setTimeout(() => abort.abort(), 300)
    await expect(traced).rejects.toMatchObject({ code: 'cancelled' })
    await engine.call('explain', { run, stage: 1, ...at(4, 4) })
    expect(Date.now() - began).toBeLessThan(5000)
  } finally {
    await engine.close()
  }
}, 60_000)

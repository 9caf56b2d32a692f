/** Plans, runs, stages and saving, held to the same scenarios through every transport. */

import path from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunId } from '../../shared/api.ts'
import { presets } from '../../shared/presets.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { openSession, refusal, walkthrough, type Session } from './session.ts'
import { transports } from './transports.ts'

const reference = (name: string) => readNpy(path.join(fixturesDir, 'synthetic/shapes/default', name))
/** Minutes of work, were it not cancelled. */
const endless = {
  version: 1,
  name: 'Endless',
  layers: [
    { kind: 'input', size: { width: 3000, height: 3000 } },
    ...Array.from({ length: 4 }, () => ({
      kind: 'conv2d',
      filters: 1,
      size: 63,
      kernels: { type: 'random', seed: 1 },
    })),
  ],
}

describe.each(transports)('the contract $name', (transport) => {
  let of: Session

  beforeAll(async () => {
    of = await openSession(transport)
  }, 120_000)

  afterAll(async () => {
    await of.close()
  })

  describe('planning', () => {
    it('tells of.shapes, parameters and bytes before anything runs', async () => {
      const plan = await of.api.call('pipeline.plan', { pipeline: walkthrough, image: of.shapes.id })
      expect(plan.problem).toBeNull()
      expect(plan.stages.map(({ kind, shape }) => [kind, ...shape])).toEqual([
        ['input', 64, 64, 1],
        ['conv2d', 64, 64, 1],
        ['pool2d', 32, 32, 1],
        ['flatten', 1024],
        ['dense', 2],
        ['softmax', 2],
      ])
      expect(plan.stages.map(({ bytes }) => bytes)).toEqual([32768, 32768, 8192, 8192, 16, 16])
    })

    it('leaves out layers that are switched off', async () => {
      const layers = walkthrough.layers.map((layer) => (layer.kind === 'pool2d' ? { ...layer, off: true } : layer))
      const plan = await of.api.call('pipeline.plan', { pipeline: { ...walkthrough, layers }, image: of.shapes.id })
      expect(plan.stages.map(({ kind, shape }) => [kind, ...shape]).slice(1, 4)).toEqual([
        ['conv2d', 64, 64, 1],
        ['flatten', 4096],
        ['dense', 2],
      ])
    })

    it('names the first layer that cannot work', async () => {
      const pipeline = {
        version: 1,
        name: 'Too small',
        layers: [
          { kind: 'input', size: { width: 4, height: 4 } },
          { kind: 'pool2d', size: 7, stride: 1 },
        ],
      }
      const plan = await of.api.call('pipeline.plan', { pipeline, image: of.shapes.id })
      expect(plan.problem).toMatchObject({ layer: 1 })
      expect(plan.problem?.message).toContain('a 7×7 window does not fit a 4×4 input')
      expect((await refusal(of.api.call('runs.start', { image: of.shapes.id, pipeline }))).code).toBe(
        'layer-impossible',
      )
    })

    it('refuses documents that are none, with the key that is wrong', async () => {
      const unknown = { version: 1, name: 'x', layers: [{ kind: 'input', colour: 'rgb', gamma: 2 }] }
      const error = await refusal(of.api.call('pipeline.plan', { pipeline: unknown }))
      expect(error.code).toBe('pipeline-invalid')
      expect(error.message).toContain('gamma')
      expect((await refusal(of.api.call('pipeline.plan', { pipeline: { version: 99 } }))).message).toContain('99')
      expect((await refusal(of.api.call('pipeline.plan', { pipeline: 'walkthrough' }))).code).toBe('pipeline-invalid')
    })

    it('offers the presets as they are', async () => {
      expect(await of.api.call('pipelines.presets', {})).toEqual(presets)
    })
  })

  describe('runs', () => {
    it('answer at once, then tell every stage in order, then the end', async () => {
      const started = await of.api.call('runs.start', { image: of.shapes.id, pipeline: walkthrough })
      expect(started.plan.stages).toHaveLength(6)
      expect(started.pipeline).toEqual(walkthrough)
      await of.endOf(started.run)
      const told = of.ofRun(started.run).filter(({ type }) => type !== 'run.progress')
      expect(told.map(({ type }) => type)).toEqual([...Array<string>(6).fill('run.stage'), 'run.done'])
      const stages = told.flatMap((event) => (event.type === 'run.stage' ? [event.stage] : []))
      expect(stages.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
      const { data } = reference('input.npy')
      const values = [...data].map(Number)
      expect(stages[0]).toMatchObject({ min: Math.min(...values), max: Math.max(...values), nan: 0, infinite: 0 })
      expect(stages[0]?.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 12)
      expect(stages[0]?.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(64 * 64)
    })

    it('bring along what was asked for of each stage: the elements, or means where there are too many', async () => {
      const previews = { maxSize: 32, channels: 2, values: 500 }
      const { run } = await of.api.call('runs.start', { image: of.shapes.id, pipeline: walkthrough, previews })
      await of.endOf(run)
      const told = of.ofRun(run).flatMap((event) => (event.type === 'run.stage' ? [event] : []))
      expect(told.map(({ preview }) => [preview?.step, preview?.shape.join()])).toEqual([
        [2, '32,32,1'],
        [2, '32,32,1'],
        [1, '32,32,1'],
        [1, '1,1,500'],
        [1, '1,1,2'],
        [1, '1,1,2'],
      ])
      expect(told[2]!.preview!.data).toEqual(reference('pooling.npy').data)
      const [a, b, c, d] = [0, 1, 64, 65].map((at) => Number(reference('input.npy').data[at]))
      expect(told[0]!.preview!.data[0]).toBe((a! + b! + c! + d!) / 4)
      for (const { stage, preview } of told) {
        const { channels } = preview!
        const read = await of.api.call('stages.read', { run, stage: stage.index, channels, maxSize: 32 })
        expect(preview).toEqual(read)
      }
    })

    it('bring nothing along that was not asked for, and no more than there may be', async () => {
      const params = { image: of.shapes.id, pipeline: walkthrough }
      const run = await of.run()
      expect(of.ofRun(run).filter((event) => 'preview' in event)).toEqual([])
      const previews = { maxSize: 100_000, channels: 1, values: 1 }
      expect((await refusal(of.api.call('runs.start', { ...params, previews }))).code).toBe('bad-request')
    })

    it('never tell of a run before its answer has named it', async () => {
      const seen = new Set<RunId>()
      const early: string[] = []
      const stop = of.api.subscribe((event) => {
        if ('run' in event && !seen.has(event.run)) early.push(event.type)
      })
      // Cached by now, so that the events are on the heels of the answer.
      for (let index = 0; index < 20; index++) {
        const { run } = await of.api.call('runs.start', { image: of.shapes.id, pipeline: walkthrough })
        seen.add(run)
        await of.endOf(run)
      }
      stop()
      expect(early).toEqual([])
    })

    it('of the same picture and pipeline share what was computed', async () => {
      await of.run()
      const second = await of.run()
      const cached = of.ofRun(second).flatMap((event) => (event.type === 'run.stage' ? [event.stage.cached] : []))
      expect(cached).toEqual(Array(6).fill(true))
    })

    it('many at once each tell of their own stages', async () => {
      const pipelines = Array.from({ length: 12 }, (_, index) => ({
        version: 1,
        name: `Size ${index}`,
        layers: [{ kind: 'input', size: { width: 10 + index, height: 5 } }, { kind: 'conv2d' }],
      }))
      const runs = await Promise.all(pipelines.map(async (pipeline) => await of.run(pipeline)))
      const widths = runs.map((id) =>
        of.ofRun(id).flatMap((event) => (event.type === 'run.stage' ? [event.stage.shape[1]] : [])),
      )
      expect(widths).toEqual(Array.from({ length: 12 }, (_, index) => [10 + index, 10 + index]))
    })

    it('are cancelled soon, and say so', async () => {
      const { run } = await of.api.call('runs.start', { image: of.shapes.id, pipeline: endless })
      await of.until(() => of.ofRun(run).find(({ type }) => type === 'run.progress'))
      const started = Date.now()
      await of.api.call('runs.cancel', { run })
      const end = await of.endOf(run)
      expect(Date.now() - started).toBeLessThan(2000)
      expect(end).toMatchObject({ type: 'run.failed', error: { ok: false, code: 'cancelled' } })
      // Cancelling again, or what is not there, is no fault.
      await of.api.call('runs.cancel', { run })
    })

    it('of a pipeline with a layer that cannot work are refused, or asked in part end above it and say why', async () => {
      const layers = [{ kind: 'input', size: { width: 4, height: 4 } }, { kind: 'flip' }, { kind: 'pool2d', size: 7 }]
      const params = { image: of.shapes.id, pipeline: { version: 1, name: 'Too small', layers } }
      expect((await refusal(of.api.call('runs.start', params))).code).toBe('layer-impossible')
      const { run, plan, pipeline } = await of.api.call('runs.start', { ...params, partial: true })
      expect(plan.problem).toMatchObject({
        layer: 2,
        message: expect.stringMatching(/7×7 window does not fit/) as string,
      })
      expect(pipeline.layers.map(({ kind }) => kind)).toEqual(['input', 'flip'])
      expect(await of.endOf(run)).toMatchObject({ type: 'run.done' })
      expect(of.ofRun(run).filter(({ type }) => type === 'run.stage')).toHaveLength(2)
      const none = {
        ...params,
        pipeline: {
          version: 1,
          name: 'None',
          layers: [{ kind: 'input', range: { type: 'standard', mean: [0, 0], std: [1] } }],
        },
      }
      expect((await refusal(of.api.call('runs.start', { ...none, partial: true }))).code).toBe('layer-impossible')
    })

    it('that are released are not found any more', async () => {
      const id = await of.run()
      expect(await of.api.call('runs.release', { run: id })).toBeNull()
      expect((await refusal(of.api.call('stages.read', { run: id, stage: 0 }))).code).toBe('not-found')
    })
  })

  describe('stages', () => {
    it('are read as they are, equal to NumPy to the last bit', async () => {
      const id = await of.run()
      for (const [stage, name] of ['input.npy', 'convolution.npy', 'pooling.npy'].entries()) {
        const { data, shape } = await of.api.call('stages.read', { run: id, stage })
        expect(data).toBeInstanceOf(Float64Array)
        expect(shape.slice(0, 2)).toEqual(reference(name).shape.slice(0, 2))
        expect(data).toEqual(reference(name).data)
      }
    })

    it('are read in windows, and smaller as means over blocks', async () => {
      const id = await of.run()
      const { data: all } = await of.api.call('stages.read', { run: id, stage: 1 })
      const rect = { left: 8, top: 16, width: 4, height: 2 }
      const part = await of.api.call('stages.read', { run: id, stage: 1, rect, channels: [0, 1] })
      expect(part).toMatchObject({ rect, channels: [0, 1], step: 1, shape: [2, 4, 1] })
      expect([...part.data]).toEqual([16, 17].flatMap((row) => [...all.slice(row * 64 + 8, row * 64 + 12)]))
      const small = await of.api.call('stages.read', { run: id, stage: 1, maxSize: 32 })
      expect(small).toMatchObject({ step: 2, shape: [32, 32, 1] })
      expect(small.data[0]).toBeCloseTo((all[0]! + all[1]! + all[64]! + all[65]!) / 4, 14)
    })

    it('carry numbers that are none', async () => {
      const pipeline = {
        version: 1,
        name: 'Overflow',
        layers: [
          { kind: 'input', size: { width: 4, height: 4 } },
          { kind: 'conv2d', size: 1, kernels: { type: 'values', values: [[[[1e308]]]] }, bias: [1e308] },
          { kind: 'conv2d', size: 1, kernels: { type: 'values', values: [[[[1e308]]]] }, bias: [1e308] },
        ],
      }
      const id = await of.run(pipeline)
      const { data } = await of.api.call('stages.read', { run: id, stage: 2 })
      expect([...data]).toEqual(Array(16).fill(Infinity))
      const stage = of.ofRun(id).find((event) => event.type === 'run.stage' && event.stage.index === 2)
      expect(stage).toMatchObject({ stage: { infinite: 16 } })
    })

    it('that are not there, or windows outside them, are refused', async () => {
      const id = await of.run()
      expect((await refusal(of.api.call('stages.read', { run: id, stage: 6 }))).code).toBe('not-found')
      const rect = { left: 60, top: 0, width: 10, height: 1 }
      expect((await refusal(of.api.call('stages.read', { run: id, stage: 0, rect }))).code).toBe('bad-request')
      expect((await refusal(of.api.call('stages.read', { run: 'nothing', stage: 0 }))).code).toBe('not-found')
    })
  })

  describe('saving', () => {
    it('makes a zip with every file, and gives it', async () => {
      const id = await of.run()
      const { job } = await of.api.call('export.start', {
        runs: [id],
        save: ['png', 'npy', 'figure', 'manifest'],
        destination: { type: 'zip' },
      })
      const end = await of.endOfJob(job)
      if (end.type !== 'export.done') throw new Error(end.error.message)
      const { bytes, type } = await of.api.call('export.fetch', { job })
      expect(type).toBe('application/zip')
      const files = unzipSync(bytes)
      const sizes = Object.values(files).map(({ length }) => length)
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(end.result.byteLength)
      expect(Object.keys(files).sort()).toEqual([...end.result.files].sort())
      expect(Object.keys(files)).toEqual(
        expect.arrayContaining(['shapes/evolution.png', 'shapes/manifest.json', 'shapes/01-conv2d.npy']),
      )
      const manifest: unknown = JSON.parse(new TextDecoder().decode(files['shapes/manifest.json']))
      expect(JSON.stringify(manifest)).toContain(of.shapes.id)
      expect(of.events.some((event) => event.type === 'export.progress' && event.job === job)).toBe(true)
    })

    it('into a folder nobody granted, or of what is not there, is refused', async () => {
      const id = await of.run()
      const folder = { type: 'folder', folder: 'tmp' } as const
      expect(
        (await refusal(of.api.call('export.start', { runs: [id], save: ['png'], destination: folder }))).code,
      ).toBe('not-found')
      const gone = { runs: ['nothing'], save: ['png'], destination: { type: 'zip' } } as const
      expect((await refusal(of.api.call('export.start', gone))).code).toBe('not-found')
      expect((await refusal(of.api.call('export.fetch', { job: 'nothing' }))).code).toBe('not-found')
    })

    it('can be cancelled', async () => {
      const id = await of.run(presets.find((preset) => preset.id === 'tiny-vgg-shape')!.pipeline)
      const { job } = await of.api.call('export.start', {
        runs: Array<string>(20).fill(id),
        save: ['png', 'npy', 'figure', 'manifest'],
        destination: { type: 'zip' },
      })
      await of.api.call('export.cancel', { job })
      expect(await of.endOfJob(job)).toMatchObject({ type: 'export.failed', error: { code: 'cancelled' } })
    })
  })
})

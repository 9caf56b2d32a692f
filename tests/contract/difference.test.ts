/** One stage minus another, held to the same scenarios through every transport. */

import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { openSession, photo, refusal, walkthrough, type Session } from './session.ts'
import { transports } from './transports.ts'

const reference = (picture: string, name: string) =>
  Array.from(readNpy(path.join(fixturesDir, 'synthetic', picture, 'default', name)).data, Number)
/** NumPy's stage of one picture minus that of the other, subtracted here. */
function subtracted(name: string): number[] {
  const clouds = reference('clouds', name)
  return reference('shapes', name).map((value, i) => value - clouds[i]!)
}

describe.each(transports)('the contract $name', (transport) => {
  let of: Session
  let run = ''
  let minus = ''

  beforeAll(async () => {
    of = await openSession(transport)
  }, 120_000)

  beforeEach(async () => {
    run ||= await of.run()
    const clouds = await of.api.call('images.add', { name: 'clouds.jpg', bytes: photo('clouds.jpg') })
    minus ||= await of.run(walkthrough, clouds)
  })

  afterAll(async () => {
    await of.close()
  })

  it('subtracts a stage of one picture from that of another, to the last bit of NumPy’s', async () => {
    for (const [stage, name] of ['input.npy', 'convolution.npy', 'pooling.npy'].entries()) {
      const { data } = await of.api.call('stages.read', { run, stage, minus: { run: minus, stage } })
      expect(data).toBeInstanceOf(Float64Array)
      expect([...data]).toEqual(subtracted(name))
    }
  })

  it('reads a window of the differences, and means of them', async () => {
    const all = subtracted('convolution.npy')
    const stages = { run, stage: 1, minus: { run: minus, stage: 1 } }
    const rect = { left: 8, top: 16, width: 3, height: 1 }
    const part = await of.api.call('stages.read', { ...stages, rect, channels: [0, 1] })
    expect([...part.data]).toEqual(all.slice(16 * 64 + 8, 16 * 64 + 11))
    const small = await of.api.call('stages.read', { ...stages, maxSize: 32 })
    expect(small).toMatchObject({ step: 2, shape: [32, 32, 1] })
    expect(small.data[0]).toBeCloseTo((all[0]! + all[1]! + all[64]! + all[65]!) / 4, 14)
  })

  it('tells the difference in numbers', async () => {
    const all = subtracted('pooling.npy')
    const summary = await of.api.call('stages.difference', { run, stage: 2, minus: { run: minus, stage: 2 } })
    const [min, max] = [Math.min(...all), Math.max(...all)]
    const mean = all.reduce((sum, value) => sum + value) / all.length
    expect(min).toBeLessThan(0)
    expect(summary).toMatchObject({ shape: [32, 32, 1], min, max, nan: 0, infinite: 0, channelRanges: [[min, max]] })
    expect(summary.mean).toBeCloseTo(mean, 12)
    expect(summary.std).toBeCloseTo(Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / all.length), 12)
    expect(summary.histogram.counts.reduce((sum, count) => sum + count)).toBe(all.length)
  })

  it('is nothing where both are the same stage', async () => {
    const summary = await of.api.call('stages.difference', { run, stage: 1, minus: { run, stage: 1 } })
    expect(summary).toMatchObject({ min: 0, max: 0, mean: 0, std: 0, nan: 0 })
  })

  it('is refused where the shapes differ, naming both, and of stages that are not there', async () => {
    const stages = { run, stage: 1, minus: { run: minus, stage: 2 } }
    for (const method of ['stages.read', 'stages.difference'] as const) {
      const error = await refusal(of.api.call(method, stages))
      expect(error.code).toBe('shapes-differ')
      expect(error.message).toContain('64×64×1 and 32×32×1')
      expect(error.detail).toEqual({ shape: '64×64×1', other: '32×32×1' })
    }
    const none = { run, stage: 1, minus: { run: 'nothing', stage: 1 } }
    expect((await refusal(of.api.call('stages.difference', none))).code).toBe('not-found')
    expect((await refusal(of.api.call('stages.read', { run, stage: 0, minus: { run, stage: 9 } }))).code).toBe(
      'not-found',
    )
  })
})

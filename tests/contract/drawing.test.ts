/** One picture as bytes, held to the same scenarios through every transport. */

import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decodeImage, defaultLimits } from '../../main/images/index.ts'
import { usualFigure, type FigureRequest } from '../../shared/figures.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import { openSession, refusal, type Session } from './session.ts'
import { transports } from './transports.ts'

const convolution = readNpy(path.join(fixturesDir, 'synthetic/shapes/default/convolution.npy')).data
const input = readNpy(path.join(fixturesDir, 'synthetic/shapes/default/input.npy')).data
const bare = { ...usualFigure, labels: false, legend: false, scaleBar: false }

describe.each(transports)('the contract $name', (transport) => {
  let of: Session
  let run = ''
  const draw = (request: FigureRequest) => of.api.call('figures.draw', { run, ...request })

  beforeAll(async () => {
    of = await openSession(transport)
  }, 120_000)

  beforeEach(async () => {
    run ||= await of.run()
  })

  afterAll(async () => {
    await of.close()
  })

  it('draws a part of a stage whose elements are squares of pixels in the order of its numbers', async () => {
    const figure = {
      ...bare,
      elementSize: 5,
      scales: { ...usualFigure.scales, names: { light: 'grey', sequential: 'grey', diverging: 'red-blue' } },
    } as const
    const rect = { left: 20, top: 10, width: 7, height: 4 }
    const picture = await draw({ subject: { type: 'stage', stage: 0, rect }, format: 'png', figure })
    expect(picture).toMatchObject({
      type: 'image/png',
      name: 'shapes-00-input-rows10-13-columns20-26.png',
      width: 35,
      height: 20,
    })
    const { shape, data } = await decodeImage(
      { name: 'x.png', bytes: picture.bytes },
      { profile: 'ignore', background: '#ffffff' },
      defaultLimits,
    )
    expect(shape.slice(0, 2)).toEqual([20, 35])
    const channels = shape[2]!
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 35; x++) {
        const value = Number(input[(10 + Math.floor(y / 5)) * 64 + 20 + Math.floor(x / 5)])
        // Light is painted from 0 to 1, in 1,024 steps.
        expect(Math.abs(data[(y * 35 + x) * channels]! - value * 255)).toBeLessThan(0.7)
      }
    }
  })

  it('draws all stages, and enlarges them by whole numbers', async () => {
    const once = await draw({ subject: { type: 'evolution' }, format: 'png' })
    const twice = await draw({
      subject: { type: 'evolution' },
      format: 'png',
      figure: { ...usualFigure, magnification: 2 },
    })
    expect(once.name).toBe('shapes-evolution.png')
    expect([twice.width, twice.height]).toEqual([2 * once.width, 2 * once.height])
  })

  it('draws how an element came about, with text as text', async () => {
    const subject = { type: 'formula', stage: 1, row: 20, column: 30, channel: 0 } as const
    const { type, name, bytes } = await draw({ subject, format: 'svg' })
    expect({ type, name }).toEqual({ type: 'image/svg+xml', name: 'shapes-01-conv2d-row20-column30-channel0.svg' })
    const svg = new TextDecoder().decode(bytes)
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)
    expect(texts).toContain(String(convolution[20 * 64 + 30]))
    for (const [row, column] of [19, 20, 21].flatMap((row) => [29, 30, 31].map((column) => [row, column] as const))) {
      const text = String(Number(Number(input[row * 64 + column]).toPrecision(4)))
      expect(texts.some((written) => written?.startsWith(text))).toBe(true)
    }
  })

  it('refuses what is not there, and pictures too large to be opened', async () => {
    const code = async (request: FigureRequest) => (await refusal(draw(request))).code
    expect(await code({ subject: { type: 'stage', stage: 9 }, format: 'png' })).toBe('not-found')
    expect(await code({ subject: { type: 'stage', stage: 1, channel: 9 }, format: 'png' })).toBe('bad-request')
    expect(await code({ subject: { type: 'formula', stage: 1, row: 64, column: 0, channel: 0 }, format: 'png' })).toBe(
      'bad-request',
    )
    const vast = { ...usualFigure, elementSize: 128, magnification: 8 }
    expect(await code({ subject: { type: 'stage', stage: 0 }, format: 'png', figure: vast })).toBe('bad-request')
    expect(
      (await refusal(of.api.call('figures.draw', { run, subject: { type: 'all' } as never, format: 'png' }))).code,
    ).toBe('bad-request')
  })
})

/** Settings, versions and the report, held to the same scenarios through every transport. */

import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSettings } from '../../shared/settings.ts'
import { openSession, photo, refusal, walkthrough, type Session } from './session.ts'
import { transports } from './transports.ts'

describe.each(transports)('the contract $name', (transport) => {
  let of: Session

  beforeAll(async () => {
    of = await openSession(transport)
  }, 120_000)

  afterAll(async () => {
    await of.close()
  })

  describe('settings', () => {
    it('begin as the defaults, change in part, and every window is told', async () => {
      const first = await of.api.call('settings.read', {})
      expect(first).toEqual({ settings: defaultSettings, folder: null, pixelsGiven: null, problems: [] })
      const changed = await of.api.call('settings.change', { theme: 'dark' })
      expect(changed.settings).toEqual({ ...defaultSettings, theme: 'dark' })
      expect(await of.api.call('settings.read', {})).toEqual(changed)
      expect(await of.until(() => of.events.find(({ type }) => type === 'settings.changed'))).toEqual({
        type: 'settings.changed',
        state: changed,
      })
    })

    it('that cannot be are refused with a sentence, and nothing changes', async () => {
      const before = await of.api.call('settings.read', {})
      for (const [change, sentence] of [
        [{ pixels: 9 }, 'The pixel limit must be a number from 0.01 to 1000 million pixels.'],
        [{ memory: 1.5 }, 'The memory budget must be a number from 64 to 1000000 MB.'],
        [{ background: 'red' }, 'The background must be a colour such as #ffffff.'],
      ] as const) {
        const { code, message } = await refusal(of.api.call('settings.change', change))
        expect([code, message]).toEqual(['bad-request', expect.stringContaining(sentence)])
      }
      const stranger = await refusal(of.api.call('settings.change', { folder: 'etc' }))
      expect(stranger.code).toBe('not-found')
      expect((await refusal(of.api.call('settings.change', { folder: '/etc' }))).code).toBe('bad-request')
      expect(await of.api.call('settings.read', {})).toEqual(before)
    })

    it('of the pixel limit and the memory budget hold at once', async () => {
      const bytes = new Uint8Array(
        await sharp({ create: { width: 200, height: 200, channels: 3, background: '#135' } })
          .png()
          .toBuffer(),
      )
      await of.api.call('settings.change', { pixels: 20_000 })
      expect((await of.api.call('host.info', {})).limits.pixels).toBe(20_000)
      const { code, detail } = await refusal(of.api.call('images.add', { name: 'a.png', bytes }))
      expect([code, detail['limit']]).toEqual(['image-too-large', 20_000])
      await of.api.call('settings.change', { pixels: defaultSettings.pixels })
      const image = await of.api.call('images.add', { name: 'a.png', bytes })
      const large = {
        version: 1,
        name: 'Large',
        layers: [{ kind: 'input', size: { width: 4000, height: 4000 } }],
      }
      await of.api.call('settings.change', { memory: 64e6 })
      expect((await refusal(of.api.call('runs.start', { image: image.id, pipeline: large }))).code).toBe(
        'too-much-memory',
      )
      await of.api.call('settings.change', { memory: null })
      await of.api.call('images.remove', { images: [image.id] })
    })

    it('of the background lie under transparent pixels, where the pipeline names no other', async () => {
      const bytes = new Uint8Array(
        await sharp({ create: { width: 8, height: 8, channels: 4, background: '#00000000' } })
          .png()
          .toBuffer(),
      )
      const image = await of.api.call('images.add', { name: 'clear.png', bytes })
      const first = async (input: object) => {
        const pipeline = { version: 1, name: 'Input', layers: [{ kind: 'input', size: 'original', ...input }] }
        const { run } = await of.api.call('runs.start', { image: image.id, pipeline })
        expect(await of.endOf(run)).toMatchObject({ type: 'run.done' })
        const { data } = await of.api.call('stages.read', { run, stage: 0 })
        return Array.from(data.slice(0, 3), (value) => Math.round(value * 255))
      }
      expect(await first({ colour: 'rgb' })).toEqual([255, 255, 255])
      await of.api.call('settings.change', { background: '#FF8000' })
      expect(await first({ colour: 'rgb' })).toEqual([255, 128, 0])
      expect(await first({ colour: 'rgb', background: '#0000ff' })).toEqual([0, 0, 255])
      const original = await of.api.call('images.read', { image: image.id })
      expect([...original.data.slice(0, 3)]).toEqual([255, 128, 0])
      for (const { pipeline } of await of.api.call('pipelines.presets', {})) {
        expect(pipeline.layers[0]).toMatchObject({ background: '#ff8000' })
      }
      await of.api.call('settings.change', { background: '#ffffff' })
      await of.api.call('images.remove', { images: [image.id] })
    })
  })

  it('names what decodes pictures, as sharp itself does', async () => {
    const versions = await of.api.call('host.versions', {})
    const names = versions.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['LayerLoupe', 'Node.js', 'sharp', 'libvips']))
    const of1 = (name: string) => versions.find((one) => one.name === name)?.version
    expect(of1('sharp')).toContain(sharp.versions.sharp)
    expect(of1('libvips')).toMatch(/^\d+\.\d+/)
  })

  it('reports versions and settings without the name of any picture', async () => {
    await of.api.call('images.add', { name: 'my secret holiday.png', bytes: photo('clouds.jpg') })
    await refusal(of.api.call('images.add', { name: 'secret.png', bytes: new Uint8Array([1, 2, 3]) }))
    await of.run(walkthrough)
    const { text } = await of.api.call('host.diagnostics', {})
    expect(text).toMatch(/^LayerLoupe diagnostic report\n/)
    expect(text).toContain(`sharp ${sharp.versions.sharp}`)
    expect(text).toContain('pixels 50000000')
    expect(text).not.toContain('secret')
  })
})

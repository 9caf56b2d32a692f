/** Pictures and calls as such, held to the same scenarios through every transport. */

import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession, photo, refusal, walkthrough, type Session } from './session.ts'
import { transports } from './transports.ts'

const nobody = '0'.repeat(64)

describe.each(transports)('the contract $name', (transport) => {
  let of: Session

  beforeAll(async () => {
    of = await openSession(transport)
  }, 120_000)

  afterAll(async () => {
    await of.close()
  })

  describe('images', () => {
    it('are known by the hash of their bytes, and described', () => {
      const bytes = photo('shapes.png')
      expect(of.shapes).toMatchObject({
        id: createHash('sha256').update(bytes).digest('hex'),
        name: 'shapes.png',
        format: 'png',
        byteLength: bytes.length,
        width: 300,
        height: 200,
        channels: 3,
      })
    })

    it('are announced when added, listed, and the same file is there once', async () => {
      expect(await of.until(() => of.events.find(({ type }) => type === 'images.added'))).toEqual({
        type: 'images.added',
        image: of.shapes,
      })
      const again = await of.api.call('images.add', { name: 'shapes.png', bytes: photo('shapes.png') })
      expect(again.id).toBe(of.shapes.id)
      expect(await of.api.call('images.list', {})).toEqual([of.shapes])
    })

    it('keep their names, but for paths and what would change the text around them', async () => {
      const names = [
        ['<img src=x onerror=alert(1)>.jpg'],
        ['Ünïcödé 画像 🌄.jpg'],
        ['100% %2e%2e%2f ;"\'&.jpg'],
        ['é'.repeat(120) + '.jpg'],
        ['C:\\Users\\someone\\cat.jpg', 'cat.jpg'],
        ['../../home/someone/cat.jpg', 'cat.jpg'],
        ['line\nbreak\r\n.jpg', 'line\ufffdbreak\ufffd\ufffd.jpg'],
        ['right \u202egpj.\u202c left.jpg', 'right \ufffdgpj.\ufffd left.jpg'],
        ['half \ud83c.jpg', 'half \ufffd.jpg'],
      ]
      for (const [index, [name = '', shown = name]] of names.entries()) {
        // A pixel more each time makes each of them another picture.
        const bytes = await sharp({ create: { width: 8 + index, height: 8, channels: 3, background: '#804020' } })
          .jpeg()
          .toBuffer()
        const info = await of.api.call('images.add', { name, bytes: new Uint8Array(bytes) })
        expect(info).toMatchObject({ name: shown, width: 8 + index })
        await of.api.call('images.remove', { images: [info.id] })
      }
      expect(await of.api.call('images.list', {})).toEqual([of.shapes])
    })

    it('that are none are refused with their name and the reason', async () => {
      const markup = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
      const page = '<!doctype html><script>alert(1)</script>'
      for (const [name, bytes] of [
        ['drawing.png', new TextEncoder().encode(markup)],
        ['page.png', new TextEncoder().encode(page)],
        ['empty.jpg', new Uint8Array()],
      ] as const) {
        const { code, message } = await refusal(of.api.call('images.add', { name, bytes }))
        expect(code).toBeOneOf(['image-unsupported', 'image-damaged', 'image-unreadable'])
        expect(message).toContain(name)
      }
      expect(await of.api.call('images.list', {})).toEqual([of.shapes])
    })

    it('that are cut short are refused by the time they are looked at, with their name', async () => {
      const bytes = photo('clouds.jpg').slice(0, 4000)
      const { code, message } = await refusal(
        (async () => {
          const { id } = await of.api.call('images.add', { name: 'half.jpg', bytes })
          await of.api.call('images.thumbnail', { image: id, size: 64 })
        })(),
      )
      expect(code).toBe('image-damaged')
      expect(message).toContain('half.jpg')
      const others = (await of.api.call('images.list', {})).filter(({ id }) => id !== of.shapes.id)
      await of.api.call('images.remove', { images: others.map(({ id }) => id) })
    })

    it('have thumbnails no larger than asked', async () => {
      const { type, bytes } = await of.api.call('images.thumbnail', { image: of.shapes.id, size: 64 })
      expect(type).toMatch(/^image\/(png|jpeg|webp)$/)
      expect(bytes).toBeInstanceOf(Uint8Array)
      const { width, height } = await sharp(bytes).metadata()
      expect([width, height]).toEqual([64, 43])
    })

    it('are read pixel by pixel', async () => {
      const rect = { left: 100, top: 50, width: 20, height: 10 }
      const window = await of.api.call('images.read', { image: of.shapes.id, rect })
      expect(window).toMatchObject({ rect, channels: [0, 3], step: 1, shape: [10, 20, 3] })
      const expected = await sharp(photo('shapes.png')).extract(rect).removeAlpha().raw().toBuffer()
      expect(window.data).toBeInstanceOf(Uint8Array)
      expect(Buffer.from(window.data as Uint8Array).equals(expected)).toBe(true)
    })

    it('are counted, value by value', async () => {
      const bytes = await sharp(photo('shapes.png')).removeAlpha().raw().toBuffer()
      const counts = Array.from({ length: 64 }, (_, bin) => bytes.filter((value) => value >> 2 === bin).length)
      expect(await of.api.call('images.histogram', { image: of.shapes.id })).toEqual({ from: 0, to: 256, counts })
    })

    it('go when removed, and are not found any more', async () => {
      const zone = await of.api.call('images.add', { name: 'zoneplate.png', bytes: photo('zoneplate.png') })
      expect(zone.channels).toBe(1)
      expect(await of.api.call('images.remove', { images: [zone.id] })).toBeNull()
      expect(await of.api.call('images.list', {})).toEqual([of.shapes])
      expect((await refusal(of.api.call('images.thumbnail', { image: zone.id, size: 64 }))).code).toBe('not-found')
      expect((await refusal(of.api.call('runs.start', { image: zone.id, pipeline: walkthrough }))).code).toBe(
        'not-found',
      )
    })
  })

  describe('calls', () => {
    it('with wrong parameters are refused, naming the method and the parameter', async () => {
      const wrong = [
        () => of.api.call('images.thumbnail', { image: '../../etc/passwd', size: 64 }),
        () => of.api.call('images.thumbnail', { image: nobody, size: 1e9 }),
        () => of.api.call('images.add', { name: '', bytes: new Uint8Array(8) }),
        () => of.api.call('images.list', { path: '/etc' } as never),
        () => of.api.call('stages.read', { run: 'x', stage: -1 }),
        () => of.api.call('export.start', { runs: ['x'], save: [], destination: { type: 'zip' } }),
        () => of.api.call('images.list', null as never),
      ]
      for (const call of wrong) {
        const { code, message } = await refusal(call())
        expect(code).toBe('bad-request')
        expect(message).toMatch(/^(images|stages|export)\.\w+ was called wrongly/)
      }
    })

    it('of a method that is none are refused', async () => {
      const error = await refusal(of.api.call('images.steal' as 'images.list', {}))
      expect(error.code).toBeOneOf(['bad-request', 'not-found'])
    })

    it('answered late and out of order each get their own answer', async () => {
      const sizes = [300, 16, 200, 32, 100, 64, 48, 150, 80, 24]
      const answers = await Promise.all(
        sizes.map(async (size) => {
          const { bytes } = await of.api.call('images.thumbnail', { image: of.shapes.id, size })
          return (await sharp(bytes).metadata()).width
        }),
      )
      expect(answers).toEqual(sizes)
    })

    it('that are aborted reject as cancelled, and the next is answered', async () => {
      const controller = new AbortController()
      const large = await sharp({ create: { width: 5000, height: 5000, channels: 3, background: '#123456' } })
        .webp({ effort: 0 })
        .toBuffer()
      const info = await of.api.call('images.add', { name: 'large.webp', bytes: new Uint8Array(large) })
      const reading = of.api.call('images.read', { image: info.id, maxSize: 100 }, { signal: controller.signal })
      setTimeout(() => {
        controller.abort()
      }, 5)
      expect((await refusal(reading)).code).toBe('cancelled')
      expect((await refusal(of.api.call('images.list', {}, { signal: controller.signal }))).code).toBe('cancelled')
      await of.api.call('images.remove', { images: [info.id] })
      expect(await of.api.call('images.list', {})).toEqual([of.shapes])
    })

    it('tell what the host is and can', async () => {
      const info = await of.api.call('host.info', {})
      const { dialogs } = transport
      expect(info.capabilities).toEqual({
        chooseFolder: dialogs,
        revealFolder: dialogs,
        recent: dialogs,
        dragOut: dialogs,
      })
      expect(info.limits.pixels).toBe(50e6)
    })
  })
})

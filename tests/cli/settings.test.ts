/** Settings, where the command line meets them. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { layerloupe, shapes, temporaryFolder } from './support/program.ts'

interface Ran {
  readonly pipeline: { readonly layers: readonly { readonly background?: string }[] }
}

async function withSettings(text: string): Promise<{ data: string; env: Record<string, string> }> {
  const data = await temporaryFolder()
  writeFileSync(path.join(data, 'settings.json'), text)
  return { data, env: { LAYERLOUPE_DATA: data } }
}

it.each([
  ['damaged', '{"version": 1,', 'are damaged', /^settings\.corrupt-/],
  ['later', '{"version": 99}', 'are from a later LayerLoupe', /^settings\.newer-/],
])('%s ones are told in a line on standard error, kept aside, and the work is done', async (_how, text, said, name) => {
  const { data, env } = await withSettings(text)
  const { code, err, out } = await layerloupe(['run', shapes, '--json'], { env })
  const lines = err.split('\n').filter((line) => line.includes('settings'))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(`layerloupe: The settings in settings.json ${said}.`)
  expect([code, JSON.parse(out)]).toMatchObject([0, [{}]])
  const aside = readdirSync(data).find((one) => name.test(one))
  expect(readFileSync(path.join(data, aside!), 'utf8')).toBe(text)
  expect((await layerloupe(['run', shapes, '--json'], { env })).err).not.toContain('settings')
})

it('unreadable ones are told and kept aside too', async () => {
  const data = await temporaryFolder()
  mkdirSync(path.join(data, 'settings.json'))
  const { code, err } = await layerloupe(['run', shapes], { env: { LAYERLOUPE_DATA: data } })
  expect([code, err]).toEqual([0, expect.stringContaining('settings.json cannot be read (EISDIR)')])
})

it('limit the pixels, and --max-pixels goes before them', async () => {
  const { env } = await withSettings('{"version": 1, "pixels": 10000}')
  const refused = await layerloupe(['run', shapes], { env })
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('the limit is 0.01 million')])
  expect((await layerloupe(['run', shapes, '--max-pixels', '50e6'], { env })).code).toBe(0)
})

it('lay their background under transparent pixels, and the manifest says so', async () => {
  const { data, env } = await withSettings('{"version": 1, "background": "#ff8000"}')
  const file = path.join(data, 'clear.png')
  await sharp({ create: { width: 8, height: 8, channels: 4, background: '#00000000' } }).toFile(file)
  const { out } = await layerloupe(['run', file, '--json'], { env })
  expect((JSON.parse(out) as Ran[])[0]!.pipeline.layers[0]).toMatchObject({ background: '#ff8000' })
})

it('are accompanied by a log of what failed, by code, without the name of the picture', async () => {
  const data = await temporaryFolder()
  const file = path.join(data, 'my holiday.png')
  writeFileSync(file, 'no picture')
  expect((await layerloupe(['run', file], { env: { LAYERLOUPE_DATA: data } })).code).toBe(1)
  const log = readFileSync(path.join(data, 'logs/layerloupe.log'), 'utf8')
  expect(log).toMatch(/ start version="[\d.]+" host="cli"/)
  expect(log).toMatch(/ error in="images.add" code="image-unsupported"/)
  expect(log).toMatch(/ stop\n$/)
  expect(log).not.toMatch(/holiday/)
})

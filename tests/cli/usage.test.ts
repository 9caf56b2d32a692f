import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { version } from '../../package.json' with { type: 'json' }
import type { Plan, Preset } from '../../shared/api.ts'
import type { Manifest } from '../../shared/manifest.ts'
import { fixturesDir } from '../support/shared.ts'
import { layerloupe, shapes, temporaryFolder } from './support/program.ts'

test.each([
  [['run'], /missing required argument 'image'/],
  [['run', shapes, '--frobnicate'], /unknown option '--frobnicate'/],
  [
    ['run', shapes, '--out', 'x', '--save', 'png,gif'],
    /--save has "gif"; it takes any of png, svg, npy, npz, csv, figure, figure-svg, script, manifest, separated by commas, or all/,
  ],
  [['run', shapes, '--out', 'x', '--save', ''], /--save has an empty name/],
  [['run', shapes, '--save', 'png'], /needs --out/],
  [['run', shapes, '--out', ''], /--out has an empty name/],
  [['run', shapes, '--out', shapes], /is a file, not a folder/],
  [['run', shapes, '--pipeline', 'nothing'], /no such file, and the presets are walkthrough, edges/],
  [['run', shapes, '--pipeline', shapes], /it is not JSON/],
  [['run', shapes, '--pipeline', fixturesDir], /is a folder/],
  [['run', shapes, '--max-pixels', 'many'], /whole number of pixels/],
  [['plan', '--size', 'large'], /neither a size such as 640x480 nor a picture/],
  [['plan', '--size', '0x10'], /between 1 and 100000/],
  [['serve', '--port', '70000'], /from 0 .* to 65535/],
  [['rnu', shapes], /rnu: there is no such file \(and no command of this name\)/],
])('%j is bad usage: exit code 2, a sentence on standard error, nothing on standard output', async (args, sentence) => {
  const folder = await temporaryFolder()
  const ended = await layerloupe(args, { cwd: folder })
  expect(ended.err).toMatch(sentence)
  expect(ended).toMatchObject({ code: 2, out: '' })
})

test('a pipeline of an unknown version or with an unknown key is bad usage that names it', async () => {
  const folder = await temporaryFolder()
  const cases = {
    'v9.json': { version: 9, name: 'x', layers: [] },
    'key.json': { version: 1, name: 'x', layers: [{ kind: 'input', siez: 3 }] },
  }
  for (const [name, document] of Object.entries(cases))
    await writeFile(path.join(folder, name), JSON.stringify(document))
  const first = await layerloupe(['run', shapes, '--pipeline', 'v9.json'], { cwd: folder })
  expect(first).toMatchObject({ code: 2, err: expect.stringMatching(/v9\.json: .*version 9 is unknown/) as string })
  const second = await layerloupe(['run', shapes, '--pipeline', 'key.json'], { cwd: folder })
  expect(second).toMatchObject({
    code: 2,
    err: expect.stringMatching(/key\.json: .*layer 0 \(input\).*"siez"/) as string,
  })
})

test('control characters of a document are printed as text, and JSON keeps them', async () => {
  const folder = await temporaryFolder()
  const name = '\u001b[31mred\u009b0m'
  const layers = [{ kind: 'input' }, { kind: 'flatten' }, { kind: 'dense', classes: [name, 'b'] }, { kind: 'softmax' }]
  await writeFile(path.join(folder, 'p.json'), JSON.stringify({ version: 1, name: 'x', layers }))
  const { out } = await layerloupe(['run', shapes, '--pipeline', 'p.json'], { cwd: folder })
  expect(out).toContain('\\u001b[31mred\\u009b0m')
  expect(out).not.toMatch(/(?!\n)\p{Cc}/u)
  const json = await layerloupe(['run', shapes, '--pipeline', 'p.json', '--json'], { cwd: folder })
  const [manifest] = JSON.parse(json.out) as Manifest[]
  expect(manifest!.probabilities!.map((probability) => probability.name)).toEqual([name, 'b'])
  expect(json.out).not.toMatch(/(?!\n)\p{Cc}/u)
})

test('--version prints the version of the package, --help the commands and examples', async () => {
  expect(await layerloupe(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  const help = await layerloupe(['--help'])
  expect(help.code).toBe(0)
  const { out } = await layerloupe(['batch', '--help'])
  expect(out).not.toContain('(default: false)')
  expect(out).toMatch(
    /Options:\n {2}-o, --out[^]* {2}-p, --pipeline[^]*"walkthrough"[^]* {2}--theme[^]*Kinds of files:/,
  )
  for (const part of ['run', 'plan', 'presets', 'serve', 'layerloupe run photo.jpg --out stages', 'Exit codes']) {
    expect(help.out).toContain(part)
  }
})

test('presets lists the built-in pipelines, as text and as documents', async () => {
  const { out } = await layerloupe(['presets', '--json'])
  const presets = JSON.parse(out) as Preset[]
  expect(presets.map(({ id }) => id)).toEqual(['walkthrough', 'edges', 'tiny-vgg-shape', 'blur-and-pool'])
  const text = (await layerloupe(['presets'])).out
  for (const { id } of presets) expect(text).toMatch(new RegExp(`^${id}$`, 'm'))
})

test('plan prints the shapes for a size, or for the size of a picture', async () => {
  const folder = await temporaryFolder()
  const document = { version: 1, name: 'Own size', layers: [{ kind: 'input', size: 'original' }, { kind: 'pool2d' }] }
  await writeFile(path.join(folder, 'own.json'), JSON.stringify(document))
  const bySize = await layerloupe(['plan', '--pipeline', 'own.json', '--size', '40x30', '--json'], { cwd: folder })
  expect((JSON.parse(bySize.out) as Plan).stages.map(({ shape }) => shape)).toEqual([
    [30, 40, 1],
    [15, 20, 1],
  ])
  const byPicture = await layerloupe(['plan', '--pipeline', 'own.json', '--size', shapes], { cwd: folder })
  expect(byPicture.out).toMatch(/for a photo of \d+×\d+ pixels/)
  expect(byPicture.code).toBe(0)
})

test('a plan that cannot work shows the stages before the problem, says it and ends with 1', async () => {
  const folder = await temporaryFolder()
  const document = { version: 1, name: 'Too far', layers: [{ kind: 'input' }, { kind: 'pool2d', size: 99 }] }
  await writeFile(path.join(folder, 'far.json'), JSON.stringify(document))
  const ended = await layerloupe(['plan', '--pipeline', 'far.json'], { cwd: folder })
  expect(ended.code).toBe(1)
  expect(ended.out).toContain('64×64×1')
  expect(ended.err).toMatch(/pool2d 1.*99×99.*64×64/)
})

test('a picture larger than --max-pixels is refused by its numbers', async () => {
  const ended = await layerloupe(['run', shapes, '--max-pixels', '1000'])
  expect(ended).toMatchObject({ code: 1, out: '' })
  expect(ended.err).toMatch(/shapes\.png.* too large/)
})

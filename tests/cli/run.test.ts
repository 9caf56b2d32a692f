import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { Manifest } from '../../shared/manifest.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir } from '../support/shared.ts'
import {
  clouds,
  command,
  filesBelow,
  layerloupe,
  shapes,
  start,
  temporaryFolder,
  until,
  zoneplate,
} from './support/program.ts'

const walkthroughStages = ['00-input', '01-conv2d', '02-pool2d', '03-flatten', '04-dense', '05-softmax']

test('run saves a picture and an array of every stage, the evolution, the scripts and the manifest, in a folder named after the photo', async () => {
  const out = path.join(await temporaryFolder(), 'new/stages')
  const { code, out: text, err } = await layerloupe(['run', shapes, '--out', out])
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(await filesBelow(out)).toEqual(
    [
      ...walkthroughStages.flatMap((stem) => [`${stem}.npy`, `${stem}.png`]),
      '04-dense-weights.npy',
      'evolution.png',
      'manifest.json',
      'reproduce.py',
      'reproduce_torch.py',
    ]
      .map((name) => path.join('shapes', name))
      .sort(),
  )
  expect(text).toContain(path.join(out, 'shapes'))
})

test('the saved arrays are what NumPy and Pillow computed, to the last bit', async () => {
  const out = await temporaryFolder()
  await layerloupe(['run', shapes, '--out', out, '--save', 'npy'])
  const reference = path.join(fixturesDir, 'synthetic/shapes/default')
  for (const [stem, name] of [
    ['00-input', 'input'],
    ['01-conv2d', 'convolution'],
    ['02-pool2d', 'pooling'],
  ]) {
    const ours = readNpy(path.join(out, 'shapes', `${stem}.npy`))
    const theirs = readNpy(path.join(reference, `${name}.npy`))
    expect(ours.data, name).toEqual(theirs.data)
  }
})

test('--json prints the manifests as one array and nothing else, the same as on disk', async () => {
  const out = await temporaryFolder()
  const ended = await layerloupe(['run', shapes, clouds, '--out', out, '--json'])
  expect(ended).toMatchObject({ code: 0, err: '' })
  const manifests = JSON.parse(ended.out) as Manifest[]
  expect(manifests.map(({ image }) => image.name)).toEqual(['shapes.png', 'clouds.jpg'])
  const saved = await readFile(path.join(out, 'shapes/manifest.json'), 'utf8')
  expect(manifests[0]).toEqual(JSON.parse(saved))
  const [manifest] = manifests
  expect(manifest!.image.sha256).toBe(
    createHash('sha256')
      .update(await readFile(shapes))
      .digest('hex'),
  )
  expect(manifest!.stages.map(({ index, kind, shape, dtype }) => ({ index, kind, shape, dtype }))).toEqual([
    { index: 0, kind: 'input', shape: [64, 64, 1], dtype: 'float64' },
    { index: 1, kind: 'conv2d', shape: [64, 64, 1], dtype: 'float64' },
    { index: 2, kind: 'pool2d', shape: [32, 32, 1], dtype: 'float64' },
    { index: 3, kind: 'flatten', shape: [1024], dtype: 'float64' },
    { index: 4, kind: 'dense', shape: [2], dtype: 'float64' },
    { index: 5, kind: 'softmax', shape: [2], dtype: 'float64' },
  ])
  const pool = readNpy(path.join(out, 'shapes/02-pool2d.npy')).data as Float64Array
  expect(manifest!.stages[2]!.max).toBe(Math.max(...pool))
  expect(manifest!.stages[2]!.min).toBe(Math.min(...pool))
})

test('without --out nothing is written, and the numbers are the same', async () => {
  const folder = await temporaryFolder()
  const ended = await layerloupe(['run', shapes, '--json'], { cwd: folder })
  expect(ended).toMatchObject({ code: 0, err: '' })
  expect(await filesBelow(folder)).toEqual([])
  const [manifest] = JSON.parse(ended.out) as Manifest[]
  expect(manifest!.stages.every(({ files }) => files.length === 0)).toBe(true)
  const probabilities = readNpy(path.join(fixturesDir, 'synthetic/shapes/default/output.npy')).data as Float64Array
  expect(manifest!.probabilities!.map(({ value }) => value)).toEqual(
    [...probabilities].map((value) => expect.closeTo(value, 12) as number),
  )
})

test('the table shows every stage with its shape and range, and the probability of each class', async () => {
  const { out } = await layerloupe(['run', shapes])
  const manifest = (JSON.parse((await layerloupe(['run', shapes, '--json'])).out) as Manifest[])[0]!
  const lines = out.split('\n')
  expect(lines[1]).toMatch(/^Walkthrough: 6 stages in .* Shapes are height×width×channels\.$/)
  expect(lines[0]).toMatch(/^shapes\.png: \d+×\d+ PNG, colour, [\d.]+ kB$/)
  for (const stage of manifest.stages) {
    const line = lines.find((text) => text.trimStart().startsWith(`${stage.index}  `))
    expect(line).toContain(stage.shape.join('×'))
    expect(line).toContain(stage.max!.toFixed(4))
    expect(line).toContain(stage.mean!.toFixed(4))
  }
  for (const { name, value } of manifest.probabilities!) {
    expect(out).toMatch(new RegExp(`${name} +${(value! * 100).toFixed(2)} %`))
  }
})

test('what decoding did is told: the turn, the transparency and the samples reduced to 8 bits', async () => {
  const folder = await temporaryFolder()
  const samples = new Uint16Array(8 * 4 * 4).fill(0x8123)
  const deep = sharp(samples, { raw: { width: 8, height: 4, channels: 4 } })
  await deep.toColourspace('rgb16').png().toFile(path.join(folder, 'deep.png'))
  await sharp(clouds).withMetadata({ orientation: 6 }).jpeg().toFile(path.join(folder, 'turned.jpg'))
  const args = ['run', 'deep.png', 'turned.jpg', '--pipeline', 'edges']
  const manifests = JSON.parse((await layerloupe([...args, '--json'], { cwd: folder })).out) as Manifest[]
  expect(manifests.map(({ image }) => image)).toMatchObject([
    { channels: 3, depth: 16, orientation: 1, hasAlpha: true, pages: 1 },
    { channels: 3, depth: 8, orientation: 6, hasAlpha: false, pages: 1 },
  ])
  const { out } = await layerloupe(args, { cwd: folder })
  expect(out).toMatch(
    /^deep\.png: 8×4 PNG, colour, with transparency, 16 bits a sample, of which the upper 8 are read, [\d.]+ \w+\n/,
  )
  expect(out).toMatch(/\nturned\.jpg: \d+×\d+ JPEG, colour, turned upright as its EXIF says, /)
})

test('pictures of the same name get folders of their own, and a second run leaves the first one alone', async () => {
  const folder = await temporaryFolder()
  await mkdir(path.join(folder, 'a'))
  await cp(shapes, path.join(folder, 'a/photo.png'))
  await cp(clouds, path.join(folder, 'photo.jpg'))
  const out = path.join(folder, 'stages')
  const args = ['run', 'a/photo.png', 'photo.jpg', '--out', out, '--save', 'manifest']
  expect((await layerloupe(args, { cwd: folder })).code).toBe(0)
  expect(await filesBelow(out)).toEqual(['photo-2/manifest.json', 'photo/manifest.json'])
  expect((await layerloupe(args, { cwd: folder })).code).toBe(0)
  expect((await filesBelow(out)).length).toBe(4)
})

test('--save writes only what it names', async () => {
  const out = await temporaryFolder()
  await layerloupe(['run', shapes, '--out', out, '--save', 'figure,manifest'])
  expect(await filesBelow(out)).toEqual(['shapes/evolution.png', 'shapes/manifest.json'])
})

test('of one stage the usual files are saved but those of all stages, the evolution and the scripts', async () => {
  const out = await temporaryFolder()
  expect((await layerloupe(['run', shapes, '--out', out, '--stage', '1'])).code).toBe(0)
  expect(await filesBelow(out)).toEqual(['shapes/01-conv2d.npy', 'shapes/01-conv2d.png', 'shapes/manifest.json'])
})

test('a pipeline file runs like a preset', async () => {
  const folder = await temporaryFolder()
  const document = { version: 1, name: 'Mine', layers: [{ kind: 'input', colour: 'rgb' }, { kind: 'globalPool' }] }
  await writeFile(path.join(folder, 'mine.pipeline.json'), JSON.stringify(document))
  const { out, code } = await layerloupe(['run', shapes, '--json', '--pipeline', 'mine.pipeline.json'], { cwd: folder })
  expect(code).toBe(0)
  const [manifest] = JSON.parse(out) as Manifest[]
  expect(manifest!.pipeline.name).toBe('Mine')
  expect(manifest!.stages.map(({ kind }) => kind)).toEqual(['input', 'globalPool'])
})

test('each picture that fails is named with its reason, the others are done, and the exit code is 1', async () => {
  const folder = await temporaryFolder()
  const whole = await readFile(clouds)
  await writeFile(path.join(folder, 'cut.jpg'), whole.subarray(0, whole.length / 2))
  await writeFile(path.join(folder, 'notes.txt'), 'not a picture')
  const ended = await layerloupe(
    ['run', 'cut.jpg', shapes, 'notes.txt', 'gone.png', folder, '--out', 'stages', '--json'],
    { cwd: folder },
  )
  expect(ended.code).toBe(1)
  expect((JSON.parse(ended.out) as Manifest[]).map(({ image }) => image.name)).toEqual(['shapes.png'])
  const lines = ended.err.trimEnd().split('\n')
  expect(lines).toEqual([
    expect.stringMatching(/^layerloupe: cut\.jpg .*damaged/),
    expect.stringMatching(/^layerloupe: notes\.txt /),
    expect.stringMatching(/^layerloupe: gone\.png: there is no such file/),
    expect.stringContaining(`${folder}: this is a folder`),
    'layerloupe: 4 of 5 pictures failed.',
  ])
  expect(new Set((await filesBelow(path.join(folder, 'stages'))).map((file) => file.split('/')[0]))).toEqual(
    new Set(['shapes']),
  )
})

test.each([
  ['Ctrl-C', 'SIGINT'],
  ['a terminal that closes', 'SIGHUP'],
  ['a time that is up', 'SIGTERM'],
] as const)('%s ends it with 130 and leaves only whole files', async (_, signal) => {
  const out = path.join(await temporaryFolder(), 'stages')
  const many = Array.from({ length: 200 }, (_, index) => [shapes, clouds, zoneplate][index % 3]!)
  const { child, ended, said } = start(['run', ...many, '--out', out], { detached: true })
  await until(async () => (await filesBelow(out).catch(() => [])).some((file) => file.endsWith('manifest.json')), said)
  // To all of its processes, as a terminal does.
  process.kill(-child.pid!, signal)
  const { code, err } = await ended
  expect(code).toBe(130)
  expect(err).toContain('interrupted after')
  const files = await filesBelow(out)
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    expect(path.basename(file)).toMatch(/^(\d\d-\w+(-\w+)?\.(png|npy)|evolution\.png|reproduce\w*\.py|manifest\.json)$/)
    const bytes = await readFile(path.join(out, file))
    if (file.endsWith('.png')) expect(bytes.subarray(-8, -4).toString('latin1'), file).toBe('IEND')
    else if (file.endsWith('.npy')) expect(readNpy(path.join(out, file)).data.length, file).toBeGreaterThan(0)
    else if (file.endsWith('.py')) expect(bytes.toString(), file).toMatch(/stages agree\."\)\n$/)
    else expect(() => JSON.parse(bytes.toString()) as unknown, file).not.toThrow()
  }
  // A folder with files in it is a whole one.
  for (const folder of new Set(files.map((file) => path.dirname(file)))) {
    expect(files.filter((file) => path.dirname(file) === folder).length, folder).toBe(17)
  }
})

test.skipIf(process.platform !== 'linux')('a folder that cannot be made is named as it was typed, with 1', async () => {
  const { code, err } = await layerloupe(['run', shapes, '--out', '/proc/x/../x'])
  expect(err).toBe(
    `layerloupe: ${shapes}: nothing of it was saved to --out /proc/x/../x: x could not be written: no folder can be made there. Choose another one.\n`,
  )
  expect(code).toBe(1)
})

const full = '/dev/full'
test.skipIf(!existsSync(full))('output that goes to a full disk ends it with a sentence and 1', () => {
  const out = openSync(full, 'w')
  const { status, stderr } = spawnSync(process.execPath, [command, 'presets', '--json'], {
    stdio: ['ignore', out, 'pipe'],
    encoding: 'utf8',
  })
  closeSync(out)
  expect(stderr).toBe('layerloupe: what was to be printed could not be written: the disk is full.\n')
  expect(status).toBe(1)
})

test('a reader that goes away early is no error', async () => {
  const { child, ended } = start(['run', shapes, clouds, zoneplate])
  child.stdout!.destroy()
  const { err } = await ended
  expect(err).not.toContain('EPIPE')
})

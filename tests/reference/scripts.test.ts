/** The scripts that are saved, run by Python itself: they agree with us, and notice what does not. */

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportRun, folderSink } from '../../main/export/index.ts'
import { sha256 } from '../../main/engine/files.ts'
import { decodeImage, probeImage } from '../../main/images/decode.ts'
import { defaultLimits } from '../../main/images/limits.ts'
import { sharp } from '../../main/images/sharp.ts'
import { runLayer } from '../../main/layers/index.ts'
import { finish } from '../../main/layers/steps.ts'
import type { ImageInfo } from '../../shared/api.ts'
import type { LayerKind } from '../../shared/layers/index.ts'
import { layerDefinitions } from '../../shared/layers/index.ts'
import { parsePipeline, type Pipeline } from '../../shared/pipeline.ts'
import { presets } from '../../shared/presets.ts'
import { numpySnippet } from '../../shared/python/index.ts'
import type { Shape, Tensor } from '../../shared/tensor.ts'
import { buildTiff, withOrientation } from '../support/awkward.ts'
import { hasGlibcLog, hasPython, runPython, runScripts } from '../support/python.ts'
import { randomRuns } from '../support/randomPipelines.ts'
import { fixturesDir, sharedDir } from '../support/shared.ts'
import { finishedStage } from '../support/stages.ts'

const numpy = ['numpy', 'PIL']
const hasNumpy = hasPython(...numpy)
const hasTorch = hasPython('numpy', 'torch')

let place: string
beforeAll(() => {
  place = mkdtempSync(path.join(tmpdir(), 'layerloupe-scripts-'))
})
afterAll(() => {
  rmSync(place, { recursive: true })
})

interface Saved {
  readonly name: string
  readonly folder: string
  readonly photo: string
  readonly script: string
  readonly kinds: readonly LayerKind[]
  readonly image: ImageInfo
  /** Of the photo and of every stage. */
  readonly shapes: readonly Shape[]
}

let count = 0
/** Saves the scripts of a photo's run into a folder of their own, and the photo elsewhere. */
async function save(name: string, bytes: Uint8Array, pipeline: Pipeline): Promise<Saved> {
  const [first] = pipeline.layers
  if (first?.kind !== 'input') throw new Error('not a pipeline')
  const file = { name, bytes }
  const info = { ...(await probeImage(file, defaultLimits)), id: sha256(bytes), name, byteLength: bytes.length }
  const original = await decodeImage(file, first, defaultLimits)
  const tensors: Tensor[] = []
  for (const layer of pipeline.layers) tensors.push(finish(runLayer(layer, tensors.at(-1) ?? original, pipeline.dtype)))
  const stages = tensors.map((tensor, index) => finishedStage(tensor, { kind: pipeline.layers[index]!.kind, index }))
  const folder = `run${count++}`
  const sink = folderSink(place)
  await exportRun({ image: info, original, pipeline, stages }, ['script'], sink, { folder })
  await sink.close()
  mkdirSync(path.join(place, `photo-of-${folder}`))
  const photo = path.join(place, `photo-of-${folder}`, 'photo')
  writeFileSync(photo, bytes)
  return {
    name,
    folder: path.join(place, folder),
    photo,
    script: path.join(place, folder, 'reproduce.py'),
    kinds: pipeline.layers.map(({ kind }) => kind),
    image: info,
    shapes: [original, ...tensors].map(({ shape }) => shape),
  }
}

function agreement(stages: number): string {
  if (stages === 0) return 'There is no stage to compare.'
  return stages === 1 ? 'The only stage agrees.' : `All ${stages} stages agree.`
}

/** Runs both programs of each and expects that every stage agrees. */
function expectAgreement(all: readonly Saved[]): readonly string[] {
  const ends = runScripts(
    numpy,
    all.map(({ script, photo }) => ({ file: script, args: [photo] })),
  )
  expect(ends.map(({ said }, i) => [all[i]!.name, all[i]!.kinds.join(), said]).filter(([, , said]) => said)).toEqual([])
  ends.forEach(({ out }, i) => {
    const { kinds } = all[i]!
    const lines = out.trim().split('\n')
    expect(lines.pop()).toBe(agreement(kinds.length))
    const isStage = (line: string) => /^\d\d \w+ \(/.test(line)
    const stages = lines.filter(isStage)
    expect(stages.map((line) => line.split(' ')[1])).toEqual(kinds)
    for (const line of stages) expect(line).toMatch(/equal to the last bit|\d unequal, but within 1e-(12|06)$/)
    const random = hasGlibcLog() ? /equal to the last bit$/ : /equal to the last bit$|\d unequal, but within 1e-15$/
    for (const line of lines.filter((line) => !isStage(line))) expect(line).toMatch(random)
  })
  const compiled = all.map(({ folder }) => path.join(folder, 'reproduce_torch.py'))
  runPython(
    'import sys\nfor file in sys.argv[1:]: compile(open(file, encoding="utf-8").read(), file, "exec")',
    ...compiled,
  )
  if (hasTorch) {
    const torch = runScripts(
      ['numpy', 'torch'],
      compiled.map((file) => ({ file })),
    )
    torch.forEach(({ said, out }, i) => {
      const { kinds } = all[i]!
      expect(said, kinds.join()).toBe('')
      expect(out).toContain(agreement(kinds.length - 1))
    })
  }
  return ends.map(({ out }) => out)
}

const encoded = (tensor: Tensor) => {
  const [height, width, channels] = tensor.shape as [number, number, 1 | 3]
  const image = sharp(tensor.data, { raw: { width, height, channels } })
  return (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer()
}
const fixture = (name: string) => new Uint8Array(readFileSync(path.join(fixturesDir, 'synthetic', name)))

describe.skipIf(!hasNumpy)('reproduce.py', () => {
  it('agrees with every preset, to the last bit up to the softmax', async () => {
    const runs: Saved[] = []
    for (const { pipeline } of presets) runs.push(await save('clouds.jpg', fixture('clouds.jpg'), pipeline))
    for (const out of expectAgreement(runs)) {
      expect(out.replace(/^\d\d softmax .*within 1e-12$/m, '')).not.toContain('1e-12')
      expect(out).not.toContain('zeros')
    }
  })

  it('agrees with random pipelines over every kind of layer', async () => {
    const samples = fc.sample(randomRuns, { numRuns: 60, seed: 5 })
    const runs: Saved[] = []
    for (const { photo, pipeline } of samples) runs.push(await save('random.png', await encoded(photo), pipeline))
    expect(new Set(runs.flatMap(({ kinds }) => kinds))).toEqual(new Set(Object.keys(layerDefinitions)))
    expectAgreement(runs)
  })

  it('agrees with layers whose numbers are given, few in the text and many in files', async () => {
    const wave = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(i + 1) * (i % 3 === 2 ? -0 : 1))
    const kernels = (filters: number, rows: number, columns: number, depth: number) =>
      Array.from({ length: filters }, () =>
        Array.from({ length: rows }, () => Array.from({ length: columns }, () => wave(depth))),
      )
    const layers = (filters: number) => [
      { kind: 'input', size: { width: 9, height: 7 }, colour: 'rgb', background: '#8040c0' },
      {
        kind: 'conv2d',
        filters,
        size: [3, 2],
        bias: wave(filters),
        kernels: { type: 'values', values: kernels(filters, 3, 2, 3) },
      },
      {
        kind: 'batchNorm',
        mean: wave(filters),
        variance: wave(filters).map(Math.abs),
        scale: wave(filters),
        offset: [1e21],
        epsilon: 0.001,
      },
      {
        kind: 'conv2d',
        filters: 5,
        size: 13,
        padding: 'same',
        kernels: { type: 'preset', names: ['gaussian', 'box'] },
      },
      {
        kind: 'pool2d',
        operation: 'average',
        padding: { top: 1, right: 0, bottom: 0, left: 1 },
        countIncludePad: true,
        ceil: true,
        size: 3,
        stride: 2,
      },
      { kind: 'flatten' },
      {
        kind: 'dense',
        units: 3,
        bias: wave(3),
        weights: { type: 'values', values: Array.from({ length: 80 }, () => wave(3)) },
      },
    ]
    const runs: Saved[] = []
    for (const dtype of ['float64', 'float32']) {
      for (const filters of [4, 40]) {
        const pipeline = parsePipeline({ version: 1, name: 'Given', dtype, layers: layers(filters) })
        runs.push(await save('shapes.png', fixture('shapes.png'), pipeline))
      }
    }
    for (const out of expectAgreement(runs)) expect(out).not.toContain('within')
    expect(existsSync(path.join(runs[0]!.folder, '01-conv2d-kernels.npy'))).toBe(false)
    expect(existsSync(path.join(runs[1]!.folder, '01-conv2d-kernels.npy'))).toBe(true)
  })

  it('decodes every kind of picture as we do, or says why it begins with the decoded photo', async () => {
    const pictures = await awkwardPictures()
    const runs: Saved[] = []
    for (const { name, bytes } of pictures) {
      const input = { kind: 'input', size: 'original', colour: 'rgb', background: '#8040c0' }
      runs.push(await save(name, bytes, parsePipeline({ version: 1, name: 'Decoded', layers: [input] })))
    }
    expectAgreement(runs)
    pictures.forEach(({ name, why }, i) => {
      const { folder, script } = runs[i]!
      expect(existsSync(path.join(folder, 'original.npy')), name).toBe(why !== undefined)
      if (why !== undefined) expect(readFileSync(script, 'utf8')).toContain(why)
    })
  })

  it.skipIf(sharedDir === undefined)('decodes, resizes and greys the reference photos as we do', async () => {
    const folder = path.join(sharedDir ?? '', 'images')
    const odd = ['1.webp', '1bit.tif', 'cogs.gif', 'gray-16bit.tif', 'indexed.png', 'palette.png', 'rgba.png']
    const names = [
      ...readdirSync(folder).filter((name) => /\.(png|jpg)$/.test(name)),
      ...[...odd, 'rotation-3.jpg', 'rotation-6.jpg', 'rotation-8.jpg'].map((name) => `odd/${name}`),
    ]
    const runs: Saved[] = []
    for (const [i, name] of names.entries()) {
      const input = {
        kind: 'input',
        colour: i % 2 === 0 ? 'mean' : 'luma',
        filter: i % 3 === 0 ? 'lanczos' : 'bicubic',
      }
      const bytes = new Uint8Array(readFileSync(path.join(folder, name)))
      runs.push(await save(path.basename(name), bytes, parsePipeline({ version: 1, name: 'Photo', layers: [input] })))
    }
    expectAgreement(runs)
    for (const { folder } of runs) expect(existsSync(path.join(folder, 'original.npy'))).toBe(false)
  })

  it('computes the same by what the window shows of each stage', async () => {
    const { pipeline } = presets.find(({ id }) => id === 'walkthrough')!
    const { folder, photo, image, shapes } = await save('shapes.png', fixture('shapes.png'), pipeline)
    const snippets = pipeline.layers.map((spec, index) =>
      numpySnippet(
        { spec, index, input: shapes[index]!, output: shapes[index + 1]!, dtype: pipeline.dtype },
        { ...image, name: photo },
      ),
    )
    const file = path.join(folder, 'shown.py')
    writeFileSync(
      file,
      `${snippets.join('\n')}\nprint(abs(x - np.load(${JSON.stringify(folder)} + '/05-softmax.npy')).max())`,
    )
    const [end] = runScripts(numpy, [{ file }])
    expect(end!.said).toBe('')
    expect(Number(end!.out)).toBeLessThan(1e-12)
    expect(end!.out.trim()).toMatch(/^\d/)
  })

  it('says how many random numbers are unequal where the logarithm is another, and goes on with those of the run', async () => {
    const { pipeline } = presets[0]!
    const { folder, script, photo } = await save('clouds.jpg', fixture('clouds.jpg'), pipeline)
    const weights = path.join(folder, '04-dense-weights.npy')
    const bytes = readFileSync(weights)
    for (const at of [128, 136]) bytes[at] = bytes[at]! ^ 1
    writeFileSync(weights, bytes)
    const [end] = runScripts(numpy, [{ file: script, args: [photo] }])
    expect(end!.said).toBe('')
    expect(end!.out).toMatch(/^04 dense weights \(1024, 2\) \d+ unequal, but within 1e-15$/m)
    if (hasGlibcLog()) expect(end!.out).toContain(' 2 unequal')
    expect(end!.out).toContain('All 6 stages agree.')
  })

  it('ends with an error that names what is wrong', async () => {
    const { pipeline } = presets[0]!
    const { folder, script, photo } = await save('a "\'\n\u202e\ud800é.jpg', fixture('clouds.jpg'), pipeline)
    const changed = (name: string, change: (bytes: Buffer) => void) => {
      const other = path.join(place, `changed-${name}`)
      cpSync(folder, other, { recursive: true })
      const bytes = readFileSync(path.join(folder, name))
      change(bytes)
      writeFileSync(path.join(other, name), bytes)
      return path.join(other, 'reproduce.py')
    }
    const lastBit = (value: number) => (bytes: Buffer) => {
      const at = 128 + value * 8
      bytes[at] = bytes[at]! ^ 1
    }
    const array = path.join(place, 'no-pool')
    cpSync(folder, array, { recursive: true })
    rmSync(path.join(array, '02-pool2d.npy'))
    const faults: readonly (readonly [script: string, photo: string | null, said: RegExp])[] = [
      [
        changed('00-input.npy', lastBit(0)),
        photo,
        /^00 input: 1 of 4096 values differ from 00-input.npy; the first, at \(0, 0, 0\)/,
      ],
      [changed('02-pool2d.npy', lastBit(33)), photo, /^02 pool2d: 1 of 1024 values .* at \(1, 1, 0\)/],
      [changed('04-dense-weights.npy', (bytes) => bytes.fill(0, 128, 136)), photo, /^04 dense weights: 1 of 2048/],
      [changed('05-softmax.npy', (bytes) => bytes.writeDoubleLE(0.5, 128)), photo, /^05 softmax: 1 of 2/],
      [path.join(array, 'reproduce.py'), photo, /^02-pool2d.npy is missing; it has to lie beside this script/],
      [script, path.join(fixturesDir, 'synthetic/shapes.png'), /shapes.png is not the photo of this run: its SHA-256/],
      [script, path.join(place, 'nowhere'), /nowhere is not there\. Put the photo beside this script/],
      [script, null, /é\.jpg is not there/],
    ]
    const lost = runScripts(hasTorch ? ['numpy', 'torch'] : numpy, [
      { file: path.join(array, hasTorch ? 'reproduce_torch.py' : 'reproduce.py'), args: [photo] },
    ])
    expect(lost[0]).toMatchObject({ code: 1, said: expect.stringMatching(/^02-pool2d.npy is missing/) as string })
    const ends = runScripts(
      numpy,
      faults.map(([file, photo]) => ({ file, args: photo === null ? [] : [photo] })),
    )
    ends.forEach(({ code, said, out }, i) => {
      expect(said).toMatch(faults[i]![2])
      expect(code).toBe(1)
      expect(out).not.toContain('agree')
    })
  })
})

/** One of each kind, small; `why` is said where Pillow would not decode it alike. */
async function awkwardPictures(): Promise<readonly { name: string; bytes: Uint8Array; why?: string }[]> {
  const [width, height] = [24, 16]
  const raw = (channels: 1 | 2 | 3 | 4) => {
    const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37 + (i >> 4) * 11) % 256)
    return sharp(data, { raw: { width, height, channels } })
  }
  const deep = (channels: 1 | 3) => {
    const data = Uint16Array.from({ length: width * height * channels }, (_, i) => (i * 2749) % 65_536)
    return sharp(data, { raw: { width, height, channels } })
  }
  const jpeg = await raw(3).jpeg({ quality: 90 }).toBuffer()
  const grey = { width, height, samples: 1, photometric: 1 }
  const bytes16 = new Uint8Array(Uint16Array.from({ length: width * height }, (_, i) => (i * 171) % 65_536).buffer)
  const files: readonly (readonly [name: string, bytes: Promise<Buffer> | Uint8Array, why?: string])[] = [
    ...[2, 3, 4, 5, 6, 7, 8].map((n) => [`turned-${n}.jpg`, withOrientation(jpeg, n)] as const),
    ['grey.jpg', raw(1).toColourspace('b-w').jpeg().toBuffer()],
    ['grey.png', raw(1).toColourspace('b-w').png().toBuffer()],
    ['alpha.png', raw(4).png().toBuffer()],
    ['grey-alpha.png', raw(2).toColourspace('b-w').png().toBuffer()],
    ['palette.png', raw(3).png({ palette: true, colours: 16 }).toBuffer()],
    ['palette-alpha.png', raw(4).png({ palette: true, colours: 16 }).toBuffer()],
    ['alpha.webp', raw(4).webp({ quality: 80 }).toBuffer()],
    ['photo.webp', raw(3).webp({ quality: 80 }).toBuffer()],
    ['photo.gif', raw(4).gif().toBuffer()],
    ['photo.tif', raw(3).tiff({ compression: 'lzw' }).toBuffer()],
    [
      'turned.tif',
      buildTiff({ ...grey, bits: 8, orientation: 6, data: bytes16.subarray(0, width * height) }),
      'turn a TIFF',
    ],
    ['bits.tif', buildTiff({ ...grey, bits: 1, data: bytes16.subarray(0, (width / 8) * height) })],
    ['grey16.tif', buildTiff({ ...grey, bits: 16, data: bytes16 })],
    ['grey16.png', deep(1).toColourspace('grey16').png().toBuffer()],
    ['colour16.png', deep(3).toColourspace('rgb16').png().toBuffer(), '16-bit samples'],
    ['photo.avif', raw(3).avif().toBuffer(), 'only with a plugin'],
    ['print.jpg', raw(3).toColourspace('cmyk').jpeg().toBuffer(), 'CMYK'],
    ['alpha.tif', raw(4).tiff({ compression: 'lzw' }).toBuffer(), 'transparency of TIFF'],
  ]
  return Promise.all(
    files.map(async ([name, bytes, why]) => ({
      name,
      bytes: new Uint8Array(await bytes),
      ...(why === undefined ? {} : { why }),
    })),
  )
}

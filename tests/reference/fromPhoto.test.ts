import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { decodeImage, defaultLimits } from '../../main/images/index.ts'
import { runLayer } from '../../main/layers/index.ts'
import { finish } from '../../main/layers/steps.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir, sharedDir } from '../support/shared.ts'

/** The whole way: a file's bytes, decoded and resized by us, against what Pillow and NumPy made of the same file. */

interface Reference {
  readonly image: string
  readonly args: {
    readonly input?: { readonly target_size?: readonly [width: number, height: number] }
    readonly conv?: {
      readonly kernel_size?: number
      readonly stride?: number
      readonly padding?: 'same' | 'valid'
      readonly num_filters?: number
    }
    readonly pool?: { readonly pool_size?: number; readonly stride?: number; readonly pool_type?: 'max' | 'avg' }
    readonly output?: { readonly num_classes?: number }
  }
}

/** Layers up to the stage a file holds, by the file's name. */
function stagesOf(args: Reference['args']) {
  for (const key of Object.keys(args)) {
    if (!['input', 'conv', 'pool', 'output'].includes(key)) throw new Error(`args.json has an unknown key ${key}`)
  }
  const { input = {}, conv = {}, pool = {}, output = {} } = args
  const [width, height] = input.target_size ?? [64, 64]
  const layers = parsePipeline({
    version: 1,
    name: 'Reference',
    layers: [
      { kind: 'input', size: { width, height } },
      {
        kind: 'conv2d',
        filters: conv.num_filters ?? 1,
        size: conv.kernel_size ?? 3,
        stride: conv.stride ?? 1,
        padding: conv.padding ?? 'same',
      },
      {
        kind: 'pool2d',
        operation: pool.pool_type === 'avg' ? 'average' : 'max',
        size: pool.pool_size ?? 2,
        stride: pool.stride ?? 2,
      },
      { kind: 'flatten' },
      { kind: 'dense', units: output.num_classes ?? 2, weights: { type: 'random', seed: 0, scale: 0.01 } },
      { kind: 'softmax' },
    ],
  }).layers
  return {
    input: layers.slice(0, 1),
    convolution: layers.slice(1, 2),
    pooling: layers.slice(2, 3),
    output: layers.slice(3),
  }
}

const sources = [
  {
    name: 'made pictures',
    references: path.join(fixturesDir, 'synthetic'),
    images: path.join(fixturesDir, 'synthetic'),
    cases: 15,
  },
  {
    name: 'photos',
    references: path.join(sharedDir ?? '', 'reference/walkthrough'),
    images: path.join(sharedDir ?? '', 'images'),
    cases: 25,
  },
]

for (const { name, references, images, cases } of sources) {
  const present = path.isAbsolute(references) && existsSync(references)
  describe.skipIf(!present)(`From the files of the ${name}`, () => {
    const folders = present
      ? readdirSync(references, { recursive: true, encoding: 'utf8' })
          .filter((file) => path.basename(file) === 'args.json')
          .map((file) => path.dirname(file))
          .sort()
      : []
    let compared = 0
    let elements = 0

    test.each(folders)('%s: input to pooling equal to the last bit, output within 1e-12', async (folder) => {
      const at = path.join(references, folder)
      const reference = JSON.parse(readFileSync(path.join(at, 'args.json'), 'utf8')) as Reference
      const bytes = new Uint8Array(readFileSync(path.join(images, reference.image)))
      const stages = stagesOf(reference.args)
      let tensor: Tensor = await decodeImage(
        { name: reference.image, bytes },
        { profile: 'ignore', background: '#ffffff' },
        defaultLimits,
      )
      for (const stage of ['input', 'convolution', 'pooling', 'output'] as const) {
        for (const layer of stages[stage]) tensor = finish(runLayer(layer, tensor, 'float64'))
        const { shape, data } = readNpy(path.join(at, `${stage}.npy`))
        expect(tensor.shape).toEqual(shape.length === 2 ? [...shape, 1] : shape)
        if (stage === 'output') {
          data.forEach((value, i) => {
            expect(Math.abs(tensor.data[i]! - Number(value))).toBeLessThan(1e-12)
          })
        } else {
          expect(data).toBeInstanceOf(Float64Array)
          expect(Buffer.compare(bytesOf(tensor.data), bytesOf(data))).toBe(0)
        }
        elements += data.length
      }
      compared++
    })

    test(`all ${cases} cases were found and compared`, () => {
      expect(compared).toBe(cases)
      expect(elements).toBeGreaterThan(cases * 4096)
    })

    afterAll(() => {
      process.stderr.write(
        `reference: ${compared} cases, ${elements} elements from the files of the ${name} compared\n`,
      )
    })
  })
}

function bytesOf(data: ArrayBufferView): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

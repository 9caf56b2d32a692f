import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runLayer } from '../../main/layers/index.ts'
import { finish } from '../../main/layers/steps.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir, sharedDir } from '../support/shared.ts'

/** The parameters of a reference folder; what is left out has the value given in the data's description. */
interface Args {
  readonly conv?: {
    readonly kernel_size?: number
    readonly stride?: number
    readonly padding?: 'same' | 'valid'
    readonly num_filters?: number
  }
  readonly pool?: { readonly pool_size?: number; readonly stride?: number; readonly pool_type?: 'max' | 'avg' }
  readonly output?: { readonly num_classes?: number }
}

const stages = ['convolution', 'pooling', 'output'] as const
const known = new Set(['input', 'conv', 'pool', 'output'])

function layersOf(args: Args) {
  for (const key of Object.keys(args)) if (!known.has(key)) throw new Error(`args.json has an unknown key ${key}`)
  const { conv = {}, pool = {}, output = {} } = args
  const document = {
    version: 1,
    name: 'Reference',
    layers: [
      { kind: 'input' },
      {
        kind: 'conv2d',
        filters: conv.num_filters ?? 1,
        size: conv.kernel_size ?? 3,
        stride: conv.stride ?? 1,
        padding: conv.padding ?? 'same',
        kernels: { type: 'preset', names: ['box'] },
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
  }
  const [, convolution, pooling, flatten, dense, softmax] = parsePipeline(document).layers
  return { convolution: [convolution!], pooling: [pooling!], output: [flatten!, dense!, softmax!] }
}

/** (height, width, channels) or (n) of a reference array of float64. */
function readTensor(file: string): Tensor<Float64Array> {
  const { shape, data } = readNpy(file)
  if (!(data instanceof Float64Array)) throw new Error(`${file} is not float64`)
  return { shape: shape.length === 2 ? [...shape, 1] : shape, data }
}

function countUnequal(ours: Tensor, theirs: Tensor): number {
  let unequal = 0
  for (let i = 0; i < theirs.data.length; i++) if (!Object.is(ours.data[i], theirs.data[i])) unequal++
  return unequal
}

function foldersIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'args.json')
    .map((file) => path.dirname(file))
    .sort()
}

const roots = [
  { name: 'made pictures', root: path.join(fixturesDir, 'synthetic'), cases: 15 },
  { name: 'photos', root: sharedDir && path.join(sharedDir, 'reference/walkthrough'), cases: 25 },
]

for (const { name, root, cases } of roots) {
  describe.skipIf(root === undefined || !existsSync(root))(`NumPy's own results for ${name}`, () => {
    const folders = root === undefined || !existsSync(root) ? [] : foldersIn(root)
    let compared = 0
    let elements = 0

    test.each(folders)('%s: convolution and pooling equal to the last bit, output within 1e-12', (folder) => {
      const at = path.join(root!, folder)
      const layers = layersOf((JSON.parse(readFileSync(path.join(at, 'args.json'), 'utf8')) as { args: Args }).args)
      let tensor: Tensor = readTensor(path.join(at, 'input.npy'))
      for (const stage of stages) {
        for (const layer of layers[stage]) tensor = finish(runLayer(layer, tensor, 'float64'))
        const expected = readTensor(path.join(at, `${stage}.npy`))
        expect(tensor.shape).toEqual(expected.shape)
        if (stage !== 'output') expect(countUnequal(tensor, expected)).toBe(0)
        else expected.data.forEach((value, i) => expect(Math.abs(tensor.data[i]! - value)).toBeLessThan(1e-12))
        elements += expected.data.length
      }
      compared++
    })

    test(`all ${cases} cases were found and compared`, () => {
      expect(compared).toBe(cases)
      expect(elements).toBeGreaterThan(cases * 1000)
    })

    afterAll(() => {
      process.stderr.write(`reference: ${compared} cases, ${elements} elements of ${name} compared with NumPy\n`)
    })
  })
}

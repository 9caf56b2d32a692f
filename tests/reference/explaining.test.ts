import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { explainLayer } from '../../main/layers/index.ts'
import { finish } from '../../main/layers/steps.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { pictureShape, type Tensor } from '../../shared/tensor.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir, sharedDir } from '../support/shared.ts'

interface Args {
  readonly conv?: { kernel_size?: number; stride?: number; padding?: string; num_filters?: number }
  readonly pool?: { pool_size?: number; stride?: number; pool_type?: 'max' | 'avg' }
}

function layersOf({ conv = {}, pool = {} }: Args) {
  const [, convolution, pooling] = parsePipeline({
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
      },
      {
        kind: 'pool2d',
        operation: pool.pool_type === 'avg' ? 'average' : 'max',
        size: pool.pool_size ?? 2,
        stride: pool.stride ?? 2,
      },
    ],
  }).layers
  return { convolution: convolution!, pooling: pooling! }
}

function readTensor(file: string): Tensor<Float64Array> {
  const { shape, data } = readNpy(file)
  return { shape: shape.length === 2 ? [...shape, 1] : shape, data: data as Float64Array }
}

for (const root of [path.join(fixturesDir, 'synthetic'), sharedDir && path.join(sharedDir, 'reference/walkthrough')]) {
  const folders =
    root === undefined || !existsSync(root) ? [] : readdirSync(root, { recursive: true, encoding: 'utf8' })
  const cases = folders.filter((file) => path.basename(file) === 'args.json').map((file) => path.dirname(file))
  describe.skipIf(cases.length === 0)(`explained elements of ${cases.length} results of NumPy`, () => {
    test.each(cases)('%s: have NumPy’s values to the last bit', (folder) => {
      const at = path.join(root!, folder)
      const layers = layersOf((JSON.parse(readFileSync(path.join(at, 'args.json'), 'utf8')) as { args: Args }).args)
      let input = readTensor(path.join(at, 'input.npy'))
      for (const stage of ['convolution', 'pooling'] as const) {
        const explain = finish(explainLayer(layers[stage], input, 'float64'))
        const expected = readTensor(path.join(at, `${stage}.npy`))
        const [height, width, channels] = pictureShape(expected.shape)
        // The corners, and every 37th element.
        const last = expected.data.length - 1
        const chosen = new Set([0, width - 1, (height - 1) * width, last])
        for (let i = 0; i < last; i += 37) chosen.add(i)
        for (const index of chosen) {
          const pixel = Math.floor(index / channels)
          const place = { row: Math.floor(pixel / width), column: pixel % width, channel: index % channels }
          expect(explain(place).value, `${stage} ${JSON.stringify(place)}`).toBe(expected.data[index])
        }
        input = expected
      }
    })
  })
}

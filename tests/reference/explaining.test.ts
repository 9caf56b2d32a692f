import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { explainLayer } from '../../main/layers/index.ts'
import { finish } from '../../main/layers/steps.ts'
import { pictureShape, type Tensor } from '../../shared/tensor.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir, sharedDir } from '../support/shared.ts'
import { casesIn, readReference, stagesOf } from './reference.ts'

function readTensor(file: string): Tensor<Float64Array> {
  const { shape, data } = readNpy(file)
  return { shape: shape.length === 2 ? [...shape, 1] : shape, data: data as Float64Array }
}

for (const root of [path.join(fixturesDir, 'synthetic'), sharedDir && path.join(sharedDir, 'reference/walkthrough')]) {
  const cases = casesIn(root ?? '')
  describe.skipIf(cases.length === 0)(`explained elements of ${cases.length} results of NumPy`, () => {
    test.each(cases)('%s: have NumPy’s values to the last bit', (folder) => {
      const at = path.join(root!, folder)
      const stages = stagesOf(readReference(at).args)
      let input = readTensor(path.join(at, 'input.npy'))
      for (const stage of ['convolution', 'pooling'] as const) {
        const explain = finish(explainLayer(stages[stage][0]!, input, 'float64'))
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

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { decodeImage, defaultLimits } from '../../main/images/index.ts'
import { runLayer } from '../../main/layers/index.ts'
import { finish } from '../../main/layers/steps.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { readNpy } from '../support/npy.ts'
import { fixturesDir, sharedDir } from '../support/shared.ts'
import { casesIn, readReference, stagesOf } from './reference.ts'

/** The whole way: a file's bytes, decoded and resized by us, against what Pillow and NumPy made of the same file. */

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
    const folders = casesIn(references)
    let compared = 0
    let elements = 0

    test.each(folders)('%s: input to pooling equal to the last bit, output within 1e-12', async (folder) => {
      const at = path.join(references, folder)
      const reference = readReference(at)
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

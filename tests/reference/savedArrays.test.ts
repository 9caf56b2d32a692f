/** What is saved, as NumPy reads it. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvPieces } from '../../main/export/csv.ts'
import { encodeNpy } from '../../main/export/npy.ts'
import { decodeNpz, npzPieces, type NamedArray } from '../../main/export/npz.ts'
import { hasPython, runPython } from '../support/python.ts'
import { tensorOf } from '../support/stages.ts'

let place: string
beforeAll(() => {
  place = mkdtempSync(path.join(tmpdir(), 'layerloupe-arrays-'))
})
afterAll(() => {
  rmSync(place, { recursive: true })
})

const picture = tensorOf([5, 7, 3], (i) => (i % 9 === 0 ? [NaN, Infinity, -Infinity, -0][i % 4]! : Math.sin(i) / 3))
const npzOf = (arrays: readonly NamedArray[]) => new Uint8Array(Buffer.concat([...npzPieces(arrays)]))
const stages = [
  { name: '00-input', tensor: { shape: [2, 2, 1], data: Uint8Array.of(0, 1, 254, 255) } },
  { name: '01-conv2d', tensor: picture },
  { name: '02-flatten', tensor: { shape: [105], data: Float32Array.from(picture.data) } },
]

describe.skipIf(!hasPython('numpy'))('NumPy', () => {
  it('reads the .npz and every .csv equal to the .npy files, to the last bit', () => {
    for (const { name, tensor } of stages) {
      writeFileSync(path.join(place, `${name}.npy`), encodeNpy(tensor))
      writeFileSync(path.join(place, `${name}.csv`), Buffer.concat([...csvPieces(tensor, name)]))
    }
    writeFileSync(path.join(place, 'stages.npz'), npzOf(stages))
    const script = `
import sys, os, numpy as np
place = sys.argv[1]
stages = np.load(os.path.join(place, 'stages.npz'))
print(stages.files)
for name in stages.files:
    one = np.load(os.path.join(place, name + '.npy'))
    text = np.loadtxt(os.path.join(place, name + '.csv'), delimiter=',', dtype=one.dtype)
    if one.ndim == 3:
        height, width, channels = one.shape
        text = text.reshape(channels, height, width).transpose(1, 2, 0)
    for other in (stages[name], text):
        assert other.dtype == one.dtype and other.shape == one.shape, name
        assert np.ascontiguousarray(other).tobytes() == one.tobytes(), name
`
    expect(runPython(script, place).trim()).toBe("['00-input', '01-conv2d', '02-flatten']")
  })

  it('writes .npz files, stored and deflated, that are read here', () => {
    const script = `
import sys, os, numpy as np
stages = {'00-input': np.arange(6, dtype=np.uint8).reshape(1, 2, 3), '01-dense': np.array([0.1, -2.5])}
np.savez(os.path.join(sys.argv[1], 'a.npz'), **stages)
np.savez_compressed(os.path.join(sys.argv[1], 'b.npz'), **stages)
`
    runPython(script, place)
    const expected = [
      { name: '00-input', tensor: { shape: [1, 2, 3], data: Uint8Array.of(0, 1, 2, 3, 4, 5) } },
      { name: '01-dense', tensor: { shape: [2], data: Float64Array.of(0.1, -2.5) } },
    ]
    for (const file of ['a.npz', 'b.npz']) expect(decodeNpz(readFileSync(path.join(place, file)))).toEqual(expected)
  })
})

it('an .npz is the same bytes for the same arrays, and reads back equal', () => {
  const bytes = npzOf(stages)
  expect(npzOf(stages)).toEqual(bytes)
  expect(decodeNpz(bytes)).toEqual(stages)
  expect(() => decodeNpz(bytes.subarray(0, 400))).toThrow('not a whole zip')
  expect(() => decodeNpz(zipSync({ 'a.npy': Uint8Array.of(1, 2) }))).toThrow('does not begin as one')
})

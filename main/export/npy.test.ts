import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Tensor } from '../../shared/tensor.ts'
import { fixturesDir, sharedDir } from '../../tests/support/shared.ts'
import { decodeNpy, encodeNpy } from './npy.ts'
import { hasPython, runPython } from '../../tests/support/python.ts'

const folders = [path.join(fixturesDir, 'synthetic'), sharedDir && path.join(sharedDir, 'reference')]
const numpyFiles = folders.flatMap((folder) =>
  folder && existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.npy'))
        .map((file) => path.join(folder, file))
    : [],
)

const hasNumpy = hasPython('numpy')

const tensors: Record<string, Tensor> = {
  'a picture of doubles': { shape: [2, 3, 2], data: Float64Array.from({ length: 12 }, (_, i) => Math.sin(i)) },
  'a vector of floats': { shape: [5], data: Float32Array.of(0.1, -0, NaN, Infinity, -Infinity) },
  bytes: { shape: [3, 2, 3], data: Uint8Array.from({ length: 18 }, (_, i) => i * 14) },
  'one element': { shape: [1], data: Float64Array.of(Number.MIN_VALUE) },
  'no axis': { shape: [], data: Float64Array.of(7) },
  'no element': { shape: [0, 3], data: new Float64Array(0) },
  'a long first axis': { shape: [100_000, 1, 1], data: new Uint8Array(100_000) },
}

describe('.npy files', () => {
  it('are, byte for byte, the files NumPy wrote', () => {
    expect(numpyFiles.length).toBeGreaterThan(0)
    for (const file of numpyFiles) {
      const bytes = readFileSync(file)
      expect(Buffer.compare(encodeNpy(decodeNpy(bytes)), bytes), file).toBe(0)
    }
  })

  it('hold what was put in', () => {
    for (const [name, tensor] of Object.entries(tensors)) expect(decodeNpy(encodeNpy(tensor)), name).toEqual(tensor)
  })

  it('begin their data at a multiple of 64 bytes', () => {
    for (const tensor of Object.values(tensors)) {
      expect((encodeNpy(tensor).length - tensor.data.byteLength) % 64).toBe(0)
    }
  })

  it('are read from the middle of a larger buffer', () => {
    const bytes = encodeNpy(tensors['a picture of doubles']!)
    const larger = new Uint8Array(bytes.length + 3)
    larger.set(bytes, 3)
    expect(decodeNpy(larger.subarray(3))).toEqual(tensors['a picture of doubles'])
  })

  it.each([
    ['something else', new TextEncoder().encode('PK and more than ten bytes'), /does not begin as one/],
    ['nothing', new Uint8Array(0), /does not begin as one/],
    ['version 2', change((bytes) => (bytes[6] = 2)), /version 2\.0/],
    ['a cut header', encodeNpy(tensors['bytes']!).subarray(0, 50), /ends inside its header/],
    ['cut data', encodeNpy(tensors['bytes']!).subarray(0, -1), /needs 18 bytes of data, but it holds 17/],
    ['big endian', replaceText('<f8', '>f8'), /dtype >f8/],
    ['objects', replaceText('<f8', '|O8'), /dtype \|O8/],
    ['a dtype named as a method', replaceText("'<f8'", "'toString'"), /dtype toString|header/],
    ['Fortran order', replaceText('False', 'True '), /header|Fortran/],
    ['another dictionary', replaceText("'shape'", "'shapf'"), /header/],
  ])('are refused where they are not what we write: %s', (_, bytes, message) => {
    expect(() => decodeNpy(bytes)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringMatching(message) as string }),
    )
  })

  it('are not made of a tensor whose shape does not hold its data', () => {
    expect(() => encodeNpy({ shape: [2, 2], data: new Float64Array(3) })).toThrow(/shape \(2, 2\) cannot hold 3/)
  })
})

describe.skipIf(!hasNumpy)(`NumPy (${hasNumpy ? 'installed' : 'skipped: python3 with NumPy is not installed'})`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'layerloupe-npy-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it('reads what we write and writes the same bytes', () => {
    Object.values(tensors).forEach((tensor, i) => {
      writeFileSync(path.join(folder, `${i}.npy`), encodeNpy(tensor))
    })
    const script = [
      'import sys, glob, json, numpy',
      'report = {}',
      'for i in range(int(sys.argv[2])):',
      '    array = numpy.load(f"{sys.argv[1]}/{i}.npy", allow_pickle=False)',
      '    report[i] = [list(array.shape), str(array.dtype), array.tobytes().hex()]',
      '    numpy.save(f"{sys.argv[1]}/{i}-again.npy", array)',
      'print(json.dumps(report))',
    ].join('\n')
    const count = Object.keys(tensors).length
    const output = runPython(script, folder, String(count))
    const report = JSON.parse(output) as Record<string, [number[], string, string]>
    Object.values(tensors).forEach((tensor, i) => {
      const [shape, dtype, hex] = report[i]!
      const { data } = tensor
      expect(shape).toEqual(tensor.shape)
      expect(dtype).toBe(data instanceof Float64Array ? 'float64' : data instanceof Float32Array ? 'float32' : 'uint8')
      expect(hex).toBe(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'))
      const [ours, theirs] = [`${i}.npy`, `${i}-again.npy`].map((file) => readFileSync(path.join(folder, file)))
      expect(Buffer.compare(ours!, theirs!)).toBe(0)
    })
  })
})

function change(how: (bytes: Uint8Array) => void): Uint8Array {
  const bytes = encodeNpy(tensors['bytes']!)
  how(bytes)
  return bytes
}

/** A file of doubles with a piece of its header replaced, the padding keeping its length. */
function replaceText(from: string, to: string): Uint8Array {
  const bytes = Buffer.from(encodeNpy(tensors['a picture of doubles']!))
  const header = bytes.subarray(10, 128).toString('latin1')
  const changed = `${header.replace(from, to).trimEnd().padEnd(117)}\n`
  bytes.write(changed, 10, 'latin1')
  return bytes
}

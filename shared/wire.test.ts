import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromWire, LoupeError, toWire } from './errors.ts'
import { decodeWire, encodeFrame, encodeWire } from './wire.ts'

const doubles = fc.array(fc.double(), { maxLength: 9 })
const leaf = fc.oneof(
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  doubles.map((values) => Float64Array.from(values)),
  doubles.map((values) => Float32Array.from(values)),
  fc.uint8Array({ maxLength: 20 }),
)
const key = fc.string().filter((name) => name !== '__proto__' && !name.startsWith('$'))
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

describe('the wire', () => {
  test('brings any value across, with its typed arrays and every number JSON lacks', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(decodeWire(encodeWire(value))).toStrictEqual(value)
      }),
    )
    expect(decodeWire(encodeWire([NaN, Infinity, -Infinity, -0]))).toEqual([NaN, Infinity, -Infinity, -0])
  })

  test('has the documented form: a length, JSON, and arrays that begin at multiples of 8', () => {
    const bytes = encodeWire({ a: Uint8Array.of(7, 8, 9), b: Float64Array.of(1) })
    const length = new DataView(bytes.buffer).getUint32(0, true)
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))).toEqual({
      a: { $array: 'u8', index: 0, length: 3 },
      b: { $array: 'f64', index: 1, length: 1 },
    })
    const start = Math.ceil((4 + length) / 8) * 8
    expect([...bytes.subarray(start, start + 3)]).toEqual([7, 8, 9])
    expect(new Float64Array(bytes.buffer, start + 8, 1)[0]).toBe(1)
    expect(bytes.length).toBe(start + 16)
  })

  test('is read wherever the bytes begin, also in a Buffer, whose slice is no copy', () => {
    const value = { data: Float64Array.of(1.5, -2), bytes: Uint8Array.of(1) }
    const encoded = encodeWire(value)
    for (let offset = 0; offset < 8; offset++) {
      const room = new Uint8Array(offset + encoded.length)
      room.set(encoded, offset)
      expect(decodeWire(room.subarray(offset))).toEqual(value)
      expect(decodeWire(Buffer.from(room.buffer, offset, encoded.length))).toEqual(value)
    }
  })

  test('carries a Buffer as the bytes it is', () => {
    expect(decodeWire(encodeWire({ bytes: Buffer.from([1, 2]) }))).toEqual({ bytes: Uint8Array.of(1, 2) })
  })

  test('refuses damaged messages with a coded error, whatever is damaged', () => {
    const good = encodeWire({ data: Float64Array.of(1, 2, 3) })
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const bad = good.slice(0, length)
        if (at < bad.length) bad[at] = byte
        try {
          decodeWire(bad)
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-request' })
        }
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['too short', []],
    ['a length beyond the end', [255, 0, 0, 0, 34]],
  ])('refuses what is %s', (_what, bytes) => {
    expect(() => decodeWire(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'bad-request' }))
  })

  test.each([
    '{"$array":"u8","index":0,"length":99}',
    '{"$array":"u8","index":1,"length":0}',
    '{"$array":"toString","index":0,"length":0}',
    '{"$array":"u8","index":0,"length":-1}',
    '{"$number":"constructor"}',
  ])('refuses to name what is not there: %s', (json) => {
    const text = new TextEncoder().encode(json)
    const bytes = new Uint8Array(Math.ceil((4 + text.length) / 8) * 8)
    new DataView(bytes.buffer).setUint32(0, text.length, true)
    bytes.set(text, 4)
    expect(() => decodeWire(bytes)).toThrow(expect.objectContaining({ code: 'bad-request' }))
  })

  test('frames a value by its length, and nothing by none', () => {
    const value = { type: 'run.stage', mean: NaN, data: Float64Array.of(1, -0) }
    const frame = encodeFrame(value)
    expect(new DataView(frame.buffer).getUint32(0, true)).toBe(frame.length - 4)
    expect(decodeWire(frame.subarray(4))).toEqual(value)
    expect([...encodeFrame(undefined)]).toEqual([0, 0, 0, 0])
  })
})

describe('errors', () => {
  test('cross with code, message and detail', () => {
    const error = new LoupeError('image-damaged', 'cat.jpg is cut short.', { image: 'cat.jpg' })
    expect(fromWire(toWire(error))).toMatchObject({
      code: 'image-damaged',
      message: 'cat.jpg is cut short.',
      detail: { image: 'cat.jpg' },
    })
  })

  test('that are not ours are internal, and keep their message', () => {
    expect(toWire(new TypeError('x is undefined'))).toEqual({
      ok: false,
      code: 'internal',
      message: 'Something inside LayerLoupe failed: x is undefined',
      detail: {},
    })
    expect(toWire('odd').message).toContain('odd')
  })
})

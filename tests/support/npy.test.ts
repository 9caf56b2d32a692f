import { expect, test } from 'vitest'
import { parseNpy } from './npy.ts'

// Written by NumPy's own numpy.lib.format.write_array.
const fortran =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAABAQAAAgD8AAIBAAAAAQAAAoEA='
const second =
  'k05VTVBZAgB0AAAAeydkZXNjcic6ICc8aTgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAAAAAP7/////////'
const scalar =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoB'

test('the reader of the tests turns Fortran order into row-major order', () => {
  const { shape, data } = parseNpy(Buffer.from(fortran, 'base64'))
  expect(shape).toEqual([2, 3])
  expect([...data]).toEqual([0, 1, 2, 3, 4, 5])
})

test('it reads version 2, whole numbers and a single value', () => {
  expect([...parseNpy(Buffer.from(second, 'base64')).data]).toEqual([1n, -2n])
  expect(parseNpy(Buffer.from(scalar, 'base64'))).toEqual({ type: 'b1', shape: [], data: Uint8Array.of(1) })
})

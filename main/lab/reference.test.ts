import { expect, it } from 'vitest'
import { labNames } from './index.ts'

const names = labNames()

it('says of everything the lab has what it does, in one line', () => {
  expect(names.filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([])
  expect(names.filter(({ doc }) => !/^\S.*[.…]$/.test(doc)).map(({ name }) => name)).toEqual([])
})

it('lists everything once, with its parameters', () => {
  const listed = names.map(({ name }) => name)
  expect(listed.filter((name, i) => listed.indexOf(name) !== i)).toEqual([])
  const of = (name: string) => names.find((entry) => entry.name === name)
  expect(of('np.reshape')).toMatchObject({ kind: 'function', signature: "(a, shape, order='C')" })
  expect(of('ndarray.mean')).toMatchObject({
    kind: 'method',
    signature: expect.stringMatching(/^\(axis=None, /) as string,
  })
  expect(of('ndarray.shape')).toMatchObject({ kind: 'attribute', signature: '' })
  expect(of('print')).toMatchObject({ kind: 'function', signature: '(*values, sep=…, end=…, file=…, flush=…)' })
  expect(of('for')).toMatchObject({ kind: 'keyword', signature: '' })
})

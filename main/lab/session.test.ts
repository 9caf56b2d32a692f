import { expect, test } from 'vitest'
import { finish } from '../../shared/steps.ts'
import { openLab, startCell } from '../../tests/support/lab.ts'

const photo = { shape: [4, 5, 3], data: Uint8Array.from({ length: 60 }, (_, i) => i) } as const
const other = { shape: [4, 5, 3], data: new Uint8Array(60) } as const

function notebook() {
  const session = openLab()
  return (code: string, image: typeof photo | typeof other = photo) => {
    const { output, error, variables } = finish(startCell(session, code, new Map([['a.png', image]])))
    expect(error).toBeNull()
    return { output, baseOfPart: variables.find(({ name }) => name === 'part')?.array?.view?.base }
  }
}

test('a view of the photo that an earlier cell made still has it as its base', () => {
  const run = notebook()
  run('part = image[1:3]')
  expect(run('print(part.base is image)')).toEqual({ output: 'True\n', baseOfPart: 'image' })
})

test('a photo that a cell has written into, or given another shape, is whole again in the next', () => {
  const run = notebook()
  run('part = image[1:3]; image[:] = 0')
  expect(run('print(image.sum(), part.sum())')).toEqual({ output: '1770 0\n', baseOfPart: null })
  run('image.shape = (60,)')
  expect(run('print(image.shape)').output).toBe('(4, 5, 3)\n')
  run('image = 7')
  expect(run('print(image.sum())').output).toBe('1770\n')
})

test('another photo of the same size is another array', () => {
  const run = notebook()
  run('part = image[1:3]')
  expect(run('print(part.base is image, image.sum())', other).output).toBe('False 0\n')
})

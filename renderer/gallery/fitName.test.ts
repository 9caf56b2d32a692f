import { expect, test } from 'vitest'
import { fitName } from './fitName.ts'

const measure = (text: string) => Array.from(text).length * 10

test('a name that fits is left alone', () => {
  expect(fitName('short.png', 90, measure)).toBe('short.png')
})
test('a longer one keeps its beginning and its end and fills the room', () => {
  expect(fitName('IMG_20210103.jpg', 120, measure)).toBe('IMG_…103.jpg')
})
test('where there is room for the end alone, the end stays', () => {
  expect(fitName('IMG_20210103.jpg', 20, measure)).toBe('…103.jpg')
})
test('letters outside the basic plane are not cut in two', () => {
  expect(fitName('🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈.png', 100, measure)).toBe('🐈🐈…🐈🐈🐈.png')
})

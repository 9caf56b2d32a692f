import { expect, test } from 'vitest'
import { paragraphsOf } from './richText.ts'

test('blank lines part paragraphs, backticks and stars mark code and bold', () => {
  expect(paragraphsOf('One `x[0]` is **not `y`**.\n still one\n\n \nTwo')).toEqual([
    [
      { kind: 'plain', text: 'One ' },
      { kind: 'code', text: 'x[0]' },
      { kind: 'plain', text: ' is ' },
      { kind: 'bold', text: 'not `y`' },
      { kind: 'plain', text: '.\n still one' },
    ],
    [{ kind: 'plain', text: 'Two' }],
  ])
})

test('marks without a partner, and markup, stand for themselves', () => {
  expect(paragraphsOf('2 ** 3 ` <b>')).toEqual([[{ kind: 'plain', text: '2 ** 3 ` <b>' }]])
})

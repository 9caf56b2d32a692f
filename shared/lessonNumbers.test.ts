import { expect, test } from 'vitest'
import type { Explanation, Formula, Page, Reading, Term } from './explain.ts'
import { numbersOf } from './lessonNumbers.ts'

const place = { row: 3, column: 5, channel: 0 }
const reading = (input: number, index = 0): Reading => ({ index, place, picture: null, input })
const page = <T>(items: readonly T[]): Page<T> => ({ total: items.length, order: 'layer', first: 0, items })
const whole = (sum: number, count: number) => ({ first: 0, count, sum, lanes: [], halves: [] })

function told(formula: Formula, value: number, shape: readonly number[] = [8, 8, 1]): string {
  const explanation = { place, shape, value, formula } as unknown as Explanation
  return numbersOf(explanation, (x) => x.toFixed(2))
}

function sum(weights: readonly number[] | null, part: Partial<Extract<Formula, { kind: 'sum' }>> = {}): Formula {
  const terms = [1, 2, 3, 4].map((input, i): Term => ({
    ...reading(input, i),
    weight: weights?.[i] ?? 1,
    product: input * (weights?.[i] ?? 1),
  }))
  const total = terms.reduce((all, { product }) => all + product, 0)
  return {
    kind: 'sum',
    weighted: weights !== null,
    window: [2, 2, 1],
    terms: page(terms),
    addition: whole(total, 4),
    bias: null,
    divisor: null,
    counted: null,
    ...part,
  }
}

test('a mean is told by what was added and by how many it was divided', () => {
  expect(told(sum(null, { divisor: 4 }), 2.5)).toBe(
    'Here, at row 3, column 5: the mean of 4 numbers: together 10.00, divided by 4 is 2.50.',
  )
})

test('weights that are all one share of the whole make a mean; others are weights of their own; the bias is told', () => {
  expect(told(sum([0.25, 0.25, 0.25, 0.25]), 2.5)).toContain(
    'the same weight, which makes it their mean, add up to 2.50.',
  )
  expect(told(sum([1, 0, 0, -1], { bias: 0.5 }), -2.5)).toBe(
    'Here, at row 3, column 5: 4 numbers, each times a weight of its own, add up to -3.00; with the bias 0.50 that is -2.50.',
  )
  expect(told(sum([1, 0, 0, -1], { bias: 0 }), -3)).not.toContain('bias')
})

test('a maximum tells how many others leave no trace', () => {
  const candidates = page([reading(0.5), reading(0.75, 1), reading(0.25, 2)])
  const maximum = { kind: 'maximum', window: null, candidates, winner: candidates.items[1]! } as const
  expect(told({ ...maximum, ties: 1 }, 0.75)).toContain('0.75 is the largest of 3 places; the other 2 leave no trace.')
  expect(told({ ...maximum, ties: 2 }, 0.75)).toContain('the other one leaves no trace.')
  expect(told({ ...maximum, ties: 3 }, 0.75)).toContain('all are equally large.')
})

test('a function, a move, padding, a share and a byte each have their sentence', () => {
  expect(told({ kind: 'function', reading: reading(-1), steps: [], slope: 0 }, 0)).toContain('-1.00 becomes 0.00.')
  expect(told({ kind: 'function', reading: reading(1), steps: [], slope: 1 }, 1)).toContain('1.00 stays as it is.')
  expect(told({ kind: 'move', reading: reading(4), rule: '' }, 4)).toContain('4.00 came here unchanged.')
  expect(told({ kind: 'move', reading: { ...reading(0), place: null }, rule: '' }, 0)).toContain('a filler of 0.00')
  const own = { ...reading(1), shifted: -1, exponential: Math.exp(-1) }
  const top = { ...reading(2, 1), shifted: 0, exponential: 1 }
  const total = 1 + Math.exp(-1)
  const softmax: Formula = {
    kind: 'softmax',
    own,
    shift: top,
    exponentials: page([own, top]),
    addition: whole(total, 2),
    total,
  }
  expect(told(softmax, own.exponential / total, [2])).toBe(
    'Here, at element 0: the logit 1.00, 1.00 below the largest, gets 0.37 of 1.37 among 2 numbers: a share of 0.27.',
  )
  expect(told({ ...softmax, own: top }, 1 / total, [2])).toContain('the logit 2.00, the largest of all, gets 1.00')
  expect(told({ kind: 'photo', scaling: [], grey: [], byte: 51, samples: [] }, 0.2)).toContain(
    'the byte 51 of 0 to 255 becomes 0.20.',
  )
})

/** The lesson in the numbers of one element of this very run: what its formula did there, in a sentence or two. */

import type { Explanation, Formula, Place, SumFormula } from './explain.ts'

/** `write` says how numbers are written. */
export function numbersOf(explanation: Explanation, write: (value: number) => string): string {
  const { place, shape, value, formula } = explanation
  return `Here, at ${placeName(place, shape.length === 3)}: ${told(formula, value, write)}`
}

function placeName({ row, column, channel }: Place, picture: boolean): string {
  return picture ? `row ${row}, column ${column}` : `element ${channel}`
}

function told(formula: Formula, value: number, write: (value: number) => string): string {
  switch (formula.kind) {
    case 'sum':
      return toldSum(formula, value, write)
    case 'maximum': {
      const { candidates, winner, ties } = formula
      const others = candidates.total - ties
      const rest =
        others === 0
          ? 'all are equally large.'
          : `${others === 1 ? 'the other one leaves' : `the other ${others} leave`} no trace.`
      return `${write(winner.input)} is the largest of ${count(candidates.total, 'place')}; ${rest}`
    }
    case 'function': {
      const { input } = formula.reading
      return input === value ? `${write(input)} stays as it is.` : `${write(input)} becomes ${write(value)}.`
    }
    case 'move':
      return formula.reading.place === null
        ? `a filler of ${write(value)}, which the photo never had.`
        : `${write(value)} came here unchanged.`
    case 'softmax': {
      const { own, shift, exponentials, total } = formula
      const lead = own.index === shift.index ? 'the largest of all' : `${write(-own.shifted)} below the largest`
      return `the logit ${write(own.input)}, ${lead}, gets ${write(own.exponential)} of ${write(total)} among ${count(exponentials.total, 'number')}: a share of ${write(value)}.`
    }
    case 'photo':
      return `the byte ${formula.byte} of 0 to 255 becomes ${write(value)}.`
  }
}

function toldSum(formula: SumFormula, value: number, write: (value: number) => string): string {
  const { weighted, terms, addition, bias, divisor } = formula
  const numbers = count(terms.total, 'number')
  if (!weighted && divisor !== null) {
    return `the mean of ${numbers}: together ${write(addition.sum)}, divided by ${divisor} is ${write(value)}.`
  }
  const [first] = terms.items
  const equal =
    first !== undefined &&
    terms.items.length === terms.total &&
    terms.items.every((term) => term.weight === first.weight)
  const mean = equal && Math.abs(first.weight * terms.total - 1) < 1e-9
  const weights = !weighted
    ? ''
    : mean
      ? ', each times the same weight, which makes it their mean'
      : ', each times a weight of its own'
  const offset = bias === null || bias === 0 ? '' : `; with the bias ${write(bias)} that is ${write(value)}`
  return `${numbers}${weights}, add up to ${write(addition.sum)}${offset}.`
}

function count(total: number, noun: string): string {
  return `${total.toLocaleString('en')} ${noun}${total === 1 ? '' : 's'}`
}

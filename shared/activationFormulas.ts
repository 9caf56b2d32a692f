/** The formula of each activation function, and what is its own. */

import type { ActivationName } from './layers/pointwise.ts'
import { brackets, call, fraction, i, math, n, o, row } from './mathml.ts'

type Own = Readonly<Record<'formula' | 'formulaText' | 'explanation' | 'lookFor', string>>

const x = i('x')
const exponential = (power: string): string => `<msup>${i('e')}${power}</msup>`
const minusX = row(o('−'), x)
const lessOne = row(exponential(x), o('−'), n('1'))
/** One value where x is 0 or more, another where it is less. */
const cases = (from: string, below: string): string =>
  row(
    o('{'),
    `<mtable><mtr><mtd>${from}</mtd><mtd>${row(x, o('≥'), n('0'))}</mtd></mtr>`,
    `<mtr><mtd>${below}</mtd><mtd>${row(x, o('<'), n('0'))}</mtd></mtr></mtable>`,
  ).replace('<mo><</mo>', '<mo>&lt;</mo>')
const f = (...body: readonly string[]): string => math(call('f', x), o('='), ...body)

export const activationFormulas: Readonly<Record<ActivationName, Own>> = {
  relu: {
    formula: f(call('max', n('0'), x)),
    formulaText: 'f(x) = max(0, x)',
    explanation:
      'The rectified linear unit keeps what is positive and sets the rest to 0. It is the cheapest bend there is, and the bend is the point: without one, a stack of convolutions would be no more than one big convolution. After an edge kernel it keeps the edges of one side, dark to light, and drops those of the other.',
    lookFor:
      'Compare the histogram with the one before: everything left of 0 now stands on 0. Which parts of the picture went silent, and which stayed?',
  },
  leakyRelu: {
    formula: f(cases(x, row(i('α'), x))),
    formulaText: 'f(x) = x where x ≥ 0, α·x where x < 0',
    explanation:
      'Like ReLU, but what is negative still leaks through, α times as strong (0.01 unless you say otherwise). A unit that is always negative would teach a ReLU network nothing; the leak lets it recover.',
    lookFor:
      'The negative side is not gone but faint: at α = 0.01 a hundredth of what it was. Read it off the histogram.',
  },
  elu: {
    formula: f(cases(x, row(i('α'), brackets(lessOne)))),
    formulaText: 'f(x) = x where x ≥ 0, α·(exp(x) − 1) where x < 0',
    explanation:
      'The exponential linear unit is the identity above 0 and bends smoothly towards −α below. Negative values keep a sign, so the mean stays nearer to 0, but however negative they are they never pull harder than −α.',
    lookFor: 'No value is below −α. Strongly negative places, which differed before, now look alike.',
  },
  selu: {
    formula: f(i('γ'), cases(x, row(i('α'), brackets(lessOne)))),
    formulaText: 'f(x) = γ·x where x ≥ 0, γ·α·(exp(x) − 1) where x < 0',
    explanation:
      'An ELU with two constants (γ ≈ 1.0507, α ≈ 1.6733) chosen so that, with suitable weights, values with mean 0 and variance 1 keep mean 0 and variance 1 from layer to layer. The network then normalises itself.',
    lookFor: 'Positive values grow by 5 %; none is below −1.758.',
  },
  gelu: {
    formula: f(x, o('·'), call('Φ', x)),
    formulaText: 'f(x) = x·Φ(x), with Φ(x) the share of a normal distribution below x',
    explanation:
      'The Gaussian error linear unit multiplies each value by the share of a standard normal distribution that lies below it: near 0 for very negative values, one half at 0, near 1 for large ones. It is a ReLU with a soft corner, the usual choice in transformers. Here it is the exact one, not the tanh approximation.',
    lookFor: 'Values just below 0 stay a little negative, down to −0.17 near x = −0.75; far below they are 0.',
  },
  sigmoid: {
    formula: f(fraction(n('1'), row(n('1'), o('+'), exponential(minusX)))),
    formulaText: 'f(x) = 1 / (1 + exp(−x))',
    explanation:
      'Any number becomes one between 0 and 1, with 0 in the middle at 0.5, so that it can be read as a probability or a gate. Far from 0 the curve is flat: large values can hardly be told apart any more, and a deep network learns slowly through it.',
    lookFor: 'Everything lies between 0 and 1. Where the input is small, the picture is nearly an even 0.5.',
  },
  hardSigmoid: {
    formula: f(call('max', n('0'), call('min', n('1'), row(i('α'), x, o('+'), i('β'))))),
    formulaText: 'f(x) = max(0, min(1, α·x + β))',
    explanation:
      'A sigmoid drawn with a ruler: a straight line of slope α through β (0.2 and 0.5 unless you say otherwise), held at 0 and 1. It needs no exponential, which suits small devices.',
    lookFor: 'Beyond ±2.5 everything is exactly 0 or 1: look for the two bars at the ends of the histogram.',
  },
  hardSwish: {
    formula: f(
      x,
      o('·'),
      call('max', n('0'), call('min', n('1'), row(fraction(x, n('6')), o('+'), fraction(n('1'), n('2'))))),
    ),
    formulaText: 'f(x) = x·max(0, min(1, x/6 + 1/2))',
    explanation:
      'Each value is multiplied by a hard sigmoid of itself: 0 below −3, unchanged above 3, and a parabola in between. MobileNetV3 uses it as a cheap stand-in for swish, x times its sigmoid.',
    lookFor: 'Small negative values survive, at most −0.375 deep at x = −1.5; below −3 nothing is left.',
  },
  tanh: {
    formula: f(
      fraction(row(exponential(x), o('−'), exponential(minusX)), row(exponential(x), o('+'), exponential(minusX))),
    ),
    formulaText: 'f(x) = (exp(x) − exp(−x)) / (exp(x) + exp(−x))',
    explanation:
      'Any number becomes one between −1 and 1, and its sign stays. Near 0 the curve is almost the identity; far away it is flat, so strong values are squeezed together.',
    lookFor: 'The colours of the two sides stay, but strong places lose their differences near −1 and 1.',
  },
}

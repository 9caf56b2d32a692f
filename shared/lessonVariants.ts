/** What a lesson says otherwise for the way a layer is set up: its formula must be the one that was computed. */

import { activationFormulas } from './activationFormulas.ts'
import type { LayerKind, LayerSpec, SpecOf } from './layers/index.ts'
import { activationNames } from './layers/pointwise.ts'
import { call, fraction, gap, i, lines, math, n, o, output, picture, row, sub, yx, yxc } from './mathml.ts'

export interface Lesson {
  readonly name: string
  /** MathML, a whole `<math>` element. */
  readonly formula: string
  /** The same formula on one plain line. */
  readonly formulaText: string
  readonly explanation: string
  readonly lookFor: string
}

type Variant = Partial<Lesson>

/** Of the kinds whose lesson depends on their options; functions, since what they read stands below. */
const variants: { readonly [K in LayerKind]?: (spec: SpecOf<K>) => Variant } = {
  input: (spec) => inputVariant(spec),
  activation: (spec) => ({ name: activationNames[spec.function], ...activationFormulas[spec.function] }),
  pool2d: (spec) => poolVariants[spec.operation],
  globalPool: (spec) => globalPoolVariants[spec.operation],
  flip: (spec) => flipVariants[spec.direction],
  rotate90: (spec) => rotateVariants[((spec.turns % 4) + 4) % 4]!,
  pad: (spec) => ({ explanation: padExplanations[spec.mode] }),
}

export function variantOf(spec: LayerSpec): Variant {
  const variant = variants[spec.kind] as ((spec: LayerSpec) => Variant) | undefined
  return variant?.(spec) ?? {}
}

const colourWords = {
  mean: 'turned grey as the mean of red, green and blue',
  luma: 'turned grey by BT.601 luma (green counts most, blue least)',
  rgb: 'kept in red, green and blue',
} as const

/** After the resize and the colours a photo is still bytes, r; the range makes numbers of them. */
const r = sub(i('r'), ...yxc)
const ranges = {
  unit: {
    right: fraction(r, n('255')),
    text: 'r[y, x, c] / 255',
    words: 'its bytes (0 to 255) are divided by 255, so that black is 0 and white is 1',
  },
  signed: {
    right: row(fraction(r, n('127.5')), o('−'), n('1')),
    text: 'r[y, x, c] / 127.5 − 1',
    words:
      'its bytes (0 to 255) are divided by 127.5, less 1, so that black is −1, white is 1 and middle grey is near 0',
  },
  standard: {
    right: fraction(row(r, o('/'), n('255'), o('−'), sub(i('μ'), i('c'))), sub(i('σ'), i('c'))),
    text: '(r[y, x, c] / 255 − μ[c]) / σ[c]',
    words:
      'its bytes (0 to 255) are divided by 255, less the mean μ given, and divided by the standard deviation σ given, so that a value equal to the mean is 0; black is −μ/σ and white (1 − μ)/σ',
  },
} as const

function inputVariant(spec: SpecOf<'input'>): Variant {
  const { size } = spec
  const range = ranges[spec.range.type]
  const resized = size === 'original' ? i('photo') : call('resize', i('photo'))
  const resizedText = size === 'original' ? 'photo' : 'resize(photo)'
  const grey = spec.colour !== 'rgb'
  const how = size === 'original' ? 'kept at its own size' : `resized to ${size.width}×${size.height}`
  return {
    formula: lines([output, row(o('='), range.right)], [i('r'), row(o('='), grey ? call('grey', resized) : resized)]),
    formulaText: `out[y, x, c] = ${range.text}, with r = ${grey ? `grey(${resizedText})` : resizedText}`,
    explanation: `A network does not see a photo; it sees numbers in an array. The photo is ${how} and ${colourWords[spec.colour]}; then ${range.words}. Every later layer works on these numbers alone: what is lost here is lost for good.`,
  }
}

const tap = sub(i('in'), i('s'), i('y'), o('+'), i('u'), o(','), i('s'), i('x'), o('+'), i('v'), o(','), i('c'))
const overWindow = (name: string): string => `<munder>${i(name)}${row(i('u'), o(','), i('v'))}</munder>`

const poolVariants: Readonly<Record<SpecOf<'pool2d'>['operation'], Variant>> = {
  max: {
    name: 'Max pooling',
    formulaText: 'out[y, x, c] = max over u, v of in[s·y + u, s·x + v, c]',
    explanation:
      'Each window is replaced by its largest value. A 2×2 window moved by 2 leaves a quarter of the values, so later layers see further and compute less. Max pooling asks “was the feature here at all?”; where exactly in the window no longer counts.',
  },
  average: {
    name: 'Average pooling',
    formula: math(output, o('='), overWindow('mean'), gap, tap),
    formulaText: 'out[y, x, c] = mean over u, v of in[s·y + u, s·x + v, c]',
    explanation:
      'Each window is replaced by the mean of its values. A 2×2 window moved by 2 leaves a quarter of the values, so later layers see further and compute less. Average pooling asks “how much of the feature was there?”, where max pooling asks whether it was there at all.',
    lookFor:
      'The picture gets coarser and softer: a thin line, dark or bright, fades into what is around it. Compare the range with that of the stage before: means lie further inside than maxima.',
  },
}

const globalPoolVariants: Readonly<Record<SpecOf<'globalPool'>['operation'], Variant>> = {
  average: {
    name: 'Global average pooling',
    formulaText: 'out[c] = 1 / (H · W) · Σ over y, x of in[y, x, c]',
    explanation:
      'Each channel becomes a single number: its mean over the whole picture. It no longer matters where a feature was, only how strongly it was there, and pictures of any size give a vector of the same length.',
  },
  max: {
    name: 'Global max pooling',
    formula: math(sub(i('out'), i('c')), o('='), `<munder>${i('max')}${row(...yx)}</munder>`, gap, picture),
    formulaText: 'out[c] = max over y, x of in[y, x, c]',
    explanation:
      'Each channel becomes a single number: its largest value over the whole picture. It no longer matters where a feature was, only that it was there, and pictures of any size give a vector of the same length.',
  },
}

const flipVariants: Readonly<Record<SpecOf<'flip'>['direction'], Variant>> = {
  horizontal: { formulaText: 'out[y, x, c] = in[y, W − 1 − x, c]' },
  vertical: {
    formula: math(output, o('='), sub(i('in'), i('H'), o('−'), n('1'), o('−'), i('y'), o(','), i('x'), o(','), i('c'))),
    formulaText: 'out[y, x, c] = in[H − 1 − y, x, c]',
    lookFor: 'Flip, then look at the stages below: a symmetric kernel answers in the mirror, Sobel y changes its sign.',
  },
}

const sides = 'Height and width change places. Edges that Sobel x found are now found by Sobel y.'
/** By quarter turns counter-clockwise. */
const rotateVariants: readonly Variant[] = [
  {
    formula: math(output, o('='), picture),
    formulaText: 'four turns: out[y, x, c] = in[y, x, c]',
    lookFor: 'Whole turns change nothing: the values under the pointer equal those of the layer before.',
  },
  { lookFor: sides },
  {
    formula: lines(
      [output, o('=')],
      [
        row(),
        sub(
          i('in'),
          i('H'),
          o('−'),
          n('1'),
          o('−'),
          i('y'),
          o(','),
          i('W'),
          o('−'),
          n('1'),
          o('−'),
          i('x'),
          o(','),
          i('c'),
        ),
      ],
    ),
    formulaText: 'two turns: out[y, x, c] = in[H − 1 − y, W − 1 − x, c]',
    lookFor: 'Height and width stay. Sobel x and Sobel y find the same edges as before, with their signs changed.',
  },
  {
    formula: math(output, o('='), sub(i('in'), i('H'), o('−'), n('1'), o('−'), i('x'), o(','), i('y'), o(','), i('c'))),
    formulaText: 'three turns: out[y, x, c] = in[H − 1 − x, y, c]',
    lookFor: sides,
  },
]

const padWhy = 'Rows and columns are added around the picture, so that a window can later stand on its very edge.'
const padExplanations: Readonly<Record<SpecOf<'pad'>['mode'], string>> = {
  constant: `${padWhy} Here they hold one fixed value, which draws a frame the photo never had; mirroring at the edge would hide the seam better.`,
  edge: `${padWhy} Here they repeat the outermost pixels, which leaves no step at the seam but draws streaks.`,
  reflect: `${padWhy} Here they mirror the picture at its edge without repeating the edge itself, which hides the seam best.`,
}

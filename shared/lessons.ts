/** What each layer teaches: its name, its formula, what it does to a picture, and what to look for. */

import type { LayerKind, LayerSpec } from './layers/index.ts'
import { variantOf, type Lesson } from './lessonVariants.ts'
import {
  brackets,
  call,
  fraction,
  gap,
  i,
  lines,
  math,
  n,
  o,
  output,
  picture,
  row,
  sub,
  sum,
  yx,
  yxc,
} from './mathml.ts'

export const lessons: Readonly<Record<LayerKind, Lesson>> = {
  input: {
    name: 'Input',
    formula: math(output, o('='), fraction(sub(i('photo'), ...yxc), n('255'))),
    formulaText: 'out[y, x, c] = photo[y, x, c] / 255',
    explanation:
      'A network does not see a photo; it sees numbers in an array of fixed size. The photo is resized, turned grey if the layer says so, and its bytes (0 to 255) become fractions, so that black is 0 and white is 1. Every later layer works on these numbers alone: what is lost here is lost for good.',
    lookFor:
      'Compare it with the original. Which details survived the smaller size, and would you still recognise the subject? Hover a pixel and read the number the network receives.',
  },
  crop: {
    name: 'Crop',
    formula: math(
      output,
      o('='),
      sub(i('in'), i('y'), o('+'), i('top'), o(','), i('x'), o('+'), i('left'), o(','), i('c')),
    ),
    formulaText: 'out[y, x, c] = in[y + top, x + left, c]',
    explanation:
      'A rectangle is cut out and everything else is dropped; the values inside stay exactly what they were. In training, crops at random places teach a network that an object is the same object wherever it stands.',
    lookFor: 'Is what matters still inside the frame? The values under the pointer equal those of the layer before.',
  },
  pad: {
    name: 'Pad',
    formula: lines(
      [sub(i('out'), i('y'), o('+'), i('top'), o(','), i('x'), o('+'), i('left'), o(','), i('c')), row()],
      [row(o('='), picture, gap, `<mtext>inside,</mtext>`), row()],
      [`<mtext>a filler outside</mtext>`, row()],
    ),
    formulaText: 'out[y + top, x + left, c] = in[y, x, c] inside, a filler outside',
    explanation:
      'Rows and columns are added around the picture, so that a window can later stand on its very edge. The filler is one fixed value, or the edge pixels repeated, or the picture mirrored at its edge. A fixed value draws a frame the photo never had; mirroring hides the seam best.',
    lookFor: 'Look along the old edge. Would the next convolution take the seam for an edge of the subject?',
  },
  flip: {
    name: 'Flip',
    formula: math(output, o('='), sub(i('in'), i('y'), o(','), i('W'), o('−'), n('1'), o('−'), i('x'), o(','), i('c'))),
    formulaText: 'out[y, x, c] = in[y, W − 1 − x, c] (horizontal); in[H − 1 − y, x, c] (vertical)',
    explanation:
      'The picture is mirrored: left and right change places, or top and bottom. No value changes, only its place. A mirrored cat is still a cat, which is why flipping doubles a training set for free; a mirrored letter often is not the same letter.',
    lookFor: 'Flip, then look at the stages below: a symmetric kernel answers in the mirror, Sobel x changes its sign.',
  },
  rotate90: {
    name: 'Rotate',
    formula: math(output, o('='), sub(i('in'), i('x'), o(','), i('W'), o('−'), n('1'), o('−'), i('y'), o(','), i('c'))),
    formulaText: 'one turn: out[y, x, c] = in[x, W − 1 − y, c]',
    explanation:
      'The picture is turned counter-clockwise by quarter turns. Quarter turns move pixels without mixing them, so nothing is blurred and four turns give the first picture back; any other angle would have to invent values between pixels.',
    lookFor:
      'Height and width change places after an odd number of turns. Edges that Sobel x found are now found by Sobel y.',
  },
  brighten: {
    name: 'Brighten',
    formula: lines(
      [output, row(o('='), i('min'), o('('), i('high'), o(','))],
      [row(), row(call('max', i('low'), row(picture, o('+'), i('amount'))), o(')'))],
    ),
    formulaText: 'out[y, x, c] = min(high, max(low, in[y, x, c] + amount))',
    explanation:
      'The same amount is added to every value, and what goes past the ends is held there: white stays white. Doing this with 8-bit bytes and no clipping is a famous trap: a uint8 counts modulo 256, so 250 + 10 becomes 4 and the brightest sky turns black.',
    lookFor:
      'Watch the right end of the histogram: values piled up at the highest one have been clipped, and the differences between them are gone.',
  },
  paint: {
    name: 'Paint',
    formula: lines(
      [row(output, o('=')), `<mtext>the value painted last,</mtext>`],
      [row(), row(picture, gap, `<mtext>where none is</mtext>`)],
    ),
    formulaText: 'out[y, x, c] = the value painted last over (y, x, c), in[y, x, c] where nothing is painted',
    explanation:
      'Some elements are replaced by hand, and everything below is computed again. A network cannot tell a painted number from one of the photo, so the difference it makes further down shows exactly what depends on that element, and how strongly.',
    lookFor:
      'Paint one pixel and show the difference to the unpainted run: it spreads by the size of each kernel, shrinks where values are pooled, and ends where a maximum or a ReLU does not let it through.',
  },
  conv2d: {
    name: 'Convolution',
    formula: lines(
      [sub(i('out'), ...yx, o(','), i('f')), row(o('='), sub(i('b'), i('f')), o('+'))],
      [
        row(),
        row(
          sum(i('u'), o(','), i('v'), o(','), i('c')),
          sub(i('in'), i('s'), i('y'), o('+'), i('u'), o(','), i('s'), i('x'), o('+'), i('v'), o(','), i('c')),
          o('·'),
          sub(i('k'), i('f'), o(','), i('u'), o(','), i('v'), o(','), i('c')),
        ),
      ],
    ),
    formulaText: 'out[y, x, f] = Σ over u, v, c of in[s·y + u, s·x + v, c] · k[f, u, v, c] + b[f]',
    explanation:
      'A small window slides over the picture. At each place, every value under it is multiplied by the kernel’s number on top of it, and all products are added to one new value. The same few numbers are used everywhere, so a kernel that answers to an edge finds that edge wherever it is. (Kernels are not mirrored first: strictly this is cross-correlation, which deep learning calls convolution.)',
    lookFor:
      'Bright places are where the picture looks like the kernel. Kernels that add up to 0 leave flat areas at 0; on the diverging scale, the two colours are the two sides of an edge. The outermost rows see the padding’s zeros.',
  },
  activation: {
    name: 'Activation',
    formula: math(output, o('='), call('f', picture)),
    formulaText: 'out[y, x, c] = f(in[y, x, c])',
    explanation:
      'Every value goes through the same curve, on its own. Without it, a stack of convolutions would be no more than one big convolution; the bend in the curve is what lets depth add anything. ReLU, the best known, keeps what is positive and sets the rest to 0.',
    lookFor:
      'Compare the histogram with the one before: ReLU moves everything left of 0 onto 0. Which parts of the picture went silent, and which stayed?',
  },
  batchNorm: {
    name: 'Batch normalisation',
    formula: math(
      output,
      o('='),
      sub(i('γ'), i('c')),
      o('·'),
      fraction(
        row(picture, o('−'), sub(i('μ'), i('c'))),
        `<msqrt>${row(`<msubsup>${i('σ')}${i('c')}${n('2')}</msubsup>`, o('+'), i('ε'))}</msqrt>`,
      ),
      o('+'),
      sub(i('β'), i('c')),
    ),
    formulaText: 'out[y, x, c] = γ[c] · (in[y, x, c] − μ[c]) / √(σ²[c] + ε) + β[c]',
    explanation:
      'Each channel is shifted and stretched so that the values a network saw in training had mean 0 and variance 1; then γ and β let it choose another scale. At inference mean and variance are fixed numbers, so the layer is one multiplication and one addition a value. It keeps the signals of a deep network from growing or fading layer by layer.',
    lookFor:
      'The picture keeps its form; only its scale moves. Read the legend and the histogram rather than the shades, which look the same when the scale follows the values.',
  },
  pool2d: {
    name: 'Pooling',
    formula: math(
      output,
      o('='),
      `<munder>${i('max')}${row(i('u'), o(','), i('v'))}</munder>`,
      gap,
      sub(i('in'), i('s'), i('y'), o('+'), i('u'), o(','), i('s'), i('x'), o('+'), i('v'), o(','), i('c')),
    ),
    formulaText: 'out[y, x, c] = max over u, v of in[s·y + u, s·x + v, c]; average pooling takes the mean',
    explanation:
      'Each window is replaced by one number: its largest value, or its mean. A 2×2 window moved by 2 leaves a quarter of the values, so later layers see further and compute less. Max pooling asks “was the feature here at all?”, average pooling “how much of it was there?”.',
    lookFor:
      'The picture gets coarser, yet what stood out still does. Move the subject by one pixel in your mind: most maxima would not change. Thin dark lines disappear in max pooling, thin bright ones do not.',
  },
  globalPool: {
    name: 'Global pooling',
    formula: math(sub(i('out'), i('c')), o('='), fraction(n('1'), row(i('H'), o('·'), i('W'))), sum(...yx), picture),
    formulaText: 'out[c] = 1 / (H · W) · Σ over y, x of in[y, x, c]; global max pooling takes the largest',
    explanation:
      'Each channel becomes a single number: its mean, or its largest value, over the whole picture. It no longer matters where a feature was, only how strongly it was there, and pictures of any size give a vector of the same length.',
    lookFor: 'One number a channel. Which kernel answered most, and does that fit what the photo shows?',
  },
  flatten: {
    name: 'Flatten',
    formula: math(
      sub(i('out'), brackets(i('y'), o('·'), i('W'), o('+'), i('x')), o('·'), i('C'), o('+'), i('c')),
      o('='),
      picture,
    ),
    formulaText: 'out[(y · W + x) · C + c] = in[y, x, c]',
    explanation:
      'The picture is read out row by row into one long vector, because the layers that follow want a list of numbers. No value changes, but from here on nothing says which numbers were neighbours.',
    lookFor: 'The length is height × width × channels. Can you find the rows of the picture again among the numbers?',
  },
  dense: {
    name: 'Dense',
    formula: math(
      sub(i('z'), i('j')),
      o('='),
      sum(i('i')),
      sub(i('x'), i('i')),
      o('·'),
      sub(i('W'), i('i'), o(','), i('j')),
      o('+'),
      sub(i('b'), i('j')),
    ),
    formulaText: 'z[j] = Σ over i of x[i] · W[i, j] + b[j]',
    explanation:
      'Every output is a weighted vote of all inputs: each number of the vector times a weight of its own, all added. In a classifier there is one output a class, called its logit. With random weights, as here unless you give your own, the votes mean nothing yet; training is the search for weights that do.',
    lookFor:
      'How far the logits lie apart. They may be negative and need not add up to anything; softmax comes next for that.',
  },
  softmax: {
    name: 'Softmax',
    formula: math(
      sub(i('p'), i('j')),
      o('='),
      fraction(
        `<msup>${i('e')}${row(sub(i('z'), i('j')), o('−'), i('m'))}</msup>`,
        row(sum(i('k')), `<msup>${i('e')}${row(sub(i('z'), i('k')), o('−'), i('m'))}</msup>`),
      ),
      o(','),
      i('m'),
      o('='),
      call('max', i('z')),
    ),
    formulaText: 'p[j] = exp(z[j] − m) / Σ over k of exp(z[k] − m), with m = max(z)',
    explanation:
      'Logits become shares that are positive and add up to 1, so they can be read as probabilities. Only the differences between logits count: one that is 1 larger gets e ≈ 2.7 times the share. The largest is subtracted first, which changes nothing in the result but keeps the exponentials from overflowing.',
    lookFor:
      'Are the shares nearly equal? Then the network is guessing, as one with random weights should. A large share is confidence, not proof of being right.',
  },
  dropout: {
    name: 'Dropout',
    formula: math(output, o('='), picture),
    formulaText: 'out[y, x, c] = in[y, x, c] at inference',
    explanation:
      'In training this layer silences a random share of the values at every step, so that no part of the network can lean on one other part alone. When the network is used, as here, nothing is silenced and the values pass unchanged.',
    lookFor: 'Nothing changes, and that is the point: compare the numbers with those of the stage before.',
  },
}

/** The lesson of a layer as it is set up: about its own function, range, direction or mode. */
export function lessonOf(spec: LayerSpec): Lesson {
  return { ...lessons[spec.kind], ...variantOf(spec) }
}

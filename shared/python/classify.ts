/** Flatten, dense and softmax in Python. */

import { randomNormals } from '../random.ts'
import {
  arrayText,
  listParameter,
  numbersParameter,
  pythonNumber,
  pythonTuple,
  type LayerPython,
  type LayerStage,
  type Parameter,
  type PythonFunction,
} from './code.ts'

const flattenFunction: PythonFunction = {
  name: 'flatten',
  text: `def flatten(x):
    """Reads the picture out row by row, pixel by pixel, channel by channel, into one long vector."""
    return x.reshape(-1)`,
}

export const flatten: LayerPython<'flatten'> = {
  exact: () => true,
  numpy: () => ({ functions: [flattenFunction], lines: ['x = flatten(x)'] }),
  torch: ({ input }) => ({
    functions: [],
    // A vector is flat already.
    lines:
      input.length === 3
        ? ['x = x.permute(0, 2, 3, 1).reshape(1, -1)  # channels last, as the weights that follow expect']
        : [],
  }),
}

const denseFunction: PythonFunction = {
  name: 'dense',
  text: `def dense(x, weights, bias):
    """Every output is a weighted sum of all inputs and a bias: x @ weights + bias.

    weights is (inputs, outputs). np.sum adds in the same order everywhere; what @ does depends on the machine.
    """
    weights, bias = np.asarray(weights, x.dtype), np.asarray(bias, x.dtype)
    return np.array([np.sum(x * column, initial=0.0) for column in weights.T], x.dtype) + bias`,
}

function denseParameters({ spec, input }: LayerStage<'dense'>): readonly Parameter[] {
  const { weights, units, bias } = spec
  const shape = [input[0]!, units]
  const biases: Parameter =
    bias.length === 0 ? { name: 'bias', text: `np.zeros(${units})` } : listParameter('bias', bias)
  if (weights.type === 'values') {
    const values = weights.values.flat()
    return [numbersParameter('weights', shape, values, () => arrayText(values, units, shape)), biases]
  }
  const { seed, scale } = weights
  return [
    {
      name: 'weights',
      text: `${pythonNumber(scale)} * np.random.RandomState(${seed}).randn${pythonTuple(shape)}`,
      array: { shape, values: () => randomNormals(seed, input[0]! * units, scale) },
    },
    biases,
  ]
}

export const dense: LayerPython<'dense'> = {
  exact: () => true,
  numpy: (stage) => ({
    functions: [denseFunction],
    parameters: denseParameters(stage),
    lines: ['x = dense(x, weights, bias)'],
  }),
  torch: (stage) => ({
    functions: [],
    parameters: denseParameters(stage),
    lines: ['x = F.linear(x, tensor(weights).T, tensor(bias))'],
  }),
}

const softmaxFunction: PythonFunction = {
  name: 'softmax',
  text: `def softmax(x):
    """Turns numbers into shares that add up to 1; the largest is subtracted first, so that nothing overflows."""
    grown = np.exp(x - x.max())
    return grown / np.sum(grown)`,
}

export const softmax: LayerPython<'softmax'> = {
  exact: () => false,
  numpy: () => ({ functions: [softmaxFunction], lines: ['x = softmax(x)'] }),
  torch: () => ({ functions: [], lines: ['x = torch.softmax(x, dim=1)'] }),
}

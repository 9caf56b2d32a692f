/** Activations, batch normalisation and dropout in Python. */

import type { ActivationName } from '../layers/pointwise.ts'
import { rounder } from '../tensor.ts'
import {
  listParameter,
  pythonCall,
  pythonNumber,
  type LayerPython,
  type LayerStage,
  type PythonFunction,
} from './code.ts'

interface Curve {
  readonly function: PythonFunction
  /** Whether there is no exponential in it. */
  readonly exact: boolean
  /** Its parameters by their names in the spec, with their usual values. */
  readonly usual: Readonly<Partial<Record<'alpha' | 'beta' | 'gamma', number>>>
  /** The expression of `x` for PyTorch. */
  readonly torch: (parameter: Readonly<Record<'alpha' | 'beta' | 'gamma', string>>) => string
}

const curves: Readonly<Record<ActivationName, Curve>> = {
  relu: {
    function: {
      name: 'relu',
      text: `def relu(x):
    """Keeps what is positive, and sets the rest to 0."""
    return np.maximum(x, 0)`,
    },
    exact: true,
    usual: {},
    torch: () => 'F.relu(x)',
  },
  leakyRelu: {
    function: {
      name: 'leaky_relu',
      text: `def leaky_relu(x, alpha):
    """Keeps what is positive; the rest leaks through, alpha times as strong."""
    return np.where(x < 0, alpha * x, x)`,
    },
    exact: true,
    usual: { alpha: 0.01 },
    torch: ({ alpha }) => `F.leaky_relu(x, ${alpha})`,
  },
  elu: {
    function: {
      name: 'elu',
      text: `def elu(x, alpha):
    """Keeps what is positive, and bends smoothly towards -alpha below: alpha * (exp(x) - 1)."""
    return np.where(x < 0, alpha * np.expm1(np.minimum(x, 0)), x)`,
    },
    exact: false,
    usual: { alpha: 1 },
    torch: ({ alpha }) => `F.elu(x, ${alpha})`,
  },
  selu: {
    function: {
      name: 'selu',
      text: `def selu(x, alpha, gamma):
    """An ELU, gamma times as strong; the usual two constants keep mean 0 and variance 1 (Klambauer and others, 2017)."""
    return gamma * np.where(x < 0, alpha * np.expm1(np.minimum(x, 0)), x)`,
    },
    exact: false,
    usual: { alpha: 1.6732632423543772, gamma: 1.0507009873554805 },
    torch: ({ alpha, gamma }) => `${gamma} * F.elu(x, ${alpha})`,
  },
  gelu: {
    function: {
      name: 'gelu',
      imports: ['import math'],
      text: `def gelu(x):
    """Each value times the share of a normal distribution that lies below it (Hendrycks and Gimpel, 2016)."""
    share = 0.5 * np.vectorize(math.erfc)(-x * math.sqrt(0.5))
    return np.where(np.isneginf(x), 0, x) * share`,
    },
    exact: false,
    usual: {},
    torch: () => 'F.gelu(x)',
  },
  sigmoid: {
    function: {
      name: 'sigmoid',
      text: `def sigmoid(x):
    """Any number becomes one between 0 and 1; 0 becomes 0.5."""
    with np.errstate(over="ignore"):  # exp may become infinite, and 1 / infinity is 0
        return 1 / (1 + np.exp(-x))`,
    },
    exact: false,
    usual: {},
    torch: () => 'torch.sigmoid(x)',
  },
  hardSigmoid: {
    function: {
      name: 'hard_sigmoid',
      text: `def hard_sigmoid(x, alpha, beta):
    """A sigmoid drawn with a ruler: a straight line, held at 0 and 1."""
    return np.clip(alpha * x + beta, 0, 1)`,
    },
    exact: true,
    usual: { alpha: 0.2, beta: 0.5 },
    torch: ({ alpha, beta }) => `torch.clamp(${alpha} * x + ${beta}, 0, 1)`,
  },
  hardSwish: {
    function: {
      name: 'hard_swish',
      text: `def hard_swish(x):
    """Each value times a hard sigmoid of itself: 0 below -3, unchanged above 3."""
    return np.where(np.isneginf(x), 0, x) * np.clip(x / 6 + 0.5, 0, 1)`,
    },
    exact: true,
    usual: {},
    torch: () => 'F.hardswish(x)',
  },
  tanh: {
    function: {
      name: 'tanh',
      text: `def tanh(x):
    """Any number becomes one between -1 and 1, and keeps its sign."""
    return np.tanh(x)`,
    },
    exact: false,
    usual: {},
    torch: () => 'torch.tanh(x)',
  },
}

/** The parameters of the spec's own curve, as numbers that `dtype` can hold. */
function parametersOf({ spec, dtype }: LayerStage<'activation'>) {
  const round = rounder(dtype)
  const { usual } = curves[spec.function]
  return (['alpha', 'beta', 'gamma'] as const).flatMap((name) => {
    const value = usual[name]
    return value === undefined ? [] : [[name, pythonNumber(round(spec[name] ?? value))] as const]
  })
}

export const activation: LayerPython<'activation'> = {
  exact: (spec) => curves[spec.function].exact,
  numpy(stage) {
    const curve = curves[stage.spec.function].function
    const options = parametersOf(stage).map(([name, value]) => `${name}=${value}`)
    const single = stage.dtype === 'float32'
    const call = pythonCall(curve.name, [single ? 'x.astype(np.float64)' : 'x', ...options])
    return {
      functions: [curve],
      lines: single ? ['# The curve in float64, rounded once.', `x = ${call}.astype(np.float32)`] : [`x = ${call}`],
    }
  },
  torch(stage) {
    const { torch } = curves[stage.spec.function]
    const parameters = { alpha: '', beta: '', gamma: '', ...Object.fromEntries(parametersOf(stage)) }
    return { functions: [], lines: [`x = ${torch(parameters)}`] }
  },
}

const batchNormFunction: PythonFunction = {
  name: 'batch_norm',
  text: `def batch_norm(x, mean, variance, scale, offset, epsilon):
    """Shifts and stretches each channel by the mean and the variance that training found, then scales and shifts it again."""
    mean, variance, scale, offset = (np.asarray(values, x.dtype) for values in (mean, variance, scale, offset))
    return scale * (x - mean) / np.sqrt(variance + x.dtype.type(epsilon)) + offset`,
}

const batchNormLists = ['mean', 'variance', 'scale', 'offset'] as const

export const batchNorm: LayerPython<'batchNorm'> = {
  exact: () => true,
  numpy: ({ spec }) => ({
    functions: [batchNormFunction],
    parameters: batchNormLists.map((name) => listParameter(name, spec[name])),
    lines: [`x = batch_norm(x, mean, variance, scale, offset, epsilon=${pythonNumber(spec.epsilon)})`],
  }),
  torch: ({ spec, input }) => {
    const channels = input.at(-1)!
    // PyTorch wants a number for each channel.
    const each = (name: string) => `tensor(${name}).expand(${channels})`
    return {
      functions: [],
      parameters: batchNormLists.map((name) => listParameter(name, spec[name])),
      lines: [
        `x = ${pythonCall('F.batch_norm', [
          'x',
          each('mean'),
          each('variance'),
          each('scale'),
          each('offset'),
          `eps=${pythonNumber(spec.epsilon)}`,
        ])}`,
      ],
    }
  },
}

const dropoutFunction: PythonFunction = {
  name: 'dropout',
  text: `def dropout(x):
    """Silences some values in training; when the network is used, as here, nothing is."""
    return x`,
}

export const dropout: LayerPython<'dropout'> = {
  exact: () => true,
  numpy: () => ({ functions: [dropoutFunction], lines: ['x = dropout(x)'] }),
  torch: ({ spec }) => ({
    functions: [],
    lines: [`x = F.dropout(x, p=${pythonNumber(spec.rate)}, training=False)`],
  }),
}

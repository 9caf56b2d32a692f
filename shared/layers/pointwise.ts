/** Layers that change each value on its own: activations, batch normalisation, dropout. */

import * as v from 'valibot'
import { finite, impossible, option, type LayerDefinition } from './definition.ts'

export const activationNames = {
  relu: 'ReLU',
  leakyRelu: 'Leaky ReLU',
  elu: 'ELU',
  selu: 'SELU',
  gelu: 'GELU',
  sigmoid: 'Sigmoid',
  hardSigmoid: 'Hard sigmoid',
  hardSwish: 'Hard swish',
  tanh: 'Tanh',
} as const
export type ActivationName = keyof typeof activationNames

export const activationSchema = v.strictObject({
  kind: v.literal('activation'),
  function: option(
    v.picklist(Object.keys(activationNames) as ActivationName[]),
    'relu',
    'Function',
    'What is done to each value.',
    { labels: activationNames },
  ),
  alpha: option(
    v.nullable(finite),
    null,
    'Alpha',
    'Slope of leaky ReLU (0.01) and hard sigmoid (0.2), scale of ELU (1) and SELU (1.6733) below zero; left empty (null) for the usual value.',
  ),
  beta: option(v.nullable(finite), null, 'Beta', 'Value of hard sigmoid at zero; left empty (null) for the usual 0.5.'),
  gamma: option(v.nullable(finite), null, 'Gamma', 'Scale of SELU; left empty (null) for the usual 1.0507.'),
})
export type ActivationSpec = v.InferOutput<typeof activationSchema>

export const activation: LayerDefinition<ActivationSpec> = {
  kind: 'activation',
  schema: activationSchema,
  picture: 'map',
  group: 'features',
  title: (spec) => activationNames[spec.function],
  outputShape: (input) => input,
}

const perChannel = v.pipe(v.array(finite), v.minLength(1))

export const batchNormSchema = v.strictObject({
  kind: v.literal('batchNorm'),
  mean: option(perChannel, [0], 'Mean', 'Running mean, one a channel or one for all.'),
  variance: option(
    v.pipe(v.array(v.pipe(finite, v.minValue(0))), v.minLength(1)),
    [1],
    'Variance',
    'Running variance, one a channel or one for all.',
  ),
  scale: option(perChannel, [1], 'Scale (γ)', 'Multiplies the normalised value.'),
  offset: option(perChannel, [0], 'Offset (β)', 'Added last.'),
  epsilon: option(
    v.pipe(finite, v.minValue(0)),
    1e-5,
    'Epsilon',
    'Added to the variance so that the root is never of zero.',
  ),
})
export type BatchNormSpec = v.InferOutput<typeof batchNormSchema>

export const batchNorm: LayerDefinition<BatchNormSpec> = {
  kind: 'batchNorm',
  schema: batchNormSchema,
  picture: 'map',
  group: 'features',
  title: () => 'Batch norm',
  outputShape(input, spec) {
    const channels = input[input.length - 1]!
    for (const name of ['mean', 'variance', 'scale', 'offset'] as const) {
      const { length } = spec[name]
      if (length !== 1 && length !== channels)
        throw impossible(`${length} values of ${name} are given for ${channels} channels`)
    }
    if (spec.epsilon === 0 && spec.variance.includes(0)) throw impossible('a variance of 0 needs an epsilon above 0')
    return input
  },
  parameterCount: (input) => 4 * input[input.length - 1]!,
}

export const dropoutSchema = v.strictObject({
  kind: v.literal('dropout'),
  rate: option(
    v.pipe(finite, v.minValue(0), v.maxValue(1)),
    0.5,
    'Rate',
    'Share of values silenced in training; at inference nothing is.',
    { slider: { from: 0, to: 1, step: 0.05 } },
  ),
})
export type DropoutSpec = v.InferOutput<typeof dropoutSchema>

export const dropout: LayerDefinition<DropoutSpec> = {
  kind: 'dropout',
  schema: dropoutSchema,
  picture: 'map',
  group: 'features',
  title: () => 'Dropout',
  outputShape: (input) => input,
}

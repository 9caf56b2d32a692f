/** The layers of the head: flatten, dense, softmax. */

import * as v from 'valibot'
import { elementCount } from '../tensor.ts'
import { finite, fitList, impossible, option, part, positiveInteger, seed, type LayerDefinition } from './definition.ts'

export const flattenSchema = v.strictObject({ kind: v.literal('flatten') })
export type FlattenSpec = v.InferOutput<typeof flattenSchema>

export const flatten: LayerDefinition<FlattenSpec> = {
  kind: 'flatten',
  schema: flattenSchema,
  picture: 'map',
  group: 'classes',
  title: () => 'Flatten',
  outputShape: (input) => [elementCount(input)],
}

const weights = v.variant('type', [
  v.strictObject({
    type: v.literal('random'),
    seed,
    scale: part(v.optional(finite, 0.01), 'Scale', 'Standard deviation of the weights.', {
      slider: { from: 0, to: 0.1, step: 0.001 },
    }),
  }),
  v.strictObject({ type: v.literal('values'), values: v.pipe(v.array(v.array(finite)), v.minLength(1)) }),
])

export const denseSchema = v.strictObject({
  kind: v.literal('dense'),
  units: option(positiveInteger, 2, 'Units', 'Length of the output: one number a class.'),
  weights: option(
    weights,
    { type: 'random', seed: 0, scale: 0.01 },
    'Weights',
    'Random with a seed and a scale (scale · numpy.random.randn(inputs, units)), or numbers as [input][unit].',
    { labels: { random: 'Random', values: 'Given' } },
  ),
  bias: option(v.array(finite), [], 'Bias', 'One number a unit, added last; empty for none.'),
  classes: option(v.array(v.string()), [], 'Class names', 'One name a unit, in order; empty for class 0, class 1, …'),
})
export type DenseSpec = v.InferOutput<typeof denseSchema>

/** What a class is called that was given no name. */
const className = (unit: number) => `class ${unit}`

export const dense: LayerDefinition<DenseSpec> = {
  kind: 'dense',
  schema: denseSchema,
  picture: 'map',
  group: 'classes',
  title: (spec) => `Dense ${spec.units}`,
  outputShape(input, spec) {
    if (input.length !== 1)
      throw impossible(`dense needs a vector, but its input is ${input.join('×')}; put a flatten layer before it`)
    const inputs = input[0]!
    if (spec.weights.type === 'values') {
      const { values } = spec.weights
      if (values.length !== inputs || values.some((row) => row.length !== spec.units)) {
        throw impossible(`its weights must be ${inputs} rows (one an input) of ${spec.units} numbers (one a unit)`)
      }
    }
    for (const [name, length] of [
      ['biases', spec.bias.length],
      ['class names', spec.classes.length],
    ] as const) {
      if (length !== 0 && length !== spec.units) throw impossible(`${length} ${name} are given for ${spec.units} units`)
    }
    return [spec.units]
  },
  parameterCount: (input, spec) => input[0]! * spec.units + spec.bias.length,
  fit: (spec) => ({
    ...spec,
    bias: fitList(spec.bias, spec.units, () => 0),
    classes: fitList(spec.classes, spec.units, className),
  }),
  channelNames: (output, spec) =>
    Array.from({ length: output[0]! }, (_, unit) => spec.classes[unit] ?? className(unit)),
}

export const softmaxSchema = v.strictObject({ kind: v.literal('softmax') })
export type SoftmaxSpec = v.InferOutput<typeof softmaxSchema>

export const softmax: LayerDefinition<SoftmaxSpec> = {
  kind: 'softmax',
  schema: softmaxSchema,
  picture: 'map',
  group: 'classes',
  title: () => 'Softmax',
  outputShape(input) {
    if (input.length !== 1)
      throw impossible(`softmax needs a vector, but its input is ${input.join('×')}; put a flatten layer before it`)
    return input
  },
}

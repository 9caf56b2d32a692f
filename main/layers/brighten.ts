import { brighten as definition } from '../../shared/layers/geometry.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import { rounder, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { elementwise } from './elementwise.ts'
import { eachElement, StepNotes } from './explain.ts'
import type { Steps } from './steps.ts'

/**
 * out[…] = min(high, max(low, in[…] + amount))
 *
 * As `numpy.clip(x + amount, low, high)`; any shape. In float32 amount and bounds are float32 numbers.
 */
export function* brighten(input: Tensor, spec: SpecOf<'brighten'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const round = rounder(dtype)
  const [amount, low, high] = [round(spec.amount), round(spec.low), round(spec.high)]
  return yield* elementwise(input, definition.outputShape(input.shape, spec), dtype, (values) => {
    for (let i = 0; i < values.length; i++) values[i] = Math.min(high, Math.max(low, values[i]! + amount))
  })
}

export const brightenExplanation = eachElement<'brighten'>((spec, dtype) => {
  const round = rounder(dtype)
  const [amount, low, high] = [round(spec.amount), round(spec.low), round(spec.high)]
  return (x) => {
    const notes = new StepNotes()
    const added = notes.note('Add the amount', x + amount, x, ' + ', amount)
    const raised = notes.note('Not below the lowest', Math.max(low, added), 'max(', low, ', ', added, ')')
    const clipped = notes.note('Not above the highest', Math.min(high, raised), 'min(', high, ', ', raised, ')')
    notes.store(clipped, dtype)
    return { steps: notes.steps, slope: added > low && added < high ? 1 : 0 }
  }
})

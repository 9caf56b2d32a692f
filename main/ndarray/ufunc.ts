/** Elementwise functions: types meet, shapes broadcast, and the result lies in memory as its operands do. */

import { flatOf, fromFlat, NDArray, Scalar, unwrap, wideOf } from './array.ts'
import { inBlocks, type Types } from './blocks.ts'
import { broadcastShapes, broadcastView } from './broadcast.ts'
import { asOperand, type Operand } from './convert.ts'
import { bool, canCast, checkRange, type DType, dtypes, float64, floatFor, int8, promote, resultType } from './dtype.ts'
import { NumpyError, typeError, valueError } from './errors.ts'
import { type Operation, operations } from './numbers.ts'
import { type Flat, isWide, newDoubles, safe } from './storage.ts'
import type { Value } from './values.ts'

function unsupported(name: string): Error {
  return typeError(
    `ufunc '${name}' not supported for the input types, and the inputs could not be safely coerced to any supported ` +
      "types according to the casting rule ''safe''",
  )
}

function typesFor(name: string, operation: Operation, operands: readonly Operand[], scalars: boolean): Types {
  let input = resultType(operands)
  if (operation.type === 'compare') {
    // A Python int that does not fit is still compared by its value.
    if (input.integral) input = operands.reduce((type, { dtype }) => promote(type, dtype), input)
  } else if (operation.type !== 'float' && (operation.type !== 'divide' || scalars)) {
    for (const { array, weak } of operands) if (weak === 'int') checkRange(BigInt(array.at(0)), input)
  }
  if (input.kind === 'b') {
    if (operation.refusesBool !== undefined) throw typeError(operation.refusesBool)
    if (operation.widensBool || operation.type === 'shift') input = int8
    else if (operation.type === 'same' && (name === 'square' || name === 'reciprocal' || name === 'sign')) {
      throw unsupported(name)
    }
  }
  switch (operation.type) {
    case 'common':
    case 'same':
      return { input, output: input }
    case 'divide': {
      const output = input.kind === 'f' ? input : float64
      return { input: output, output }
    }
    case 'float': {
      const output = floatFor(input)
      return { input: output, output }
    }
    case 'compare':
    case 'logic':
    case 'test':
      return { input, output: bool }
    case 'bits':
    case 'shift':
      if (input.kind === 'f') throw unsupported(name)
      return { input, output: input }
  }
}

/** The order of axes in memory, outermost first, that suits all operands; where they disagree, C order wins. */
export function axisOrder(views: readonly NDArray[], ndim: number): number[] | null {
  const order = Array.from({ length: ndim }, (_, axis) => axis)
  const inner = (a: number, b: number): boolean => {
    let swap = false
    let open = true
    for (const { steps } of views) {
      const [outer, next] = [Math.abs(steps[a]!), Math.abs(steps[b]!)]
      if (outer === 0 || next === 0) continue
      if (next <= outer) swap = false
      else if (open) swap = true
      open = false
    }
    return swap
  }
  let changed = false
  for (let i = 1; i < ndim; i++) {
    for (let at = i; at > 0 && inner(order[at - 1]!, order[at]!); at--) {
      ;[order[at - 1], order[at]] = [order[at]!, order[at - 1]!]
      changed = true
    }
  }
  return changed ? order : null
}

function wideLoop(operation: Operation, a: NDArray, b: NDArray | null, unsigned: boolean): Flat {
  const wide = operation.wide!
  const x = wideOf(a, unsigned)
  const y = b === null ? x : wideOf(b, unsigned)
  for (let i = 0; i < x.length; i++) x[i] = wide(x[i]!, y[i]!)
  return x
}

function loop(operation: Operation, integral: boolean, x: Float64Array, y: Float64Array, out: Float64Array): void {
  const number = integral ? (operation.integer ?? operation.number) : operation.number
  const size = out.length
  if (operation.inputs === 1) for (let i = 0; i < size; i++) out[i] = number(x[i]!, 0)
  else if (x.length === 1 && size !== 1) {
    const left = x[0]!
    for (let i = 0; i < size; i++) out[i] = number(left, y[i]!)
  } else if (y.length === 1 && size !== 1) {
    const right = y[0]!
    for (let i = 0; i < size; i++) out[i] = number(x[i]!, right)
  } else for (let i = 0; i < size; i++) out[i] = number(x[i]!, y[i]!)
}

/** Whether doubles held the whole result. */
export function exact(out: Float64Array): boolean {
  for (const value of out) if (!(value < safe && value > -safe)) return false
  return true
}

function negativePower(operands: readonly Operand[]): boolean {
  const flat = flatOf(operands[1]!.array)
  return (flat as Float64Array).some((value) => value < 0)
}

/** The elementwise function of this name, over one operand or two. */
export function apply(name: string, values: readonly Value[], dtype: DType | null = null): NDArray | Scalar {
  const quick = values.length === 2 && dtype === null ? quickScalar(operations[name]!, values[0], values[1]) : null
  if (quick !== null) return quick
  const operands = values.map(asOperand)
  // ~ of truth values is `not`; of whole numbers it turns every bit.
  if (name === 'invert' && operands[0]!.dtype.kind === 'b') return apply('logical_not', values)
  const operation = operations[name]!
  const scalars = values.some((value) => value instanceof Scalar) && !values.some((value) => value instanceof NDArray)
  let types = typesFor(name, operation, operands, scalars)
  if (dtype !== null && types.output.kind !== 'b') types = { input: dtype, output: dtype }
  const shape = broadcastShapes(operands.map(({ array }) => array.shape))
  if (name === 'power' && types.input.integral && negativePower(operands)) {
    throw valueError('Integers to negative integer powers are not allowed.')
  }
  const plain = operands.every(({ array }) => array.ndim === 0 || array.contiguous)
  const order = plain
    ? null
    : axisOrder(
        operands.map(({ array }) => broadcastView(array, shape)!),
        shape.length,
      )
  const lengths = order === null ? shape : order.map((axis) => shape[axis]!)
  const views = operands.map(({ array }) => {
    if (array.size === 1 && !isWide(array.storage.data)) return array
    const view = broadcastView(array, shape)!
    return order === null ? view : view.transpose(order)
  })
  const result = inBlocks(name, operation, types, views, lengths) ?? compute(operation, types, views, lengths)
  if (order === null) return unwrap(result)
  const steps = order.map(() => 0)
  order.forEach((axis, i) => (steps[axis] = result.steps[i]!))
  result.steps = steps
  result.shape = shape
  return result
}

function compute(operation: Operation, types: Types, views: readonly NDArray[], shape: readonly number[]): NDArray {
  const { input, output } = types
  const flats = views.map(flatOf)
  const size = shape.reduce((product, length) => product * length, 1)
  const unsigned = input.kind === 'u'
  const wide = () => {
    const [a, b] = views.map((view) => broadcastView(view, shape)!)
    return fromFlat(wideLoop(operation, a!, b ?? null, unsigned), output, shape)
  }
  if (flats.some(isWide)) {
    if (input.integral && operation.wide !== undefined) return wide()
  }
  const [x, y] = flats.map((flat, i) => rounded(flat, views[i]!.dtype, input))
  const out = newDoubles(size)
  loop(operation, input.integral, x!, y ?? x!, out)
  if (output.integral && output.kind !== 'b' && operation.wide !== undefined && !exact(out)) return wide()
  if (output.wide && output.kind === 'u' && out.some((value) => value < 0)) return wide()
  return fromFlat(out, output, shape)
}

/** Doubles as the loop of type `input` sees them. */
function rounded(flat: Flat, from: DType, input: DType): Float64Array {
  const doubles = isWide(flat) ? Float64Array.from(flat as ArrayLike<bigint>, Number) : flat
  if (input === dtypes.float32 && from !== input && from.itemsize >= 4) return Float64Array.from(doubles, Math.fround)
  return doubles
}

function scalarNumber(value: Value): number | null {
  if (typeof value === 'number') return value
  return value instanceof Scalar && value.dtype === float64 ? (value.value as number) : null
}

/** Two float64 numbers, without arrays: loops in Python do this all the time. */
function quickScalar(operation: Operation, left: Value, right: Value): Scalar | null {
  const x = scalarNumber(left)
  const y = scalarNumber(right)
  if (x === null || y === null || (operation.type !== 'common' && operation.type !== 'divide')) return null
  return new Scalar(float64, operation.number(x, y))
}

/** @throws UFuncTypeError where results of a function have no place in an array of this type */
export function checkOutput(name: string, from: DType, to: DType): void {
  if (canCast(from, to, 'same_kind')) return
  throw new NumpyError(
    'UFuncTypeError',
    `Cannot cast ufunc '${name === 'true_divide' ? 'divide' : name}' output from dtype('${from.name}') ` +
      `to dtype('${to.name}') with casting rule 'same_kind'`,
  )
}

/** `x ** y`: exponents 2 and 0.5 are a square and a root, as NumPy's operator takes them. */
export function power(left: Value, right: Value): NDArray | Scalar {
  const exponent = typeof right === 'bigint' ? Number(right) : right
  const operand = asOperand(left)
  if (typeof exponent === 'number' && operand.array.ndim > 0 && operand.dtype.kind === 'f') {
    if (exponent === 2) return apply('square', [left])
    if (exponent === 0.5) return apply('sqrt', [left])
    if (exponent === -1) return apply('reciprocal', [left])
  }
  return apply('power', [left, right])
}

/** @throws AxisError as NumPy does */
export function normalAxis(axis: number, ndim: number): number {
  if (axis < -ndim || axis >= ndim) {
    throw new NumpyError('AxisError', `axis ${axis} is out of bounds for array of dimension ${ndim}`)
  }
  return axis < 0 ? axis + ndim : axis
}

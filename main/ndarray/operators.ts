/** Python's operators where one side is an array or a NumPy scalar. */

import { assign } from './assign.ts'
import type { NDArray } from './array.ts'
import { Scalar } from './array.ts'
import { asArray } from './convert.ts'
import { valueError } from './errors.ts'
import { matmul } from './linalg.ts'
import { apply, power, checkOutput } from './ufunc.ts'
import type { Value } from './values.ts'

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | '**'
  | '@'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='

export type UnaryOperator = '-' | '+' | '~'

const functions: Readonly<Record<Exclude<BinaryOperator, '@' | '**'>, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'true_divide',
  '//': 'floor_divide',
  '%': 'remainder',
  '&': 'bitwise_and',
  '|': 'bitwise_or',
  '^': 'bitwise_xor',
  '<<': 'left_shift',
  '>>': 'right_shift',
  '==': 'equal',
  '!=': 'not_equal',
  '<': 'less',
  '<=': 'less_equal',
  '>': 'greater',
  '>=': 'greater_equal',
}

/** `left operator right`: a new array, or a scalar where both are. */
export function binary(operator: BinaryOperator, left: Value, right: Value): NDArray | Scalar {
  if (operator === '@') return matmul(left, right)
  if (operator === '**') return power(left, right)
  return apply(functions[operator], [left, right])
}

/** `target operator= value`: in the array's own memory and dtype. */
export function inplace(operator: BinaryOperator, target: NDArray, value: Value): NDArray {
  const result = asArray(binary(operator, target, value))
  const { dtype } = target
  checkOutput(operator === '@' ? 'matmul' : operator === '**' ? 'power' : functions[operator], result.dtype, dtype)
  if (result.ndim > target.ndim || result.shape.some((n, i) => n !== target.shape[target.ndim - result.ndim + i])) {
    throw valueError(
      `non-broadcastable output operand with shape (${tight(target)}) doesn't match the broadcast shape (${tight(result)})`,
    )
  }
  assign(target, result)
  return target
}

function tight(a: NDArray): string {
  return a.ndim === 1 ? `${a.shape[0]!},` : a.shape.join(',')
}

export function unary(operator: UnaryOperator, value: Value): NDArray | Scalar {
  return apply(operator === '-' ? 'negative' : operator === '+' ? 'positive' : 'invert', [value])
}

/**
 * Whether `if a:` goes on.
 * @throws ValueError for an array of more than one element
 */
export function truth(value: NDArray | Scalar): boolean {
  if (value instanceof Scalar) return Number(value.value) !== 0
  if (value.size === 1) return Number(value.at(value.offset)) !== 0
  if (value.size === 0) {
    throw valueError(
      'The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.',
    )
  }
  throw valueError('The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()')
}

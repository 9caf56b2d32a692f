/** Python's operators where one side is an array or a NumPy scalar. */

import { assign } from './assign.ts'
import { fromFlat, NDArray, Scalar, sizeOf, unwrap } from './array.ts'
import { asArray } from './convert.ts'
import { bool } from './dtype.ts'
import { typeError, valueError } from './errors.ts'
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
  if (operator === '==' || operator === '!=') {
    // Nothing equals None or a text.
    const array = [left, right].find((value) => value instanceof NDArray || value instanceof Scalar)
    if (array !== undefined && [left, right].some((value) => value === null || typeof value === 'string')) {
      const { shape } = asArray(array)
      return unwrap(fromFlat(new Float64Array(sizeOf(shape)).fill(operator === '==' ? 0 : 1), bool, shape))
    }
  }
  if (left === null || right === null) throw unsupported(operator, left, right)
  return apply(functions[operator], [left, right])
}

/** As Python says it of the elements. */
function unsupported(operator: BinaryOperator, left: Value, right: Value): Error {
  const names = [left, right].map((value) => {
    if (value === null) return 'NoneType'
    const { kind } = asArray(value).dtype
    return kind === 'f' ? 'float' : kind === 'b' ? 'bool' : 'int'
  })
  const [first, second] = names
  return typeError(
    '<>'.includes(operator[0]!) && operator !== '<<' && operator !== '>>'
      ? `'${operator}' not supported between instances of '${first!}' and '${second!}'`
      : `unsupported operand type(s) for ${operator === '**' ? '** or pow()' : operator}: '${first!}' and '${second!}'`,
  )
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

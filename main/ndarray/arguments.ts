/** Reads arguments: sizes, axes, whole numbers. */

import { NDArray, Scalar } from './array.ts'
import { typeError, valueError } from './errors.ts'
import { normalAxis } from './ufunc.ts'
import { sequence, type Value } from './values.ts'

const kinds: Readonly<Record<string, string>> = { number: 'float', string: 'str', boolean: 'bool' }

function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (value instanceof NDArray) return 'numpy.ndarray'
  if (value instanceof Scalar) return `numpy.${value.dtype.name}`
  if (Array.isArray(value)) return 'list'
  return kinds[typeof value] ?? 'object'
}

/** @throws TypeError "'float' object cannot be interpreted as an integer" */
export function int(value: Value): number {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Scalar && value.dtype.integral) return Number(value.value)
  if (value instanceof NDArray && value.ndim === 0 && value.dtype.integral) return Number(value.at(value.offset))
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`)
}

/** @throws TypeError for what is no number */
export function float(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value)
  if (value instanceof Scalar) return Number(value.value)
  if (value instanceof NDArray && value.size === 1) return Number(value.at(value.offset))
  throw typeError(`must be real number, not ${typeName(value)}`)
}

/** One whole number or several: a shape, a list of axes. */
export function ints(value: Value): number[] {
  if (value instanceof NDArray) {
    if (value.ndim === 0) return [int(value)]
    const flat = value.copy()
    return Array.from({ length: flat.size }, (_, i) => Number(flat.at(i)))
  }
  const items = sequence(value)
  return items === null ? [int(value)] : items.map(int)
}

export function truthOf(value: Value): boolean {
  if (value instanceof Scalar) return Number(value.value) !== 0
  if (value === null) return false
  return typeof value === 'bigint' ? value !== 0n : Boolean(value)
}

/** The axes of `axis=`, ascending; null (all of them) for None. */
export function axes(value: Value, ndim: number): number[] | null {
  if (value === null) return null
  const list = ints(value).map((axis) => normalAxis(axis, ndim))
  if (new Set(list).size !== list.length) throw valueError("duplicate value in 'axis'")
  return list.sort((a, b) => a - b)
}

export function axis(value: Value, ndim: number): number {
  return normalAxis(int(value), ndim)
}

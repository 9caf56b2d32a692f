/** Arithmetic of sliding windows: padding, output size, and why a window does not fit. */

import { impossible, type Padding, type Sides } from './layers/definition.ts'

export interface Window {
  /** (height, width) of the window. */
  readonly size: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly dilation: readonly [number, number]
  readonly padding: Padding
  readonly ceil?: boolean
}

/** Zeros on each of the four sides; `same` is (k − 1) // 2 of the dilated window. */
export function paddingSides(window: Window): Sides {
  const { padding } = window
  if (padding === 'valid') return { top: 0, right: 0, bottom: 0, left: 0 }
  if (padding !== 'same') return padding
  const vertical = Math.floor((extent(window.size[0], window.dilation[0]) - 1) / 2)
  const horizontal = Math.floor((extent(window.size[1], window.dilation[1]) - 1) / 2)
  return { top: vertical, right: horizontal, bottom: vertical, left: horizontal }
}

/** Elements a dilated window spans: dilation · (k − 1) + 1. */
export function extent(size: number, dilation: number): number {
  return dilation * (size - 1) + 1
}

/**
 * Rows and columns of a sliding window's output: (n + padding − extent) // stride + 1.
 * With `ceil`, the last window may stick out, but must begin inside the input or its leading padding (as PyTorch and ONNX do).
 */
export function windowOutput(
  height: number,
  width: number,
  window: Window,
): { readonly height: number; readonly width: number; readonly sides: Sides } {
  const sides = paddingSides(window)
  const rows = extent(window.size[0], window.dilation[0])
  const columns = extent(window.size[1], window.dilation[1])
  if (rows > height + sides.top + sides.bottom || columns > width + sides.left + sides.right) {
    const padded = sides.top + sides.right + sides.bottom + sides.left > 0 ? ' with its padding' : ''
    throw impossible(`a ${rows}×${columns} window does not fit a ${height}×${width} input${padded}`)
  }
  return {
    height: positions(height, sides.top, sides.bottom, rows, window.stride[0], window.ceil ?? false),
    width: positions(width, sides.left, sides.right, columns, window.stride[1], window.ceil ?? false),
    sides,
  }
}

function positions(n: number, before: number, after: number, span: number, stride: number, ceil: boolean): number {
  const room = n + before + after - span
  if (!ceil) return Math.floor(room / stride) + 1
  const count = Math.ceil(room / stride) + 1
  return (count - 1) * stride >= n + before ? count - 1 : count
}

/** A tensor is a typed array and a shape, row-major; pictures are (height, width, channels). */

export type DType = 'uint8' | 'float32' | 'float64'
export type TensorData = Uint8Array | Float32Array | Float64Array
export type FloatData = Float32Array | Float64Array
export type FloatDType = 'float32' | 'float64'
/** Sizes of the axes, outermost first: (height, width, channels) for a picture, (n) for a vector. */
export type Shape = readonly number[]

export interface Tensor<D extends TensorData = TensorData> {
  readonly shape: Shape
  readonly data: D
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** A rectangle in element coordinates of a stage (or pixel coordinates of a photo). */
export interface Rect extends Size {
  readonly left: number
  readonly top: number
}

export function dtypeOf(data: TensorData): DType {
  if (data instanceof Float64Array) return 'float64'
  if (data instanceof Float32Array) return 'float32'
  return 'uint8'
}

export const bytesPerElement: Record<DType, number> = { uint8: 1, float32: 4, float64: 8 }

/** Number of elements of a shape; 1 for the empty shape. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, axis) => product * axis, 1)
}

/** (height, width, channels) of a picture-like shape; a vector counts as 1 × 1 × n. */
export function pictureShape(shape: Shape): readonly [height: number, width: number, channels: number] {
  if (shape.length === 3) return [shape[0]!, shape[1]!, shape[2]!]
  return [1, 1, elementCount(shape)]
}

/** A tensor of zeros. */
export function zeros(shape: Shape, dtype: FloatDType): Tensor<FloatData> {
  const count = elementCount(shape)
  return { shape, data: dtype === 'float64' ? new Float64Array(count) : new Float32Array(count) }
}

/** `64 × 64 × 4`: a shape as people read it, in the order of the code (height first). */
export function formatShape(shape: Shape): string {
  return shape.join('×')
}

/** Smallest and largest of the finite numbers; 0 and 0 where there is none. */
export function finiteRange(values: Float64Array): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return low > high ? [0, 0] : [low, high]
}

/** Rounds a number to what `dtype` can hold. */
export function rounder(dtype: DType): (value: number) => number {
  return dtype === 'float32' ? Math.fround : (value) => value
}

/** The shortest decimal that reads back as the very same number, in NumPy's own words where it is no number. */
export function formatNumberExactly(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

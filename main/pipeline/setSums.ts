/** Mean and standard deviation over many tensors of one shape, element by element, in whatever order they come. */

import type { SetSums } from '../../shared/batchState.ts'
import type { Steps } from '../layers/steps.ts'
import { elementCount, type Shape, type Tensor, type TensorData } from '../../shared/tensor.ts'

export function emptySums(shape: Shape): SetSums {
  return { shape, count: 0, planes: new Float64Array(4 * elementCount(shape)) }
}

/** Adds a tensor of the same shape. A value that is not finite makes the mean and deviation of its element NaN. */
export function addTensor(sums: SetSums, { data }: Tensor): void {
  sums.count++
  addValues(sums.planes, data)
}

const splitter = 2 ** 27 + 1

function addValues(planes: Float64Array, data: TensorData): void {
  const n = data.length
  for (let i = 0; i < n; i++) {
    const x = data[i]!
    const sum = planes[i]!
    const next = sum + x
    const back = next - sum
    planes[i] = next
    planes[n + i]! += sum - (next - back) + (x - back)
    const square = x * x
    const scaled = splitter * x
    const high = scaled - (scaled - x)
    const low = x - high
    const total = planes[2 * n + i]!
    const grown = total + square
    const added = grown - total
    planes[2 * n + i] = grown
    planes[3 * n + i]! +=
      total - (grown - added) + (square - added) + (high * high - square + 2 * high * low + low * low)
  }
}

/** Adds what others have added up. */
export function mergeSums(sums: SetSums, other: SetSums): void {
  sums.count += other.count
  const { planes } = sums
  const n = planes.length / 4
  for (const at of [0, 2 * n]) {
    for (let i = at; i < at + n; i++) {
      const a = planes[i]!
      const b = other.planes[i]!
      const next = a + b
      const back = next - a
      planes[i] = next
      planes[n + i]! += other.planes[n + i]! + (a - (next - back) + (b - back))
    }
  }
}

/** Of the population, as `numpy.std` has it: √(Σx²/n − (Σx/n)²), the difference taken with both rests. */
function deviationAt(planes: Float64Array, count: number, i: number): number {
  const n = planes.length / 4
  const sum = planes[i]! + planes[n + i]!
  const rest = planes[i]! - sum + planes[n + i]!
  const square = sum * sum
  const share = square / count
  const lost = square - share * count
  const shareRest = (lost - productRest(share, count) + productRest(sum, sum) + 2 * sum * rest) / count
  const squares = planes[2 * n + i]! + planes[3 * n + i]!
  const squaresRest = planes[2 * n + i]! - squares + planes[3 * n + i]!
  return Math.sqrt(Math.max(0, squares - share + (squaresRest - shareRest)) / count)
}

/** Elements made between two pauses. */
const pause = 1 << 15

/** Mean and standard deviation of each element; nothing may be added meanwhile. */
export function* setSteps(sums: SetSums): Steps<{
  readonly mean: Tensor<Float64Array>
  readonly std: Tensor<Float64Array>
}> {
  const { shape, count, planes } = sums
  const n = planes.length / 4
  const mean = new Float64Array(n)
  const std = new Float64Array(n)
  for (let first = 0; first < n; first += pause) {
    yield first / n
    const end = Math.min(n, first + pause)
    for (let i = first; i < end; i++) {
      mean[i] = (planes[i]! + planes[n + i]!) / count
      std[i] = deviationAt(planes, count, i)
    }
  }
  return { mean: { shape, data: mean }, std: { shape, data: std } }
}

/** a · b − fl(a · b), without error. */
function productRest(a: number, b: number): number {
  const [ah, al] = split(a)
  const [bh, bl] = split(b)
  return al * bl - (a * b - ah * bh - al * bh - ah * bl)
}

function split(value: number): readonly [high: number, low: number] {
  const scaled = splitter * value
  const high = scaled - (scaled - value)
  return [high, value - high]
}

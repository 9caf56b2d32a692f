import type { SpecOf } from '../../shared/layers/index.ts'
import { pool2d as definition } from '../../shared/layers/window.ts'
import { extent, windowOutput } from '../../shared/shapes.ts'
import { pictureShape, rounder, zeros, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { Band } from './band.ts'
import {
  maximum,
  valuesAt,
  windowAxes,
  windowsReach,
  windowTaps,
  type LayerExplanation,
  type LayerFormula,
  type Readings,
} from './explain.ts'
import { largestSteps } from './largest.ts'
import { part, type Steps } from './steps.ts'
import { pairwiseSum, pairwiseSum32, sumSteps } from './sum.ts'

/** Values read between two pauses: well under a millisecond. */
const pause = 1 << 17

/**
 * max: out[y, x, c] = the largest in[s·y + d·u − p, s·x + d·v − p, c] over u, v;  average: their mean
 *
 * with stride s, dilation d (max only) and padding p. Padded places never win a maximum. The mean is `numpy.mean` of
 * the window's elements of one channel: terms in (u, v) order, added pairwise, divided by their number. It leaves out
 * padded places unless they are to be counted, and always what ceil mode adds beyond the padding.
 * (height, width, channels) to (rows, columns, channels). Definition: ONNX MaxPool, AveragePool.
 */
export function* pool2d(input: Tensor, spec: SpecOf<'pool2d'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const output = zeros(definition.outputShape(input.shape, spec), dtype)
  const [height, width, channels] = pictureShape(input.shape)
  const [rows, columns] = pictureShape(output.shape)
  const { sides } = windowOutput(height, width, spec)
  const [kernelRows, kernelColumns] = spec.size
  const [strideY, strideX] = spec.stride
  const spans = [extent(kernelRows, spec.dilation[0]), extent(kernelColumns, spec.dilation[1])] as const
  // In ceil mode the last window may need columns beyond the padding.
  const right = Math.max(sides.right, (columns - 1) * strideX + spans[1] - sides.left - width)
  const max = spec.operation === 'max'
  const band = new Band(input, { ...sides, right }, spans[0], max ? -Infinity : 0)
  const rowOffsets = new Int32Array(kernelRows)
  const reads = kernelRows * kernelColumns * channels
  const chunk = Math.min(columns, Math.max(1, Math.floor(pause / reads)))
  const results = new Float64Array(chunk * channels)
  const pass: Pass = {
    data: band.data,
    rowOffsets,
    kernelColumns,
    channels,
    tapStep: spec.dilation[1] * channels,
    strideX,
    patch: new Float64Array(kernelRows * kernelColumns),
    single: dtype === 'float32',
    results,
  }
  const vertical = counted(height, sides.top, sides.bottom, spec.countIncludePad)
  const horizontal = counted(width, sides.left, sides.right, spec.countIncludePad)
  // The usual 2×2 windows are written out; for means, only where every place counts.
  const padded = right > 0 || sides.left > 0 || sides.top > 0 || (rows - 1) * strideY + spans[0] > height
  const four = kernelRows === 2 && kernelColumns === 2 && (max || (dtype === 'float64' && !padded))

  for (let y = 0; y < rows; y++) {
    const top = y * strideY
    yield* band.moveTo(top, y / rows)
    for (let u = 0; u < kernelRows; u++) rowOffsets[u] = band.offset(top + u * spec.dilation[0])
    for (let x = 0; x < columns; x += chunk) {
      const count = Math.min(chunk, columns - x)
      const firstRow = max ? 0 : Math.max(0, vertical.from - top)
      const lastRow = max ? kernelRows : Math.min(kernelRows, vertical.to - top)
      if (reads > pause) {
        const left = x * strideX
        const first = max ? 0 : Math.max(0, horizontal.from - left)
        const last = max ? kernelColumns : Math.min(kernelColumns, horizontal.to - left)
        const window = wideWindow(pass, left, { firstRow, lastRow, first, last }, max)
        yield* part(window, (y + x / columns) / rows, (y + (x + 1) / columns) / rows)
      } else if (four && max) largestOfFour(pass, x, count)
      else if (four) meansOfFour(pass, x, count)
      else if (max) largest(pass, x, count)
      else means(pass, x, count, firstRow, lastRow, horizontal.from, horizontal.to)
      output.data.set(count === chunk ? results : results.subarray(0, count * channels), (y * columns + x) * channels)
      yield (y + (x + count) / columns) / rows
    }
  }
  return output
}

/** The padded positions along one axis that an average counts: [from, to). */
function counted(n: number, before: number, after: number, padding: boolean): { from: number; to: number } {
  return padding ? { from: 0, to: before + n + after } : { from: before, to: before + n }
}

/** What the hot functions need; `results` gets (window, channel) values of `count` windows from column x on. */
interface Pass {
  readonly data: Float64Array
  /** Where each row of the window begins in `data`. */
  readonly rowOffsets: Int32Array
  readonly kernelColumns: number
  readonly channels: number
  readonly tapStep: number
  readonly strideX: number
  readonly patch: Float64Array
  /** Whether sums are rounded to float32. */
  readonly single: boolean
  readonly results: Float64Array
}

function largest(pass: Pass, x: number, count: number): void {
  const { data, rowOffsets, kernelColumns, channels, tapStep, strideX, results } = pass
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) {
      const at = (x + i) * strideX * channels + c
      let found = -Infinity
      for (let u = 0; u < rowOffsets.length; u++) {
        let from = rowOffsets[u]! + at
        // Math.max keeps not-a-number, as numpy.max does.
        for (let v = 0; v < kernelColumns; v++, from += tapStep) found = Math.max(found, data[from]!)
      }
      results[i * channels + c] = found
    }
  }
}

function largestOfFour(pass: Pass, x: number, count: number): void {
  const { data, channels, tapStep, results } = pass
  const step = pass.strideX * channels
  for (let c = 0; c < channels; c++) {
    let a = pass.rowOffsets[0]! + x * step + c
    let b = pass.rowOffsets[1]! + x * step + c
    for (let to = c; to < count * channels; to += channels) {
      results[to] = Math.max(Math.max(data[a]!, data[a + tapStep]!), Math.max(data[b]!, data[b + tapStep]!))
      a += step
      b += step
    }
  }
}

function meansOfFour(pass: Pass, x: number, count: number): void {
  const { data, channels, tapStep, results } = pass
  const step = pass.strideX * channels
  for (let c = 0; c < channels; c++) {
    let a = pass.rowOffsets[0]! + x * step + c
    let b = pass.rowOffsets[1]! + x * step + c
    for (let to = c; to < count * channels; to += channels) {
      // From +0 on, as every sum begins.
      results[to] = (0 + data[a]! + data[a + tapStep]! + data[b]! + data[b + tapStep]!) / 4
      a += step
      b += step
    }
  }
}

/** The means over the window's rows firstRow … lastRow − 1 and the padded columns from … to − 1. */
function means(
  pass: Pass,
  x: number,
  count: number,
  firstRow: number,
  lastRow: number,
  from: number,
  to: number,
): void {
  const { data, rowOffsets, kernelColumns, channels, strideX, patch, single, results } = pass
  for (let i = 0; i < count; i++) {
    const left = (x + i) * strideX
    const first = Math.max(left, from)
    const last = Math.min(left + kernelColumns, to)
    for (let c = 0; c < channels; c++) {
      let terms = 0
      for (let u = firstRow; u < lastRow; u++) {
        const row = rowOffsets[u]! + c
        for (let v = first; v < last; v++) patch[terms++] = data[row + v * channels]!
      }
      const sum = single ? pairwiseSum32(patch, 0, terms) : pairwiseSum(patch, 0, terms)
      results[i * channels + c] = sum / terms
    }
  }
}

/** The taps of a window that count: rows firstRow … lastRow − 1, columns first … last − 1. */
interface Taps {
  readonly firstRow: number
  readonly lastRow: number
  readonly first: number
  readonly last: number
}

/** One window of more values than fit between two pauses: its values are copied together, channel by channel. */
function* wideWindow(pass: Pass, left: number, taps: Taps, max: boolean): Steps<void> {
  const { rowOffsets, channels, tapStep, patch, results } = pass
  const dtype = pass.single ? 'float32' : 'float64'
  const count = (taps.lastRow - taps.firstRow) * (taps.last - taps.first)
  let work = 0
  for (let c = 0; c < channels; c++) {
    let to = 0
    for (let u = taps.firstRow; u < taps.lastRow; u++) {
      for (let v = taps.first; v < taps.last; v += pause) {
        const some = Math.min(pause, taps.last - v)
        take(pass.data, rowOffsets[u]! + left * channels + c + v * tapStep, tapStep, patch, to, some)
        to += some
        work += some
        if (work < pause) continue
        work = 0
        yield (c + (0.5 * to) / count) / channels
      }
    }
    const steps = max ? largestSteps(patch, count) : sumSteps(patch, dtype, 0, count)
    const found = yield* part(steps, (c + 0.5) / channels, (c + 1) / channels)
    results[c] = max ? found : found / count
  }
}

/** Copies `count` values that lie `step` apart. */
function take(from: Float64Array, at: number, step: number, to: Float64Array, first: number, count: number): void {
  for (let i = first; i < first + count; i++, at += step) to[i] = from[at]!
}

/** How the window moves along rows and columns, and which padded places of each an average counts. */
function axesOf(spec: SpecOf<'pool2d'>, height: number, width: number) {
  const { sides } = windowOutput(height, width, spec)
  const { vertical, horizontal } = windowAxes(spec, height, width)
  const { countIncludePad } = spec
  return {
    vertical: { ...vertical, counted: counted(height, sides.top, sides.bottom, countIncludePad) },
    horizontal: { ...horizontal, counted: counted(width, sides.left, sides.right, countIncludePad) },
  }
}

/** The mean of readings added in `dtype`, of a window with `places` places. */
export function meanOf(readings: Readings, dtype: FloatDType, places: number): LayerFormula {
  const { from, input } = readings
  const sum = (dtype === 'float32' ? pairwiseSum32 : pairwiseSum)(input, 0, input.length)
  let elements = 0
  // Not for…of, which over millions takes ten times as long.
  for (let i = 0; i < from.length; i++) if (from[i]! >= 0) elements++
  return {
    kind: 'sum',
    readings,
    weights: null,
    products: input,
    bias: null,
    divisor: input.length,
    counted: { elements, padding: input.length - elements, skipped: places - input.length },
    value: rounder(dtype)(sum / input.length),
  }
}

export const pool2dExplanation: LayerExplanation<'pool2d'> = {
  // eslint-disable-next-line require-yield -- nothing to prepare
  *explain(input, spec, dtype) {
    const [height, width, channels] = pictureShape(input.shape)
    const { vertical, horizontal } = axesOf(spec, height, width)
    const max = spec.operation === 'max'
    return ({ row, column, channel }) => {
      const rows = windowTaps(row, vertical, height).filter((_, u) => max || isCounted(row, u, vertical))
      const columns = windowTaps(column, horizontal, width).filter((_, v) => max || isCounted(column, v, horizontal))
      const from = Int32Array.from(
        rows.flatMap((y) => columns.map((x) => (y < 0 || x < 0 ? -1 : (y * width + x) * channels + channel))),
      )
      const values = valuesAt(input.data, from, max ? -Infinity : 0)
      const window = [rows.length, columns.length, 1] as const
      const readings = { from, input: values, window }
      if (!max) return meanOf(readings, dtype, spec.size[0] * spec.size[1])
      return maximum(
        readings,
        values.reduce((found, value) => Math.max(found, value), -Infinity),
      )
    }
  },
  reach(input, spec, { rows, columns, channels }) {
    const [height, width] = pictureShape(input)
    const { vertical, horizontal } = axesOf(spec, height, width)
    return { rows: windowsReach(rows, vertical, height), columns: windowsReach(columns, horizontal, width), channels }
  },
}

/** Whether a tap of the window at a position is a place that an average counts; averages have no dilation. */
function isCounted(position: number, tap: number, axis: { stride: number; counted: { from: number; to: number } }) {
  const padded = position * axis.stride + tap
  return padded >= axis.counted.from && padded < axis.counted.to
}

import type { SpecOf } from '../../shared/layers/index.ts'
import { conv2d as definition } from '../../shared/layers/window.ts'
import { extent, windowOutput } from '../../shared/shapes.ts'
import { pictureShape, zeros, type FloatData, type FloatDType, type Tensor } from '../../shared/tensor.ts'
import { Band } from './band.ts'
import { kernelSteps } from './kernels.ts'
import { part, type Steps } from './steps.ts'
import { pairwiseDot, pairwiseDot32 } from './sum.ts'

const { fround } = Math
/** Products between two pauses: well under a millisecond. */
const pause = 1 << 18

/**
 * out[y, x, f] = Σ over u, v, c of in[s·y + d·u − p, s·x + d·v − p, c] · k[f, u, v, c] + b[f]
 *
 * with stride s, dilation d and padding p; the input is 0 outside; c runs over the channels of the filter's group.
 * Kernels are not mirrored (cross-correlation, as in all deep learning libraries). The sum is
 * `np.sum(window * kernel)` of the zero-padded input: terms in (u, v, c) order, added pairwise, then the bias.
 * Input (height, width, channels), output (height, width, filters). Definition: ONNX Conv, NumPy add.reduce.
 */
export function* conv2d(input: Tensor, spec: SpecOf<'conv2d'>, dtype: FloatDType): Steps<Tensor<FloatData>> {
  const output = zeros(definition.outputShape(input.shape, spec), dtype)
  const [height, width, channels] = pictureShape(input.shape)
  const [rows, columns, filters] = pictureShape(output.shape)
  const { sides } = windowOutput(height, width, spec)
  const group = channels / spec.groups
  const kernels = yield* part(kernelSteps(spec, group), 0, 0)
  // The bias is added last, and +0 turns a sum of −0 into the +0 that a sum begins with.
  const bias = new Float64Array(filters)
  for (let filter = 0; filter < filters; filter++) bias[filter] = (spec.bias[filter] ?? 0) + 0
  if (dtype === 'float32') {
    kernels.set(Float32Array.from(kernels))
    bias.set(Float32Array.from(bias))
  }

  const [kernelRows, kernelColumns] = spec.size
  const taps = kernelRows * kernelColumns * group
  const band = new Band(input, sides, extent(kernelRows, spec.dilation[0]), 0)
  const rowOffsets = new Int32Array(kernelRows)
  const chunk = Math.min(columns, Math.max(1, Math.floor(pause / (taps * filters))))
  const results = new Float64Array(chunk * filters)
  const pass: Pass = {
    data: band.data,
    rowOffsets,
    columns: kernelColumns,
    tapStep: spec.dilation[1] * channels,
    windowStep: spec.stride[1] * channels,
    group,
    filtersPerGroup: filters / spec.groups,
    filters,
    kernels,
    bias,
    patch: new Float64Array(taps),
    results,
  }
  const nine = kernelRows === 3 && kernelColumns === 3 && group === 1
  const run = dtype === 'float64' ? (nine ? nineTaps : anyTaps) : nine ? nineTaps32 : anyTaps32

  for (let y = 0; y < rows; y++) {
    const top = y * spec.stride[0]
    band.moveTo(top)
    for (let u = 0; u < kernelRows; u++) rowOffsets[u] = band.offset(top + u * spec.dilation[0])
    for (let x = 0; x < columns; x += chunk) {
      const count = Math.min(chunk, columns - x)
      run(pass, x, count)
      const done = count === chunk ? results : results.subarray(0, count * filters)
      output.data.set(done, (y * columns + x) * filters)
      yield (y + x / columns) / rows
    }
  }
  return output
}

/** What the hot functions need; `results` gets (window, filter) values of `count` windows from column x on. */
interface Pass {
  readonly data: Float64Array
  /** Where each kernel row begins in `data`. */
  readonly rowOffsets: Int32Array
  readonly columns: number
  /** Distance in `data` between neighbouring taps of a row, and between neighbouring windows. */
  readonly tapStep: number
  readonly windowStep: number
  /** Channels of a group. */
  readonly group: number
  readonly filtersPerGroup: number
  readonly filters: number
  readonly kernels: Float64Array
  readonly bias: Float64Array
  readonly patch: Float64Array
  readonly results: Float64Array
}

/** Copies the window at `at` (its first value in each row) in (row, column, channel) order. */
function gather(pass: Pass, at: number): void {
  const { data, rowOffsets, columns, tapStep, group, patch } = pass
  let to = 0
  for (let u = 0; u < rowOffsets.length; u++) {
    let from = rowOffsets[u]! + at
    for (let v = 0; v < columns; v++) {
      for (let c = 0; c < group; c++) patch[to++] = data[from + c]!
      from += tapStep
    }
  }
}

function anyTaps(pass: Pass, x: number, count: number): void {
  const { patch, kernels, bias, results, filters, filtersPerGroup } = pass
  const taps = patch.length
  let to = 0
  for (let i = 0; i < count; i++) {
    for (let first = 0, at = (x + i) * pass.windowStep; first < filters; first += filtersPerGroup, at += pass.group) {
      gather(pass, at)
      for (let filter = first; filter < first + filtersPerGroup; filter++) {
        results[to++] = pairwiseDot(patch, 0, kernels, filter * taps, taps) + bias[filter]!
      }
    }
  }
}

function anyTaps32(pass: Pass, x: number, count: number): void {
  const { patch, kernels, bias, results, filters, filtersPerGroup } = pass
  const taps = patch.length
  let to = 0
  for (let i = 0; i < count; i++) {
    for (let first = 0, at = (x + i) * pass.windowStep; first < filters; first += filtersPerGroup, at += pass.group) {
      gather(pass, at)
      for (let filter = first; filter < first + filtersPerGroup; filter++) {
        results[to++] = fround(pairwiseDot32(patch, 0, kernels, filter * taps, taps) + bias[filter]!)
      }
    }
  }
}

/** Windows of 3×3 taps over one channel: the same sum written out. */
function nineTaps(pass: Pass, x: number, count: number): void {
  const { data, tapStep, windowStep, kernels, results, filters } = pass
  for (let filter = 0; filter < filters; filter++) {
    const k = filter * 9
    const k0 = kernels[k]!
    const k1 = kernels[k + 1]!
    const k2 = kernels[k + 2]!
    const k3 = kernels[k + 3]!
    const k4 = kernels[k + 4]!
    const k5 = kernels[k + 5]!
    const k6 = kernels[k + 6]!
    const k7 = kernels[k + 7]!
    const k8 = kernels[k + 8]!
    const bias = pass.bias[filter]!
    const start = x * windowStep + Math.floor(filter / pass.filtersPerGroup)
    let a = pass.rowOffsets[0]! + start
    let b = pass.rowOffsets[1]! + start
    let c = pass.rowOffsets[2]! + start
    const end = count * filters
    for (let to = filter; to < end; to += filters) {
      results[to] =
        data[a]! * k0 +
        data[a + tapStep]! * k1 +
        (data[a + 2 * tapStep]! * k2 + data[b]! * k3) +
        (data[b + tapStep]! * k4 + data[b + 2 * tapStep]! * k5 + (data[c]! * k6 + data[c + tapStep]! * k7)) +
        data[c + 2 * tapStep]! * k8 +
        bias
      a += windowStep
      b += windowStep
      c += windowStep
    }
  }
}

function nineTaps32(pass: Pass, x: number, count: number): void {
  const { data, tapStep, windowStep, kernels, results, filters } = pass
  for (let filter = 0; filter < filters; filter++) {
    const k = filter * 9
    const k0 = kernels[k]!
    const k1 = kernels[k + 1]!
    const k2 = kernels[k + 2]!
    const k3 = kernels[k + 3]!
    const k4 = kernels[k + 4]!
    const k5 = kernels[k + 5]!
    const k6 = kernels[k + 6]!
    const k7 = kernels[k + 7]!
    const k8 = kernels[k + 8]!
    const bias = pass.bias[filter]!
    const start = x * windowStep + Math.floor(filter / pass.filtersPerGroup)
    let a = pass.rowOffsets[0]! + start
    let b = pass.rowOffsets[1]! + start
    let c = pass.rowOffsets[2]! + start
    const end = count * filters
    for (let to = filter; to < end; to += filters) {
      const t01 = fround(fround(data[a]! * k0) + fround(data[a + tapStep]! * k1))
      const t23 = fround(fround(data[a + 2 * tapStep]! * k2) + fround(data[b]! * k3))
      const t45 = fround(fround(data[b + tapStep]! * k4) + fround(data[b + 2 * tapStep]! * k5))
      const t67 = fround(fround(data[c]! * k6) + fround(data[c + tapStep]! * k7))
      const eight = fround(fround(t01 + t23) + fround(t45 + t67))
      results[to] = fround(fround(eight + fround(data[c + 2 * tapStep]! * k8)) + bias)
      a += windowStep
      b += windowStep
      c += windowStep
    }
  }
}

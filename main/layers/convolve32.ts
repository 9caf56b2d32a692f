/** The functions of convolve.ts in float32: every product and every addition is rounded, as `pairwiseDot32` does. */

import { gather, type Pass } from './convolve.ts'
import { pairwiseDot32 } from './sum.ts'

const { fround } = Math

export function nineTaps32(pass: Pass, x: number, count: number): void {
  const { data, windowStep, kernels, results, filters } = pass
  const middle = pass.tapStep
  const right = 2 * pass.tapStep
  const end = count * filters
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
    for (let to = filter; to < end; to += filters) {
      results[to] = fround(
        fround(
          fround(
            fround(
              fround(fround(data[a]! * k0) + fround(data[a + middle]! * k1)) +
                fround(fround(data[a + right]! * k2) + fround(data[b]! * k3)),
            ) +
              fround(
                fround(fround(data[b + middle]! * k4) + fround(data[b + right]! * k5)) +
                  fround(fround(data[c]! * k6) + fround(data[c + middle]! * k7)),
              ),
          ) + fround(data[c + right]! * k8),
        ) + bias,
      )
      a += windowStep
      b += windowStep
      c += windowStep
    }
  }
}

export function anyTaps32(pass: Pass, x: number, count: number): void {
  const { data, offsets, kernels, bias, results, filters, filtersPerGroup, windowStep, group } = pass
  const taps = offsets.length
  let to = 0
  for (let window = x; window < x + count; window++) {
    let k = 0
    for (let filter = 0; filter < filters; filter++) {
      const at = window * windowStep + (filtersPerGroup === filters ? 0 : Math.floor(filter / filtersPerGroup) * group)
      let sum = fround(0)
      let i = 0
      if (taps >= 8) {
        let r0 = fround(data[at + offsets[0]!]! * kernels[k]!)
        let r1 = fround(data[at + offsets[1]!]! * kernels[k + 1]!)
        let r2 = fround(data[at + offsets[2]!]! * kernels[k + 2]!)
        let r3 = fround(data[at + offsets[3]!]! * kernels[k + 3]!)
        let r4 = fround(data[at + offsets[4]!]! * kernels[k + 4]!)
        let r5 = fround(data[at + offsets[5]!]! * kernels[k + 5]!)
        let r6 = fround(data[at + offsets[6]!]! * kernels[k + 6]!)
        let r7 = fround(data[at + offsets[7]!]! * kernels[k + 7]!)
        k += 8
        for (i = 8; i + 8 <= taps; i += 8, k += 8) {
          r0 = fround(r0 + fround(data[at + offsets[i]!]! * kernels[k]!))
          r1 = fround(r1 + fround(data[at + offsets[i + 1]!]! * kernels[k + 1]!))
          r2 = fround(r2 + fround(data[at + offsets[i + 2]!]! * kernels[k + 2]!))
          r3 = fround(r3 + fround(data[at + offsets[i + 3]!]! * kernels[k + 3]!))
          r4 = fround(r4 + fround(data[at + offsets[i + 4]!]! * kernels[k + 4]!))
          r5 = fround(r5 + fround(data[at + offsets[i + 5]!]! * kernels[k + 5]!))
          r6 = fround(r6 + fround(data[at + offsets[i + 6]!]! * kernels[k + 6]!))
          r7 = fround(r7 + fround(data[at + offsets[i + 7]!]! * kernels[k + 7]!))
        }
        sum = fround(
          sum + fround(fround(fround(r0 + r1) + fround(r2 + r3)) + fround(fround(r4 + r5) + fround(r6 + r7))),
        )
      }
      for (; i < taps; i++, k++) sum = fround(sum + fround(data[at + offsets[i]!]! * kernels[k]!))
      results[to++] = fround(sum + bias[filter]!)
    }
  }
}

export function gatheredTaps32(pass: Pass, x: number, count: number): void {
  const { patch, kernels, bias, results, filters, filtersPerGroup } = pass
  const taps = patch.length
  let to = 0
  for (let window = x; window < x + count; window++) {
    let k = 0
    for (let filter = 0; filter < filters; filter++) {
      if (filter % filtersPerGroup === 0) gather(pass, window, filter / filtersPerGroup)
      if (taps > 128) {
        const sum = pairwiseDot32(patch, 0, kernels, filter * taps, taps)
        results[to++] = fround(sum + bias[filter]!)
        continue
      }
      let sum = fround(0)
      let i = 0
      if (taps >= 8) {
        let r0 = fround(patch[0]! * kernels[k]!)
        let r1 = fround(patch[1]! * kernels[k + 1]!)
        let r2 = fround(patch[2]! * kernels[k + 2]!)
        let r3 = fround(patch[3]! * kernels[k + 3]!)
        let r4 = fround(patch[4]! * kernels[k + 4]!)
        let r5 = fround(patch[5]! * kernels[k + 5]!)
        let r6 = fround(patch[6]! * kernels[k + 6]!)
        let r7 = fround(patch[7]! * kernels[k + 7]!)
        k += 8
        for (i = 8; i + 8 <= taps; i += 8, k += 8) {
          r0 = fround(r0 + fround(patch[i]! * kernels[k]!))
          r1 = fround(r1 + fround(patch[i + 1]! * kernels[k + 1]!))
          r2 = fround(r2 + fround(patch[i + 2]! * kernels[k + 2]!))
          r3 = fround(r3 + fround(patch[i + 3]! * kernels[k + 3]!))
          r4 = fround(r4 + fround(patch[i + 4]! * kernels[k + 4]!))
          r5 = fround(r5 + fround(patch[i + 5]! * kernels[k + 5]!))
          r6 = fround(r6 + fround(patch[i + 6]! * kernels[k + 6]!))
          r7 = fround(r7 + fround(patch[i + 7]! * kernels[k + 7]!))
        }
        sum = fround(
          sum + fround(fround(fround(r0 + r1) + fround(r2 + r3)) + fround(fround(r4 + r5) + fround(r6 + r7))),
        )
      }
      for (; i < taps; i++, k++) sum = fround(sum + fround(patch[i]! * kernels[k]!))
      results[to++] = fround(sum + bias[filter]!)
    }
  }
}

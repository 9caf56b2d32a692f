/** The convolution and the exact resize alone, against SciPy and Pillow. */

import { nodeEnvironment } from '../main/engine/nodeChild.ts'
import { conv2d } from '../main/layers/conv2d.ts'
import { LegacyRandom } from '../shared/random.ts'
import { resample } from '../main/layers/resample.ts'
import { finish } from '../main/layers/steps.ts'
import { defaultLayer } from '../shared/pipeline.ts'
import type { SpecOf } from '../shared/layers/index.ts'
import { inProcess, printTable, pythonHas, pythonTimes, time, type Row } from './measure.ts'

const rounds = 3

/** Ours and theirs in turns, so that a machine that changes speed changes both. */
async function inTurns(repeats: number, ours: () => unknown, theirs: (() => number[]) | undefined) {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  for (let round = 0; round < rounds; round++) {
    times.ours.push(...(await time(repeats, ours)))
    if (theirs) times.theirs.push(...theirs())
  }
  return { ours: times.ours, theirs: theirs ? times.theirs : undefined }
}

/** In a process started as the compute process is, which decides what a new array costs. */
export async function benchKernels(): Promise<void> {
  const env = { ...process.env, ...nodeEnvironment() }
  if (env['GLIBC_TUNABLES'] === process.env['GLIBC_TUNABLES']) await measureKernels()
  else inProcess('kernels', env)
}

async function measureKernels(): Promise<void> {
  const random = new LegacyRandom(0)
  const scipy = pythonHas('scipy')
  const spec = defaultLayer('conv2d') as SpecOf<'conv2d'>
  const convolutions: Row[] = []
  for (const [height, width, repeats] of [
    [64, 64, 200],
    [1024, 1024, 20],
    [4000, 6000, 3],
  ] as const) {
    const data = Float64Array.from({ length: height * width }, () => random.rand())
    const image = { shape: [height, width, 1], data }
    const times = await inTurns(
      repeats,
      () => finish(conv2d(image, spec, 'float64')),
      scipy ? () => pythonTimes('kernels.py', 'convolve', height, width, repeats) : undefined,
    )
    convolutions.push({ what: `3×3, float64, ${height}×${width}`, ...times, goal: height < 1024 ? '' : '2× or more' })
  }
  printTable('Convolution alone', 'SciPy', convolutions)

  const pillow = pythonHas('PIL', 'numpy')
  const resizes: Row[] = []
  for (const channels of [1, 3] as const) {
    const data = Uint8Array.from({ length: 6000 * 4000 * channels }, () => random.rand() * 256)
    const photo = { shape: [4000, 6000, channels], data }
    const times = await inTurns(
      5,
      () => finish(resample(photo, { width: 64, height: 64 }, 'bicubic')),
      pillow ? () => pythonTimes('kernels.py', 'resize', 6000, 4000, channels, 5) : undefined,
    )
    resizes.push({ what: `24 megapixels to 64×64, ${channels === 1 ? 'grey' : 'RGB'}`, ...times, goal: '1× or more' })
  }
  printTable('Exact bicubic resize', 'Pillow', resizes)
}

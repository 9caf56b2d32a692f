/** Finished stages made of given numbers, for tests of figures and of saving. */

import type { ImageInfo } from '../../shared/api.ts'
import { parsePipeline } from '../../shared/pipeline.ts'
import { bytesPerElement, dtypeOf, type Tensor } from '../../shared/tensor.ts'
import type { FinishedRun } from '../../main/export/index.ts'
import type { FinishedStage } from '../../main/images/figure.ts'
import { finish } from '../../main/layers/steps.ts'
import { summarise } from '../../main/pipeline/summary.ts'

export function finishedStage(
  tensor: Tensor,
  known: Partial<FinishedStage['summary']> & Pick<FinishedStage['summary'], 'kind'>,
): FinishedStage {
  const dtype = dtypeOf(tensor.data)
  return {
    tensor,
    summary: {
      index: 0,
      title: 'A stage',
      shape: tensor.shape,
      dtype,
      parameters: 0,
      bytes: tensor.data.length * bytesPerElement[dtype],
      milliseconds: 0.25,
      cached: false,
      channelNames: [],
      picture: 'map',
      ...finish(summarise(tensor)),
      ...known,
    },
  }
}

/** A tensor whose value at flat index i is `value(i)`. */
export function tensorOf(shape: readonly number[], value: (index: number) => number): Tensor<Float64Array> {
  const count = shape.reduce((product, axis) => product * axis, 1)
  return { shape, data: Float64Array.from({ length: count }, (_, i) => value(i)) }
}

const image: ImageInfo = {
  id: 'ab'.repeat(32),
  name: 'photo.png',
  format: 'png',
  byteLength: 1234,
  width: 40,
  height: 30,
  channels: 3,
  space: 'rgb',
  depth: 8,
  orientation: 1,
  hasAlpha: false,
  hasProfile: false,
  pages: 1,
}

/** A small whole run: an 8×8 input, four signed maps, a flatten, logits and probabilities of two classes. */
export function finishedRun(): FinishedRun {
  const stages: FinishedStage[] = [
    finishedStage(
      tensorOf([8, 8, 1], (i) => i / 63),
      { kind: 'input', title: 'Input', picture: 'light', channelNames: ['Grey'] },
    ),
    finishedStage(
      tensorOf([8, 8, 4], (i) => Math.sin(i)),
      { kind: 'conv2d', title: 'Conv 3×3' },
    ),
    finishedStage(
      tensorOf([256], (i) => Math.sin(i)),
      { kind: 'flatten', title: 'Flatten' },
    ),
    finishedStage(
      { shape: [2], data: Float64Array.of(-0.5, 0.25) },
      { kind: 'dense', title: 'Dense 2', channelNames: ['cat', 'dog'] },
    ),
    finishedStage(
      { shape: [2], data: Float64Array.of(0.25, 0.75) },
      { kind: 'softmax', title: 'Softmax', channelNames: ['cat', 'dog'] },
    ),
  ].map((stage, index) => ({ ...stage, summary: { ...stage.summary, index } }))
  return {
    image,
    original: { shape: [30, 40, 3], data: Uint8Array.from({ length: 3600 }, (_, i) => i % 256) },
    pipeline: parsePipeline({
      version: 1,
      name: 'Small',
      layers: [
        { kind: 'input', size: { width: 8, height: 8 } },
        { kind: 'conv2d', filters: 4 },
        { kind: 'flatten' },
        { kind: 'dense', units: 2, classes: ['cat', 'dog'] },
        { kind: 'softmax' },
      ],
    }),
    stages,
  }
}

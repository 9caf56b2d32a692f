/** `manifest.json`: what was saved of one run, and everything needed to make it again. */

import type { LayerKind } from './layers/index.ts'
import type { Pipeline } from './pipeline.ts'
import type { DType, Shape } from './tensor.ts'

interface ManifestImage {
  /** File name without folders. */
  readonly name: string
  readonly sha256: string
  readonly byteLength: number
  /** Size with the EXIF orientation applied. */
  readonly width: number
  readonly height: number
  readonly format: string
}

export interface ManifestStage {
  readonly index: number
  readonly kind: LayerKind
  readonly title: string
  readonly shape: Shape
  readonly dtype: DType
  /** Statistics over the finite values; null where there is none. */
  readonly min: number | null
  readonly max: number | null
  readonly mean: number | null
  readonly std: number | null
  /** How many values are not a number, and how many infinite. */
  readonly nan: number
  readonly infinite: number
  readonly milliseconds: number
  /** Names in the folder of the manifest. */
  readonly files: readonly string[]
}

export interface Manifest {
  readonly program: 'LayerLoupe'
  readonly version: string
  readonly image: ManifestImage
  readonly pipeline: Pipeline
  readonly stages: readonly ManifestStage[]
  /** Only where the last layer is a softmax: the probability of each class, in the order of the classes. */
  readonly probabilities?: readonly { readonly name: string; readonly value: number | null }[]
  /** Figures of the whole run, in the folder of the manifest. */
  readonly figures: readonly string[]
  /** What was asked for. */
  readonly options: { readonly save: readonly string[]; readonly stage: number | null }
}

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
  /** Channels of the decoded photo: 1 (grey) or 3. */
  readonly channels: 1 | 3
  /** Bits a sample in the file; the decoded photo has 8, the high byte of more. */
  readonly depth: number
  /** EXIF orientation found and applied, 1 (none) to 8. */
  readonly orientation: number
  /** Whether the file has transparency, which was laid on the input layer's background. */
  readonly hasAlpha: boolean
  /** Whether the file has a colour profile; the input layer's `profile` says what was done with it. */
  readonly hasProfile: boolean
  /** Frames or pages in the file; the first was taken. */
  readonly pages: number
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

/** `manifest.json`: what was saved of one run, and everything needed to make it again. */

import type { ImageInfo, PlannedStage } from './api.ts'
import type { Pipeline } from './pipeline.ts'

/** What was known of the image, its id under the name of what it is. */
export interface ManifestImage extends Omit<ImageInfo, 'id'> {
  readonly sha256: string
}

export interface ManifestStage extends Pick<PlannedStage, 'index' | 'kind' | 'title' | 'shape' | 'dtype'> {
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

import type { ImageInfo, SaveKind, SavePart } from '../../shared/api.ts'
import type { FigureOptions } from '../../shared/figures.ts'
import type { Manifest, ManifestFile, ManifestStage } from '../../shared/manifest.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { elementCount } from '../../shared/tensor.ts'
import { version } from '../../shared/version.ts'
import type { FinishedStage } from '../images/figure.ts'

/** JSON has no NaN and no infinity. */
function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** What `manifest.json` says of a run and of the files that were written of it. */
export function buildManifest(
  run: { readonly image: ImageInfo; readonly pipeline: Pipeline; readonly stages: readonly FinishedStage[] },
  saved: {
    readonly save: readonly SaveKind[]
    readonly part: SavePart
    readonly figure: FigureOptions | null
    /** In the order they were asked for; those of no one stage with null. */
    readonly files: readonly (ManifestFile & { readonly stage: number | null; readonly kind: SaveKind })[]
  },
): Manifest {
  const { image, pipeline, stages } = run
  const { id: sha256, name, ...facts } = image
  const probabilities = probabilitiesOf(stages)
  const namesOf = (stage: number | null, isScript = false) =>
    saved.files
      .filter((file) => file.stage === stage && (stage !== null || (file.kind === 'script') === isScript))
      .map(({ name }) => name)
  return {
    program: 'LayerLoupe',
    version,
    image: { name, sha256, ...facts },
    pipeline,
    stages: stages.map(({ summary }) => describeStage(summary, namesOf(summary.index))),
    ...(probabilities ? { probabilities } : {}),
    figures: namesOf(null),
    scripts: namesOf(null, true),
    files: saved.files.map(({ name, sha256, byteLength }) => ({ name, sha256, byteLength })),
    options: {
      save: saved.save,
      figure: saved.figure,
      stage: saved.part.stage ?? null,
      channel: saved.part.channel ?? null,
      rect: saved.part.rect ?? null,
    },
  }
}

function describeStage(summary: FinishedStage['summary'], files: readonly string[]): ManifestStage {
  // A summary without a finite value has zeros in these places.
  const none = summary.nan + summary.infinite === elementCount(summary.shape)
  const known = (value: number) => (none ? null : finiteOrNull(value))
  return {
    index: summary.index,
    kind: summary.kind,
    title: summary.title,
    shape: summary.shape,
    dtype: summary.dtype,
    min: known(summary.min),
    max: known(summary.max),
    mean: known(summary.mean),
    std: known(summary.std),
    nan: summary.nan,
    infinite: summary.infinite,
    milliseconds: summary.milliseconds,
    files,
  }
}

/** The classes and their probabilities, where the last stage is a softmax. */
function probabilitiesOf(stages: readonly FinishedStage[]): Manifest['probabilities'] {
  const last = stages.at(-1)
  if (last?.summary.kind !== 'softmax') return undefined
  const names = last.summary.channelNames
  return Array.from(last.tensor.data, (value, i) => ({ name: names[i] ?? `class ${i}`, value: finiteOrNull(value) }))
}

/** `manifest.json` as text. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)
}

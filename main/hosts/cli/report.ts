/** One finished run as text for a person. */

import type { ImageInfo } from '../../../shared/api.ts'
import type { Manifest } from '../../../shared/manifest.ts'
import { formatShape } from '../../../shared/tensor.ts'
import { formatBar, formatBytes, formatCount, formatMilliseconds, formatNumber, formatTable } from './table.ts'

const barCells = 24
/** More classes than this are cut to the likeliest. */
const classesShown = 10

/** The picture, the stages with shapes and ranges, and the probabilities if the pipeline ends in some. */
export function describeRun(image: ImageInfo, manifest: Manifest): string {
  const time = manifest.stages.reduce((sum, stage) => sum + stage.milliseconds, 0)
  const parts = [
    `${image.name}: ${describeImage(image)}`,
    `${manifest.pipeline.name}: ${formatCount(manifest.stages.length, 'stage')} in ${formatMilliseconds(time)}. Shapes are height×width×channels.`,
    describeStages(manifest),
  ]
  if (manifest.probabilities) parts.push(describeClasses(manifest.probabilities))
  return parts.join('\n')
}

function describeImage(image: ImageInfo): string {
  const notes = [
    image.pages > 1 ? `the first of ${image.pages} pages or frames` : '',
    image.orientation > 1 ? 'turned upright as its EXIF says' : '',
    image.hasAlpha ? 'with transparency' : '',
    image.depth > 8 ? `${image.depth} bits a sample, reduced to 8` : '',
  ].filter(Boolean)
  const kind = `${image.width}×${image.height} ${image.format.toUpperCase()}, ${image.channels === 1 ? 'grey' : 'colour'}`
  return [kind, ...notes, formatBytes(image.byteLength)].join(', ')
}

function describeStages({ stages }: Manifest): string {
  return formatTable(
    [
      { title: '#', align: 'right' },
      { title: 'Layer', align: 'left' },
      { title: 'Shape', align: 'left' },
      { title: 'Min', align: 'right' },
      { title: 'Max', align: 'right' },
      { title: 'Mean', align: 'right' },
      { title: 'Std', align: 'right' },
      { title: 'Time', align: 'right' },
    ],
    stages.map((stage) => [
      String(stage.index),
      stage.title + notFinite(stage),
      formatShape(stage.shape),
      formatNumber(stage.min),
      formatNumber(stage.max),
      formatNumber(stage.mean),
      formatNumber(stage.std),
      formatMilliseconds(stage.milliseconds),
    ]),
    '  ',
  )
}

function notFinite({ nan, infinite }: { readonly nan: number; readonly infinite: number }): string {
  const parts = [nan > 0 ? `${nan} NaN` : '', infinite > 0 ? `${infinite} infinite` : ''].filter(Boolean)
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

function describeClasses(probabilities: NonNullable<Manifest['probabilities']>): string {
  const ranked = [...probabilities].sort((a, b) => (b.value ?? -1) - (a.value ?? -1))
  const shown = probabilities.length > classesShown ? ranked.slice(0, classesShown) : probabilities
  const cut = shown.length < probabilities.length ? ` (the ${classesShown} likeliest of ${probabilities.length})` : ''
  return formatTable(
    [
      { title: `Class${cut}`, align: 'left' },
      { title: 'Probability', align: 'right' },
      { title: '', align: 'left' },
    ],
    shown.map(({ name, value }) => [
      name,
      value === null ? 'not a number' : `${(value * 100).toFixed(2)} %`,
      formatBar(value ?? 0, barCells),
    ]),
    '  ',
  )
}

export function describeSaved(folder: string, files: number, byteLength: number): string {
  return `  Saved ${formatCount(files, 'file')}, ${formatBytes(byteLength)}, to ${folder}`
}

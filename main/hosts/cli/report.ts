/** One finished run as text for a person. */

import type { ImageInfo } from '../../../shared/api.ts'
import type { Manifest, ManifestStage } from '../../../shared/manifest.ts'
import {
  formatBar,
  formatBytes,
  formatCount,
  formatMilliseconds,
  formatNumber,
  formatTable,
  stageColumns,
} from './table.ts'

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
    image.depth > 8 ? `${image.depth} bits a sample, of which the upper 8 are read` : '',
  ].filter(Boolean)
  const kind = `${image.width}×${image.height} ${image.format.toUpperCase()}, ${image.channels === 1 ? 'grey' : 'colour'}`
  return [kind, ...notes, formatBytes(image.byteLength)].join(', ')
}

function describeStages({ stages }: Manifest): string {
  return formatTable<ManifestStage>(
    [
      ...stageColumns,
      { title: 'Min', right: true, cell: ({ min }) => formatNumber(min) },
      { title: 'Max', right: true, cell: ({ max }) => formatNumber(max) },
      { title: 'Mean', right: true, cell: ({ mean }) => formatNumber(mean) },
      { title: 'Std', right: true, cell: ({ std }) => formatNumber(std) },
      { title: 'Time', right: true, cell: ({ milliseconds }) => formatMilliseconds(milliseconds) },
    ],
    stages.map((stage) => ({ ...stage, title: stage.title + notFinite(stage) })),
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
      { title: `Class${cut}`, cell: ({ name }) => name },
      {
        title: 'Probability',
        right: true,
        cell: ({ value }) => (value === null ? 'not a number' : `${(value * 100).toFixed(2)} %`),
      },
      { title: '', cell: ({ value }) => formatBar(value ?? 0, barCells) },
    ],
    shown,
    '  ',
  )
}

export function describeSaved(folder: string, files: number, byteLength: number): string {
  return `  Saved ${formatCount(files, 'file')}, ${formatBytes(byteLength)}, to ${folder}`
}

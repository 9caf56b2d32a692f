/** `summary.csv` and `summary.json`: the table over all images of a batch. */

import type { BatchState } from '../../shared/batchState.ts'
import { stageStatistics } from '../../shared/batchState.ts'
import { csvHeader, csvLine, inertName, likeliest, tableCells, tableColumns } from '../../shared/batchTable.ts'

/** A line an image, by name. In pieces, as the other: the whole may be longer than a string can be. */
export function* summaryCsv({ stages, classes, records }: BatchState): Generator<string> {
  const header = [...tableColumns(stages, classes).map(csvHeader), 'folder', 'sha256']
  yield csvLine(header)
  for (const record of records) {
    const [name, ...cells] = tableCells(record, stages.length, classes)
    yield csvLine([inertName(String(name)), ...cells, inertName(record.folder), record.sha256])
  }
}

export function* summaryJson(state: BatchState): Generator<string> {
  const { version, pipeline, total, stages, classes, records, failures } = state
  const head = JSON.stringify({ program: 'LayerLoupe', version, pipeline, total }, null, 2)
  yield `${head.slice(0, -'\n}'.length)},\n  "images": `
  yield* list(records, ({ name, folder, sha256, width, height, statistics, probabilities }) => ({
    name,
    folder,
    sha256,
    width,
    height,
    ...(classes.length > 0
      ? {
          class: likeliest(probabilities, classes)?.name ?? null,
          probabilities: classes.map((of, i) => ({ name: of, value: finiteOrNull(probabilities[i]) })),
        }
      : {}),
    stages: stages.map(({ index, kind, title }) => ({
      index,
      kind,
      title,
      ...Object.fromEntries(
        stageStatistics.map((statistic, i) => [
          statistic,
          finiteOrNull(statistics[index * stageStatistics.length + i]),
        ]),
      ),
    })),
  }))
  yield ',\n  "failed": '
  yield* list(failures, ({ name, error: { code, message } }) => ({ name, code, message }))
  yield '\n}\n'
}

/** An array below a key of the outermost object, an item a piece. */
function* list<T>(items: readonly T[], toJson: (item: T) => unknown): Generator<string> {
  if (items.length === 0) {
    yield '[]'
    return
  }
  for (const [index, item] of items.entries()) {
    const text = JSON.stringify(toJson(item), null, 2).replaceAll('\n', '\n    ')
    yield `${index === 0 ? '[' : ','}\n    ${text}`
  }
  yield '\n  ]'
}

/** How many images each stage's mean is of, and which images excite its channels most and least. */
export function encodeStatisticsJson({ stages, sums, extremes, channelNames }: BatchState): Uint8Array {
  return encodeJson(
    stages.map(({ index, kind, title, shape }) => ({
      index,
      kind,
      title,
      shape: sums[index] ? shape : null,
      images: sums[index]?.count ?? null,
      channels: extremes[index]!.map((channel, c) => ({
        channel: c,
        name: channelNames[index]![c] ?? null,
        ...channel,
      })),
    })),
  )
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)
}

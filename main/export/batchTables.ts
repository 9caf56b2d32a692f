/** `summary.csv` and `summary.json`: the table over all images of a batch. */

import type { BatchState } from '../../shared/batchState.ts'
import { stageStatistics } from '../../shared/batchState.ts'
import { csvHeader, csvLine, inertName, likeliest, tableCells, tableColumns } from '../../shared/batchTable.ts'

/** A line an image, by name. */
export function encodeSummaryCsv({ stages, classes, records }: BatchState): Uint8Array {
  const header = [...tableColumns(stages, classes).map(csvHeader), 'folder', 'sha256']
  const lines = records.map((record) => {
    const [name, ...cells] = tableCells(record, stages.length, classes)
    return [inertName(String(name)), ...cells, inertName(record.folder), record.sha256]
  })
  return new TextEncoder().encode([header, ...lines].map(csvLine).join(''))
}

export function encodeSummaryJson(state: BatchState): Uint8Array {
  const { version, pipeline, total, stages, classes, records, failures } = state
  const summary = {
    program: 'LayerLoupe',
    version,
    pipeline,
    total,
    images: records.map(({ name, folder, sha256, width, height, statistics, probabilities }) => ({
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
    })),
    failed: failures.map(({ name, error: { code, message } }) => ({ name, code, message })),
  }
  return encodeJson(summary)
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

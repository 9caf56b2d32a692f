/** Saving, on the side that holds the tensors: several runs into one folder or zip, whole or not at all. */

import type { Tensor } from '../../shared/tensor.ts'
import type { StageSummary } from '../../shared/api.ts'
import type { Manifest } from '../../shared/manifest.ts'
import type { RunStep } from '../pipeline/run.ts'
import { cutStage } from '../pipeline/region.ts'
import { cancelled, drive } from './drive.ts'
import type { ExportOutcome, ExportTask, RequestContext, RunSource } from './protocol.ts'

/** Where the pixels and the stages come from. */
export interface RunReader {
  readonly photo: (source: RunSource) => Promise<Tensor<Uint8Array>>
  readonly compute: (source: RunSource, onStep: (step: RunStep) => void) => Promise<void>
}

/** Throws what computing, drawing or writing throws; nothing of this export is left then. */
export async function exportRuns(task: ExportTask, context: RequestContext, reader: RunReader): Promise<ExportOutcome> {
  const { baseName, countFiles, exportRun, folderSink, noNote, openJournal, zipSink } =
    await import('../export/index.ts')
  const { runs, save, destination, journal: notes, figure, ...part } = task
  const journal = notes === undefined ? undefined : openJournal(notes)
  const note = journal?.note ?? noNote
  const sink = destination.type === 'zip' ? zipSink(destination.path, note) : folderSink(destination.path, note)
  const files: string[] = []
  const manifests: Manifest[] = []
  let byteLength = 0
  let total = 0
  try {
    for (const [index, source] of runs.entries()) {
      if (context.signal.aborted) throw cancelled()
      const stages: { summary: StageSummary; tensor: Tensor }[] = []
      await reader.compute(source, (step) => {
        if (step.type === 'stage') stages.push({ summary: step.summary, tensor: step.tensor })
      })
      const { image, pipeline } = source
      const whole = stages.find(({ summary }) => summary.index === part.stage)
      const run = {
        image: image.info,
        original: await reader.photo(source),
        pipeline,
        stages,
        ...(whole ? { cut: await drive(cutStage(whole.summary, whole.tensor, part), context.signal) } : {}),
      }
      // Runs still to come are taken to have as many files as this one.
      total = files.length + countFiles(run, save, part) * (runs.length - index)
      const folder = source.folder ?? (await sink.folder(baseName(source.image.info.name)))
      const manifest = await exportRun(run, save, sink, {
        ...part,
        ...(figure ? { figure } : {}),
        folder,
        signal: context.signal,
        onFile(file, size) {
          byteLength += size
          files.push(folder === '' ? file : `${folder}/${file}`)
          context.emit({ type: 'file', done: files.length, total: Math.max(total, files.length), file })
        },
      })
      manifests.push(manifest)
    }
    if (context.signal.aborted) throw cancelled()
    await sink.close()
    return { files, byteLength, manifests }
  } catch (error) {
    await sink.abort()
    throw error
  } finally {
    journal?.end()
  }
}

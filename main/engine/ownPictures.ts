/** Which pictures in a folder a run or a batch saved there: they are no photos of the next one. */

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { filesOfManifest, manifestName } from '../../shared/manifest.ts'
import { batchNames, isBatchFile, statisticsName } from '../export/batchNames.ts'

const none: ReadonlySet<string> = new Set()

/** Of the names in a folder those of files that LayerLoupe saved, by its manifests and the files of its batches. Never throws. */
export async function savedIn(folder: string, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.includes(manifestName)) return await savedByRun(path.join(folder, manifestName))
  if (names.some(isBatchFile)) return new Set(batchNames)
  if (path.basename(folder) !== statisticsName) return none
  const above = await readdir(path.dirname(folder)).catch((): string[] => [])
  return above.some(isBatchFile) ? new Set(names) : none
}

async function savedByRun(manifest: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(filesOfManifest(await readFile(manifest, 'utf8')))
  } catch {
    // It cannot be read, or is some other program's: nothing says that these pictures are ours.
    return none
  }
}

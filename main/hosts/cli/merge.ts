/** `merge`: one table, one contact sheet and one set of statistics of the parts of a list that were run apart. */

import type { Engine } from '../../engine/index.ts'
import { exitCodes, type Console } from './console.ts'
import { formatCount } from './table.ts'
import { checkFolder } from './usage.ts'

export async function mergeCommand(
  folders: readonly string[],
  options: { readonly out?: string; readonly json: boolean },
  openEngine: () => Engine,
  console: Console,
): Promise<number> {
  const { out = folders[0]! } = options
  await checkFolder(out)
  const engine = openEngine()
  try {
    const merged = await engine.mergeBatches(folders, out)
    if (options.json) console.out(JSON.stringify(merged, null, 2))
    else {
      const failed = merged.failed > 0 ? `, ${merged.failed} failed` : ''
      const counted = `${formatCount(merged.parts, 'part')}, ${formatCount(merged.total, 'image')}: ${merged.done} done${failed}`
      console.out(`${counted}. Saved ${formatCount(merged.files.length, 'file')} to ${out}`)
    }
    return merged.failed > 0 ? exitCodes.failed : exitCodes.done
  } finally {
    await engine.close()
  }
}

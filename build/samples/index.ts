/** The sample pictures offered when the gallery is empty, drawn by code so that they are ours to give away. */

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { encodePng } from '../../main/images/index.ts'
import type { Sample } from '../../shared/api.ts'
import { cat } from './cat.ts'
import { digits } from './digits.ts'
import { landscape } from './landscape.ts'
import { side } from './raster.ts'
import { stillLife } from './stillLife.ts'
import { testChart } from './testChart.ts'
import { zonePlate } from './zonePlate.ts'

const samples: readonly (Sample & { readonly draw: () => Uint8Array })[] = [
  { id: 'still-life', title: 'Still life', draw: stillLife },
  { id: 'cat', title: 'Cat', draw: cat },
  { id: 'landscape', title: 'Mountain lake', draw: landscape },
  { id: 'digits', title: 'Handwritten digits', draw: digits },
  { id: 'test-chart', title: 'Test chart', draw: testChart },
  { id: 'zone-plate', title: 'Zone plate', draw: zonePlate },
]

/** Writes `<id>.png` of each sample and `samples.json`, which lists them. */
export async function writeSamples(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { id, draw } of samples) {
    await writeFile(path.join(folder, `${id}.png`), await encodePng(draw(), { width: side, height: side, channels: 3 }))
  }
  const list: readonly Sample[] = samples.map(({ id, title }) => ({ id, title }))
  await writeFile(path.join(folder, 'samples.json'), `${JSON.stringify(list, null, 2)}\n`)
}

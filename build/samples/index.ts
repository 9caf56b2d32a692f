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

/** Writes `<id>.png` and `<id>.small.png` of each sample and `samples.json`, which lists them. */
export async function writeSamples(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { id, draw } of samples) {
    const pixels = draw()
    await writeFile(path.join(folder, `${id}.png`), await encodePng(pixels, { width: side, height: side, channels: 3 }))
    const small = await encodePng(halve(pixels), { width: side / 2, height: side / 2, channels: 3 })
    await writeFile(path.join(folder, `${id}.small.png`), small)
  }
  const list: readonly Sample[] = samples.map(({ id, title }) => ({ id, title }))
  await writeFile(path.join(folder, 'samples.json'), `${JSON.stringify(list, null, 2)}\n`)
}

/** Half the size: each pixel the mean of four. */
function halve(pixels: Uint8Array): Uint8Array {
  const half = side / 2
  return Uint8Array.from({ length: half * half * 3 }, (_, at) => {
    const [row, column, channel] = [Math.floor(at / 3 / half), Math.floor(at / 3) % half, at % 3]
    const first = (row * 2 * side + column * 2) * 3 + channel
    const below = first + side * 3
    return Math.round((pixels[first]! + pixels[first + 3]! + pixels[below]! + pixels[below + 3]!) / 4)
  })
}

/** Ten thousand files dropped into the window, a hundred of them damaged: until all are listed or told of, frames and memory. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { numberedPicture, pictureNumber } from '../tests/support/manyPictures.ts'
import { dropFiles, openBenchWindow, printCells, printFrames, printMemory } from './window.ts'

const [all, damaged] = [10_000, 100]
const minutes = 60_000

async function makeFiles(folder: string): Promise<string[]> {
  const picture = numberedPicture()
  const files: string[] = []
  for (let index = 0; index < all; index++) {
    const file = path.join(folder, `picture ${String(index).padStart(5, '0')}.png`)
    await writeFile(file, pictureNumber(index, picture, index % (all / damaged) === 7))
    files.push(file)
  }
  return files
}

export async function benchMany(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-bench-'))
  const files = await makeFiles(folder)
  const window = await openBenchWindow()
  const { page } = window
  const progress = page.getByText(/^Adding [\d,]+ of 10,000…$/)
  const failures = page.getByText(`${damaged} files could not be added.`)
  const count = page.locator('#gallery-title .count')
  try {
    const onNothing = await window.dropElsewhere(files, 'nothing')
    const onReader = await window.dropElsewhere(files, 'files')
    let begin = performance.now()
    const handing = await window.frames(async () => {
      await dropFiles(page, files)
      await progress.waitFor()
    })
    const handed = performance.now() - begin
    begin = performance.now()
    const adding = await window.frames(async () => {
      await progress.waitFor({ state: 'hidden', timeout: 10 * minutes })
    })
    const added = performance.now() - begin
    await failures.waitFor()
    const listed = await count.textContent()
    if (listed?.replace(/\D/g, '') !== String(all - damaged)) throw new Error(`${listed} pictures are listed.`)
    printCells(
      `${all.toLocaleString('en')} small files dropped at once, ${damaged} of them damaged`,
      ['what', 'seconds'],
      [
        ['until the browser has handed them over', (handed / 1000).toFixed(1)],
        ['then until all are listed or told of', (added / 1000).toFixed(1)],
      ],
    )
    printFrames('Frames of the window', [
      { what: 'while the browser hands them to an empty page', frames: onNothing },
      { what: 'to one that takes the files', frames: onReader },
      { what: 'to ours', frames: handing },
      { what: 'while they are added', frames: adding },
    ])
    await printMemory(window)
  } finally {
    await window.close()
    await rm(folder, { recursive: true })
  }
}

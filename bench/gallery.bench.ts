/** A thousand photos dropped into the window: until all are listed, until all have been seen, frames and memory. */

import type { Page } from '@playwright/test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makePhoto } from './photos.ts'
import { dropFiles, openBenchWindow, printCells, printFrames, printMemory } from './window.ts'

const photos = 1000
const distinct = 20

/** Files of different bytes from a few pictures: each has a comment of its own. */
async function makePhotos(folder: string): Promise<string[]> {
  const files: string[] = []
  const sources: Buffer[] = []
  for (let i = 0; i < distinct; i++) {
    const photo = i % 2 === 0 ? await makePhoto(folder, 1632, 1224, i) : await makePhoto(folder, 1024, 1365, i)
    sources.push(await readFile(photo))
  }
  for (let i = 0; i < photos; i++) {
    const source = sources[i % distinct]!
    const text = Buffer.from(`photo ${i}`)
    // After the start of the image: marker, length of what follows with these two bytes, text.
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), text])
    const file = path.join(folder, `IMG_${String(i).padStart(4, '0')}.jpg`)
    await writeFile(file, Buffer.concat([source.subarray(0, 2), comment, source.subarray(2)]))
    files.push(file)
  }
  return files
}

const minutes = 60_000

/** How many pictures the gallery says it has. */
async function untilListed(page: Page): Promise<void> {
  await page.waitForFunction(
    (count) => document.querySelector('#gallery-title .count')?.textContent.replace(/\D/g, '') === count,
    String(photos),
    { timeout: 10 * minutes, polling: 50 },
  )
}

/** Until every tile in sight has its picture. */
async function untilPictured(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const list = document.querySelector('.gallery-list')!.getBoundingClientRect()
      const seen = [...document.querySelectorAll('.gallery-list [role=option]')].filter((tile) => {
        const { top, bottom } = tile.getBoundingClientRect()
        return bottom > list.top && top < list.bottom
      })
      return seen.length > 0 && seen.every((tile) => tile.querySelector('img')?.complete)
    },
    undefined,
    { timeout: minutes, polling: 'raf' },
  )
}

/** Goes down by what is in sight, waiting at each place until everything there has its picture; how many places. */
async function seeAll(page: Page): Promise<void> {
  const list = page.locator('.gallery-list')
  await list.evaluate((element) => element.scrollTo(0, 0))
  for (;;) {
    await untilPictured(page)
    const more = await list.evaluate((element) => {
      const before = element.scrollTop
      element.scrollBy(0, element.clientHeight)
      return element.scrollTop > before
    })
    if (!more) return
  }
}

/** Turns the wheel up and down without waiting for anything. */
async function scrollFast(page: Page): Promise<void> {
  const box = (await page.locator('.gallery-list').boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  for (const direction of [-1, 1]) {
    for (let i = 0; i < 120; i++) {
      await page.mouse.wheel(0, 300 * direction)
      await page.waitForTimeout(16)
    }
  }
}

export async function benchGallery(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-bench-'))
  const files = await makePhotos(folder)
  const window = await openBenchWindow()
  const { page } = window
  const seconds: [what: string, seconds: number][] = []
  const timed = async (what: string, work: () => Promise<void>) => {
    const begin = performance.now()
    await work()
    seconds.push([what, (performance.now() - begin) / 1000])
  }
  try {
    const onNothing = await window.dropElsewhere(files, 'nothing')
    const onReader = await window.dropElsewhere(files, 'files')
    const handing = await window.frames(() =>
      timed('until the browser has handed them over', () => dropFiles(page, files)),
    )
    const adding = await window.frames(async () => {
      await timed('then until the first have their pictures', async () => {
        await page.locator('.gallery-list').waitFor()
        await untilPictured(page)
      })
      await timed('then until all are listed', () => untilListed(page))
    })
    const seeing = await window.frames(() =>
      timed('then going through the gallery until every one has shown its picture', () => seeAll(page)),
    )
    const scrolling = await window.frames(() => scrollFast(page))
    seconds.push(['all together', seconds.reduce((sum, [, some]) => sum + some, 0)])
    printCells(
      `${photos.toLocaleString('en')} JPEG photos of 1.4 and 2 megapixels dropped at once`,
      ['what', 'seconds'],
      seconds.map(([what, some]) => [what, some.toFixed(1)]),
    )
    printFrames('Frames of the window', [
      { what: 'while the browser hands them to an empty page', frames: onNothing },
      { what: 'to one that takes the files', frames: onReader },
      { what: 'to ours', frames: handing },
      { what: 'while they are added', frames: adding },
      { what: 'while every one is looked at', frames: seeing },
      { what: 'while scrolling fast', frames: scrolling },
    ])
    await printMemory(window)
  } finally {
    await window.close()
    await rm(folder, { recursive: true })
  }
}

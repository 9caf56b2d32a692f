/** Large pictures in the viewer: a photo of 24 megapixels looked at closely, and a stage of 512 channels. */

import type { Page } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makePhoto } from './photos.ts'
import { openBenchWindow, printCells, printFrames, type FrameRow } from './window.ts'

const channels = 512

/** Until the viewer shows what was asked for. */
async function untilShown(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('.stage .tile canvas') && !document.querySelector('.stage.late'),
    undefined,
    { timeout: 60_000, polling: 'raf' },
  )
}

async function middle(page: Page): Promise<{ x: number; y: number }> {
  const box = (await page.getByRole('application').boundingBox())!
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** About a frame between two movements of the hand. */
const frame = 16

async function zoom(page: Page): Promise<void> {
  const { x, y } = await middle(page)
  await page.mouse.move(x, y)
  for (const direction of [-1, 1, -1]) {
    for (let i = 0; i < 40; i++) {
      await page.mouse.wheel(0, 50 * direction)
      await page.waitForTimeout(frame)
    }
  }
}

async function pan(page: Page): Promise<void> {
  const { x, y } = await middle(page)
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let i = 0; i < 200; i++) {
    const angle = (i / 200) * 4 * Math.PI
    await page.mouse.move(x + 220 * Math.sin(angle), y + 160 * Math.sin(1.5 * angle))
    await page.waitForTimeout(frame)
  }
  await page.mouse.up()
}

async function hover(page: Page): Promise<void> {
  const { x, y } = await middle(page)
  for (let i = 0; i < 200; i++) {
    const angle = (i / 200) * 4 * Math.PI
    await page.mouse.move(x + 200 * Math.sin(angle), y + 150 * Math.cos(angle))
    await page.waitForTimeout(frame)
  }
}

/** How soon the status bar tells the value pointed at: milliseconds, and how many with the very next frame. */
interface Told {
  readonly movements: number
  readonly next: number
  readonly milliseconds: readonly number[]
}

/** Moves over the picture, at the pace of a hand that sweeps it; of each movement, how long until its value is told. */
async function sweep(page: Page): Promise<Told> {
  const box = (await page.getByRole('application').locator('canvas').first().boundingBox())!
  await page.evaluate(() => {
    const told = { movements: 0, next: 0, milliseconds: [] as number[] }
    let waiting: number | null = null
    let frames = 0
    document.addEventListener('pointermove', (event) => {
      if (waiting === null) [waiting, frames] = [event.timeStamp, 0]
      told.movements++
    })
    requestAnimationFrame(function frame() {
      const text = document.querySelector('.status b')?.textContent
      frames++
      if (waiting !== null && text && !text.includes('…')) {
        if (frames <= 1) told.next++
        told.milliseconds.push(performance.now() - waiting)
        waiting = null
      }
      requestAnimationFrame(frame)
    })
    Object.assign(window, { told })
  })
  for (let i = 0; i < 200; i++) {
    const angle = (i / 200) * 6 * Math.PI
    const [x, y] = [0.5 + 0.48 * Math.sin(angle), 0.5 + 0.48 * Math.cos(1.3 * angle)]
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y)
    await page.waitForTimeout(frame)
  }
  return await page.evaluate(() => (window as unknown as { told: Told }).told)
}

/** Steps through the stages and back. */
async function step(page: Page): Promise<void> {
  await page.getByRole('listbox', { name: 'Stages' }).focus()
  for (const key of ['ArrowRight', 'ArrowLeft']) {
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press(key)
      await untilShown(page)
      await page.waitForTimeout(100)
    }
  }
}

async function turnPages(page: Page): Promise<void> {
  await page.getByRole('application').focus()
  for (const key of ['PageDown', 'PageUp']) {
    for (let i = 0; i < 10; i++) {
      await page.keyboard.press(key)
      await page.waitForTimeout(100)
    }
  }
  await untilShown(page)
}

export async function benchViewer(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'layerloupe-bench-'))
  const photo = await makePhoto(folder, 6000, 4000)
  const window = await openBenchWindow()
  const { page } = window
  const rows: FrameRow[] = []
  const told: (Told & { readonly what: string })[] = []
  const watch = async (what: string, work: () => Promise<void>) => {
    rows.push({ what, frames: await window.frames(work) })
  }
  try {
    await watch('24 megapixels: from the drop to the picture', async () => {
      await page.getByLabel('Pictures to add').setInputFiles(photo)
      await untilShown(page)
    })
    told.push({ what: '24 megapixels seen whole: the first sweep', ...(await sweep(page)) })
    told.push({ what: 'sweeping once more', ...(await sweep(page)) })
    await watch('zooming with the wheel', () => zoom(page))
    await watch('panning', () => pan(page))
    await watch('pointing', () => hover(page))
    await watch(`${channels} channels of 64×64: from the pipeline to the last`, async () => {
      const pipeline = {
        version: 1,
        name: 'Many channels',
        layers: [
          { kind: 'input', size: { width: 64, height: 64 } },
          { kind: 'conv2d', filters: channels, size: 3, kernels: { type: 'random', seed: 1 } },
          { kind: 'activation', function: 'relu' },
        ],
      }
      await page.getByLabel('Pipeline file to open').setInputFiles({
        name: 'many.pipeline.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(pipeline)),
      })
      await page
        .getByRole('status')
        .getByText(/^3 stages in /)
        .waitFor()
    })
    await watch('stepping through its stages', () => step(page))
    await page.getByRole('option', { name: /conv/i }).click()
    await untilShown(page)
    told.push({ what: `${channels} channels: a sweep over a tile`, ...(await sweep(page)) })
    await watch('turning its pages', () => turnPages(page))
    await watch('zooming with the wheel', () => zoom(page))
    await watch('panning', () => pan(page))
    await watch('pointing', () => hover(page))
    printFrames('Frames of the viewer', rows)
    printCells(
      'From a movement of the pointer to its value (goal: the next frame, the first within 50 ms)',
      ['what', 'values', 'next frame', 'median', 'longest', 'first'],
      told.map(({ what, next, milliseconds }) => {
        const sorted = milliseconds.toSorted((a, b) => a - b)
        const times = [sorted[sorted.length >> 1], sorted.at(-1), milliseconds[0]].map((time) => (time ?? 0).toFixed(1))
        return [what, `${milliseconds.length}`, `${next}`, ...times]
      }),
    )
  } finally {
    await window.close()
    await rm(folder, { recursive: true })
  }
}

/** Figures as SVG, drawn by a real browser, against the same figures as PNG. */

import { expect, test } from '@playwright/test'
import path from 'node:path'
import sharp from 'sharp'
import { createEngine } from '../../main/engine/index.ts'
import { runToEnd } from '../../renderer/state/jobs.ts'
import { figureThemes, usualFigure, type FigureSubject } from '../../shared/figures.ts'
import { presets } from '../../shared/presets.ts'
import { fixturesDir, repoRoot } from '../support/shared.ts'

const subjects: readonly FigureSubject[] = [
  { type: 'stage', stage: 1 },
  { type: 'evolution' },
  { type: 'formula', stage: 1, row: 20, column: 30, channel: 0 },
]

async function pixelsOf(png: Uint8Array) {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

test('an SVG figure looks in a browser as the PNG does, whatever it shows and on every background', async ({
  page,
}) => {
  const engine = createEngine({ version: 'test', entry: path.join(repoRoot, 'dist/main/engine.js') })
  try {
    const { id: image } = await engine.addFile(path.join(fixturesDir, 'synthetic/shapes.png'))
    const run = await runToEnd(engine, { image, pipeline: presets[0]!.pipeline }, new AbortController().signal)
    for (const subject of subjects) {
      for (const theme of figureThemes) {
        const draw = (format: 'png' | 'svg') =>
          engine.call('figures.draw', { run, subject, format, figure: { ...usualFigure, theme } })
        const png = await pixelsOf((await draw('png')).bytes)
        const { bytes, width, height } = await draw('svg')
        await page.setViewportSize({ width, height })
        await page.setContent(`<style>*{margin:0}svg{display:block}</style>${new TextDecoder().decode(bytes)}`)
        await page.evaluate(async () => {
          await document.fonts.ready
        })
        const shot = await pixelsOf(await page.screenshot({ omitBackground: true }))
        const { mean, far } = difference(png, shot)
        // Letters are smoothed otherwise by a browser; everything else is the same to the pixel.
        expect([subject.type, theme, mean < 2, far < 0.01], `mean ${mean}, far ${far}`).toEqual([
          subject.type,
          theme,
          true,
          true,
        ])
      }
    }
  } finally {
    await engine.close()
  }
})

interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** How far two pictures are from each other, 0 to 255, and in which share of their pixels by more than 96. */
function difference(one: Pixels, other: Pixels): { readonly mean: number; readonly far: number } {
  expect([other.width, other.height]).toEqual([one.width, one.height])
  let sum = 0
  let far = 0
  for (let i = 0; i < one.data.length; i += 4) {
    // What is not opaque counts as much as it covers.
    const [a, b] = [one.data[i + 3]! / 255, other.data[i + 3]! / 255]
    const off = Math.max(...[0, 1, 2].map((c) => Math.abs(one.data[i + c]! * a - other.data[i + c]! * b)))
    sum += Math.max(off, Math.abs(a - b) * 255)
    if (off > 96) far++
  }
  return { mean: sum / (one.width * one.height), far: far / (one.width * one.height) }
}

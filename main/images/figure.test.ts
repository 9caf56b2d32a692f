import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { chooseScale, colourOf, notANumberColour, positiveInfinityColour } from '../../shared/colour.ts'
import { byteHistogram } from '../../shared/histogram.ts'
import { finish } from '../../shared/steps.ts'
import { finishedRun, finishedStage, tensorOf } from '../../tests/support/stages.ts'
import { pixelAt, type Canvas } from './canvas.ts'
import { drawEvolution, drawStage, figurePng } from './figure.ts'
import { axisTicks, profileOf } from './figureBars.ts'
import { evolutionRows } from './figureEvolution.ts'
import { fitGrid, fullGrid, tileAt, tileLabel } from './figureGrid.ts'
import { histogramBars, legendLabels } from './figureLegend.ts'
import { isVector, pictureOrigin, stageGrid } from './figureStage.ts'
import { formatColumn, formatNumber } from './figureStyle.ts'
import { decodeImage, defaultLimits } from './index.ts'
import { rasterise } from './raster.ts'

/** Whether a frame of `width` pixels along the canvas's edges is all white: nothing runs out of the picture. */
function hasWhiteEdge(canvas: Canvas, width: number): boolean {
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      if (x >= width && y >= width && x < canvas.width - width && y < canvas.height - width) continue
      if (pixelAt(canvas, x, y).some((value) => value !== 255)) return false
    }
  }
  return true
}

describe('numbers', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [-1.91999, '−1.92'],
    [0.53149, '0.5315'],
    [123456.7, '123500'],
    [1234567, '1.235e6'],
    [0.0001, '0.0001'],
    [-0.0000123, '−1.23e−5'],
    [1e-300, '1e−300'],
    [NaN, 'NaN'],
    [-Infinity, '−inf'],
  ])('%d is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  it('in a column have the decimals of the largest, and none that is not zero is written as zero', () => {
    expect(formatColumn([0.5, 0.25, -0.125])).toEqual(['0.5000', '0.2500', '−0.1250'])
    expect(formatColumn([12.3456, 0, 3])).toEqual(['12.35', '0', '3.00'])
    expect(formatColumn([0.99, 1e-9, NaN])).toEqual(['0.9900', '1e−9', 'NaN'])
    expect(formatColumn([4000, 0.1])).toEqual(['4000', '0.1'])
  })
})

describe('a legend', () => {
  it('has the ends of its scale, and zero where it lies inside', () => {
    expect(legendLabels({ name: 'viridis', from: 0.0627, to: 0.7473 })).toEqual([
      { text: '0.0627', at: 0 },
      { text: '0.7473', at: 1 },
    ])
    expect(legendLabels({ name: 'red-blue', from: -1.92, to: 1.92 })).toEqual([
      { text: '−1.92', at: 0 },
      { text: '0', at: 0.5 },
      { text: '1.92', at: 1 },
    ])
    expect(legendLabels({ name: 'viridis', from: 3, to: 3 })).toEqual([{ text: '3', at: 0.5 }])
  })

  it('has the histogram on its own axis: bins stand at their values, not from end to end', () => {
    const bars = histogramBars({ from: -1, to: 3, counts: [4, 0, 2, 1] }, { name: 'red-blue', from: -3, to: 3 })
    expect(bars).toEqual([
      { from: 2 / 6, to: 3 / 6, share: 1 },
      { from: 4 / 6, to: 5 / 6, share: 0.5 },
      { from: 5 / 6, to: 1, share: 0.25 },
    ])
  })

  it('of a stage of one value has its one bar in the middle', () => {
    const { histogram } = finishedStage(
      tensorOf([4, 4, 1], () => 2),
      { kind: 'pad' },
    ).summary
    expect(histogramBars(histogram, { name: 'viridis', from: 2, to: 2 })).toEqual([{ from: 0.5, to: 0.5, share: 1 }])
  })

  it('of a photo counts every byte', () => {
    const data = Uint8Array.from({ length: 1027 }, (_, i) => (i * 7) % 256)
    const counts = Array.from({ length: 64 }, (_, bin) => data.filter((value) => value >> 2 === bin).length)
    expect(finish(byteHistogram(data)).counts).toEqual(counts)
    expect(finish(byteHistogram(data.subarray(1))).counts.reduce((a, b) => a + b, 0)).toBe(1026)
  })
})

describe('the grid of channels', () => {
  const options = { gap: 4, label: 0 }

  it('gives elements as many whole pixels as fit', () => {
    expect(fitGrid(1, 64, 64, { width: 512, height: 512 }, options)).toMatchObject({
      scale: 8,
      width: 512,
      height: 512,
    })
    expect(fitGrid(1, 62, 40, { width: 256, height: 256 }, options)).toMatchObject({
      scale: 4,
      width: 160,
      height: 248,
    })
    expect(fitGrid(4, 128, 128, { width: 264, height: 264 }, options)).toMatchObject({
      columns: 2,
      rows: 2,
      scale: 1,
      reduction: 1,
      width: 260,
      height: 260,
    })
  })

  it('never leaves its box, however many channels there are', () => {
    for (const count of [1, 2, 3, 7, 10, 64, 100, 512, 2048]) {
      for (const [height, width] of [
        [7, 7],
        [13, 40],
        [224, 224],
        [1, 500],
        [3000, 4000],
      ] as const) {
        const grid = fitGrid(count, height, width, { width: 264, height: 264 }, { gap: 1, label: 0 })
        expect(grid.width).toBeLessThanOrEqual(264)
        expect(grid.height).toBeLessThanOrEqual(264)
        expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(count)
        const [left, top] = tileAt(grid, count - 1)
        expect(left + grid.tileWidth).toBeLessThanOrEqual(grid.width)
        expect(top + grid.tileHeight).toBeLessThanOrEqual(grid.height)
      }
    }
  })

  it('shows large stages at one pixel an element, and averages blocks only beyond eight million', () => {
    const stage = (height: number, width: number, channels: number) =>
      stageGrid({
        summary: { shape: [height, width, channels], picture: 'map' },
        tensor: { shape: [height, width, channels], data: new Float64Array(0) },
      } as never)
    expect(stage(64, 64, 1)).toMatchObject({ scale: 8, reduction: 1 })
    expect(stage(1200, 1600, 1)).toMatchObject({ scale: 1, reduction: 1, width: 1600, height: 1200 })
    expect(stage(4000, 6000, 1)).toMatchObject({ scale: 1, reduction: 2, width: 3000, height: 2000 })
    expect(stage(1000, 1000, 16)).toMatchObject({ scale: 1, reduction: 2, tileWidth: 500 })
    expect(stage(14, 14, 512)).toMatchObject({ scale: 2, reduction: 1 })
  })

  it('rounds blocks up, so that the last row and column are shown', () => {
    expect(fullGrid(1, 5, 7, 10, { gap: 0, label: 0 })).toMatchObject({ reduction: 2, width: 4, height: 3 })
  })

  it('shows a picture of one row and millions of columns in a place no longer than can be opened', () => {
    const row = finishedStage({ shape: [1, 3_000_000, 1], data: new Float64Array(3_000_000) }, { kind: 'input' })
    const canvas = rasterise(drawStage(row))
    expect(canvas.width).toBeLessThan(17_000)
    expect(canvas.height).toBeLessThan(400)
    // 3,000,000 / 16,384 is 183.1: means over 184 elements, the last over fewer.
    expect(stageGrid(row)).toMatchObject({ reduction: 184, tileWidth: 16_305, tileHeight: 1 })
    expect(fullGrid(3, 400_000, 2, 8_000_000, { gap: 0, label: 0 })).toMatchObject({
      reduction: 25,
      tileHeight: 16_000,
    })
  })

  it('bounds the picture of thousands of flat channels with their names', () => {
    const grid = fullGrid(4000, 1, 16_000, 8_000_000, { gap: 10, label: 20 })
    expect(grid.width * grid.height).toBeLessThanOrEqual(32_000_000)
    expect(grid.tileWidth).toBeGreaterThan(100)
    expect(fullGrid(100_000, 2, 2, 8_000_000, { gap: 10, label: 20 })).toMatchObject({ tileWidth: 1, tileHeight: 1 })
  })

  it('names tiles by number and name, by number alone, or not at all, as there is room', () => {
    expect(tileLabel(0, 'Sobel x', 200)).toBe('0 · Sobel x')
    expect(tileLabel(12, undefined, 200)).toBe('12')
    expect(tileLabel(12, 'Sobel x', 30)).toBe('12')
    expect(tileLabel(12, 'Sobel x', 5)).toBe('')
  })
})

describe('the picture of a stage', () => {
  it('has each element in the colour the window paints it', () => {
    const stage = finishedStage(
      tensorOf([5, 6, 3], (i) => Math.sin(i) * 3),
      { kind: 'conv2d', title: 'Conv 3×3' },
    )
    const canvas = rasterise(drawStage(stage))
    const grid = stageGrid(stage)
    const scale = chooseScale(stage.summary)
    expect(grid.scale).toBeGreaterThan(10)
    for (let i = 0; i < 90; i++) {
      const [channel, x, y] = [i % 3, Math.floor(i / 3) % 6, Math.floor(i / 18)]
      const [left, top] = tileAt(grid, channel)
      const corner = [pictureOrigin.left + left + x * grid.scale, pictureOrigin.top + top + y * grid.scale] as const
      const wanted = colourOf(stage.tensor.data[i]!, scale)
      expect(pixelAt(canvas, ...corner)).toEqual([...wanted])
      expect(pixelAt(canvas, corner[0] + grid.scale - 1, corner[1] + grid.scale - 1)).toEqual([...wanted])
    }
  })

  it('of light in three channels is one picture in colour', () => {
    const tensor = { shape: [1, 2, 3], data: Float64Array.of(0, 0.5, 1, 1, 0.2, 0) }
    const stage = finishedStage(tensor, { kind: 'input', picture: 'light' })
    const canvas = rasterise(drawStage(stage))
    expect(pixelAt(canvas, pictureOrigin.left, pictureOrigin.top)).toEqual([0, 128, 255])
    expect(pixelAt(canvas, pictureOrigin.left + 511, pictureOrigin.top + 255)).toEqual([255, 51, 0])
  })

  it('that is reduced shows the mean of each block', () => {
    const stage = finishedStage(
      tensorOf([3000, 4000, 1], (i) => (i % 2 === 0 ? 0 : 1) + (i >= 6_000_000 ? 2 : 0)),
      { kind: 'conv2d' },
    )
    const canvas = rasterise(drawStage(stage))
    const scale = chooseScale(stage.summary)
    expect(pixelAt(canvas, pictureOrigin.left + 7, pictureOrigin.top + 7)).toEqual([...colourOf(0.5, scale)])
    expect(pixelAt(canvas, pictureOrigin.left + 7, pictureOrigin.top + 1400)).toEqual([...colourOf(2.5, scale)])
  })

  it('marks what is not a number and what is infinite', () => {
    const stage = finishedStage({ shape: [1, 3, 1], data: Float64Array.of(NaN, Infinity, 1) }, { kind: 'conv2d' })
    const canvas = rasterise(drawStage(stage))
    const { scale } = stageGrid(stage)
    expect(pixelAt(canvas, pictureOrigin.left, pictureOrigin.top)).toEqual([...notANumberColour])
    expect(pixelAt(canvas, pictureOrigin.left + scale, pictureOrigin.top)).toEqual([...positiveInfinityColour])
  })

  it('is bars for a vector, and for channels of one element each', () => {
    const shapes = [[5], [1000], [1, 1, 8], [2, 1, 8]]
    const vectors = shapes.map((shape) =>
      isVector(
        finishedStage(
          tensorOf(shape, (i) => i),
          { kind: 'flatten' },
        ),
      ),
    )
    expect(vectors).toEqual([true, true, true, false])
  })

  it('leaves its edges free, whatever it shows', () => {
    const long = Array.from({ length: 9 }, (_, i) => `a name that is longer than anybody would ever give to class ${i}`)
    const shapes = [
      [64, 64, 1],
      [7, 7, 30],
      [2, 300, 1],
      [300, 2, 1],
      [1, 1, 1],
      [9],
      [64],
      [65],
      [5000],
      [14, 14, 512],
    ]
    for (const shape of shapes) {
      for (const value of [(i: number) => Math.sin(i) * 1e-7, (i: number) => i * 12345.678, () => -7]) {
        const stage = finishedStage(tensorOf(shape, value), { kind: 'dense', title: 'A title', channelNames: long })
        expect(hasWhiteEdge(rasterise(drawStage(stage)), 16), String(shape)).toBe(true)
      }
    }
  })
})

describe('bars', () => {
  it('have zero and the ends of the axis below them, less an end that would touch a zero inside', () => {
    const style = { size: 12, weight: 'regular' } as const
    const texts = (from: number, to: number, width: number) =>
      axisTicks({ from, to }, width, style).map(({ text, x }) => [text, x])
    expect(texts(-1, 3, 401)).toEqual([
      ['−1', 0],
      ['0', 100],
      ['3', 400],
    ])
    expect(texts(-1, 100, 401)).toEqual([
      ['0', 4],
      ['100', 400],
    ])
    expect(texts(-0.9589, 0.9093, 80)).toEqual([['0', 41]])
    expect(texts(0, 1, 101)).toEqual([
      ['0', 0],
      ['1', 100],
    ])
  })

  it('of a long vector show the mean, least and largest entry of each column', () => {
    const profile = profileOf(Float64Array.of(1, 3, -2, 4, 7), 3)
    expect(profile).toEqual({
      step: 2,
      mean: Float64Array.of(2, 1, 7),
      min: Float64Array.of(1, -2, 7),
      max: Float64Array.of(3, 4, 7),
    })
  })
})

describe('the evolution figure', () => {
  it('fills as few rows as hold eight cards each, evenly', () => {
    expect([2, 7, 8, 9, 15, 17].map(evolutionRows)).toEqual([[2], [7], [8], [5, 4], [8, 7], [6, 6, 5]])
  })

  it('leaves its edges free, with long names and many stages too', () => {
    const run = finishedRun()
    const name = `${'a very long name '.repeat(40)}.jpeg`
    const stages = [...run.stages, ...run.stages, ...run.stages, ...run.stages].map((stage) => ({
      ...stage,
      summary: {
        ...stage.summary,
        title: 'A title much too long for a card to hold',
        channelNames: [name, name, name],
      },
    }))
    const runs = [run, { ...run, stages: stages.slice(0, 1) }, { ...run, stages, image: { ...run.image, name } }]
    for (const each of runs) expect(hasWhiteEdge(rasterise(drawEvolution(each)), 16)).toBe(true)
  })

  it('shows the photo itself and the input beside it', () => {
    const canvas = rasterise(drawEvolution(finishedRun()))
    const wanted = colourOf(20 / 63, { name: 'grey', from: 0, to: 1 })
    // The second card begins at 48 + 256 + 60; element (2, 4) of 8 × 8 is 32 pixels wide.
    expect(pixelAt(canvas, 364 + 4 * 32 + 1, 48 + 62 + 54 + 2 * 32 + 1)).toEqual([...wanted])
    // 40 × 30 at 6 pixels each, at the left and in the middle of the height of its place; the first pixel is (0, 1, 2).
    expect(pixelAt(canvas, 48, 48 + 62 + 54 + 38)).toEqual([0, 1, 2])
  })
})

it('a figure as PNG has the pixels of its canvas', async () => {
  const figure = drawStage(finishedRun().stages[1]!)
  const canvas = rasterise(figure)
  const bytes = await figurePng(figure)
  const decoded = await decodeImage(
    { name: 'figure.png', bytes },
    { profile: 'ignore', background: '#ffffff' },
    defaultLimits,
  )
  expect(decoded.shape).toEqual([canvas.height, canvas.width, 3])
  expect(Buffer.compare(decoded.data, canvas.pixels)).toBe(0)
})

it('the fonts are shipped with their licence, and nothing else is', () => {
  const folder = path.join(import.meta.dirname, 'assets')
  expect(existsSync(path.join(folder, 'plex-sans-LICENSE.txt'))).toBe(true)
  expect(readdirSync(folder).filter((file) => !/^plex-sans-.*\.(woff|txt)$/.test(file))).toEqual([])
})

import { describe, expect, it } from 'vitest'
import { usualFigure } from '../../shared/figures.ts'
import { negativeInfinityColour, notANumberColour } from '../../shared/colour.ts'
import { finishedRun, finishedStage, tensorOf } from '../../tests/support/stages.ts'
import { drawEvolution, drawStage, figurePng, figureSvg } from './figure.ts'
import { pictureOrigin, stageGrid } from './figureStage.ts'
import { decodeImage, defaultLimits } from './index.ts'

type Pixel = readonly [number, number, number]

const hairline: Pixel = [214, 214, 209]
const histogramGrey: Pixel = [158, 158, 154]
const bins = 64

/** The saved file as whoever opens it has it. */
async function openPicture(bytes: Uint8Array) {
  const { shape, data } = await decodeImage(
    { name: 'figure.png', bytes },
    { profile: 'ignore', background: '#ffffff' },
    defaultLimits,
  )
  const [height, width] = shape as [number, number, number]
  const at = (x: number, y: number): Pixel => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)] as never
  return { width, height, at }
}

type Opened = Awaited<ReturnType<typeof openPicture>>

const isSame = (a: Pixel, b: Pixel) => a.join() === b.join()
const distance = (a: Pixel, b: Pixel) => Math.hypot(...a.map((value, i) => value - b[i]!))

/** The colour bar right of the picture, found by its frame: its colours from the bottom, and where it is. */
function findBar({ width, height, at }: Opened, from: number) {
  for (let x = from; x < width - 16; x++) {
    const ends = Array.from({ length: height }, (_, y) => y).filter((y) =>
      [0, 8, 15].every((dx) => isSame(at(x + dx, y), hairline)),
    )
    const [top, bottom] = [ends[0]!, ends.at(-1)!]
    if (ends.length !== 2 || bottom - top < 100) continue
    const rows = bottom - top - 1
    const colours = Array.from({ length: rows }, (_, i) => at(x + 8, bottom - 1 - i))
    return { colours, bottom, rows, right: x + 16 }
  }
  throw new Error('There is no colour bar.')
}

describe.each([
  ['signed values', (i: number) => 3 * Math.sin(i) ** 3 - 0.4 * Math.cos(i / 9)],
  ['values above zero', (i: number) => 2 + Math.sin(i) ** 2 * Math.cos(i / 7) ** 2],
])('the legend in the saved picture of a stage of %s', (_, value) => {
  const stage = finishedStage(tensorOf([24, 20, 1], value), { kind: 'conv2d', title: 'Conv 3×3' })
  const values = Array.from(stage.tensor.data)
  const [min, max] = [Math.min(...values), Math.max(...values)]
  const most = Math.max(-min, max)
  const [from, to] = min < 0 ? [-most, most] : [min, max]
  const grid = stageGrid(stage)
  const edge = pictureOrigin.left + grid.width + 2

  it('gives each element its value back, by its colour', async () => {
    const picture = await openPicture(await figurePng(drawStage(stage)))
    const { colours } = findBar(picture, edge)
    const step = (to - from) / (colours.length - 1)
    values.forEach((wanted, i) => {
      const [x, y] = [i % 20, Math.floor(i / 20)]
      const middle = Math.floor(grid.scale / 2)
      const shown = picture.at(
        pictureOrigin.left + x * grid.scale + middle,
        pictureOrigin.top + y * grid.scale + middle,
      )
      const far = colours.map((colour) => distance(colour, shown))
      const nearest = far.indexOf(Math.min(...far))
      expect(Math.abs(from + nearest * step - wanted), `element ${i}`).toBeLessThan(2 * step)
    })
  })

  it('has a histogram that counts the values where they stand on the bar', async () => {
    const picture = await openPicture(await figurePng(drawStage(stage)))
    const { bottom, rows, right } = findBar(picture, edge)
    const counts = Array<number>(bins).fill(0)
    for (const one of values) counts[Math.min(bins - 1, Math.floor(((one - min) / (max - min)) * bins))]! += 1
    const fullest = Math.max(...counts)
    for (const [bin, count] of counts.entries()) {
      const place = (min + ((bin + 0.5) / bins) * (max - min) - from) / (to - from)
      const y = bottom - 1 - Math.floor(place * rows)
      let length = 0
      while (isSame(picture.at(right + 2 + length, y), histogramGrey)) length++
      // The frame of the bar lies over the first pixel.
      const wanted = count === 0 ? 0 : Math.max(1, Math.round((count / fullest) * 56)) - 1
      expect(Math.abs(length - wanted), `bin ${bin}`).toBeLessThan(2)
    }
  })

  it('says what its ends are', async () => {
    const svg = new TextDecoder().decode(await figureSvg(drawStage(stage)))
    for (const end of [from, to]) {
      const written = String(Number(end.toPrecision(4))).replace('-', '−')
      expect(svg).toContain(`>${written}</text>`)
    }
  })
})

describe('labels, legend and scale bar are each left out alone', () => {
  const stage = finishedStage(
    // Two values, one three times as frequent as the other, so that the histogram has two lengths.
    tensorOf([24, 20, 1], (i) => (i === 7 ? NaN : i % 4 === 0 ? 0.125 : 0.875)),
    { kind: 'conv2d', title: 'Conv 3×3' },
  )
  const run = { ...finishedRun(), stages: [stage] }
  const grid = stageGrid(stage)
  const parts = {
    labels: ['Conv 3×3', '24×20×1 · float64'],
    legend: ['1 not a number'],
    scaleBar: ['0.125', '0.875'],
  } as const
  const names = ['labels', 'legend', 'scaleBar'] as const
  const looks = Array.from({ length: 8 }, (_, bits) => ({
    ...usualFigure,
    labels: (bits & 1) > 0,
    legend: (bits & 2) > 0,
    scaleBar: (bits & 4) > 0,
  }))
  const textsIn = async (figure: Parameters<typeof figureSvg>[0]) =>
    [...new TextDecoder().decode(await figureSvg(figure)).matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)
  const fills = async (figure: Parameters<typeof figureSvg>[0], fill: Pixel) => {
    const hex = `#${fill.map((value) => value.toString(16).padStart(2, '0')).join('')}`
    return new TextDecoder().decode(await figureSvg(figure)).includes(`fill="${hex}" d=`)
  }

  it.each(looks)('in the picture of a stage: labels $labels, legend $legend, scale bar $scaleBar', async (look) => {
    const texts = await textsIn(drawStage(stage, look))
    for (const name of names)
      for (const text of parts[name]) expect([text, texts.includes(text)]).toEqual([text, look[name]])
    expect(await fills(drawStage(stage, look), histogramGrey)).toBe(look.legend)
    // The last colour of viridis, as its authors give it: elements are pictures, only the bar is drawn of rectangles.
    expect(await fills(drawStage(stage, look), [253, 231, 37])).toBe(look.scaleBar)
  })

  it.each(looks)('in the evolution figure: labels $labels, legend $legend, scale bar $scaleBar', async (look) => {
    const figure = drawEvolution(run, look)
    const texts = await textsIn(figure)
    expect(texts.includes('Conv 3×3')).toBe(look.labels)
    expect(texts.includes('not a number')).toBe(look.legend)
    expect(texts.includes('0.875')).toBe(look.scaleBar)
    expect(await fills(figure, histogramGrey)).toBe(look.legend)
  })

  it('a bar without its legend is as it was with it, and its place is no wider than its numbers need', async () => {
    const [both, bar] = await Promise.all(
      [usualFigure, { ...usualFigure, legend: false }].map(async (look) =>
        openPicture(await figurePng(drawStage(stage, look))),
      ),
    )
    const edge = pictureOrigin.left + grid.width + 2
    const alone = findBar(bar!, edge)
    expect(alone.colours).toEqual(findBar(both!, edge).colours)
    expect(bar!.at(alone.right + 2, alone.bottom - 3 * Math.floor(alone.rows / 4))).toEqual([255, 255, 255])
    expect(both!.width - bar!.width).toBeGreaterThan(20)
  })

  it('a histogram without its bar stands on a line, as long as the picture is high', async () => {
    const picture = await openPicture(await figurePng(drawStage(stage, { ...usualFigure, scaleBar: false })))
    const muted: Pixel = [98, 98, 94]
    const line = Array.from({ length: picture.width }, (_, x) => x).find(
      (x) => x > pictureOrigin.left + grid.width + 2 && isSame(picture.at(x, pictureOrigin.top), muted),
    )!
    const column = Array.from({ length: picture.height }, (_, y) => isSame(picture.at(line, y), muted))
    expect(column.filter(Boolean)).toHaveLength(grid.height)
    const lengthAt = (y: number) => {
      let length = 0
      while (isSame(picture.at(line + 1 + length, y), histogramGrey)) length++
      return length
    }
    const counts = [0.875, 0.125].map((value) => stage.tensor.data.filter((one) => one === value).length)
    const [top, bottom] = [lengthAt(pictureOrigin.top + 2), lengthAt(pictureOrigin.top + grid.height - 3)]
    expect(top).toBe(56)
    expect(Math.abs(bottom - (56 * counts[1]!) / counts[0]!)).toBeLessThan(1)
  })
})

describe('a stage without any finite value', () => {
  const stage = finishedStage(
    tensorOf([4, 4, 2], (i) => (i % 2 === 0 ? NaN : -Infinity)),
    { kind: 'conv2d' },
  )

  it('has no scale, whose end would occur nowhere, but says what its colours mean', async () => {
    const picture = await openPicture(await figurePng(drawStage(stage)))
    expect(() => findBar(picture, pictureOrigin.left + stageGrid(stage).width + 2)).toThrow('There is no colour bar.')
    const svg = new TextDecoder().decode(await figureSvg(drawStage(stage)))
    expect(svg).toContain('>16 not a number</text>')
    expect(svg).toContain('>16 infinite</text>')
  })

  it('has its colours explained in the evolution figure too', async () => {
    const run = finishedRun()
    const figure = drawEvolution({ ...run, stages: [...run.stages, stage] })
    const svg = new TextDecoder().decode(await figureSvg(figure))
    for (const [text, colour] of [
      ['not a number', notANumberColour],
      ['minus infinity', negativeInfinityColour],
    ] as const) {
      expect(svg).toContain(`>${text}</text>`)
      const hex = colour.map((value) => value.toString(16).padStart(2, '0')).join('')
      expect(svg).toContain(`#${hex}`)
    }
    expect(svg).not.toContain('plus infinity')
  })
})

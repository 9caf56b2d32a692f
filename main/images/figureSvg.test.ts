import { expect, it } from 'vitest'
import { colourOf } from '../../shared/colour.ts'
import { figureThemes, usualFigure } from '../../shared/figures.ts'
import { finishedStage, tensorOf } from '../../tests/support/stages.ts'
import { pixelAt } from './canvas.ts'
import { drawStage, figureSvg } from './figure.ts'
import { rasterise } from './raster.ts'

const stage = finishedStage(
  tensorOf([6, 6, 2], (i) => Math.sin(i) * 3),
  { kind: 'conv2d', title: 'Conv <3×3>', channelNames: ['猫', 'dog'] },
)
const svgOf = async (options = usualFigure) =>
  new TextDecoder().decode(await figureSvg(drawStage(stage, options), options))
const textsOf = (svg: string) => Array.from(svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g), ([, text]) => text)
const hex = (colour: readonly number[]) => `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`

it('an SVG figure has its text as text, and the colours and numbers of its scale', async () => {
  const svg = await svgOf()
  const reach = Math.max(...stage.tensor.data.map(Math.abs))
  const texts = textsOf(svg)
  expect(texts).toEqual(expect.arrayContaining(['Conv &lt;3×3&gt;', '0 · 猫', '1 · dog', '0']))
  for (const end of [reach, -reach]) {
    expect(texts).toContain(String(Number(end.toPrecision(4))).replace('-', '−'))
    expect(svg).toContain(`<path fill="${hex(colourOf(end, { name: 'red-blue', from: -reach, to: reach }))}"`)
  }
})

it('without labels, legend and scale bar there is the picture alone, at the size asked for', async () => {
  const bare = { ...usualFigure, labels: false, legend: false, scaleBar: false, elementSize: 4, magnification: 2 }
  const one = finishedStage(
    tensorOf([3, 5, 1], (i) => i),
    { kind: 'conv2d' },
  )
  const canvas = rasterise(drawStage(one, bare), bare)
  expect([canvas.width, canvas.height]).toEqual([40, 24])
  expect(pixelAt(canvas, 39, 23)).toEqual([...colourOf(14, { name: 'viridis', from: 0, to: 14 })])
  expect(textsOf(await svgOf(bare))).toEqual([])
})

it('a transparent figure has no background, and text readable on white and on black', () => {
  for (const theme of figureThemes) {
    const look = { ...usualFigure, theme }
    const canvas = rasterise(drawStage(stage, look), look)
    expect(canvas.channels).toBe(theme === 'transparent' ? 4 : 3)
    if (theme === 'transparent') expect(canvas.pixels[3]).toBe(0)
    else expect(pixelAt(canvas, 0, 0)).toEqual(theme === 'dark' ? [24, 25, 28] : [255, 255, 255])
  }
})

it('channels each on their own scale say so, with the range of each', async () => {
  const texts = textsOf(await svgOf({ ...usualFigure, scales: { ...usualFigure.scales, mode: 'channel' } }))
  expect(texts).toContain('Each channel on its own scale: equal colours are not equal values')
  expect(texts.filter((text) => /^[01] · .*: −[\d.]+ to [\d.]+$/.test(text!))).toHaveLength(2)
})

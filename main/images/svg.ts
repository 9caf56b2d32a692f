/** Figures as SVG: text as text, everything else as rectangles, and pictures of numbers as embedded PNGs. */

import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import { encodePng } from './encode.ts'
import { fontFamily, fontOf, readFont, type FontFace } from './glyphs.ts'
import { colourIn, palettes, type Colour, type Figure, type Palette, type Surface } from './surface.ts'
import { characters, measureText } from './text.ts'

/** A figure as an SVG file. The letters it is written with go with it, so that it looks the same everywhere. */
export async function figureSvg(
  figure: Figure,
  { theme, magnification }: Pick<FigureOptions, 'theme' | 'magnification'> = usualFigure,
): Promise<Uint8Array> {
  const { width, height } = figure
  const palette = palettes[theme]
  const drawing = svgSurface(palette)
  figure.draw(drawing)
  const body = await drawing.elements()
  const paper = palette.paper ? `<rect width="${width}" height="${height}" fill="${hex(palette.paper)}"/>\n` : ''
  const families = drawing.faces.map(({ script }) => `'${fontFamily(script)}'`)
  const fonts = [...new Set(families), "'IBM Plex Sans'", "'Helvetica Neue'", 'Arial', 'sans-serif'].join(', ')
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width * magnification}" height="${
    height * magnification
  }" viewBox="0 0 ${width} ${height}" role="img" font-family="${fonts}">
<title>${escape(figure.title)}</title>
<style>${drawing.faces.map(fontRule).join('')}text{font-kerning:none;white-space:pre}image{image-rendering:optimizeSpeed;image-rendering:pixelated}</style>
${paper}${body}
</svg>
`
  return new TextEncoder().encode(text)
}

function fontRule(face: FontFace): string {
  const data = Buffer.from(readFont(face)).toString('base64')
  const weight = face.weight === 'bold' ? 600 : 400
  return `@font-face{font-family:'${fontFamily(face.script)}';font-weight:${weight};src:url(data:font/woff;base64,${data})}`
}

interface SvgSurface extends Surface {
  /** Every font whose letters were used. */
  readonly faces: readonly FontFace[]
  elements(): Promise<string>
}

function svgSurface(palette: Palette): SvgSurface {
  const elements: Promise<string>[] = []
  const faces = new Map<string, FontFace>()
  /** Rectangles of one colour that follow each other are one path. */
  let path = { fill: '', data: '' }
  const endPath = () => {
    if (path.data !== '') elements.push(Promise.resolve(`<path fill="${path.fill}" d="${path.data}"/>`))
    path = { fill: '', data: '' }
  }
  const add = (element: string | Promise<string>) => {
    endPath()
    elements.push(Promise.resolve(element))
  }
  return {
    get faces() {
      return [...faces.values()]
    },
    rect(left, top, width, height, paint) {
      const [x, y] = [Math.round(left), Math.round(top)]
      const [across, down] = [Math.round(left + width) - x, Math.round(top + height) - y]
      if (across <= 0 || down <= 0) return
      const fill = hex(colourIn(palette, paint))
      if (path.fill !== fill) endPath()
      path = { fill, data: `${path.data}M${x} ${y}h${across}v${down}h${-across}z` }
    },
    polygon(points, paint) {
      add(`<polygon fill="${hex(colourIn(palette, paint))}" points="${points.map(round).join(' ')}"/>`)
    },
    picture(rgba, width, height, left, top, scale) {
      const place = `x="${left}" y="${top}" width="${width * scale}" height="${height * scale}"`
      add(
        encodePng(rgba, { width, height, channels: 4 }).then(
          (png) =>
            `<image ${place} preserveAspectRatio="none" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`,
        ),
      )
    },
    text(text, x, baseline, style, align = 'left') {
      const width = measureText(text, style)
      let known = true
      for (const character of characters(text)) {
        const face = fontOf(character, style.weight)
        if (face) faces.set(`${face.script} ${face.weight}`, face)
        else known = false
      }
      const anchor = align === 'left' ? '' : ` text-anchor="${align === 'right' ? 'end' : 'middle'}"`
      const weight = style.weight === 'bold' ? ' font-weight="600"' : ''
      // Where another font stands in, it keeps to the place the layout has given.
      const length = known && text !== '' ? ` textLength="${round(width)}"` : ''
      const fill = hex(colourIn(palette, style.colour))
      add(
        `<text x="${round(x)}" y="${Math.round(baseline)}" font-size="${style.size}"${weight} fill="${fill}"${anchor}${length}>${escape(
          characters(text).join(''),
        )}</text>`,
      )
      return width
    },
    canWrite: () => true,
    async elements() {
      endPath()
      return (await Promise.all(elements)).join('\n')
    },
  }
}

function hex([red, green, blue]: Colour): string {
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** Text as it may stand in XML, which has no half characters and few of those that are not seen. */
function escape(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Pieces of a drawing that know their size, put beside and below each other. */

import { frame, type Colour, type Paint, type Surface } from './surface.ts'
import { measureText, type TextStyle } from './text.ts'

export interface Box {
  readonly width: number
  readonly height: number
  draw(surface: Surface, left: number, top: number): void
}

/** Where the smaller of two boxes lies along the larger one. */
type Place = 'start' | 'middle'

export function beside(boxes: readonly Box[], gap: number, place: Place = 'middle'): Box {
  const height = Math.max(0, ...boxes.map((box) => box.height))
  return {
    width: spanOf(
      boxes.map(({ width }) => width),
      gap,
    ),
    height,
    draw(surface, left, top) {
      let x = left
      for (const box of boxes) {
        box.draw(surface, x, place === 'start' ? top : top + Math.round((height - box.height) / 2))
        x += box.width + gap
      }
    },
  }
}

export function below(boxes: readonly Box[], gap: number, place: Place = 'start'): Box {
  const width = Math.max(0, ...boxes.map((box) => box.width))
  return {
    width,
    height: spanOf(
      boxes.map(({ height }) => height),
      gap,
    ),
    draw(surface, left, top) {
      let y = top
      for (const box of boxes) {
        box.draw(surface, place === 'start' ? left : left + Math.round((width - box.width) / 2), y)
        y += box.height + gap
      }
    },
  }
}

function spanOf(sizes: readonly number[], gap: number): number {
  return sizes.reduce((sum, size) => sum + size, 0) + Math.max(0, sizes.length - 1) * gap
}

/** Signs of formulas the font has no glyph for, in words. */
const inWords: readonly (readonly [sign: string, words: string])[] = [
  ['⌊', 'floor('],
  ['⌋', ')'],
  ['√', 'sqrt '],
  ['≥', 'at least'],
  ['≤', 'at most'],
]

/** A line of text. */
export function line(words: string, style: TextStyle): Box {
  const text = inWords.reduce((written, [sign, plain]) => written.replaceAll(sign, plain), words)
  const ascent = Math.round(style.size * 1.05)
  return {
    width: Math.ceil(measureText(text, style)),
    height: Math.round(style.size * 1.4),
    draw: (surface, left, top) => surface.text(text, left, top + ascent, style),
  }
}

/** Text in lines no wider than `room`, broken between words. */
export function paragraph(text: string, room: number, style: TextStyle): Box {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)!} ${word}` : word
    if (lines.length > 0 && measureText(longer, style) <= room) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return below(
    lines.map((words) => line(words, style)),
    2,
  )
}

/** A square of a colour, as large as a letter, to tell which colour a number has. */
export function chip(colour: Colour): Box {
  return {
    width: 12,
    height: 12,
    draw(surface, left, top) {
      surface.rect(left, top, 12, 12, colour)
      frame(surface, left, top, 12, 12)
    },
  }
}

/** A bar of `width` pixels in a room of `room`, from the left, or from the middle where values have both signs. */
export function bar(share: number, room: number, paint: Paint, signed: boolean): Box {
  const height = 12
  return {
    width: room,
    height,
    draw(surface, left, top) {
      const zero = signed ? Math.round(room / 2) : 0
      const end = Math.round(zero + share * (room - zero))
      surface.rect(left, top, room, height, 'faint')
      surface.rect(left + Math.min(zero, end), top, Math.abs(end - zero), height, paint)
      surface.rect(left + zero, top - 3, 1, height + 6, 'muted')
    },
  }
}

/** A cell of a table: a box, or nothing. Numbers stand to the right. */
export interface TableCell {
  readonly box: Box
  readonly align?: 'left' | 'right'
}

/** Rows of cells in columns, each as wide as its widest cell. */
export function table(rows: readonly (readonly TableCell[])[], gap: number, rowGap = 4): Box {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) => Math.max(0, ...rows.map((row) => row[i]?.box.width ?? 0)))
  const heights = rows.map((row) => Math.max(0, ...row.map(({ box }) => box.height)))
  return {
    width: spanOf(widths, gap),
    height: spanOf(heights, rowGap),
    draw(surface, left, top) {
      let y = top
      rows.forEach((row, r) => {
        let x = left
        row.forEach(({ box, align }, i) => {
          const across = align === 'right' ? x + widths[i]! - box.width : x
          box.draw(surface, across, y + Math.round((heights[r]! - box.height) / 2))
          x += widths[i]! + gap
        })
        y += heights[r]! + rowGap
      })
    },
  }
}

import { readFileSync } from 'node:fs'
import { parse } from 'opentype.js'
import { describe, expect, it } from 'vitest'
import { createCanvas } from './canvas.ts'
import { hasGlyph } from './glyphs.ts'
import { drawText, ellipsise, measureText } from './text.ts'

const style = { size: 14, weight: 'regular', colour: [0, 0, 0] } as const

/** The smallest rectangle around all that is not white. */
function inkBox(canvas: ReturnType<typeof createCanvas>) {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1]
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      if (canvas.pixels[(y * canvas.width + x) * 3] === 255) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  }
  return { left, top, right, bottom }
}

describe('text', () => {
  it('has a glyph for every character figures write, and for the letters of Europe', () => {
    const written = '0123456789.,·×−+…–°()/:; abcxyzABCXYZ ÄÖÜßéñçØ ąćęłńśźżŐű αβγδΣσμ абвгдЖЯ'
    expect([...new Set(written)].filter((character) => !hasGlyph(character))).toEqual([])
  })

  it('is as wide as the font says, without kerning', () => {
    const bytes = readFileSync(new URL('./assets/plex-sans-latin-400.woff', import.meta.url))
    const font = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    const text = 'Conv 3×3 · 64×64×4'
    expect(measureText(text, style)).toBeCloseTo(font.getAdvanceWidth(text, 14, { kerning: false }), 6)
  })

  it('has numbers of one width, so that they stand below each other', () => {
    expect(new Set(Array.from('0123456789', (digit) => measureText(digit, style))).size).toBe(1)
  })

  it('stands on its baseline, at the place and within the width it says', () => {
    const canvas = createCanvas(120, 40)
    drawText(canvas, 'HEI', 20, 30, { ...style, size: 20 })
    const box = inkBox(canvas)
    expect(box.bottom).toBe(29)
    // The capitals of this font are 0.698 of its size.
    expect(box.bottom - box.top + 1).toBe(14)
    expect(box.left).toBeGreaterThanOrEqual(20)
    expect(box.right).toBeLessThan(20 + measureText('HEI', { ...style, size: 20 }))
  })

  it('ends or is centred where asked', () => {
    const width = measureText('HEI', style)
    const [right, centred] = [createCanvas(100, 30), createCanvas(100, 30)]
    drawText(right, 'HEI', 90, 20, style, 'right')
    drawText(centred, 'HEI', 50, 20, style, 'centre')
    expect(inkBox(right).right).toBeLessThan(90)
    expect(inkBox(right).left).toBeGreaterThanOrEqual(Math.floor(90 - width))
    const { left, right: end } = inkBox(centred)
    expect(Math.abs((left + end + 1) / 2 - 50)).toBeLessThan(1)
  })

  it('is cut off at the edges of the canvas', () => {
    const canvas = createCanvas(10, 6)
    drawText(canvas, 'Quite long', -4, 3, style)
    drawText(canvas, 'Quite long', 6, 9, style)
    expect(canvas.pixels.length).toBe(180)
  })

  it('is shortened by an ellipsis only where it does not fit', () => {
    const room = measureText('Max pool 2×2', style)
    expect(ellipsise('Max pool 2×2', room, style)).toBe('Max pool 2×2')
    const cut = ellipsise('Max pool 2×2 and more', room, style)
    expect(cut).toMatch(/^Max pool.*…$/)
    expect(measureText(cut, style)).toBeLessThanOrEqual(room)
    expect(ellipsise('anything', 1, style)).toBe('…')
  })

  it('writes control characters as spaces and accents as parts of their letters', () => {
    expect(measureText('a\nb', style)).toBe(measureText('a b', style))
    expect(measureText('e\u0301', style)).toBe(measureText('é', style))
  })
})

/** File names in little room: the beginning and the end stay, because the end tells files apart. */

const ending = 7

/** The name, or as much of its beginning as fits with `…` and its last letters; `measure` gives a text's width. */
export function fitName(name: string, width: number, measure: (text: string) => number): string {
  if (measure(name) <= width) return name
  const letters = Array.from(name)
  const end = letters.slice(-ending).join('')
  const cut = (kept: number) => `${letters.slice(0, kept).join('')}…${end}`
  let [fits, tooLong] = [0, Math.max(1, letters.length - ending)]
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1
    if (measure(cut(middle)) <= width) fits = middle
    else tooLong = middle
  }
  return cut(fits)
}

let pen: CanvasRenderingContext2D | null | undefined

/** The width of a text in CSS pixels at the captions' size; an estimate where there is no canvas. */
export function captionWidth(text: string): number {
  pen ??= document.createElement('canvas').getContext('2d')
  if (!pen) return text.length * 6.5
  const font = `11px ${getComputedStyle(document.body).fontFamily}`
  if (pen.font !== font) pen.font = font
  return pen.measureText(text).width
}

/** Texts with little in them: paragraphs between blank lines, `code` in backticks, and **bold**. */

export interface Span {
  readonly kind: 'plain' | 'code' | 'bold'
  readonly text: string
}

/** What stands between two blank lines is a paragraph; a backtick or star without a partner stands for itself. */
export function paragraphsOf(text: string): readonly (readonly Span[])[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map(spansOf)
}

function spansOf(paragraph: string): readonly Span[] {
  const spans: Span[] = []
  let at = 0
  const plain = (to: number) => {
    if (to > at) spans.push({ kind: 'plain', text: paragraph.slice(at, to) })
  }
  for (const found of paragraph.matchAll(/`([^`]+)`|\*\*(\S(?:[^]*?\S)?)\*\*/g)) {
    plain(found.index)
    const [whole, code, bold] = found
    spans.push(code === undefined ? { kind: 'bold', text: bold! } : { kind: 'code', text: code })
    at = found.index + whole.length
  }
  plain(paragraph.length)
  return spans
}

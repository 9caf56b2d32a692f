/** Text that a cell printed, as the window can show it. */

/** Characters of the beginning and of the end that are shown: laying out millions would hold up the window. */
const part = 50_000

/** The beginning and the end of a long text, in whole lines where they are short; null where all of it can be shown. */
export function withoutMiddle(
  text: string,
): { readonly begin: string; readonly left: number; readonly end: string } | null {
  if (text.length <= 2 * part) return null
  const lastBreak = text.lastIndexOf('\n', part)
  const nextBreak = text.indexOf('\n', text.length - part)
  const begin = text.slice(0, lastBreak > part / 2 ? lastBreak : part)
  const end = text.slice(nextBreak >= 0 && nextBreak < text.length - part / 2 ? nextBreak + 1 : text.length - part)
  return { begin, left: text.length - begin.length - end.length, end }
}

/** Pieces of MathML markup, for formulas written as constants. */

export const i = (name: string): string => `<mi>${name}</mi>`
export const n = (number: string): string => `<mn>${number}</mn>`
export const o = (operator: string): string => `<mo>${operator}</mo>`
export const row = (...parts: readonly string[]): string => `<mrow>${parts.join('')}</mrow>`
export const sub = (base: string, ...index: readonly string[]): string => `<msub>${base}${row(...index)}</msub>`
export const fraction = (above: string, below: string): string => `<mfrac>${above}${below}</mfrac>`
export const brackets = (...parts: readonly string[]): string => row(o('('), ...parts, o(')'))
export const math = (...parts: readonly string[]): string => `<math display="block">${row(...parts)}</math>`
/** A bracket as high as its neighbours: one in another would grow with each. */
const bracket = (mark: string): string => `<mo stretchy="false">${mark}</mo>`
/** A function's name and its arguments: max(a, b). */
export const call = (name: string, ...args: readonly string[]): string =>
  row(i(name), o('&#x2061;'), bracket('('), args.join(o(',')), bracket(')'))
export const sum = (...under: readonly string[]): string => `<munder>${o('∑')}${row(...under)}</munder>`
/** A formula too long for one line: rows of two cells, so that what follows the first `=` is aligned below it. */
export const lines = (...rows: readonly (readonly [left: string, right: string])[]): string =>
  `<math display="block"><mtable>${rows.map((cells) => `<mtr>${cells.map((cell) => `<mtd>${cell}</mtd>`).join('')}</mtr>`).join('')}</mtable></math>`
/** A gap between two names, which would otherwise run together. */
export const gap = `<mtext>\u00a0</mtext>`

/** What nearly every layer's formula is about: the element at row y, column x, channel c. */
export const yx = [i('y'), o(','), i('x')] as const
export const yxc = [...yx, o(','), i('c')] as const
export const output = sub(i('out'), ...yxc)
export const picture = sub(i('in'), ...yxc)

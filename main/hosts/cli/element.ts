/** Which element a person means, as they typed it. */

import type { PlannedStage } from '../../../shared/api.ts'
import type { Place } from '../../../shared/explain.ts'
import { pictureShape } from '../../../shared/tensor.ts'
import { UsageError } from './usage.ts'

/** The most terms that one explanation tells of. */
export const termsAnswered = 4096

/** A whole number from 0 on. */
export function parseIndex(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} ${text}: this must be a whole number from 0 on.`)
  return Number(text)
}

/** `ROW,COLUMN`, `ROW,COLUMN,CHANNEL` or, for a vector, `INDEX`. */
export function parseAt(text: string): readonly number[] {
  if (!/^\d{1,9}(,\d{1,9}){0,2}$/.test(text)) {
    throw new UsageError(
      `--at ${text}: this must be ROW,COLUMN or ROW,COLUMN,CHANNEL, such as 3,4 or 3,4,0; for a vector, the INDEX alone.`,
    )
  }
  return text.split(',').map(Number)
}

/** A number of lines to print. */
export function parseTerms(text: string, option = '--terms'): number {
  const terms = parseIndex(option, text)
  if (terms < 1 || terms > termsAnswered) {
    throw new UsageError(`${option} ${text}: between 1 and ${termsAnswered} can be printed.`)
  }
  return terms
}

/** The place meant by `--at`. Throws a `UsageError` that says which places there are. */
export function placeIn({ index, title, shape }: PlannedStage, at: readonly number[]): Place {
  const [height, width, channels] = pictureShape(shape)
  const isVector = shape.length === 1
  const place = isVector && at.length === 1 ? [0, 0, at[0]!] : [...at, 0]
  const [row, column, channel] = place as [number, number, number]
  const outside = row >= height || column >= width || channel >= channels
  if (outside || (!isVector && at.length === 1)) {
    const there = isVector
      ? `is a vector with elements 0 to ${channels - 1}: --at INDEX`
      : `has rows 0 to ${height - 1}, columns 0 to ${width - 1} and ${channels === 1 ? 'channel 0' : `channels 0 to ${channels - 1}`}: --at ROW,COLUMN,CHANNEL`
    throw new UsageError(`--at ${at.join(',')}: stage ${index} (${title}) ${there}.`)
  }
  return { row, column, channel }
}

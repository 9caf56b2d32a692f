/** What is compared between images, channel by channel. */

import type { ChannelExtremes, Extreme } from '../../shared/batchState.ts'
import { pictureShape, type Tensor } from '../../shared/tensor.ts'
import { pairwiseSum } from '../layers/sum.ts'

/** Channels of a stage that are compared; of more nobody reads the lists. */
export const comparedChannels = 256

/** Images kept at either end of a channel. */
const extremesKept = 9

/**
 * Mean of each channel over its finite elements, added in NumPy's pairwise order; NaN where there is none. A vector's
 * entries are its channels. Empty above `comparedChannels`.
 */
export function channelMeans({ shape, data }: Tensor): Float64Array {
  const channels = pictureShape(shape)[2]
  if (channels > comparedChannels) return new Float64Array(0)
  const scratch = new Float64Array(data.length / channels)
  return Float64Array.from({ length: channels }, (_, channel) => {
    let count = 0
    for (let at = channel; at < data.length; at += channels) {
      const value = data[at]!
      if (value - value === 0) scratch[count++] = value
    }
    return pairwiseSum(scratch, 0, count) / count
  })
}

/** Takes an image in where it belongs; the order in which images come makes no difference. */
export function rank({ most, least }: ChannelExtremes, image: Extreme): void {
  if (Number.isNaN(image.value)) return
  insert(most, image, (a, b) => b.value - a.value)
  insert(least, image, (a, b) => a.value - b.value)
}

function insert(list: Extreme[], image: Extreme, compare: (a: Extreme, b: Extreme) => number): void {
  // Counted already: by an earlier batch, or in a process that died.
  if (list.some(({ name }) => name === image.name)) return
  let at = list.length
  while (at > 0 && before(image, list[at - 1]!, compare)) at--
  if (at === extremesKept) return
  list.splice(at, 0, image)
  if (list.length > extremesKept) list.pop()
}

function before(a: Extreme, b: Extreme, compare: (a: Extreme, b: Extreme) => number): boolean {
  const order = compare(a, b)
  return order < 0 || (order === 0 && a.name < b.name)
}

export function mergeExtremes(into: ChannelExtremes, other: ChannelExtremes): void {
  for (const image of other.most) insert(into.most, image, (a, b) => b.value - a.value)
  for (const image of other.least) insert(into.least, image, (a, b) => a.value - b.value)
}

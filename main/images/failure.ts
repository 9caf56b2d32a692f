/** What a decoder said, as a coded error for a person. */

import { LoupeError } from '../../shared/errors.ts'
import { quotedName, type ImageFile } from './format.ts'
import type { ImageLimits } from './limits.ts'

/** Turns an error of sharp about `file` into one of ours; the file's format has been recognised before. */
export function imageFailure(file: ImageFile, error: unknown, limits: ImageLimits): LoupeError {
  if (error instanceof LoupeError) return error
  const said = error instanceof Error ? error.message : String(error)
  const options = { cause: error }
  if (/timeout/i.test(said)) {
    return new LoupeError(
      'image-timeout',
      `${quotedName(file)} took longer than ${limits.seconds} seconds to decode and was given up. Save it smaller.`,
      { seconds: limits.seconds },
      options,
    )
  }
  if (/pixel limit/i.test(said)) {
    return new LoupeError(
      'image-too-large',
      `${quotedName(file)} is too large: it holds more than the limit of ${limits.pixels / 1e6} million pixels. Save it smaller, or raise the pixel limit in the settings or with --max-pixels.`,
      { limit: limits.pixels },
      options,
    )
  }
  if (/channel limit/i.test(said)) return tooManyChannels(file, options)
  const reason = /premature end|not enough data|truncat|end of (file|GIF)|bad seek|outside of file/i.test(said)
    ? 'it ends too early'
    : 'its contents are not valid'
  return new LoupeError(
    'image-damaged',
    `${quotedName(file)} is damaged: ${reason}. Get a fresh copy of it, or save it again with another program.`,
    { decoder: said.split('\n')[0]!.slice(0, 200) },
    options,
  )
}

export function tooManyChannels(file: ImageFile, options?: ErrorOptions): LoupeError {
  return new LoupeError(
    'image-unsupported',
    `${quotedName(file)} has more channels than a grey, colour or CMYK picture, which LayerLoupe reads. Save it as RGB.`,
    {},
    options,
  )
}

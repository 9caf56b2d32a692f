/** What every decode in the compute process goes by. */

import type { ImageId } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import type { RequestContext } from './protocol.ts'

/** Codecs are loaded with the first picture, not with the process. */
export const loadImages = () => import('../images/index.ts')

/** Tells the host that a codec is at work on these bytes for as long as it is. */
export async function watched<T>(id: ImageId, context: RequestContext, work: () => Promise<T>): Promise<T> {
  context.decoding(id, true)
  try {
    return await work()
  } finally {
    context.decoding(id, false)
  }
}

export function inputOf({ pipeline }: { readonly pipeline: Pipeline }): SpecOf<'input'> {
  const [input] = pipeline.layers
  if (input?.kind !== 'input') throw new LoupeError('pipeline-invalid', 'A pipeline begins with an input layer.')
  return input
}

/** Pipeline files that tests bring into the window. */

import type { FileToAdd } from './test.ts'

export function pipelineFile(name: string, document: unknown): FileToAdd {
  return { name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(document)) }
}

/** Takes seconds on any machine: 8 filters of 31 × 31 over a megapixel. */
export const slowPipeline = pipelineFile('slow.pipeline.json', {
  version: 1,
  name: 'Slow',
  layers: [
    { kind: 'input', size: { width: 1024, height: 1024 } },
    { kind: 'conv2d', filters: 8, size: 31, kernels: { type: 'random', seed: 1 } },
    { kind: 'activation', function: 'relu' },
  ],
})

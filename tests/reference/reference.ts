/** What NumPy and Pillow made of pictures: the folders of results, and our layers for the parameters each tells. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parsePipeline } from '../../shared/pipeline.ts'

/** What `args.json` of a folder says; what is left out has the value given in the data's description. */
interface Reference {
  readonly image: string
  readonly args: {
    readonly input?: { readonly target_size?: readonly [width: number, height: number] }
    readonly conv?: {
      readonly kernel_size?: number
      readonly stride?: number
      readonly padding?: 'same' | 'valid'
      readonly num_filters?: number
    }
    readonly pool?: { readonly pool_size?: number; readonly stride?: number; readonly pool_type?: 'max' | 'avg' }
    readonly output?: { readonly num_classes?: number }
  }
}

/** Our layers up to the stage a file holds, by the file's name. */
export function stagesOf(args: Reference['args']) {
  for (const key of Object.keys(args)) {
    if (!['input', 'conv', 'pool', 'output'].includes(key)) throw new Error(`args.json has an unknown key ${key}`)
  }
  const { input = {}, conv = {}, pool = {}, output = {} } = args
  const [width, height] = input.target_size ?? [64, 64]
  const layers = parsePipeline({
    version: 1,
    name: 'Reference',
    layers: [
      { kind: 'input', size: { width, height } },
      {
        kind: 'conv2d',
        filters: conv.num_filters ?? 1,
        size: conv.kernel_size ?? 3,
        stride: conv.stride ?? 1,
        padding: conv.padding ?? 'same',
      },
      {
        kind: 'pool2d',
        operation: pool.pool_type === 'avg' ? 'average' : 'max',
        size: pool.pool_size ?? 2,
        stride: pool.stride ?? 2,
      },
      { kind: 'flatten' },
      { kind: 'dense', units: output.num_classes ?? 2, weights: { type: 'random', seed: 0, scale: 0.01 } },
      { kind: 'softmax' },
    ],
  }).layers
  return {
    input: layers.slice(0, 1),
    convolution: layers.slice(1, 2),
    pooling: layers.slice(2, 3),
    output: layers.slice(3),
  }
}

/** The folders of results below one, in order; none where that is not there. */
export function casesIn(root: string): string[] {
  if (!path.isAbsolute(root) || !existsSync(root)) return []
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'args.json')
    .map((file) => path.dirname(file))
    .sort()
}

export function readReference(folder: string): Reference {
  return JSON.parse(readFileSync(path.join(folder, 'args.json'), 'utf8')) as Reference
}

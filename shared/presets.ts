/** Built-in pipelines, as data. */

import type { Preset } from './api.ts'
import { parsePipeline, withBackground } from './pipeline.ts'

const tinyVggBlock = (seed: number) => [
  { kind: 'conv2d', filters: 10, padding: 'valid', kernels: { type: 'random', seed, scale: 0.2 } },
  { kind: 'activation', function: 'relu' },
  { kind: 'conv2d', filters: 10, padding: 'valid', kernels: { type: 'random', seed: seed + 1, scale: 0.2 } },
  { kind: 'activation', function: 'relu' },
  { kind: 'pool2d', operation: 'max', size: 2, stride: 2 },
]

const documents: Record<string, unknown> = {
  walkthrough: {
    version: 1,
    name: 'Walkthrough',
    description: 'A 64×64 grey photo, a 3×3 box convolution, 2×2 max pooling and two classes: the smallest whole CNN.',
    layers: [
      { kind: 'input' },
      { kind: 'conv2d', kernels: { type: 'preset', names: ['box'] } },
      { kind: 'pool2d' },
      { kind: 'flatten' },
      { kind: 'dense', units: 2, weights: { type: 'random', seed: 0, scale: 0.01 } },
      { kind: 'softmax' },
    ],
  },
  edges: {
    version: 1,
    name: 'Edges',
    description:
      'Four kernels look for edges of different kinds; ReLU keeps what is positive and pooling keeps the strongest.',
    layers: [
      { kind: 'input', size: { width: 128, height: 128 } },
      { kind: 'conv2d', filters: 4, kernels: { type: 'preset', names: ['sobel-x', 'sobel-y', 'laplacian', 'ridge'] } },
      { kind: 'activation', function: 'relu' },
      { kind: 'pool2d' },
    ],
  },
  'tiny-vgg-shape': {
    version: 1,
    name: 'TinyVGG shape',
    description: 'The layer stack of TinyVGG with seeded random weights: what an untrained network does to a photo.',
    layers: [
      { kind: 'input', colour: 'rgb' },
      ...tinyVggBlock(1),
      ...tinyVggBlock(3),
      { kind: 'flatten' },
      { kind: 'dense', units: 10, weights: { type: 'random', seed: 5, scale: 0.01 } },
      { kind: 'softmax' },
    ],
  },
  'blur-and-pool': {
    version: 1,
    name: 'Blur and pool',
    description: 'A Gaussian blur and average pooling, twice: how a picture is made smaller without jagged edges.',
    layers: [
      { kind: 'input', size: { width: 128, height: 128 }, colour: 'rgb' },
      ...[1, 2].flatMap(() => [
        { kind: 'conv2d', filters: 3, groups: 3, size: 5, kernels: { type: 'preset', names: ['gaussian'] } },
        { kind: 'pool2d', operation: 'average' },
      ]),
    ],
  },
}

export const presets: readonly Preset[] = presetsOn('#ffffff')

/** The same with another background under transparent pixels; none names one of its own. */
export function presetsOn(background: string): readonly Preset[] {
  return Object.entries(documents).map(([id, document]) => ({
    id,
    pipeline: parsePipeline(withBackground(document, background)),
  }))
}

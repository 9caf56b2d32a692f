import { describe, expect, test } from 'vitest'
import { definitionOf } from './layers/index.ts'
import { parsePipelineText } from './pipeline.ts'
import { presets } from './presets.ts'

function shapes(id: string): string[] {
  const { pipeline } = presets.find((preset) => preset.id === id)!
  let shape: readonly number[] = [480, 640, 3]
  return pipeline.layers.map((layer) => {
    shape = definitionOf(layer).outputShape(shape, layer)
    return `${layer.kind} ${shape.join('×')}`
  })
}

describe('presets', () => {
  test('are the four the product promises, and survive being saved and opened', () => {
    expect(presets.map((preset) => preset.id)).toEqual(['walkthrough', 'edges', 'tiny-vgg-shape', 'blur-and-pool'])
    for (const { pipeline } of presets) expect(parsePipelineText(JSON.stringify(pipeline))).toEqual(pipeline)
  })

  test('the walkthrough goes from 64×64 to two shares', () => {
    expect(shapes('walkthrough')).toEqual([
      'input 64×64×1',
      'conv2d 64×64×1',
      'pool2d 32×32×1',
      'flatten 1024',
      'dense 2',
      'softmax 2',
    ])
  })

  test('TinyVGG’s stack has the shapes of the CNN Explainer', () => {
    expect(shapes('tiny-vgg-shape')).toEqual([
      'input 64×64×3',
      'conv2d 62×62×10',
      'activation 62×62×10',
      'conv2d 60×60×10',
      'activation 60×60×10',
      'pool2d 30×30×10',
      'conv2d 28×28×10',
      'activation 28×28×10',
      'conv2d 26×26×10',
      'activation 26×26×10',
      'pool2d 13×13×10',
      'flatten 1690',
      'dense 10',
      'softmax 10',
    ])
  })

  test('edges and blur keep a picture to the end', () => {
    expect(shapes('edges').at(-1)).toBe('pool2d 64×64×4')
    expect(shapes('blur-and-pool').at(-1)).toBe('pool2d 32×32×3')
  })
})

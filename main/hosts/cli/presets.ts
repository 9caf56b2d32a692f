/** `presets`: the built-in pipelines. */

import { definitionOf, type LayerSpec } from '../../../shared/layers/index.ts'
import { presets } from '../../../shared/presets.ts'
import { exitCodes, type Console } from './console.ts'

export function listPresets(options: { readonly json: boolean }, console: Console): number {
  console.out(options.json ? JSON.stringify(presets, null, 2) : presets.map(describe).join('\n\n'))
  return exitCodes.done
}

function describe({ id, pipeline }: (typeof presets)[number]): string {
  const layers = pipeline.layers.map((layer: LayerSpec) => definitionOf(layer).title(layer)).join(' → ')
  return [id, ...wrap(pipeline.description, 76), ...wrap(layers, 76)].join('\n')
}

/** Lines of at most `room` characters, indented by four. */
function wrap(text: string, room: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map((line) => `    ${line}`)
}

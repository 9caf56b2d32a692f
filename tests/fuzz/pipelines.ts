/** What is done to pipeline documents. */

import { presets } from '../../shared/presets.ts'
import { layerDefinitions, type LayerKind } from '../../shared/layers/index.ts'
import { defaultLayer } from '../../shared/pipeline.ts'
import type { Random } from './random.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Every preset, and every kind of layer after an input. */
export const documents: readonly { readonly name: string; readonly document: Json }[] = [
  ...presets.map(({ id, pipeline }) => ({ name: id, document: plain(pipeline) })),
  ...(Object.keys(layerDefinitions) as LayerKind[])
    .filter((kind) => kind !== 'input')
    .map((kind) => ({
      name: `only-${kind}`,
      document: plain({ version: 1, name: kind, layers: [defaultLayer('input'), defaultLayer(kind)] }),
    })),
]

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}

const numbers = [0, -0, 1, -1, 2, 3, 0.5, 1e-320, 255, 256, 4096, 65_536, 1e6, 2 ** 31, 2 ** 32, 2 ** 53, 1e21, 1e308]
const strings = [
  '',
  'NaN',
  'Infinity',
  '-0',
  '1e999',
  'null',
  '__proto__',
  'constructor',
  '\0',
  '\ud800',
  '💥',
  '𝕏',
  '‮abc',
]
const keys = ['__proto__', 'constructor', 'kind', 'size', 'padding', 'names', 'toString', 'weights', '', 'länge']

function nested(random: Random): Json {
  const depth = random.pick([3, 100, 1500])
  let value: Json = random.chance(0.5) ? [] : {}
  for (let i = 0; i < depth; i++) value = Array.isArray(value) ? [value] : { kind: value }
  return value
}

function anything(random: Random): Json {
  switch (random.below(8)) {
    case 0:
      return null
    case 1:
      return random.chance(0.5)
    case 2:
    case 3:
      return random.pick(numbers)
    case 4:
      return random.pick(strings)
    case 5:
      return 'x'.repeat(random.pick([10, 3000, 100_000]))
    case 6:
      return random.chance(0.5) ? Array.from({ length: random.pick([0, 1, 9, 5000]) }, () => random.pick(numbers)) : {}
    default:
      return nested(random)
  }
}

/** Every place in a document: the object or array it is in, and under which key. */
function places(value: Json, found: { readonly holder: { [key: string]: Json }; readonly key: string }[] = []) {
  if (typeof value === 'object' && value !== null) {
    const holder = value as { [key: string]: Json }
    for (const key of Object.keys(holder)) {
      found.push({ holder, key })
      places(holder[key]!, found)
    }
  }
  return found
}

/** A document that is no longer quite a pipeline. Often it still is one, of other numbers. */
export function mutateDocument(document: Json, random: Random): Json {
  const copy = plain(document)
  if (random.chance(0.6)) return mutateMildly(copy, random)
  const rounds = 1 + random.below(3)
  for (let round = 0; round < rounds; round++) {
    const all = places(copy)
    const { holder, key } = random.pick(all)
    const value = holder[key]!
    switch (random.below(8)) {
      case 0:
        holder[key] = anything(random)
        break
      case 1:
        if (Array.isArray(holder)) holder.splice(Number(key), 1)
        else Reflect.deleteProperty(holder, key)
        break
      case 2:
        if (Array.isArray(holder)) holder.splice(random.below(holder.length + 1), 0, value)
        else {
          // By assignment `__proto__` would not be a key, as it is in a file.
          const as = { value: anything(random), enumerable: true, writable: true, configurable: true }
          Object.defineProperty(holder, random.pick(keys), as)
        }
        break
      case 3: {
        const other = random.pick(all)
        holder[key] = plain(other.holder[other.key]!)
        break
      }
      case 4:
        if (Array.isArray(value)) holder[key] = Array.from({ length: random.below(300) }, () => value[0] ?? 1)
        else holder[key] = anything(random)
        break
      default:
        // Numbers are what most layers are made of.
        holder[key] = typeof value === 'number' ? near(value, random) : anything(random)
    }
  }
  return copy
}

/** Other numbers, and layers left out, repeated or moved: most of these still are pipelines. */
function mutateMildly(document: Json, random: Random): Json {
  const { layers } = document as { layers: Json[] }
  const rounds = 1 + random.below(4)
  for (let round = 0; round < rounds; round++) {
    if (random.chance(0.3) && layers.length > 1) {
      const [layer] = layers.splice(1 + random.below(layers.length - 1), random.chance(0.7) ? 1 : 0)
      const again = layer ?? layers[1 + random.below(layers.length - 1)]!
      if (random.chance(0.8)) layers.splice(1 + random.below(layers.length), 0, again)
      continue
    }
    const { holder, key } = random.pick(places(layers).filter(({ holder, key }) => typeof holder[key] === 'number'))
    const value = holder[key] as number
    holder[key] = random.chance(0.8)
      ? Math.max(0, value + random.below(9) - 3) * random.pick([1, 1, 1, 2, 16])
      : near(value, random)
  }
  return document
}

function near(value: number, random: Random): number {
  return random.chance(0.5) ? random.pick(numbers) : Math.round(value * (random.below(8) + 0.5)) - random.below(3)
}

const deep = '['.repeat(50_000) + ']'.repeat(50_000)
const inserts = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '1e999',
  '-',
  'null',
  '\\u0000',
  '"__proto__":',
  '\ufeff',
  '//',
  deep,
  `"version":${deep},`,
]

/** The text of a document with a few characters changed. */
export function mutateText(document: Json, random: Random): string {
  let text = JSON.stringify(document)
  const rounds = 1 + random.below(4)
  for (let round = 0; round < rounds; round++) {
    const at = random.below(text.length + 1)
    text = text.slice(0, at) + random.pick(inserts) + text.slice(at + random.below(3))
  }
  return text
}

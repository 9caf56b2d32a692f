import { expect, test } from 'vitest'
import type { StageSummary, TensorWindow, WindowRequest } from '../../shared/api.ts'
import type { Source } from './source.ts'
import { Tiles } from './tiles.svelte.ts'

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

/** The value of an element says where it is. */
const valueAt = (row: number, column: number, channel: number) => (row * 7 + column * 3 + channel) % 251

/** Zeros everywhere, where only sizes count. */
const blank = () => 0

function sourceOf(
  key: string,
  [height, width, channels]: readonly [number, number, number],
  dtype?: 'float64',
  valueOf = valueAt,
) {
  const asked: { request: WindowRequest; signal: AbortSignal; answer(): Promise<void>; refuse(): Promise<void> }[] = []
  const summary = dtype ? ({ dtype } as StageSummary) : null
  const read = (request: WindowRequest, signal: AbortSignal) =>
    new Promise<TensorWindow>((resolve, reject) => {
      const rect = request.rect!
      const [first, end] = request.channels!
      const shape = [rect.height, rect.width, end - first] as const
      const answer = async () => {
        const data = dtype
          ? new Float64Array(shape[0] * shape[1] * shape[2])
          : new Uint8Array(shape[0] * shape[1] * shape[2])
        for (let row = 0, i = 0; valueOf !== blank && row < rect.height; row++) {
          for (let column = 0; column < rect.width; column++) {
            for (let c = first; c < end; c++) data[i++] = valueOf(rect.top + row, rect.left + column, c)
          }
        }
        resolve({ rect, channels: [first, end], step: 1, shape, data })
        await turn()
      }
      const refuse = async () => {
        reject(new Error('gone'))
        await turn()
      }
      asked.push({ request, signal, answer, refuse })
    })
  const source = { key, form: 'picture', height, width, channels, summary, read } as unknown as Source
  const whole = { rect: { left: 0, top: 0, width, height }, channels: [0, channels] as const }
  return { source, asked, whole }
}

const photo = [4000, 6000, 3] as const
const at = (row: number, column: number, channel = 0) => ({ row, column, channel })

test('a tile holds every element of its part, to the edge of the picture, with the three channels of a colour', async () => {
  const tiles = new Tiles()
  const { source, asked } = sourceOf('photo', photo)
  const wanted = tiles.read(source, at(3999, 5999))
  await turn()
  expect(asked[0]!.request).toEqual({ rect: { left: 5632, top: 3584, width: 368, height: 416 }, channels: [0, 3] })
  await asked[0]!.answer()
  await wanted
  for (const [row, column] of [
    [3584, 5632],
    [3999, 5999],
    [3700, 5800],
  ] as const) {
    expect(tiles.valuesAt(source, at(row, column), [0, 1, 2])).toEqual([0, 1, 2].map((c) => valueAt(row, column, c)))
  }
  expect(tiles.valuesAt(source, at(3583, 5632), [0])).toBeNull()
  await tiles.read(source, at(3600, 5700))
  expect(asked).toHaveLength(1)
})

test('of small stages with many channels a tile holds many, so that the next channel is in hand', async () => {
  const tiles = new Tiles()
  const { source, asked } = sourceOf('deep', [64, 64, 512], 'float64')
  const wanted = tiles.read(source, at(5, 6, 40))
  await turn()
  expect(asked[0]!.request).toEqual({ rect: { left: 0, top: 0, width: 64, height: 64 }, channels: [32, 64] })
  await asked[0]!.answer()
  await wanted
  expect(tiles.valuesAt(source, at(5, 6, 63), [63])).toEqual([valueAt(5, 6, 63)])
  expect(tiles.valuesAt(source, at(5, 6, 64), [64])).toBeNull()
})

test('reads on from the pointer outwards, two at a time, each tile once, until all that is seen is here', async () => {
  const tiles = new Tiles()
  const { source, asked, whole } = sourceOf('photo', photo, undefined, blank)
  tiles.readAhead(source, at(2000, 3000), whole)
  await turn()
  expect(asked).toHaveLength(2)
  let answered = 0
  for (; answered < asked.length; answered++) await asked[answered]!.answer()
  expect(answered).toBe(8 * 12)
  const places = asked.map(({ request }) => [request.rect!.top / 512, request.rect!.left / 512] as const)
  expect(new Set(places.map(String)).size).toBe(96)
  const rings = places.map(([y, x]) => Math.max(Math.abs(y - 3), Math.abs(x - 5)))
  expect(rings.every((ring, i) => ring >= Math.max(...rings.slice(0, i + 1)))).toBe(true)
})

test('goes on from where the pointer has moved to, and no further once nothing is pointed at', async () => {
  const tiles = new Tiles()
  const { source, asked, whole } = sourceOf('photo', photo)
  tiles.readAhead(source, at(0, 0), whole)
  await turn()
  tiles.readAhead(source, at(3999, 5999), whole)
  await asked[0]!.answer()
  expect(asked[2]!.request.rect).toMatchObject({ left: 5632, top: 3584 })
  tiles.stop()
  expect(asked[2]!.signal.aborted).toBe(true)
  await asked[1]!.answer()
  await asked[2]!.answer()
  expect(asked).toHaveLength(3)
  expect(tiles.valuesAt(source, at(3999, 5999), [0])).toBeNull()
})

test('keeps no more than there is room for: of a larger picture the part round the pointer', async () => {
  const tiles = new Tiles()
  const { source, asked, whole } = sourceOf('large', [8000, 12000, 3], undefined, blank)
  tiles.readAhead(source, at(4000, 6000), whole)
  await turn()
  for (let i = 0; i < asked.length; i++) await asked[i]!.answer()
  const bytes = asked.reduce((sum, { request: { rect } }) => sum + rect!.width * rect!.height * 3, 0)
  expect(bytes).toBeGreaterThan(70e6)
  expect(bytes).toBeLessThanOrEqual(80e6)
  for (let column = 0; column < 12000; column += 512) {
    const wanted = tiles.read(source, at(0, column))
    tiles.readAhead(source, at(0, column), { rect: { left: column, top: 0, width: 1, height: 1 }, channels: [0, 3] })
    await turn()
    await asked.at(-1)!.answer()
    await wanted
  }
  for (let row = 512; row < 1536; row += 512) {
    for (let column = 0; column < 12000; column += 512) {
      const wanted = tiles.read(source, at(row, column))
      await turn()
      await asked.at(-1)!.answer()
      await wanted
    }
  }
  // 112 MB are full by now; what lies farthest from the last place went first, what is near is here.
  expect(tiles.valuesAt(source, at(5600, 3100), [0])).toBeNull()
  expect(tiles.valuesAt(source, at(0, 11_999), [0])).toEqual([0])
})

test('of several tiles wanted the newest two are waited for; an older one is given up', async () => {
  const tiles = new Tiles()
  const { source, asked } = sourceOf('photo', photo)
  const failures: unknown[] = []
  for (const column of [0, 1000, 2000])
    tiles.read(source, at(0, column)).catch((error: unknown) => failures.push(error))
  await turn()
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false, false])
  await asked[1]!.refuse()
  // What was given up is asked for anew when it is wanted again.
  const back = tiles.read(source, at(0, 0))
  await turn()
  expect([asked.length, asked[3]!.request.rect!.left]).toEqual([4, 0])
  await asked[3]!.answer()
  await back
  expect(failures).toEqual([new Error('gone')])
  const again = tiles.read(source, at(0, 1000))
  await turn()
  await asked.at(-1)!.answer()
  await again
  expect(tiles.valuesAt(source, at(0, 1000), [1])).toEqual([valueAt(0, 1000, 1)])
})

test('tiles of sources that are gone are forgotten', async () => {
  const tiles = new Tiles()
  const [old, here] = [sourceOf('old', photo), sourceOf('here', photo)]
  for (const { source, asked } of [old, here]) {
    const wanted = tiles.read(source, at(0, 0))
    await turn()
    await asked[0]!.answer()
    await wanted
  }
  tiles.keep(new Set(['here']))
  expect(tiles.valuesAt(old.source, at(0, 0), [0])).toBeNull()
  expect(tiles.valuesAt(here.source, at(0, 0), [0])).toEqual([0])
})

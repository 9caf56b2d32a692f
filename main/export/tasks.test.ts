import { afterEach, describe, expect, it, test, vi } from 'vitest'
import type { encodePng } from '../images/encode.ts'
import { usualFigure } from '../../shared/figures.ts'
import { finishedRun } from '../../tests/support/stages.ts'
import { exportRun } from './index.ts'
import { mostHeld, runAll, type Work } from './tasks.ts'

const encoded = vi.hoisted(() => ({ held: 0, alone: 0, together: 0, count: 0, atOnce: 0 }))

vi.mock('../images/encode.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  // What is held from the moment a picture is drawn until it is encoded.
  encodePng: (async (pixels) => {
    encoded.held += pixels.byteLength
    encoded.count++
    if (encoded.count > 1) encoded.together = Math.max(encoded.together, encoded.held)
    else encoded.alone = Math.max(encoded.alone, encoded.held)
    encoded.atOnce = Math.max(encoded.atOnce, encoded.count)
    await new Promise((resolve) => setTimeout(resolve, 20))
    encoded.held -= pixels.byteLength
    encoded.count--
    return new Uint8Array(1)
  }) satisfies typeof encodePng,
}))

afterEach(() => {
  Object.assign(encoded, { held: 0, alone: 0, together: 0, count: 0, atOnce: 0 })
})

/** Works that end when they are told to, and what has begun. */
function works(sizes: readonly number[]) {
  const begun: number[] = []
  const end: ((error?: Error) => void)[] = []
  const tasks = sizes.map((bytes, i) => (): Work => ({
    bytes,
    run: () =>
      new Promise<void>((resolve, reject) => {
        begun.push(i)
        end[i] = (error) => {
          if (error) reject(error)
          else resolve()
        }
      }),
  }))
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5))
  return { begun, end, settled, ended: runAll(tasks, () => undefined) }
}

describe('files made at the same time', () => {
  it('are four where they are small', async () => {
    const { begun, end, settled, ended } = works([1, 1, 1, 1, 1])
    await settled()
    expect(begun).toEqual([0, 1, 2, 3])
    end[2]!()
    await settled()
    expect(begun).toEqual([0, 1, 2, 3, 4])
    for (const i of [0, 1, 3, 4]) end[i]!()
    await ended
  })

  it('are fewer where they are large, while those that hold nothing wait for none', async () => {
    const half = mostHeld / 2
    const { begun, end, settled, ended } = works([half, half, 1, 0, 2 * mostHeld, 1])
    await settled()
    expect(begun.toSorted()).toEqual([0, 1, 3])
    end[3]!()
    end[0]!()
    await settled()
    // The one that fits; the one that never does waits for all before it, and is alone.
    expect(begun.slice(3)).toEqual([2])
    end[1]!()
    await settled()
    expect(begun.slice(3)).toEqual([2])
    end[2]!()
    await settled()
    expect(begun.slice(3)).toEqual([2, 4])
    end[4]!()
    await settled()
    expect(begun.slice(3)).toEqual([2, 4, 5])
    end[5]!()
    await ended
  })

  it('begin no more, also of those that wait for room, once one has failed', async () => {
    const { begun, end, settled, ended } = works([mostHeld, mostHeld, 1])
    await settled()
    end[0]!(new Error('full'))
    await expect(ended).rejects.toThrow('full')
    expect(begun).toEqual([0])
  })
})

test('pictures of a run that are eight times as large are drawn fewer at once than those three times as large', async () => {
  const run = finishedRun()
  const save = async (magnification: number) => {
    await exportRun(
      run,
      ['png', 'figure'],
      { write: () => Promise.resolve() },
      {
        folder: '',
        figure: { ...usualFigure, magnification },
      },
    )
    return { ...encoded }
  }
  expect((await save(3)).atOnce).toBe(4)
  Object.assign(encoded, { alone: 0, together: 0, atOnce: 0 })
  const { alone, together, atOnce } = await save(8)
  expect(atOnce).toBeLessThan(4)
  // One alone is more than all that are drawn at the same time may be.
  expect(alone).toBeGreaterThan(mostHeld)
  expect(together).toBeLessThanOrEqual(mostHeld)
}, 30_000)

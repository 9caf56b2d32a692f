import { expect, test } from 'vitest'
import type { Api, Params } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { InspectorState, type Pinned } from './inspector.svelte.ts'
import type { RunState } from './run.svelte.ts'

/** A stage of 4 × 5 × 2 of a run, whose explanations come when the test says so, and a clock it moves. */
function inspect(part: Partial<Pinned> = {}) {
  const asked: { readonly params: Params<'explain'>; answer(): Promise<void>; refuse(): Promise<void> }[] = []
  const api = {
    call: (_method: string, params: Params<'explain'>) =>
      new Promise((resolve, reject) => {
        const settle = async (how: () => void) => {
          how()
          await new Promise((next) => setTimeout(next, 0))
        }
        asked.push({
          params,
          answer: () => settle(() => resolve({ ...params, place: params, value: params.row })),
          refuse: () => settle(() => reject(new LoupeError('internal', 'It broke.'))),
        })
      }),
  } as unknown as Api
  const run = { run: 'run', stages: [{ summary: {} }, { summary: {} }] } as unknown as RunState
  const pinned: Pinned = {
    number: 1,
    stage: 1,
    place: { row: 1, column: 2, channel: 1 },
    shape: [4, 5, 2],
    missing: null,
    ...part,
  }
  let tick: (() => void) | null = null
  const inspector = new InspectorState(
    api,
    run,
    () => pinned,
    (work) => {
      tick = work
      return () => {
        tick = null
      }
    },
  )
  inspector.update()
  return { inspector, asked, tick: () => tick?.(), moving: () => tick !== null }
}

const shown = ({ explanation }: InspectorState) =>
  explanation && [explanation.place.row, explanation.place.column, explanation.place.channel]

test('the pinned element is explained, and what is on screen stays until the next is here', async () => {
  const { inspector, asked } = inspect()
  expect(asked.map(({ params: { run, stage, row, column, channel } }) => [run, stage, row, column, channel])).toEqual([
    ['run', 1, 1, 2, 1],
  ])
  expect(inspector.waiting).toBe(true)
  await asked[0]!.answer()
  expect(shown(inspector)).toEqual([1, 2, 1])
  inspector.seek(13)
  inspector.update()
  expect(inspector.place).toEqual({ row: 2, column: 3, channel: 1 })
  expect(shown(inspector)).toEqual([1, 2, 1])
  await asked[1]!.answer()
  expect(shown(inspector)).toEqual([2, 3, 1])
  expect(inspector.waiting).toBe(false)
})

test('an answer that comes late never takes the place of a newer one', async () => {
  const { inspector, asked } = inspect()
  inspector.seek(0)
  inspector.update()
  await asked[1]!.answer()
  await asked[0]!.answer()
  expect(shown(inspector)).toEqual([0, 0, 1])
})

test('playing goes on from the pinned element to the last, and what comes next is asked for ahead', async () => {
  const { inspector, asked, tick, moving } = inspect()
  await asked[0]!.answer()
  inspector.play(false)
  tick()
  inspector.update()
  expect(inspector.index).toBe(8)
  expect(asked.slice(1).map(({ params: { row, column } }) => [row, column])).toEqual([
    [1, 3],
    [1, 4],
  ])
  await asked[1]!.answer()
  expect(asked).toHaveLength(4)
  for (let i = 0; i < 30; i++) tick()
  expect(inspector.index).toBe(19)
  expect(moving()).toBe(false)
  expect(inspector.playing).toBe(false)
  inspector.play(false)
  expect(inspector.index).toBe(0)
})

test('faster than the ticks, several elements pass in one', () => {
  const { inspector, tick } = inspect({ shape: [100, 100, 2], place: { row: 0, column: 0, channel: 0 } })
  inspector.setSpeed(256, false)
  inspector.play(false)
  for (let i = 0; i < 25; i++) tick()
  expect(inspector.index).toBe(256)
})

test('where nothing may move, playing shows the end at once', () => {
  const { inspector, moving } = inspect()
  inspector.play(true)
  expect([inspector.index, inspector.playing, moving()]).toEqual([19, false, false])
  inspector.step(-1)
  expect(inspector.index).toBe(18)
})

test('Escape goes up one level at a time: the term, playing, the place, the panel', () => {
  const { inspector } = inspect()
  inspector.play(false)
  inspector.step(1)
  inspector.stepTerm(1, 9)
  inspector.stepTerm(1, 9)
  expect(inspector.term).toBe(1)
  inspector.up()
  expect([inspector.term, inspector.index, inspector.open]).toEqual([null, 8, true])
  inspector.up()
  expect([inspector.index, inspector.away, inspector.open]).toEqual([7, false, true])
  inspector.up()
  expect(inspector.open).toBe(false)
  inspector.follow('another')
  expect(inspector.open).toBe(true)
})

test('of a vector, playing goes through its numbers', () => {
  const { inspector } = inspect({ shape: [10], place: { row: 0, column: 0, channel: 3 } })
  expect([inspector.total, inspector.index]).toEqual([10, 3])
  inspector.step(1)
  expect(inspector.place).toEqual({ row: 0, column: 0, channel: 4 })
})

test('why an element cannot be explained is said; of one only foreseen it is not, and it is asked for again', async () => {
  const { inspector, asked } = inspect()
  await asked[0]!.answer()
  inspector.step(1)
  inspector.update()
  await asked[2]!.refuse()
  expect(inspector.error).toBeNull()
  await asked[1]!.refuse()
  expect(inspector.error).toBe('It broke.')
  const before = asked.length
  inspector.step(1)
  inspector.update()
  expect(inspector.error).toBeNull()
  expect(asked.slice(before).map(({ params }) => params.column)).toContain(4)
})

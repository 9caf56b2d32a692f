import { beforeEach, expect, it } from 'vitest'
import type { ApiEvent } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { Pending } from './pending.ts'

let told: string[]
let pending: Pending

beforeEach(() => {
  told = []
  pending = new Pending((event) => {
    told.push(`${event.type} ${'run' in event ? event.run : 'job' in event ? event.job : ''}`.trim())
  })
})

const done = (run: string): ApiEvent => ({ type: 'run.done', run, milliseconds: 1 })
const progress = (run: string): ApiEvent => ({ type: 'run.progress', run, stage: 0, fraction: 0 })
const turn = async () => {
  await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A call that is answered when told to. */
function start(method: 'runs.start' | 'export.start' = 'runs.start') {
  let answer!: (result: never) => void
  let refuse!: (error: Error) => void
  const answered = pending.follow(method, async () => {
    return await new Promise<never>((resolve, reject) => {
      answer = resolve
      refuse = reject
    })
  })
  return {
    answered,
    answer: (result: object) => {
      answer(result as never)
    },
    refuse: (error: Error) => {
      refuse(error)
    },
  }
}

it('holds the events of a run until whoever started it has had the answer', async () => {
  const call = start()
  const order: string[] = []
  const caller = call.answered.then(() => order.push(...told, 'answered'))
  pending.take(progress('a'))
  pending.take(done('a'))
  await turn()
  expect(told).toEqual([])
  call.answer({ run: 'a' })
  await caller
  await turn()
  expect(order).toEqual(['answered'])
  expect(told).toEqual(['run.progress a', 'run.done a'])
})

it('keeps the order of events that come while others are held', async () => {
  const [first, second] = [start(), start()]
  pending.take(progress('b'))
  first.answer({ run: 'a' })
  await turn()
  pending.take(progress('a'))
  pending.take(done('b'))
  pending.take(done('a'))
  expect(told).toEqual(['run.progress a', 'run.done a'])
  second.answer({ run: 'b' })
  await turn()
  expect(told).toEqual(['run.progress a', 'run.done a', 'run.progress b', 'run.done b'])
})

it('passes on at once what belongs to another window, and what belongs to no run', async () => {
  pending.take(done('other'))
  const call = start()
  pending.take({ type: 'engine.restarted', reason: 'x' })
  expect(told).toEqual(['run.done other', 'engine.restarted'])
  pending.take(done('another'))
  call.refuse(new Error('refused'))
  await expect(call.answered).rejects.toThrow('refused')
  await turn()
  expect(told.at(-1)).toBe('run.done another')
})

it('fails what has not ended, and only that, once', async () => {
  const calls = [start(), start(), start('export.start')]
  calls[0]!.answer({ run: 'a' })
  calls[1]!.answer({ run: 'b' })
  calls[2]!.answer({ job: 'j' })
  await turn()
  pending.take(done('a'))
  pending.fail(new LoupeError('engine-lost', 'gone'))
  pending.fail(new LoupeError('engine-lost', 'gone'))
  expect(told).toEqual(['run.done a', 'run.failed b', 'export.failed j'])
})

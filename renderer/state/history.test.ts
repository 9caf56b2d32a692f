import { expect, test } from 'vitest'
import { begin, record, redo, settle, takeBack, undo, type History } from './history.ts'

/** Values 1, 2, … count, each a step of its own. */
function counted(count: number): History<number> {
  let history = begin(0)
  for (let i = 1; i <= count; i++) history = record(history, i, `to ${i}`)
  return history
}

test('at least 200 steps can be undone and redone, and the oldest go when there are very many', () => {
  let history = counted(200)
  for (let i = 0; i < 200; i++) history = undo(history)
  expect(history.present.value).toBe(0)
  expect(undo(history)).toBe(history)
  for (let i = 0; i < 200; i++) history = redo(history)
  expect([history.present.value, history.future.length]).toEqual([200, 0])
  expect(redo(history)).toBe(history)
  expect(counted(5000).past.length).toBe(500)
})

test('a new step takes away what had been undone', () => {
  let history = undo(undo(counted(3)))
  expect(history.future.map(({ label }) => label)).toEqual(['to 2', 'to 3'])
  history = record(history, 9, 'to 9')
  expect(history.future).toEqual([])
  expect(undo(history).present.value).toBe(1)
})

test('steps of one stream are one step, those of another or of none are their own', () => {
  let history = begin(0)
  for (const value of [1, 2, 3]) history = record(history, value, 'slide', 'slider')
  history = record(history, 4, 'other', 'another')
  history = record(history, 5, 'slide', 'slider')
  expect(history.past.map(({ value }) => value)).toEqual([0, 3, 4])
})

test('a stream that has ended is not gone on with: by settling, nor after undo and redo', () => {
  let history = record(begin(0), 1, 'slide', 'slider')
  history = record(settle(history), 2, 'slide', 'slider')
  expect(undo(history).present.value).toBe(1)
  history = record(redo(undo(history)), 3, 'slide', 'slider')
  expect(undo(history).present.value).toBe(2)
  expect(record(undo(history), 4, 'slide', 'slider').past.map(({ value }) => value)).toEqual([0, 1, 2])
})

test('a stream is taken back without a trace while it has not ended', () => {
  const before = counted(2)
  let history = before
  for (const value of [7, 8]) history = record(history, value, 'type', 'cell')
  expect(takeBack(history)).toEqual(before)
  expect(takeBack(settle(history)).present.value).toBe(8)
  expect(takeBack(before)).toBe(before)
  // What was undone before it can still be done again.
  const undone = undo(before)
  expect(takeBack(record(undone, 7, 'type', 'cell'))).toBe(undone)
})

test('the same value is no step', () => {
  const history = counted(1)
  expect(record(history, 1, 'again')).toBe(history)
})

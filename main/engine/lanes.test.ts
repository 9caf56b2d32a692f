import { describe, expect, test } from 'vitest'
import { Lanes, type Waiting } from './lanes.ts'
import type { ComputeMethod } from './protocol.ts'

interface Item extends Waiting {
  readonly name: string
}

function lanesWith(...items: [ComputeMethod, string, alone?: 'alone'][]) {
  const lanes = new Lanes<Item>()
  for (const [method, name, alone] of items) lanes.add({ method, name, alone: alone !== undefined })
  return lanes
}

/** Names of what goes out until nothing more may. */
function outgoing(lanes: Lanes<Item>): string[] {
  const names: string[] = []
  for (let item = lanes.next(); item; item = lanes.next()) names.push(item.name)
  return names
}

function done(lanes: Lanes<Item>, name: string): void {
  lanes.done([...lanes.inHand].find((item) => item.name === name)!)
}

describe('lanes', () => {
  test('send few of each kind at a time, and reads first', () => {
    const lanes = lanesWith(
      ['export', 'e1'],
      ['export', 'e2'],
      ['thumbnail', 't1'],
      ['probe', 'p1'],
      ['thumbnail', 't2'],
      ['run', 'r1'],
      ['draw', 'd1'],
      ['draw', 'd2'],
      ['readStage', 's1'],
    )
    expect(outgoing(lanes)).toEqual(['s1', 'r1', 't1', 'p1', 'd1', 'e1'])
    done(lanes, 't1')
    expect(outgoing(lanes)).toEqual(['t2'])
  })

  test('take the newest and the oldest run by turns, so that neither waits for the others', () => {
    const lanes = lanesWith(['run', 'a'], ['run', 'b'], ['run', 'c'], ['run', 'd'])
    const order: string[] = []
    for (;;) {
      const [name] = outgoing(lanes)
      if (name === undefined) break
      order.push(name)
      done(lanes, name)
    }
    expect(order).toEqual(['d', 'a', 'c', 'b'])
  })

  test('send what must be alone when nothing is in hand, and nothing beside it', () => {
    const lanes = lanesWith(['readStage', 's1'])
    expect(outgoing(lanes)).toEqual(['s1'])
    lanes.add({ method: 'thumbnail', name: 't1', alone: true })
    lanes.add({ method: 'run', name: 'r1', alone: false })
    expect(outgoing(lanes)).toEqual(['r1'])
    done(lanes, 's1')
    done(lanes, 'r1')
    expect(outgoing(lanes)).toEqual(['t1'])
    lanes.add({ method: 'readStage', name: 's2', alone: false })
    expect(outgoing(lanes)).toEqual([])
    done(lanes, 't1')
    expect(outgoing(lanes)).toEqual(['s2'])
  })

  test('give back what has not gone out', () => {
    const lanes = lanesWith(['export', 'e1'])
    const item: Item = { method: 'export', name: 'e2', alone: false }
    lanes.add(item)
    expect(outgoing(lanes)).toEqual(['e1'])
    expect(lanes.remove(item)).toBe(true)
    expect(lanes.remove([...lanes.inHand][0]!)).toBe(false)
  })
})

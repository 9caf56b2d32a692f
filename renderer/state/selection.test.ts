import { describe, expect, test } from 'vitest'
import { extendTo, noSelection, selectAll, selectOnly, step, toggle, withoutKeys } from './selection.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const chosen = (selection: { selected: ReadonlySet<string> }) => [...selection.selected].sort().join('')

describe('stepping', () => {
  test('the first step stands on the first item', () => {
    expect(step(order, 1, false, noSelection).current).toBe('a')
  })
  test('a step selects only where it lands and stops at the ends', () => {
    const at = step(order, 2, false, selectOnly('b'))
    expect([at.current, chosen(at)]).toEqual(['d', 'd'])
    expect(step(order, 9, false, at).current).toBe('e')
    expect(step(order, -9, false, at).current).toBe('a')
  })
  test('a step in an empty list selects nothing', () => {
    expect(step([], 1, false, selectOnly('a'))).toEqual(noSelection)
  })
  test('with shift the range grows from where it began, and shrinks again, and turns over it', () => {
    let at = step(order, 2, true, selectOnly('b'))
    expect(chosen(at)).toBe('bcd')
    at = step(order, -1, true, at)
    expect(chosen(at)).toBe('bc')
    at = step(order, -2, true, at)
    expect([chosen(at), at.current]).toEqual(['ab', 'a'])
  })
})

describe('the mouse', () => {
  test('shift selects from the last plain or toggled item, both included', () => {
    expect(chosen(extendTo(order, 'a', toggle('c', selectOnly('e'))))).toBe('abc')
  })
  test('shift with nothing chosen before selects that item', () => {
    expect(chosen(extendTo(order, 'c', noSelection))).toBe('c')
  })
  test('toggling takes out what is in and keeps the others', () => {
    const two = toggle('d', selectOnly('b'))
    expect(chosen(two)).toBe('bd')
    expect(chosen(toggle('b', two))).toBe('d')
  })
})

test('selecting all keeps standing where one stood', () => {
  const all = selectAll(order, selectOnly('c'))
  expect([chosen(all), all.current]).toEqual(['abcde', 'c'])
  expect(selectAll([], noSelection).current).toBeNull()
})

describe('when items go', () => {
  test('the next that stays takes the place of the current one', () => {
    expect(withoutKeys(order, new Set(['b', 'c']), selectOnly('b')).current).toBe('d')
  })
  test('at the end of the list it is the one before', () => {
    expect(withoutKeys(order, new Set(['d', 'e']), selectOnly('e')).current).toBe('c')
  })
  test('one that is not current leaves the current one alone', () => {
    expect(withoutKeys(order, new Set(['a']), selectOnly('c')).current).toBe('c')
  })
  test('if others are still selected, one of them takes its place and nothing else is selected', () => {
    const at = withoutKeys(order, new Set(['a']), toggle('a', toggle('e', selectOnly('c'))))
    expect([chosen(at), at.current]).toEqual(['ce', 'c'])
  })
  test('if all go nothing is selected', () => {
    expect(withoutKeys(order, new Set(order), selectOnly('c'))).toEqual(noSelection)
  })
})

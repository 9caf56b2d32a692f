import { describe, expect, test } from 'vitest'
import { StageCache } from './cache.ts'

/** A cache of 10 bytes; values go in and are let go of at once. */
function filled(...entries: [string, number][]): StageCache<string> {
  const cache = new StageCache<string>(10)
  for (const [key, bytes] of entries) {
    cache.put(key, key.toUpperCase(), bytes)
    cache.unpin(key)
  }
  return cache
}
const keys = (cache: StageCache<string>) => ['a', 'b', 'c', 'd'].filter((key) => cache.has(key)).join('')

describe('the stage cache', () => {
  test('drops the least recently used when a new value needs the room', () => {
    const cache = filled(['a', 4], ['b', 4])
    expect(cache.get('a')).toBe('A')
    cache.put('c', 'C', 4)
    expect(keys(cache)).toBe('ac')
    expect(cache.bytes).toBe(8)
  })

  test('drops as many as it takes', () => {
    const cache = filled(['a', 3], ['b', 3], ['c', 3])
    cache.put('d', 'D', 7)
    expect(keys(cache)).toBe('cd')
  })

  test('keeps what is in use even over the budget, and drops it after', () => {
    const cache = filled(['a', 6])
    cache.pin('a')
    cache.put('b', 'B', 8)
    expect([keys(cache), cache.bytes]).toEqual(['ab', 14])
    cache.unpin('a')
    expect([keys(cache), cache.bytes]).toEqual(['b', 8])
    cache.unpin('b')
    expect(keys(cache)).toBe('b')
  })

  test('lets go only when every user has', () => {
    const cache = filled(['a', 6])
    cache.pin('a')
    cache.pin('a')
    cache.unpin('a')
    cache.put('b', 'B', 6)
    expect(keys(cache)).toBe('ab')
    cache.unpin('a')
    expect(keys(cache)).toBe('b')
  })

  test('does not keep what is larger than the whole budget', () => {
    expect(filled(['a', 11]).bytes).toBe(0)
  })

  test('keeps the first of two values under one key', () => {
    const cache = filled(['a', 4])
    cache.put('a', 'other', 4)
    expect([cache.get('a'), cache.bytes]).toEqual(['A', 4])
  })
})

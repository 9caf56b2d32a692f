/** That comparing a key takes as long wherever it is wrong: told by what is compared, not by a clock. */

import { timingSafeEqual } from 'node:crypto'
import { expect, it, vi } from 'vitest'
import { Tokens } from '../../main/hosts/web/token.ts'

vi.mock(import('node:crypto'), async (original) => {
  const crypto = await original()
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) }
})

it('a key is compared in constant time with every key there is, right or wrong', () => {
  const tokens = new Tokens()
  const sessions = Array.from({ length: 5 }, () => tokens.exchange(tokens.mint().token)!)
  const [first = '', last = ''] = [sessions.at(0), sessions.at(-1)]
  const altered = (key: string, at: number) => `${key.slice(0, at)}${key[at] === 'A' ? 'B' : 'A'}${key.slice(at + 1)}`
  for (const [key, right] of [
    [first, true],
    [last, true],
    [altered(first, 0), false],
    [altered(first, 40), false],
    ['', false],
    ['A'.repeat(10_000), false],
  ] as const) {
    vi.mocked(timingSafeEqual).mockClear()
    expect(tokens.isSession(key)).toBe(right)
    const compared = vi.mocked(timingSafeEqual).mock.calls
    expect(compared).toHaveLength(5)
    // Hashes: of one length, and nothing of how much of a guess was right shows in them.
    for (const sides of compared) expect(sides.map(({ byteLength }) => byteLength)).toEqual([32, 32])
  }
})

import { expect, test } from 'vitest'
import { formatDuration } from './duration.ts'

test.each([
  [0.2, '1 s'],
  [59.4, '59 s'],
  [59.5, '1 min'],
  [150, '3 min'],
  [3599, '1 h'],
  [3660, '1 h 1 min'],
  [86_400, '24 h'],
])('%f seconds are written %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

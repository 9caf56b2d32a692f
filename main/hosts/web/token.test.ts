import { describe, expect, it } from 'vitest'
import { Tokens } from './token.ts'

describe('tokens', () => {
  it('are 256 random bits in letters an address may carry', () => {
    const tokens = new Tokens()
    const minted = Array.from({ length: 50 }, () => tokens.mint().token)
    for (const token of minted) {
      expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    }
    expect(new Set(minted).size).toBe(50)
  })

  it('are exchanged once, for another one', async () => {
    const tokens = new Tokens()
    const { token, spent } = tokens.mint()
    const session = tokens.exchange(token)
    expect(session).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(session).not.toBe(token)
    expect(tokens.exchange(token)).toBeUndefined()
    await spent
  })

  it('of a launch are no sessions, and sessions are no launches', () => {
    const tokens = new Tokens()
    const { token } = tokens.mint()
    expect(tokens.isSession(token)).toBe(false)
    const session = tokens.exchange(token)!
    expect(tokens.isSession(session)).toBe(true)
    expect(tokens.isSession(token)).toBe(false)
    expect(tokens.exchange(session)).toBeUndefined()
  })

  it('that are wrong, short, long or empty get nothing', () => {
    const tokens = new Tokens()
    const { token } = tokens.mint()
    const last = token.endsWith('A') ? 'E' : 'A'
    for (const guess of ['', token.slice(0, -1), `${token}A`, token.slice(0, -1) + last, token.toLowerCase() + 'x']) {
      expect(tokens.exchange(guess)).toBeUndefined()
    }
    expect(tokens.exchange(token)).toBeDefined()
  })

  it('of several windows live side by side', () => {
    const tokens = new Tokens()
    const sessions = [tokens.mint(), tokens.mint(), tokens.mint()].map(({ token }) => tokens.exchange(token)!)
    expect(sessions.map((session) => tokens.isSession(session))).toEqual([true, true, true])
  })

  it('never opened are forgotten oldest first, so that they have a bound', () => {
    const tokens = new Tokens()
    const minted = Array.from({ length: 65 }, () => tokens.mint().token)
    expect(tokens.exchange(minted[0]!)).toBeUndefined()
    expect(tokens.exchange(minted[1]!)).toBeDefined()
    expect(tokens.exchange(minted[64]!)).toBeDefined()
  })
})

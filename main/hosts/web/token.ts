/**
 * Keys of the web host. A launch token stands in an address's fragment, which no browser sends anywhere, and is spent
 * by its first use; what it is exchanged for, the session token, stays with that window and goes in a header.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Addresses nobody opened are forgotten beyond this many, oldest first. */
const launchLimit = 64
/** Windows opened long ago are locked out beyond this many. */
const sessionLimit = 1024

export class Tokens {
  readonly #launches: { readonly hash: Buffer; readonly spend: () => void; readonly spent: Promise<void> }[] = []
  readonly #sessions: Buffer[] = []

  /** A new launch token: 256 random bits as base64url (43 characters). `spent` resolves when it is exchanged. */
  mint(): { readonly token: string; readonly spent: Promise<void> } {
    const { token, hash } = fresh()
    let spend!: () => void
    const spent = new Promise<void>((resolve) => (spend = resolve))
    this.#launches.push({ hash, spend, spent })
    if (this.#launches.length > launchLimit) this.#launches.shift()
    return { token, spent }
  }

  /** A session token for a launch token not used before, or undefined. */
  exchange(launch: string): string | undefined {
    const index = find(
      this.#launches.map(({ hash }) => hash),
      launch,
    )
    if (index < 0) return undefined
    const [used] = this.#launches.splice(index, 1)
    const { token, hash } = fresh()
    this.#sessions.push(hash)
    if (this.#sessions.length > sessionLimit) this.#sessions.shift()
    used!.spend()
    return token
  }

  isSession(token: string): boolean {
    return find(this.#sessions, token) >= 0
  }
}

function fresh(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: digest(token) }
}

/** Hashes have one length, and comparing them tells nothing of how much of a guess was right. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}

/** Looks at every hash, so that the time taken does not tell which one matched. */
function find(hashes: readonly Buffer[], token: string): number {
  const wanted = digest(token)
  return hashes.reduce((found, hash, index) => (timingSafeEqual(hash, wanted) ? index : found), -1)
}

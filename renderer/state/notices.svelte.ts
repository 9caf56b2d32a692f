/** What the window has to say: sentences that stay until they are dismissed or no longer true; the view lets remarks lapse. */

import { LoupeError } from '../../shared/errors.ts'

export interface NoticeAction {
  readonly label: string
  readonly run: () => void
  /** Called when the notice is dismissed without it. */
  readonly lapse?: () => void
}

export interface Notice {
  readonly id: number
  readonly kind: 'error' | 'info'
  readonly message: string
  /** How often the same was said. */
  readonly count: number
  /** A later notice about the same thing takes the place of this one. */
  readonly topic: string | null
  readonly action: NoticeAction | null
}

/** Anything thrown, as a sentence for a person. */
export function sentence(error: unknown): string {
  if (error instanceof LoupeError) return error.message
  return `Something in the window failed: ${error instanceof Error ? error.message : String(error)}`
}

export function isCancelled(error: unknown): boolean {
  return (
    (error instanceof LoupeError && error.code === 'cancelled') ||
    (error instanceof Error && error.name === 'AbortError')
  )
}

/** What failed only because the host could not be reached. */
export const connectionTopic = 'connection'

export class NoticeState {
  /** Oldest first; none is ever dropped unread. */
  list = $state.raw<readonly Notice[]>([])
  #next = 1

  /** Says an error; a cancellation is what the person asked for and is not said. */
  error(error: unknown, topic: string | null = null): void {
    if (isCancelled(error)) return
    const lost = error instanceof LoupeError && error.code === 'engine-lost'
    this.#say('error', sentence(error), topic ?? (lost ? connectionTopic : null), null)
  }

  info(message: string, topic: string | null = null, action: NoticeAction | null = null): void {
    this.#say('info', message, topic, action)
  }

  dismiss(id: number): void {
    this.list.find((notice) => notice.id === id)?.action?.lapse?.()
    this.list = this.list.filter((notice) => notice.id !== id)
  }

  /** Does what the notice offers; it has then served. */
  act(id: number): void {
    const notice = this.list.find((other) => other.id === id)
    this.list = this.list.filter((other) => other !== notice)
    notice?.action?.run()
  }

  /** Takes back what was said about something that is no longer so. */
  dismissTopic(topic: string): void {
    this.list = this.list.filter((notice) => notice.topic !== topic)
  }

  #say(kind: Notice['kind'], message: string, topic: string | null, action: NoticeAction | null): void {
    const same = this.list.find((notice) => notice.kind === kind && notice.message === message && action === null)
    if (same) {
      this.list = this.list.map((notice) => (notice === same ? { ...same, count: same.count + 1 } : notice))
      return
    }
    const others = topic === null ? this.list : this.list.filter((notice) => notice.topic !== topic)
    this.list = [...others, { id: this.#next++, kind, message, count: 1, topic, action }]
  }
}

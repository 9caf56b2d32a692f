/** What was done to a value, to be undone and redone. Values are immutable; each step keeps the value it led to. */

/** More than anyone counts, and few enough that large weights do not pile up without end. */
const steps = 500

interface Step<T> {
  readonly value: T
  /** What was done to reach it: `stride of Conv 3×3`. */
  readonly label: string
  /** Steps of the same stream (a slider that moves, digits that are typed) become one; null belongs to none. */
  readonly stream: string | null
}

export interface History<T> {
  readonly past: readonly Step<T>[]
  readonly present: Step<T>
  /** Nearest first. */
  readonly future: readonly Step<T>[]
  /** What was before the stream that has not ended. */
  readonly before: History<T> | null
}

export function begin<T>(value: T): History<T> {
  return { past: [], present: { value, label: '', stream: null }, future: [], before: null }
}

/** A new present; what was undone before is gone. A step of the stream that the present belongs to takes its place. */
export function record<T>(history: History<T>, value: T, label: string, stream: string | null = null): History<T> {
  if (value === history.present.value) return history
  const present = { value, label, stream }
  if (stream !== null && stream === history.present.stream && history.past.length > 0) {
    return { ...history, present, future: [] }
  }
  const before = stream === null ? null : settle(history)
  return { past: [...history.past, history.present].slice(-steps), present, future: [], before }
}

/** Ends the stream: the next step is one of its own, whatever it is. */
export function settle<T>(history: History<T>): History<T> {
  return history.present.stream === null ? history : { ...history, present: settled(history.present), before: null }
}

/** Takes back the stream that has not ended, as if it had never begun. */
export function takeBack<T>(history: History<T>): History<T> {
  return history.before ?? history
}

export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1)
  if (!last) return history
  return {
    past: history.past.slice(0, -1),
    present: settled(last),
    future: [settled(history.present), ...history.future],
    before: null,
  }
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future
  if (!next) return history
  return { past: [...history.past, settled(history.present)], present: next, future, before: null }
}

function settled<T>(step: Step<T>): Step<T> {
  return { ...step, stream: null }
}

/** Where a command writes, and whether a person is watching. */

export interface Console {
  /** The result of a command: standard output. */
  out(text: string): void
  /** Exactly this: what a program of the person's own prints. */
  write(text: string): void
  /** What is not the result: standard error. */
  note(text: string): void
  /** Whether standard error is a terminal, where a moving bar makes sense. */
  readonly interactive: boolean
}

/**
 * Control characters as JSON writes them, but for line ends and tabs: names and documents of others must not steer the
 * terminal. JSON itself has them in its strings alone, so it stays what it was.
 */
export function printable(text: string): string {
  return text.replace(
    /(?![\n\t])\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export const processConsole: Console = {
  out: (text) => void process.stdout.write(`${printable(text)}\n`),
  // A terminal is not to be steered; a file or another program gets every character.
  write: (text) => void process.stdout.write(process.stdout.isTTY ? printable(text) : text),
  note: (text) => void process.stderr.write(`${printable(text)}\n`),
  interactive: process.stderr.isTTY,
}

/** Aborted on the first Ctrl-C or request to end; a second one ends the program at once. */
export function interruption(): { readonly signal: AbortSignal; dispose(): void } {
  const abort = new AbortController()
  const stop = () => {
    if (abort.signal.aborted) process.exit(exitCodes.interrupted)
    abort.abort()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, stop)
  return {
    signal: abort.signal,
    dispose() {
      for (const name of signals) process.off(name, stop)
    },
  }
}

export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** What every compute process is given and says at its end, however it was started. */

/** What libraries need of the environment, and our own settings; nothing else is any of their business. */
const passedOn = /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|SystemRoot|windir|UV_THREADPOOL_SIZE|LAYERLOUPE_.*)$/i

export function childEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name)))
}

/** Characters of standard error kept for the reason of a process's end. */
const kept = 2000

/** Reads a process's standard error for what it complained of last. */
export class EndReason {
  #complaint = ''

  constructor(stderr: NodeJS.ReadableStream | null) {
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-kept)
    })
  }

  /** How it ended, and the last error it told of, if any. */
  of(how: string): string {
    const lines = this.#complaint.trim().split('\n')
    const last = lines.findLast((line) => /^\S*Error\b/.test(line)) ?? lines.at(-1)
    return last ? `${how}: ${last}` : how
  }
}

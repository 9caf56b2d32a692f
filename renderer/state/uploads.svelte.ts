/** Files on their way into the engine: a few at a time, counted, and stopped when asked. */

/** A file of the browser. Asking it for its size blocks the window until the disk has answered. */
export interface SourceFile {
  readonly name: string
  readonly size: number
  stream(): ReadableStream<Uint8Array>
}

interface Waiting {
  readonly file: SourceFile
  readonly order: number
}

/** Sends one file; never rejects except when the signal was aborted. */
export type Send = (file: SourceFile, order: number, signal: AbortSignal) => Promise<void>

/** Milliseconds between two changes of the number shown: each makes the window draw. */
const tellMilliseconds = 100

export class UploadQueue {
  /** Files of the present batch; counting begins anew when all are done. */
  total = $state(0)
  /** How many of them are done, up to a moment ago. */
  done = $state(0)
  /** A folder is still being read, so the total may grow. */
  looking = $state(0)
  readonly busy = $derived(this.looking > 0 || this.done < this.total)

  readonly #send: Send
  readonly #number: () => number
  readonly #atOnce: number
  #waiting: Waiting[] = []
  #head = 0
  #running = 0
  #ended = 0
  #telling: ReturnType<typeof setTimeout> | null = null
  #abort = new AbortController()

  /** `number` numbers the files in the order they came. */
  constructor(send: Send, number: () => number, atOnce = 3) {
    this.#send = send
    this.#number = number
    this.#atOnce = atOnce
  }

  /** Stops everything that was asked for up to now. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  add(files: readonly SourceFile[]): void {
    for (const file of files) this.#waiting.push({ file, order: this.#number() })
    this.total += files.length
    this.#fill()
  }

  /** Takes files as a folder gives them, until there are no more or the batch is cancelled. */
  async addFrom(source: AsyncIterable<readonly SourceFile[]>): Promise<void> {
    const { signal } = this
    this.looking++
    try {
      for await (const files of source) {
        if (signal.aborted) return
        this.add(files)
      }
    } finally {
      if (!signal.aborted) {
        this.looking--
        this.#settle()
      }
    }
  }

  /** What was added stays; what waits is forgotten; what is on its way is stopped. */
  cancel(): void {
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#waiting = []
    this.#head = 0
    this.#running = 0
    this.looking = 0
    this.#beginAnew()
  }

  #fill(): void {
    while (this.#running < this.#atOnce && this.#head < this.#waiting.length) {
      const { file, order } = this.#waiting[this.#head]!
      this.#head++
      this.#running++
      const { signal } = this
      const settled = () => {
        // A batch cancelled in the meantime has already been written off.
        if (signal.aborted) return
        this.#running--
        this.#ended++
        this.#tell()
        this.#settle()
        this.#fill()
      }
      this.#send(file, order, signal).then(settled, settled)
    }
  }

  #tell(): void {
    if (this.#telling !== null) return
    this.done = this.#ended
    this.#telling = setTimeout(() => {
      this.#telling = null
      this.done = this.#ended
    }, tellMilliseconds)
  }

  #settle(): void {
    if (this.looking > 0 || this.#ended < this.total) return
    this.#waiting = []
    this.#head = 0
    this.#beginAnew()
  }

  #beginAnew(): void {
    this.#ended = 0
    this.total = 0
    this.done = 0
  }
}

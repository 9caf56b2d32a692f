/** Files the person opens outside the window: menu, command line, a second start, a double click. */

import type { Engine } from '../../engine/index.ts'

export class Opening {
  readonly #engine: Pick<Engine, 'openFiles'>
  #waiting: (readonly string[])[] = []
  #started = false
  #busy = false

  constructor(engine: Pick<Engine, 'openFiles'>) {
    this.#engine = engine
  }

  /** Adds files and the pictures in folders; the first of them is shown. They wait until there is a window to show them. */
  open(files: readonly string[]): void {
    if (files.length === 0) return
    this.#waiting.push(files)
    void this.#work()
  }

  /** The window is there and listens. */
  start(): void {
    this.#started = true
    void this.#work()
  }

  /** The window is gone. */
  stop(): void {
    this.#started = false
  }

  async #work(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    while (this.#started) {
      const files = this.#waiting.shift()
      if (!files) break
      await this.#engine.openFiles(files)
    }
    this.#busy = false
  }
}

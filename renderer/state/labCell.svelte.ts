/** One cell of the lab: what is written, and what its last run made of it. */

import type { LabResult } from '../../shared/lab.ts'
import type { NotebookCell } from '../../shared/notebook.ts'

export type CellStatus = 'idle' | 'waiting' | 'running' | 'done' | 'failed'

export class LabCell {
  /** Its own in its document, wherever it stands. */
  readonly number: number
  readonly kind: NotebookCell['kind']
  source = $state('')
  status = $state<CellStatus>('idle')
  /** The code of the last run: places of its error are in it. */
  ran = $state.raw<string | null>(null)
  /** What the run in hand has printed so far, and then all of it. */
  output = $state('')
  result = $state.raw<LabResult | null>(null)
  /** Why it could not be run at all: a sentence. */
  failure = $state<string | null>(null)

  /** What its editor leaves for the next one: the lab is closed and opened again, and what was written can be undone. */
  editing: unknown = null

  constructor(number: number, kind: NotebookCell['kind'], source = '') {
    this.number = number
    this.kind = kind
    this.source = source
  }

  /** What tracebacks and events call it. */
  get id(): string {
    return `cell ${this.number}`
  }

  get busy(): boolean {
    return this.status === 'waiting' || this.status === 'running'
  }

  /** Whether there is anything of a run to be shown. */
  get told(): boolean {
    return this.output !== '' || this.result !== null || this.failure !== null
  }

  clear(): void {
    this.status = 'idle'
    this.ran = null
    this.output = ''
    this.result = null
    this.failure = null
  }
}

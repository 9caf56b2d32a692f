/** The person's own notebook: its cells, and the file it is kept in. */

import { LoupeError } from '../../shared/errors.ts'
import {
  isNotebookName,
  notebookEnding,
  notebookIpynb,
  notebookPython,
  notebookText,
  parseNotebook,
  type NotebookCell,
  type Surroundings,
} from '../../shared/notebook.ts'
import { LabCell } from './labCell.svelte.ts'
import type { LabSession } from './labSession.svelte.ts'
import { sentence, type NoticeState } from './notices.svelte.ts'
import { readFile } from './readFile.ts'
import { handOver } from './handOver.ts'
import type { SaveTools } from './save.svelte.ts'
import type { SourceFile } from './uploads.svelte.ts'

/** A notebook of a thousand pages; a picture taken for one is larger. */
const largestFile = 16e6
const topic = 'notebook'
const cellTopic = `${topic} cell`

export const saveForms = [
  { form: 'notebook', label: 'Save notebook', keys: 'Ctrl S', end: notebookEnding, type: 'application/json' },
  { form: 'python', label: 'Export as Python (.py)', keys: '', end: '.py', type: 'text/x-python' },
  { form: 'jupyter', label: 'Export for Jupyter (.ipynb)', keys: '', end: '.ipynb', type: 'application/x-ipynb+json' },
] as const
export type SaveForm = (typeof saveForms)[number]['form']

export class LabNotebook {
  readonly session: LabSession
  cells = $state.raw<readonly LabCell[]>([])
  /** The cell that has, or had last, the keyboard. */
  current = $state.raw<LabCell | null>(null)
  name = $state('Notebook')
  /** As its file has it, or as it began. */
  #saved = $state('')
  readonly unsaved = $derived.by(() => notebookText(this.cells) !== this.#saved)
  /** What is to be done with unsaved changes in its way, while the person is asked. */
  asking = $state.raw<{ readonly goOn: () => void } | null>(null)

  readonly #notices: NoticeState
  readonly #tools: SaveTools
  readonly #around: () => Surroundings
  #numbers = 0

  constructor(session: LabSession, notices: NoticeState, tools: SaveTools, around: () => Surroundings) {
    this.session = session
    this.#notices = notices
    this.#tools = tools
    this.#around = around
    this.#take([{ kind: 'code', source: '' }], 'Notebook')
  }

  /** A cell after another one, or at the end; it becomes the current one. */
  add(kind: NotebookCell['kind'], after: LabCell | null, source = ''): LabCell {
    const cell = new LabCell(++this.#numbers, kind, source)
    const at = after ? this.cells.indexOf(after) + 1 : this.cells.length
    this.cells = this.cells.toSpliced(at, 0, cell)
    this.current = cell
    return cell
  }

  /** Writes code into a cell of its own: at the end, or into the only cell while that is empty. */
  write(source: string): LabCell {
    const [only] = this.cells
    if (this.cells.length > 1 || only?.kind !== 'code' || only.source.trim() !== '')
      return this.add('code', null, source)
    only.source = source
    this.current = only
    return only
  }

  /** Takes a cell out; for a while it can be brought back, and then is. */
  remove(cell: LabCell, onback: () => void = () => undefined): void {
    const at = this.cells.indexOf(cell)
    if (at < 0) return
    this.cells = this.cells.filter((other) => other !== cell)
    if (this.cells.length === 0) this.add('code', null)
    this.current = this.cells[Math.min(at, this.cells.length - 1)]!
    if (cell.source.trim() === '') return
    const undo = () => {
      this.cells = this.cells.toSpliced(Math.min(at, this.cells.length), 0, cell)
      this.current = cell
      onback()
    }
    this.#notices.info(`Cell ${cell.number} was removed.`, cellTopic, { label: 'Undo', run: undo })
  }

  move(cell: LabCell, by: -1 | 1): void {
    const at = this.cells.indexOf(cell)
    const to = at + by
    if (at < 0 || to < 0 || to >= this.cells.length) return
    this.cells = this.cells.toSpliced(at, 1).toSpliced(to, 0, cell)
    this.current = cell
  }

  /** The cell before or after one; null at the ends. */
  beside(cell: LabCell, by: -1 | 1): LabCell | null {
    return this.cells[this.cells.indexOf(cell) + by] ?? null
  }

  /** Runs a cell and goes on to the next one, which is made where there is none. */
  runAndGoOn(cell: LabCell): void {
    void this.session.run([cell])
    this.current = this.beside(cell, 1) ?? this.add('code', cell)
  }

  async runAll(): Promise<void> {
    await this.session.run(this.cells)
  }

  /** An empty notebook, with a namespace of its own; asks first where changes would be lost. */
  begin(): void {
    this.#unlessUnsaved(() => {
      this.#take([{ kind: 'code', source: '' }], 'Notebook')
    })
  }

  /** Opens a notebook's file; asks first where changes would be lost. */
  async open(file: SourceFile): Promise<boolean> {
    this.#notices.dismissTopic(topic)
    try {
      const text = new TextDecoder().decode(await readFile(file, largestFile))
      const { cells } = parseNotebook(text)
      this.#unlessUnsaved(() => {
        this.#take(cells, isNotebookName(file.name) ? file.name.slice(0, -notebookEnding.length) : file.name)
      })
      return true
    } catch (error) {
      const code = error instanceof LoupeError ? error.code : 'internal'
      const said = sentence(error)
      this.#notices.error(new LoupeError(code, said.startsWith(file.name) ? said : `${file.name}: ${said}`), topic)
      return false
    }
  }

  /** Hands it to the person as a file. */
  save(form: SaveForm = 'notebook'): void {
    const text =
      form === 'notebook'
        ? notebookText(this.cells)
        : form === 'python'
          ? notebookPython(this.cells, this.#around())
          : notebookIpynb(this.cells, this.#around())
    const { end, type } = saveForms.find((one) => one.form === form)!
    handOver(this.#tools, `${fileStem(this.name)}${end}`, type, text)
    if (form === 'notebook') this.#saved = text
  }

  /** Goes on with what was asked for: after saving, without, or not at all. */
  answer(choice: 'save' | 'discard' | 'cancel'): void {
    const { asking } = this
    this.asking = null
    if (choice === 'save') this.save()
    if (choice !== 'cancel') asking?.goOn()
  }

  #unlessUnsaved(goOn: () => void): void {
    if (this.unsaved) this.asking = { goOn }
    else goOn()
  }

  #take(cells: readonly NotebookCell[], name: string): void {
    void this.session.restart()
    // A cell of the notebook before is not brought back into this one.
    this.#notices.dismissTopic(cellTopic)
    this.#numbers = 0
    const all: readonly NotebookCell[] = cells.length > 0 ? cells : [{ kind: 'code', source: '' }]
    this.cells = all.map(({ kind, source }) => new LabCell(++this.#numbers, kind, source))
    this.current = this.cells[0]!
    this.name = name
    this.#saved = notebookText(this.cells)
  }
}

/** A name as a file may have it. */
function fileStem(name: string): string {
  return name.replace(/[^\p{L}\p{N} ._-]+/gu, '-').replace(/^[ .-]+|[ .-]+$/g, '') || 'notebook'
}

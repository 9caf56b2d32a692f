/** The lab's lessons as a reader goes through them: what was written and run, and which tasks are done. */

import type { LabLesson, LabTaskPart, LabTextPart } from '../../shared/labLessons/lesson.ts'
import { LabCell } from './labCell.svelte.ts'
import type { LabSession } from './labSession.svelte.ts'
import { sentence, type NoticeState } from './notices.svelte.ts'

export class LessonTask {
  readonly kind = 'task'
  readonly part: LabTaskPart
  readonly cell: LabCell
  /** What it is remembered by. */
  readonly id: string
  status = $state<'open' | 'checking' | 'right' | 'wrong'>('open')
  /** Why it is not right: a sentence. */
  said = $state('')
  hinted = $state(false)
  solved = $state(false)

  constructor(part: LabTaskPart, cell: LabCell, id: string) {
    this.part = part
    this.cell = cell
    this.id = id
  }
}

export type LessonPart = LabTextPart | { readonly kind: 'code'; readonly cell: LabCell } | LessonTask

/** A lesson that was begun; what the reader writes stays while the window is open. */
export interface BegunLesson {
  readonly lesson: LabLesson
  readonly session: LabSession
  readonly parts: readonly LessonPart[]
}

export interface Progress {
  readonly done: readonly string[]
  keep(done: readonly string[]): Promise<void>
}

export class LabLessons {
  /** Null until they are read. */
  list = $state.raw<readonly LabLesson[] | null>(null)
  chosen = $state.raw<BegunLesson | null>(null)
  /** The cells of the chosen one, in their order. */
  readonly cells = $derived<readonly LabCell[]>(
    this.chosen?.parts.flatMap((part) => (part.kind === 'text' ? [] : [part.cell])) ?? [],
  )
  readonly place = $derived(this.list?.findIndex(({ id }) => id === this.chosen?.lesson.id) ?? -1)

  readonly #begun = new Map<string, BegunLesson>()
  readonly #session: () => LabSession
  readonly #progress: Progress
  readonly #notices: NoticeState
  readonly #read: () => Promise<readonly LabLesson[]>

  /** @param session Makes a namespace for a lesson. */
  constructor(
    session: () => LabSession,
    progress: Progress,
    notices: NoticeState,
    read = async () => (await import('../../shared/labLessons/index.ts')).labLessons,
  ) {
    this.#session = session
    this.#progress = progress
    this.#notices = notices
    this.#read = read
  }

  /** The lessons come when they are first asked for: they would only make the window's start longer. */
  async load(): Promise<void> {
    if (this.list) return
    try {
      this.list = await this.#read()
    } catch (error) {
      this.#notices.error(error)
    }
  }

  choose(lesson: LabLesson | null): void {
    this.chosen = lesson && (this.#begun.get(lesson.id) ?? this.#begin(lesson))
  }

  /** The lesson before or after the chosen one; null at the ends. */
  beside(by: -1 | 1): LabLesson | null {
    return (this.place >= 0 && this.list?.[this.place + by]) || null
  }

  isDone(task: LessonTask): boolean {
    return this.#progress.done.includes(task.id)
  }

  /** Runs what the lesson shows, without the tasks. */
  async runAll(): Promise<void> {
    const shown = this.chosen?.parts.flatMap((part) => (part.kind === 'code' ? [part.cell] : [])) ?? []
    await this.chosen?.session.run(shown)
  }

  /** How many of a lesson's tasks are done, of how many. */
  count(lesson: LabLesson): { readonly done: number; readonly all: number } {
    const ids = lesson.parts.flatMap((part, index) => (part.kind === 'task' ? [taskId(lesson, index)] : []))
    return { done: ids.filter((id) => this.#progress.done.includes(id)).length, all: ids.length }
  }

  /** Runs what the reader wrote, and then the task's own check in the same namespace. */
  async check(task: LessonTask): Promise<void> {
    const { session } = this.chosen!
    task.status = 'checking'
    task.said = ''
    try {
      await session.run([task.cell])
      if (task.cell.status !== 'done') {
        task.status = task.cell.status === 'failed' ? 'wrong' : 'open'
        const error = task.cell.result?.error
        const unknown = error?.kind === 'NameError' && wordsOf(error.kind, error.message)
        task.said = task.cell.failure === null ? unknown || 'Your code ended before its end; see the error.' : ''
        return
      }
      const { error } = await session.check(task.part.check)
      task.status = error ? 'wrong' : 'right'
      task.said = error ? wordsOf(error.kind, error.message) : ''
      if (!error && !this.isDone(task)) await this.#progress.keep([...this.#progress.done, task.id])
    } catch (error) {
      task.status = 'wrong'
      task.said = sentence(error)
    }
  }

  /** Puts back what the task began with. */
  reset(task: LessonTask): void {
    task.cell.source = task.part.code
    task.status = 'open'
    task.said = ''
  }

  #begin(lesson: LabLesson): BegunLesson {
    let numbers = 0
    const cellOf = (code: string) => new LabCell(++numbers, 'code', code)
    const parts = lesson.parts.map((part, index): LessonPart => {
      if (part.kind === 'text') return part
      if (part.kind === 'code') return { kind: 'code', cell: cellOf(part.code) }
      return new LessonTask(part, cellOf(part.code), taskId(lesson, index))
    })
    const begun = { lesson, session: this.#session(), parts }
    this.#begun.set(lesson.id, begun)
    return begun
  }
}

function taskId(lesson: LabLesson, part: number): string {
  return `${lesson.id}/${part}`
}

/** What a check found, to the reader: its own words, or what kept it from finding anything. */
function wordsOf(kind: string, message: string): string {
  if (kind === 'AssertionError') return message
  if (kind === 'NameError') return `${message}: is it written as above, and have the cells above been run?`
  return `The check ended with ${kind}: ${message}`
}

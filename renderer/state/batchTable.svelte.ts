/** The table over the images of a batch: the rows that are wanted, in the order that is wanted, and which columns are seen. */

import type { Api, PlannedStage } from '../../shared/api.ts'
import type { BatchColumn, BatchId, BatchRow, BatchTableRequest } from '../../shared/batch.ts'
import { csvHeader, csvLine, inertCell, inertName, statisticOf } from '../../shared/batchTable.ts'
import { isCancelled, sentence } from './notices.svelte.ts'

/** Columns that are shown and hidden together: those of the image, of the classes, or of one stage. */
export interface ColumnGroup {
  readonly key: string
  readonly title: string
  /** Each with its place in a row. */
  readonly columns: readonly { readonly column: BatchColumn; readonly at: number }[]
}

type Sort = NonNullable<BatchTableRequest['sort']>

const pageSize = 200
/** What the contract gives at once, for the whole table. */
const largestPage = 1000
/** Pages that are kept; far more than can be on screen. */
const keptPages = 40
/** Statistics of a stage that are seen only where a person asks for them. */
const seldom: readonly string[] = ['nan', 'infinite']
/** Of more classes than these, only the likeliest is seen until the others are asked for. */
const fewClasses = 8
/** Columns of classes in the window; a file has all of them. */
const mostClasses = 100
/** Stages whose statistics are seen at first. */
const firstStages = 3

export class BatchTableState {
  columns = $state.raw<readonly BatchColumn[]>([])
  total = $state(0)
  /** Null: by name. */
  sort = $state.raw<Sort | null>(null)
  /** Whether anything has been read yet. */
  loaded = $state(false)
  /** Why rows could not be read: a sentence. */
  problem = $state<string | null>(null)
  /** Keys of the groups that are seen. */
  shown = $state.raw<ReadonlySet<string>>(new Set())
  /** Whether the counts of values that are not finite are seen. */
  withSpecials = $state(false)
  /** Rises when rows have to be read again; whoever shows a row then wants it anew. */
  turn = $state(0)

  readonly groups = $derived(this.#group(this.columns))
  /** The groups that are seen, with the columns of them that are. */
  readonly visible = $derived(this.#visible())
  /** What can be sorted by in a list of choices: what is seen. */
  readonly sortable = $derived(this.visible.flatMap(({ columns }) => columns.map(({ column }) => column)))

  readonly #api: Api
  readonly #batch: BatchId
  readonly #stages: readonly PlannedStage[]
  #pages = $state.raw<ReadonlyMap<number, readonly BatchRow[]>>(new Map())
  /** At which turn each page was asked for last. */
  readonly #asked = new Map<number, number>()
  /** Which order the rows that are here have, and which is wanted. */
  #order = 0
  #wantedOrder = 0

  constructor(api: Api, batch: BatchId, stages: readonly PlannedStage[]) {
    this.#api = api
    this.#batch = batch
    this.#stages = stages
  }

  /** A row, if it is here. */
  row(index: number): BatchRow | null {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize] ?? null
  }

  /** Has a row read that is not here, or was read before the last refresh. */
  want(index: number): void {
    const page = Math.floor(index / pageSize)
    if (this.#asked.get(page) === this.turn) return
    this.#asked.set(page, this.turn)
    void this.#read(page, this.#wantedOrder)
  }

  /** More images are done. */
  refresh(): void {
    this.turn++
    this.want(0)
  }

  /** Sorts by a column; the one it is sorted by already the other way round. Numbers begin with the largest. */
  sortBy(column: BatchColumn): void {
    const isSame = column.id === (this.sort?.column ?? 'name')
    const descending = isSame ? !this.descending : column.type === 'number'
    this.sort = { column: column.id, descending }
    this.#wantedOrder++
    this.refresh()
  }

  get descending(): boolean {
    return this.sort?.descending ?? false
  }

  /** `ascending`, `descending` or neither, for the head of a column. */
  orderOf(column: BatchColumn): 'ascending' | 'descending' | undefined {
    if (column.id !== (this.sort?.column ?? 'name')) return undefined
    return this.descending ? 'descending' : 'ascending'
  }

  toggle(group: string): void {
    const shown = new Set(this.shown)
    if (!shown.delete(group)) shown.add(group)
    this.shown = shown
  }

  /** The likeliest class of an image and how likely it is; null without classes. */
  likeliest(row: BatchRow): { readonly name: string; readonly probability: number } | null {
    const at = this.columns.findIndex(({ id }) => id === 'class')
    const name = row.cells[at]
    if (typeof name !== 'string') return null
    const probabilities = row.cells.filter((_, i) => this.columns[i]!.id.startsWith('p.'))
    return { name, probability: Math.max(...probabilities.filter((value) => typeof value === 'number')) }
  }

  /** The whole table as `summary.csv` has it, sorted as it is seen: every column, every number exactly. */
  async csv(signal: AbortSignal, progress: (done: number, total: number) => void): Promise<string> {
    const lines = [csvLine([...this.columns.map(csvHeader), 'sha256'])]
    for await (const { image, cells } of this.#all(signal, progress)) {
      lines.push(csvLine([inertName(String(cells[0])), ...cells.slice(1), image]))
    }
    return lines.join('')
  }

  /** The columns that are seen, as text that spreadsheets take from the clipboard. */
  async tabs(signal: AbortSignal, progress: (done: number, total: number) => void): Promise<string> {
    const columns = this.visible.flatMap((group) => group.columns)
    const lines = [columns.map(({ column }) => column.title)]
    for await (const { cells } of this.#all(signal, progress)) {
      lines.push(columns.map(({ at }) => (at === 0 ? inertName(String(cells[0])) : inertCell(cells[at] ?? null))))
    }
    return lines.map((line) => line.map((text) => text.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n')
  }

  async *#all(signal: AbortSignal, progress: (done: number, total: number) => void): AsyncGenerator<BatchRow> {
    const sort = this.sort
    // Lines that come meanwhile would move those that are still to be read.
    let snapshot: string | undefined
    for (let first = 0, total = Infinity; first < total; first += largestPage) {
      const request = {
        batch: this.#batch,
        first,
        limit: largestPage,
        ...(sort && { sort }),
        ...(snapshot && { snapshot }),
      }
      const table = await this.#api.call('batches.table', request, { signal })
      signal.throwIfAborted()
      total = table.total
      snapshot = table.snapshot
      progress(Math.min(total, first + largestPage), total)
      yield* table.rows
    }
  }

  async #read(page: number, order: number): Promise<void> {
    const { sort } = this
    try {
      const table = await this.#api.call('batches.table', {
        batch: this.#batch,
        first: page * pageSize,
        limit: pageSize,
        ...(sort ? { sort } : {}),
      })
      if (order !== this.#wantedOrder) return
      // Rows of an order that is no longer wanted stay until the first of the new one are here.
      const pages = new Map(order === this.#order ? this.#pages : [])
      this.#order = order
      pages.delete(page)
      pages.set(page, table.rows)
      for (const oldest of pages.keys()) {
        if (pages.size <= keptPages) break
        pages.delete(oldest)
        this.#asked.delete(oldest)
      }
      if (this.columns.length === 0) this.#begin(table.columns)
      this.#pages = pages
      this.total = table.total
      this.loaded = true
      this.problem = null
    } catch (error) {
      if (isCancelled(error)) return
      this.#asked.delete(page)
      this.problem = sentence(error)
    }
  }

  #begin(columns: readonly BatchColumn[]): void {
    this.columns = columns
    const few = this.groups.filter(({ key, columns }) => key !== 'classes' || columns.length <= fewClasses)
    const stages = few.filter(({ key }) => key.startsWith('stage')).slice(firstStages)
    this.shown = new Set(few.filter((group) => !stages.includes(group)).map(({ key }) => key))
  }

  #group(columns: readonly BatchColumn[]): readonly ColumnGroup[] {
    const groups = new Map<string, { key: string; title: string; columns: { column: BatchColumn; at: number }[] }>()
    columns.forEach((column, at) => {
      const { key, title } = this.#groupOf(column)
      const group = groups.get(key) ?? { key, title, columns: [] }
      group.columns.push({ column, at })
      groups.set(key, group)
    })
    return [...groups.values()]
  }

  #groupOf({ id, stage }: BatchColumn): { key: string; title: string } {
    if (stage !== null) return { key: `stage-${stage}`, title: `${stage} ${this.#stages[stage]?.title ?? ''}`.trim() }
    if (id.startsWith('p.')) return { key: 'classes', title: 'Probabilities' }
    if (id === 'width' || id === 'height') return { key: 'size', title: 'Size' }
    // The name of the image and its likeliest class are always seen.
    return { key: 'always', title: '' }
  }

  #visible(): readonly ColumnGroup[] {
    return this.groups.flatMap((group) => {
      if (group.key !== 'always' && !this.shown.has(group.key)) return []
      const columns = group.columns
        .filter(({ column }) => this.withSpecials || !seldom.includes(statisticOf(column)))
        .slice(0, group.key === 'classes' ? mostClasses : Infinity)
      return [{ ...group, columns }]
    })
  }
}

/** One batch: hands its images to the pool, one a process, and keeps count. It outlives its pool: what failed can be tried again. */

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { ImageId, SaveKind } from '../../shared/api.ts'
import type { BatchFailure, BatchProgress } from '../../shared/batch.ts'
import { batchFileName, type BatchState } from '../../shared/batchState.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import { usualFigure, type FigureOptions } from '../../shared/figures.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import type { Shape } from '../../shared/tensor.ts'
import { makeFolders } from '../export/folders.ts'
import { requireOwnFolder } from '../export/ownFolder.ts'
import { describeWriteError } from '../export/writeError.ts'
import { planBatch, planOf, Tally } from './batchTally.ts'
import { listDigest } from './batchNames.ts'
import { cancelled } from './drive.ts'
import { engineLost } from './failures.ts'
import { Pace } from './pace.ts'
import type { Pool } from './pool.ts'
import { privatePrefix, removeStale } from './privateFolder.ts'
import type { BatchOutcome, ComputeResult } from './protocol.ts'
import type { RequestOptions, Supervisor } from './supervisor.ts'

export interface BatchFile {
  readonly path: string
  /** Unique in the batch, `/` between folders. */
  readonly name: string
  /** Where it is saved, `/` between folders, each a safe name. */
  readonly folder: string
  /** Where it is in the gallery. */
  readonly image?: ImageId
  /** Height, width and channels, where they are known. */
  readonly size?: Shape
}

export interface BatchOptions {
  readonly files: readonly BatchFile[]
  readonly pipeline: Pipeline
  /** Of each image; the manifest, by which a batch is taken up again, comes with it. Empty: no files of single images. */
  readonly save: readonly SaveKind[]
  /** How pictures are drawn; `usualFigure` if left out. */
  readonly figure?: FigureOptions
  /** Null: nothing is saved, and the table and statistics are only to be asked for. */
  readonly directory: string | null
  /** Makes everything again, also what is there and whole. */
  readonly again?: boolean
  /** Which part of a longer list this is: [I, N]. */
  readonly shard?: readonly [number, number]
  /** `listDigest` of that; of these files if left out. */
  readonly list?: string
  readonly jobs: number
  /** Bytes an image may take, and the sums. */
  readonly memory: number
  readonly openPool: (size: number) => Pool
  readonly onProgress: (progress: BatchProgress) => void
  readonly onFailure: (failure: BatchFailure) => void
}

/** Images whose sums a process holds until they are taken: what is lost, and made again, with a process that dies. */
const heldAtMost = 32

/** Processes that may die of handing over the same sums before their images fail. */
const handedOverAtMost = 2

/** Of these, every other image would fail as well. */
const stopsAll = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']

export class Batch {
  readonly #options: BatchOptions
  readonly #id = randomUUID()
  readonly #save: readonly SaveKind[]
  readonly #files: ReadonlyMap<string, BatchFile>
  readonly #pace = new Pace()
  readonly tally: Tally
  #queue: BatchFile[]
  /** Images that ended well in this batch. */
  readonly #ended = new Set<string>()
  /** Of those: there and whole from before. */
  readonly #skipped = new Set<string>()
  /** Images whose values are in the tally's sums. */
  readonly #counted = new Set<string>()
  /** How many processes died of handing over an image's sums. */
  readonly #handedOver = new Map<string, number>()
  #state: BatchProgress['state'] = 'running'
  #begun = false
  #pool: Pool | undefined
  #work: string | undefined
  #stop = new AbortController()
  #failure: LoupeError | undefined
  #gate: { readonly opened: Promise<void>; readonly open: () => void } | undefined

  constructor(options: BatchOptions) {
    const { files, pipeline, save, figure = usualFigure, shard = [1, 1], memory } = options
    const list = options.list ?? listDigest(files.map(({ name }) => name))
    this.#options = options
    this.#save = save.length === 0 || save.includes('manifest') ? save : [...save, 'manifest']
    this.#files = new Map(files.map((file) => [file.name, file]))
    this.#queue = [...files]
    const plan = planBatch(
      pipeline,
      memory,
      files.flatMap(({ size }) => (size ? [size] : [])),
    )
    this.tally = new Tally({ pipeline, save: this.#save, figure, shard, list, total: files.length }, plan)
  }

  /** Ids of its compute processes. */
  get pids(): readonly number[] {
    return this.#pool?.pids ?? []
  }

  get progress(): BatchProgress {
    const total = this.#options.files.length
    const done = this.#ended.size
    const failed = this.tally.failures.size
    return {
      state: this.#state,
      total,
      done,
      skipped: this.#skipped.size,
      failed,
      secondsLeft: this.#state === 'running' ? this.#pace.secondsFor(total - done - failed) : null,
    }
  }

  /**
   * Works until nothing is left to do; images that fail are kept in the tally. Throws `cancelled`, or what every image
   * would fail of (a full disk); what is written is whole then, and `run` goes on from there.
   */
  async run(): Promise<void> {
    const { directory, jobs, openPool, again = false, shard = [1, 1] } = this.#options
    this.#failure = undefined
    this.#gate = undefined
    this.#enter('running')
    let end: 'finished' | 'cancelled' = 'cancelled'
    try {
      const pool = openPool(Math.max(1, Math.min(jobs, this.#queue.length)))
      this.#pool = pool
      if (!this.#begun && directory !== null) await requireOwnFolder(directory)
      if (directory !== null) this.#work = await makeWorkFolder(directory)
      if (!this.#begun && directory !== null && !again) await this.#takeUp(directory, pool)
      this.#begun = true
      this.#pace.restart()
      await Promise.all(pool.workers.map((worker) => this.#serve(worker)))
      const reason = this.#reasonToStop()
      if (directory !== null && !(reason && concernsAll(reason))) {
        if (!reason) this.#enter('saving')
        await this.#keep(directory, pool, reason !== null || shard[1] > 1)
      }
      const stopped = reason ?? this.#reasonToStop()
      if (stopped) throw stopped
      end = 'finished'
    } finally {
      await this.#pool?.close()
      this.#pool = undefined
      if (this.#work !== undefined) await rm(this.#work, { recursive: true, force: true }).catch(() => undefined)
      this.#stop = new AbortController()
      // Last: who hears of the end may begin again at once.
      this.#enter(end)
    }
  }

  /** Those in hand are finished; no other is begun. */
  pause(): void {
    if (this.#state !== 'running' || this.#isStopped) return
    let open: () => void = () => undefined
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    this.#gate = { opened, open }
    this.#enter('paused')
  }

  resume(): void {
    if (this.#state !== 'paused') return
    this.#gate?.open()
    this.#gate = undefined
    this.#pace.restart()
    this.#enter('running')
  }

  cancel(): void {
    if (this.#state === 'finished' || this.#state === 'cancelled') return
    this.#stop.abort()
    this.#gate?.open()
    // Its images go to their end, and it is not paused until then.
    if (this.#state === 'paused') this.#enter('running')
  }

  /** Puts the images that failed back in line; whether anything is left to do. `run` is to be called if it has ended. */
  requeueFailed(): boolean {
    const names = [...this.tally.failures.keys()]
    for (const name of names) this.#queue.push(this.#files.get(name)!)
    this.tally.failures.clear()
    if (names.length > 0) this.#options.onProgress(this.progress)
    return this.isLeft
  }

  /** Whether `run` would do anything: there are images in line, or the table was not written. */
  get isLeft(): boolean {
    return this.#queue.length > 0 || this.#state === 'cancelled'
  }

  #reasonToStop(): LoupeError | null {
    return this.#failure ?? (this.#isStopped ? cancelled() : null)
  }

  async #keep(directory: string, pool: Pool, stateOnly: boolean): Promise<void> {
    // Lines without their share of the sums could not be taken up again; an earlier state is better then.
    if (![...this.tally.records.keys()].every((name) => this.#counted.has(name))) return
    const worker = await pool.keepOne()
    // What is known when all of it was cancelled is kept nevertheless.
    const only = stateOnly || this.#isStopped
    const options = only ? { image: null } : { image: null, signal: this.#stop.signal }
    await worker.request('saveBatch', { state: this.tally.state, directory, stateOnly: only }, options)
  }

  #enter(state: BatchProgress['state']): void {
    this.#state = state
    this.#options.onProgress(this.progress)
  }

  /** Begins with what an earlier batch knows, if all of it is still so. */
  async #takeUp(directory: string, { workers }: Pool): Promise<void> {
    const { pipeline, shard = [1, 1] } = this.#options
    const file = path.join(directory, batchFileName(shard))
    const state = await workers[0]!.request('loadBatch', { file }, { image: null, signal: this.#stop.signal })
    if (!state || !isOf(state, pipeline)) return
    const left = [...state.records]
    let same = left.every(({ name, folder }) => {
      const file = this.#files.get(name)
      return file !== undefined && folder === (this.#isSaving ? file.folder : '')
    })
    const check = async (worker: Supervisor) => {
      for (let record = left.pop(); record && same; record = left.pop()) {
        const { path: place, name } = this.#files.get(record.name)!
        const params = { path: place, name: path.basename(name) }
        const options = { image: { id: null, name }, signal: this.#stop.signal }
        const hash = await worker.request('batchHash', params, options).catch(() => null)
        same &&= hash === record.sha256
      }
    }
    await Promise.all(workers.map(check))
    if (!same || this.#isStopped) return
    if (!this.tally.isPlanned) this.tally.replan(planOf(state))
    this.tally.merge({ ...state, failures: [] })
    for (const { name } of state.records) this.#counted.add(name)
  }

  /** Whether files of each image are saved. */
  get #isSaving(): boolean {
    return this.#options.directory !== null && this.#save.length > 0
  }

  get #isStopped(): boolean {
    return this.#stop.signal.aborted
  }

  async #serve(worker: Supervisor): Promise<void> {
    const held = new Set<string>()
    for (;;) {
      await this.#gate?.opened
      const file = this.#isStopped ? undefined : this.#queue.shift()
      if (file) await this.#take(file, worker, held)
      if (!file || held.size >= heldAtMost) await this.#collect(worker, held)
      if (!file && (this.#isStopped || this.#queue.length === 0)) return
    }
  }

  async #take(file: BatchFile, worker: Supervisor, held: Set<string>): Promise<void> {
    const { name } = file
    try {
      const options = { image: { id: null, name: path.basename(name) }, signal: this.#stop.signal }
      if (!this.tally.isPlanned) await this.#planFor(file, worker, options)
      const outcome = await worker.request('batchImage', this.#task(file), options)
      this.#note(file, outcome)
      if (outcome.record && !this.#counted.has(name)) held.add(name)
    } catch (error) {
      if (this.#isStopped) {
        this.#queue.unshift(file)
        return
      }
      if (!this.#fail(file, error)) return
    }
    this.#pace.step()
    this.#options.onProgress(this.progress)
  }

  /** False where every other image would fail of it too: then it is back in line, and all of it stops. */
  #fail(file: BatchFile, error: unknown): boolean {
    if (error instanceof LoupeError && concernsAll(error)) {
      this.#queue.unshift(file)
      this.#failure = error
      this.#stop.abort()
      return false
    }
    const { name, image = null } = file
    this.#ended.delete(name)
    const failure = { name, image, error: toWire(error) }
    this.tally.fail(failure)
    this.#options.onFailure(failure)
    return true
  }

  /** The pipeline works on no photo of the usual sizes: the first of these that it works on says what stages there are. */
  async #planFor({ path: place, name }: BatchFile, worker: Supervisor, options: RequestOptions): Promise<void> {
    const { pipeline, memory } = this.#options
    const params = { path: place, name: path.basename(name), refused: [] }
    const { height, width, channels } = await worker.request('probe', params, options)
    if (!this.tally.isPlanned) this.tally.replan(planBatch(pipeline, memory, [[height, width, channels]]))
  }

  #task({ path: place, name, folder }: BatchFile) {
    const { pipeline, figure, memory, directory, again = false } = this.#options
    return {
      batch: this.#id,
      path: place,
      name,
      pipeline,
      save: this.#save,
      ...(figure ? { figure } : {}),
      memory,
      shapes: this.tally.shapes,
      target:
        directory !== null && this.#isSaving ? { root: path.resolve(directory), folder, work: this.#work! } : null,
      counted: this.#counted.has(name),
      again: again && !this.#ended.has(name),
    }
  }

  #note({ name }: BatchFile, { record, channelMeans, saved }: BatchOutcome): void {
    if (record) this.tally.add(record, channelMeans)
    if ((this.#isSaving ? !saved : record === null) && !this.#ended.has(name)) this.#skipped.add(name)
    this.#ended.add(name)
  }

  /** Takes a process's sums. What a process that died had summed up is put back in line: saved it is already. */
  async #collect(worker: Supervisor, held: Set<string>): Promise<void> {
    if (held.size === 0) return
    const expected = [...held]
    held.clear()
    let lost = 0
    const options = {
      image: null,
      onLost() {
        lost++
      },
    }
    const answer = await worker.request('batchSums', { batch: this.#id }, options).catch((error: unknown) => error)
    if (answer instanceof Error) {
      for (const name of expected) this.#fail(this.#files.get(name)!, answer)
      return
    }
    while (this.tally.reading) await this.tally.reading
    const { names, sums } = answer as ComputeResult<'batchSums'>
    const got = new Set(names)
    // One that was cancelled while its answer was on the way is in the sums, but not in the tally.
    if (names.every((name) => expected.includes(name))) {
      this.tally.addSums(sums)
      for (const name of names) this.#counted.add(name)
    } else {
      got.clear()
    }
    for (const name of expected) {
      if (got.has(name)) continue
      const file = this.#files.get(name)!
      const deaths = (this.#handedOver.get(name) ?? 0) + lost
      this.#handedOver.set(name, deaths)
      if (deaths < handedOverAtMost) this.#queue.push(file)
      else this.#fail(file, engineLost(path.basename(name)))
    }
  }
}

function isOf(state: BatchState, pipeline: Pipeline): boolean {
  return JSON.stringify(state.pipeline) === JSON.stringify(pipeline)
}

function concernsAll({ code, detail }: LoupeError): boolean {
  if (code === 'write-failed') return stopsAll.includes(String(detail['system']))
  // Not that of a picture: the processes cannot be started.
  return code === 'engine-lost' && detail['name'] === undefined
}

/** A hidden folder of this process, in the one saved to; those of dead processes go. */
async function makeWorkFolder(directory: string): Promise<string> {
  const root = path.resolve(directory)
  try {
    await makeFolders(root)
    await removeStale(root)
    return await mkdtemp(path.join(root, `.${privatePrefix()}`))
  } catch (error) {
    throw describeWriteError(error, path.basename(root) || root)
  }
}

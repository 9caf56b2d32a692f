/** One batch: hands its images to the pool, one a process, and keeps count. It outlives its pool: what failed can be tried again. */

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { ImageId, SaveKind } from '../../shared/api.ts'
import type { BatchFailure, BatchProgress } from '../../shared/batch.ts'
import { batchFileName, type BatchState } from '../../shared/batchState.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import { version } from '../../shared/version.ts'
import { makeFolders } from '../export/folders.ts'
import { describeWriteError } from '../export/writeError.ts'
import { planBatch, Tally } from './batchTally.ts'
import { cancelled } from './drive.ts'
import { Pace } from './pace.ts'
import type { Pool } from './pool.ts'
import { privatePrefix, removeStale } from './privateFolder.ts'
import type { BatchOutcome } from './protocol.ts'
import type { Supervisor } from './supervisor.ts'

export interface BatchFile {
  readonly path: string
  /** Unique in the batch, `/` between folders. */
  readonly name: string
  /** Where it is saved, `/` between folders, each a safe name. */
  readonly folder: string
  /** Where it is in the gallery. */
  readonly image?: ImageId
}

export interface BatchOptions {
  readonly files: readonly BatchFile[]
  readonly pipeline: Pipeline
  /** Of each image; the manifest, by which a batch is taken up again, comes with it. Empty: no files of single images. */
  readonly save: readonly SaveKind[]
  /** Null: nothing is saved, and the table and statistics are only to be asked for. */
  readonly directory: string | null
  /** Makes everything again, also what is there and whole. */
  readonly again?: boolean
  /** Which part of a longer list this is: [I, N]. */
  readonly shard?: readonly [number, number]
  readonly jobs: number
  /** Bytes an image may take, and the sums. */
  readonly memory: number
  readonly openPool: (size: number) => Pool
  readonly onProgress: (progress: BatchProgress) => void
  readonly onFailure: (failure: BatchFailure) => void
}

/** Images whose sums a process holds until they are taken: what is lost, and made again, with a process that dies. */
const heldAtMost = 32

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
  #state: BatchProgress['state'] = 'running'
  #begun = false
  #pool: Pool | undefined
  #work: string | undefined
  #stop = new AbortController()
  #failure: LoupeError | undefined
  #gate: { readonly opened: Promise<void>; readonly open: () => void } | undefined

  constructor(options: BatchOptions) {
    const { files, pipeline, save, shard = [1, 1], memory } = options
    this.#options = options
    this.#save = save.length === 0 || save.includes('manifest') ? save : [...save, 'manifest']
    this.#files = new Map(files.map((file) => [file.name, file]))
    this.#queue = [...files]
    this.tally = new Tally(pipeline, this.#save, shard, files.length, planBatch(pipeline, memory))
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
    const pool = openPool(Math.max(1, Math.min(jobs, this.#queue.length)))
    this.#pool = pool
    try {
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
      if (reason) throw reason
      this.#enter('finished')
    } catch (error) {
      this.#enter('cancelled')
      throw error
    } finally {
      this.#pool = undefined
      this.#stop = new AbortController()
      await pool.close()
      if (this.#work !== undefined) await rm(this.#work, { recursive: true, force: true }).catch(() => undefined)
    }
  }

  /** Those in hand are finished; no other is begun. */
  pause(): void {
    if (this.#state !== 'running') return
    let open: () => void = () => undefined
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    this.#gate = { opened, open }
    this.#enter('paused')
  }

  resume(): void {
    if (!this.#gate) return
    this.#gate.open()
    this.#gate = undefined
    this.#pace.restart()
    this.#enter('running')
  }

  cancel(): void {
    if (this.#state === 'finished' || this.#state === 'cancelled') return
    this.#stop.abort()
    this.#gate?.open()
  }

  /** Puts the images that failed back in line; whether there are any. `run` is to be called if it has ended. */
  requeueFailed(): boolean {
    const names = [...this.tally.failures.keys()]
    this.tally.failures.clear()
    this.#queue.push(...names.map((name) => this.#files.get(name)!))
    this.#options.onProgress(this.progress)
    return this.#queue.length > 0
  }

  #reasonToStop(): LoupeError | null {
    return this.#failure ?? (this.#isStopped ? cancelled() : null)
  }

  async #keep(directory: string, pool: Pool, stateOnly: boolean): Promise<void> {
    // Lines without their share of the sums could not be taken up again; an earlier state is better then.
    if (![...this.tally.records.keys()].every((name) => this.#counted.has(name))) return
    const worker = await pool.keepOne()
    await worker.request('saveBatch', { state: this.tally.state, directory, stateOnly }, { image: null })
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
    let same = left.every(({ name, folder }) => this.#files.get(name)?.folder === folder)
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
    this.tally.merge({ ...state, failures: [] })
    for (const { name } of state.records) this.#counted.add(name)
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
      const outcome = await worker.request('batchImage', this.#task(file), {
        image: { id: null, name: path.basename(name) },
        signal: this.#stop.signal,
      })
      this.#note(file, outcome)
      if (outcome.record && !this.#counted.has(name)) held.add(name)
    } catch (error) {
      if (this.#isStopped) {
        this.#queue.unshift(file)
        return
      }
      if (error instanceof LoupeError && concernsAll(error)) {
        this.#queue.unshift(file)
        this.#failure = error
        this.#stop.abort()
        return
      }
      this.#ended.delete(name)
      const failure = { name, image: file.image ?? null, error: toWire(error) }
      this.tally.fail(failure)
      this.#options.onFailure(failure)
    }
    this.#pace.step()
    this.#options.onProgress(this.progress)
  }

  #task({ path: place, name, folder }: BatchFile) {
    const { pipeline, memory, directory, again = false } = this.#options
    return {
      batch: this.#id,
      path: place,
      name,
      pipeline,
      save: this.#save,
      memory,
      shapes: this.tally.plan.shapes,
      target:
        directory === null || this.#save.length === 0
          ? null
          : { root: path.resolve(directory), folder, work: this.#work! },
      counted: this.#counted.has(name),
      again: again && !this.#ended.has(name),
    }
  }

  #note({ name }: BatchFile, { record, channelMeans, saved }: BatchOutcome): void {
    if (record) this.tally.add(record, channelMeans)
    const saving = this.#options.directory !== null && this.#save.length > 0
    if ((saving ? !saved : record === null) && !this.#ended.has(name)) this.#skipped.add(name)
    this.#ended.add(name)
  }

  /** Takes a process's sums. What a process that died had summed up is put back in line: saved it is already. */
  async #collect(worker: Supervisor, held: Set<string>): Promise<void> {
    if (held.size === 0) return
    const expected = [...held]
    held.clear()
    const { names, sums } = await worker
      .request('batchSums', { batch: this.#id }, { image: null })
      .catch(() => ({ names: [], sums: [] }))
    const got = new Set(names)
    // One that was cancelled while its answer was on the way is in the sums, but not in the tally.
    if (names.every((name) => expected.includes(name))) {
      this.tally.addSums(sums)
      for (const name of names) this.#counted.add(name)
    } else {
      got.clear()
    }
    this.#queue.push(...expected.filter((name) => !got.has(name)).map((name) => this.#files.get(name)!))
  }
}

function isOf(state: BatchState, pipeline: Pipeline): boolean {
  return state.version === version && JSON.stringify(state.pipeline) === JSON.stringify(pipeline)
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

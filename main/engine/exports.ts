/** Saving jobs: a zip in our own folder, to be fetched, or a folder a host has granted. */

import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type {
  ApiEvent,
  ExportRequest,
  ExportResult,
  JobId,
  Params,
  Picture,
  SavedFigure,
  SavePart,
} from '../../shared/api.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import type { Manifest } from '../../shared/manifest.ts'
import { takeBack } from '../export/journal.ts'
import { baseName, safeName } from '../export/names.ts'
import type { PrivateFolder } from './privateFolder.ts'
import type { ComputeEvent, ExportOutcome, ExportTask } from './protocol.ts'
import type { Runs } from './runs.ts'
import type { Supervisor } from './supervisor.ts'

interface Job {
  readonly controller: AbortController
  /** The finished zip, or the folder written to. */
  finished: { readonly type: 'zip' | 'folder'; readonly path: string; readonly name: string } | null
}

/** Saving into a folder of the machine, for hosts that may name one. */
export interface ExportToRequest extends Omit<ExportRequest, 'destination'> {
  /** Made if it is not there. Each run gets a folder in it. */
  readonly directory: string
  /** The name of each run's folder, used as it is; without it, made from the image's name so that nothing has it yet. */
  readonly folders?: readonly string[]
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly file: string }) => void
}

export interface ExportToResult extends ExportResult {
  /** In the order of the runs. */
  readonly manifests: readonly Manifest[]
}

/** Finished jobs remembered: zips to be fetched (again), folders to be shown. Older ones go. */
const kept = { zip: 4, folder: 16 } as const

export class Exports {
  readonly #jobs = new Map<JobId, Job>()
  readonly #folders = new Map<string, string>()
  readonly #room: PrivateFolder
  readonly #runs: Runs
  readonly #supervisor: Supervisor
  readonly #emit: (event: ApiEvent) => void

  constructor(room: PrivateFolder, runs: Runs, supervisor: Supervisor, emit: (event: ApiEvent) => void) {
    this.#room = room
    this.#runs = runs
    this.#supervisor = supervisor
    this.#emit = emit
  }

  /** Lets exports go to this folder; what is granted is the id, the path stays here. */
  grant(directory: string): { folder: string; name: string } {
    const absolute = path.resolve(directory)
    const known = [...this.#folders].find(([, granted]) => granted === absolute)?.[0]
    const folder = known ?? randomUUID()
    this.#folders.set(folder, absolute)
    return { folder, name: path.basename(absolute) || absolute }
  }

  /** The path of a folder that was granted. Throws `not-found`. */
  directoryOf(folder: string): string {
    const directory = this.#folders.get(folder)
    if (directory === undefined) throw new LoupeError('not-found', 'That folder was not chosen here; choose it again.')
    return directory
  }

  /** Throws `not-found` for runs or folders that are not there. */
  start(request: ExportRequest): { job: JobId } {
    const job = randomUUID()
    const task = this.#task(job, request)
    const state: Job = { controller: new AbortController(), finished: null }
    this.#jobs.set(job, state)
    setImmediate(() => void this.#work(job, state, task))
    return { job }
  }

  #task(job: JobId, { runs, destination, ...what }: ExportRequest): ExportTask {
    const sources = runs.map((run) => this.#runs.source(run))
    const path = destination.type === 'zip' ? this.#room.file(`${job}.zip`) : this.directoryOf(destination.folder)
    return { ...what, runs: sources, destination: { type: destination.type, path } }
  }

  async #work(job: JobId, state: Job, task: ExportTask): Promise<void> {
    try {
      const outcome = await this.#request(task, state.controller.signal, (progress) => {
        this.#emit({ ...progress, type: 'export.progress', job })
      })
      const { type } = task.destination
      const name = type === 'zip' ? zipName(task) : folderName(task, outcome)
      state.finished = { type, path: task.destination.path, name }
      await this.#forgetOld(type)
      const { files, byteLength } = outcome
      this.#emit({ type: 'export.done', job, result: { files, byteLength, name } })
    } catch (error) {
      this.#jobs.delete(job)
      this.#emit({ type: 'export.failed', job, error: toWire(error) })
    }
  }

  async #request(
    task: ExportTask,
    signal: AbortSignal | undefined,
    onProgress: ((progress: Extract<ComputeEvent, { type: 'file' }>) => void) | undefined,
  ): Promise<ExportOutcome> {
    const only = task.runs.length === 1 ? task.runs[0] : undefined
    const journal = task.save.length === 0 ? undefined : this.#room.file(`${randomUUID()}.journal`)
    return await this.#supervisor.request('export', journal === undefined ? task : { ...task, journal }, {
      image: only ? { id: null, name: only.image.info.name } : null,
      signal,
      onLost() {
        if (journal !== undefined) takeBack(journal)
      },
      onEvent(event) {
        if (event.type === 'file') onProgress?.(event)
      },
    })
  }

  /** Throws what computing and writing throw; nothing of it is left then. */
  async exportTo(request: ExportToRequest): Promise<ExportToResult> {
    const { runs, directory, folders, signal, onProgress, ...what } = request
    const task: ExportTask = {
      ...what,
      runs: runs.map((run, index) => {
        const folder = folders?.[index]
        return { ...this.#runs.source(run), ...(folder === undefined ? {} : { folder }) }
      }),
      destination: { type: 'folder', path: path.resolve(directory) },
    }
    const outcome = await this.#request(task, signal, onProgress)
    return { ...outcome, name: folderName(task, outcome) }
  }

  /** Saves a run, or the stage of it a picture shows, into a directory to be made; returns the path of the run's folder. */
  async keep(
    {
      run,
      save,
      subject,
      figure,
    }: Pick<Params<'host.dragOut'>, 'run' | 'subject' | 'figure'> & Pick<ExportRequest, 'save'>,
    directory: string,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const part: SavePart =
      subject.type !== 'stage'
        ? {}
        : {
            stage: subject.stage,
            ...(subject.channel === undefined ? {} : { channel: subject.channel }),
            ...(subject.rect ? { rect: subject.rect } : {}),
          }
    const options = { ...(figure ? { figure } : {}), ...(signal ? { signal } : {}) }
    const { name } = await this.exportTo({ runs: [run], save, directory, ...part, ...options })
    return path.join(directory, name)
  }

  /** Draws a picture into a folder that was granted, whole or not at all. Throws `not-found` and `write-failed`. */
  async saveFigure(
    request: Params<'figures.draw'>,
    folder: string,
    signal: AbortSignal | undefined,
  ): Promise<SavedFigure> {
    const directory = this.directoryOf(folder)
    const { name: wanted, bytes } = await this.#runs.draw(request, signal)
    const { writeNewFile } = await import('../export/sink.ts')
    const name = await writeNewFile(directory, wanted, bytes)
    const job = randomUUID()
    this.#jobs.set(job, { controller: new AbortController(), finished: { type: 'folder', path: directory, name } })
    await this.#forgetOld('folder')
    return { job, result: { files: [name], byteLength: bytes.byteLength, name } }
  }

  cancel(job: JobId): void {
    this.#jobs.get(job)?.controller.abort()
  }

  /** The finished zip. Throws `not-found`. */
  async fetch(job: JobId): Promise<Picture> {
    const finished = this.#jobs.get(job)?.finished
    if (finished?.type !== 'zip') {
      throw new LoupeError('not-found', 'There is no such zip (any more); save again.', { job })
    }
    const bytes = await readFile(finished.path)
    return { type: 'application/zip', bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
  }

  /** The folder a finished job has written to, for a host that can show it. Throws `not-found`. */
  folderOf(job: JobId): string {
    const finished = this.#jobs.get(job)?.finished
    if (finished?.type !== 'folder') throw new LoupeError('not-found', 'That job has written no folder.', { job })
    return finished.path
  }

  async #forgetOld(type: 'zip' | 'folder'): Promise<void> {
    const alike = [...this.#jobs].filter(([, { finished }]) => finished?.type === type)
    for (const [job, { finished }] of alike.slice(0, -kept[type])) {
      this.#jobs.delete(job)
      if (type === 'zip') await rm(finished!.path, { force: true })
    }
  }
}

/** `photo.zip`, or `3 images.zip`. */
function zipName({ runs }: ExportTask): string {
  const [first] = runs
  return runs.length === 1 ? `${safeName(baseName(first!.image.info.name))}.zip` : `${runs.length} images.zip`
}

/** The one folder that was written to, or the one above several. */
function folderName({ destination }: ExportTask, { files }: ExportOutcome): string {
  const folders = new Set(files.map((file) => file.split('/')[0]!))
  return folders.size === 1 ? [...folders][0]! : path.basename(destination.path)
}

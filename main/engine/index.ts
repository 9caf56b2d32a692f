/** The Api as hosts have it: the library, the runs and the exports over one compute process. */

import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { Api, ApiEvent, HostInfo, ImageInfo, Method, Params, Result } from '../../shared/api.ts'
import { LoupeError, toWire, type WireError } from '../../shared/errors.ts'
import { presetsOn } from '../../shared/presets.ts'
import { isMethod, parseParams } from '../../shared/schema.ts'
import { noLog, type Log } from '../user/log.ts'
import { passingSettings, type SettingsStore } from '../user/settings.ts'
import { Batch, type BatchOptions } from './batch.ts'
import { Batches } from './batches.ts'
import { mergeBatches, type MergedBatch } from './batchMerge.ts'
import { cancelled } from './drive.ts'
import { Dragging } from './dragging.ts'
import { Exports, type ExportToRequest, type ExportToResult } from './exports.ts'
import { Labs } from './labs.ts'
import { Library } from './library.ts'
import type { EngineLimits } from './limits.ts'
import { forkCompute } from './nodeChild.ts'
import { limitsFrom, personHandlers, type Recent } from './person.ts'
import { Pool } from './pool.ts'
import { Opening, type OpenOptions } from './opening.ts'
import { PrivateFolder, removeStale } from './privateFolder.ts'
import type { ChildPort } from './protocol.ts'
import { Runs } from './runs.ts'
import { listSamples, sampleFile } from './samples.ts'
import { Supervisor } from './supervisor.ts'

export interface EngineOptions {
  readonly version: string
  /** `cli` if left out. */
  readonly host?: HostInfo['host']
  /** The built compute process; `engine.js` beside this file if left out. */
  readonly entry?: URL | string
  /** Starts a compute process another way (Electron's utilityProcess); `entry` is not used then. */
  readonly spawn?: () => ChildPort
  /** The compute process starts with the first request for it, not at once. */
  readonly lazy?: boolean
  /** These go before what the settings say. */
  readonly limits?: Partial<EngineLimits>
  /** Bytes of stages and photos kept between runs; `limits.memory` if left out. */
  readonly cacheBytes?: number
  /** The folder of the sample pictures. */
  readonly samples?: string
  /** The person's settings; the defaults, kept nowhere, if left out. */
  readonly settings?: SettingsStore
  /** Where to note what happens; nowhere if left out. */
  readonly log?: Log
  /** What was wrong with other files of ours: sentences for the person. */
  readonly problems?: readonly string[]
  /** What this host can do beyond the contract. */
  readonly hostMethods?: {
    /** A folder the user chose, or null. */
    readonly chooseFolder?: () => Promise<string | null>
    readonly revealFolder?: (directory: string) => Promise<void>
    readonly recent?: Recent
    /** Starts dragging a file; `icon` is a small PNG of it. */
    readonly dragOut?: (file: string, icon: Uint8Array) => Promise<void>
  }
}

export interface Engine extends Api {
  /** Adds a file of the machine where it is. For hosts only: no path crosses the contract. */
  addFile(path: string, signal?: AbortSignal): Promise<ImageInfo>
  /** Adds files, and the pictures of folders, that a person named to the host; what is refused is kept for the window. */
  openFiles(paths: readonly string[], options?: OpenOptions): Promise<void>
  /** Lets `export.start` write to this folder under the id returned. */
  grantFolder(directory: string): { readonly folder: string; readonly name: string }
  /** Saves runs into a folder. Rejects with a coded error, and nothing of it is left then. */
  exportTo(request: ExportToRequest): Promise<ExportToResult>
  /** Draws one picture into a file, whole or not at all. Throws as `figures.draw`, and `write-failed`. */
  drawTo(request: Params<'figures.draw'>, file: string, signal?: AbortSignal): Promise<void>
  /** Writes a file, whole or not at all, over one of its name; its folder is made if need be. Throws `write-failed`. */
  writeFile(file: string, bytes: Uint8Array): Promise<void>
  /** A batch over files of the machine, in processes of its own; nothing begins before its `run`. */
  openBatch(options: Omit<BatchOptions, 'openPool' | 'memory' | 'jobs'> & { readonly jobs?: number }): Batch
  /** Makes one table, and one set of statistics, of the parts that lie in these folders; returns what was written. */
  mergeBatches(folders: readonly string[], directory: string): Promise<MergedBatch>
  /** The compute process's id, for measurements; undefined while it is being started. */
  readonly computePid: number | undefined
  /** Ends the compute process and removes every temporary file. */
  close(): Promise<void>
}

type Handlers = {
  readonly [M in Method]: (params: Params<M>, signal: AbortSignal | undefined) => Result<M> | Promise<Result<M>>
}

/** Starts the compute process and answers the contract's methods with it. */
export function createEngine(options: EngineOptions): Engine {
  const { settings = passingSettings(), log = noLog, limits: given = {} } = options
  const computeSettings = () => {
    const limits = limitsFrom(settings.current, given)
    return { limits, cacheBytes: options.cacheBytes ?? limits.memory, background: settings.current.background }
  }
  let current = computeSettings()
  const host = options.host ?? 'cli'
  const entry = options.entry ?? new URL('./engine.js', import.meta.url)
  const listeners = new Set<(event: ApiEvent) => void>()
  const emit = (event: ApiEvent) => {
    if (event.type === 'run.failed' || event.type === 'export.failed' || event.type === 'batch.failed') {
      noteFailure(log, event.type, event.error)
    }
    for (const listener of listeners) {
      try {
        listener(event)
      } catch (error) {
        // One that fails is told of, and keeps neither the others nor the engine from their work.
        process.emitWarning(error instanceof Error ? error : String(error))
      }
    }
  }
  const spawn = options.spawn ?? (() => forkCompute(entry))
  const spawnForBatch = options.spawn ?? (() => forkCompute(entry, 'batch'))
  const supervisor = new Supervisor({
    spawn,
    start: current,
    lazy: options.lazy ?? false,
    onRestart(reason) {
      log.write('engine.restarted', { reason })
      emit({ type: 'engine.restarted', reason })
    },
  })
  log.write('start', { version: options.version, host, platform: process.platform, node: process.versions.node })
  for (const reason of [settings.problem, ...(options.problems ?? [])]) {
    if (reason !== null) log.write('problem', { reason })
  }
  const room = new PrivateFolder()
  void removeStale()
  const library = new Library(
    room,
    (path, name, signal) =>
      supervisor.request('probe', { path, name, refused: supervisor.refused }, { image: { id: null, name }, signal }),
    current.limits.bytes,
  )
  const runs = new Runs(
    library,
    supervisor,
    () => ({ memory: current.limits.memory, background: current.background }),
    emit,
  )
  const saving = new Exports(room, runs, supervisor, emit)
  const dragging = new Dragging(room, runs, saving)
  const openBatch: Engine['openBatch'] = (batchOptions) => {
    const { files, jobs: allowed = availableParallelism() } = batchOptions
    const jobs = Math.max(1, Math.min(allowed, files.length))
    const memory = current.limits.memory / jobs
    return new Batch({ ...batchOptions, jobs, memory, openPool: (size) => new Pool(size, spawnForBatch, current) })
  }
  const openLab = () =>
    new Supervisor({
      spawn,
      start: current,
      onRestart(reason) {
        log.write('lab.restarted', { reason })
      },
    })
  const labs = new Labs(openLab, library, runs, emit)
  const batches = new Batches(library, saving, () => current.background, openBatch, emit)

  function announce({ info, isNew }: { info: ImageInfo; isNew: boolean }): ImageInfo {
    if (isNew) emit({ type: 'images.added', image: info })
    return info
  }

  const add = async (path: string, signal?: AbortSignal) => announce(await library.addFile(path, signal))

  /** For hosts, which do not come through `call`, where failures are noted. */
  async function addFile(path: string, signal?: AbortSignal): Promise<ImageInfo> {
    try {
      return await add(path, signal)
    } catch (error) {
      noteFailure(log, 'images.add', toWire(error))
      throw error
    }
  }
  const opening = new Opening(addFile, emit)

  const { chooseFolder, revealFolder, recent, dragOut } = options.hostMethods ?? {}
  const handlers: Handlers = {
    ...personHandlers({
      version: options.version,
      host,
      settings,
      log,
      recent,
      problems: options.problems ?? [],
      given,
      supervisor,
      saving,
      emit,
      apply() {
        current = computeSettings()
        supervisor.configure(current)
        labs.configure(current)
      },
    }),
    'host.info': () => ({
      host,
      version: options.version,
      platform: process.platform,
      capabilities: {
        chooseFolder: chooseFolder !== undefined,
        revealFolder: revealFolder !== undefined,
        recent: recent !== undefined,
        dragOut: dragOut !== undefined,
      },
      limits: { pixels: current.limits.pixels, bytes: current.limits.bytes },
    }),
    'host.chooseFolder': async () => {
      if (!chooseFolder) throw incapable('cannot choose a folder; save as a zip')
      const directory = await chooseFolder()
      return directory === null ? null : saving.grant(directory)
    },
    'host.dragOut': async (request, signal) => {
      if (!dragOut) throw incapable('cannot drag pictures out')
      await dragging.drag(request, dragOut, signal)
      return null
    },
    'host.revealExport': async ({ job }) => {
      if (!revealFolder) throw incapable('cannot show a folder')
      await revealFolder(saving.folderOf(job))
      return null
    },
    'images.add': async ({ name, bytes }, signal) => announce(await library.addBytes(name, bytes, signal)),
    'images.list': () => library.list(),
    'images.remove': async ({ images }) => {
      runs.releaseImages(images)
      await library.remove(images)
      return null
    },
    'refusals.list': () => opening.list(),
    'refusals.forget': ({ refusals }) => {
      opening.forget(refusals)
      return null
    },
    'images.thumbnail': ({ image, size }, signal) => {
      const source = library.source(image)
      return supervisor.request('thumbnail', { image: source, size }, { image: source.info, signal })
    },
    'images.read': ({ image, ...window }, signal) => {
      const source = library.source(image)
      return supervisor.request('readImage', { image: source, window }, { image: source.info, signal })
    },
    'images.histogram': ({ image }, signal) => {
      const source = library.source(image)
      return supervisor.request('countImage', { image: source }, { image: source.info, signal })
    },
    'samples.list': () => listSamples(options.samples),
    'samples.add': async ({ sample }, signal) => add(await sampleFile(options.samples, sample), signal),
    'pipelines.presets': () => presetsOn(settings.current.background),
    'pipeline.plan': ({ pipeline, image, size }) => runs.plan(pipeline, image, size),
    'runs.start': (params) => runs.start(params),
    'runs.cancel': ({ run }) => {
      runs.cancel(run)
      return null
    },
    'runs.release': ({ run }) => {
      runs.release(run)
      return null
    },
    'stages.read': (params, signal) => runs.read(params, signal),
    'stages.difference': (params, signal) => runs.difference(params, signal),
    explain: (params, signal) => runs.explain(params, signal),
    receptiveField: (params, signal) => runs.receptiveField(params, signal),
    trace: (params, signal) => runs.trace(params, signal),
    'figures.draw': (params, signal) => runs.draw(params, signal),
    'figures.save': ({ folder, ...request }, signal) => saving.saveFigure(request, folder, signal),
    'export.start': (request) => saving.start(request),
    'export.cancel': ({ job }) => {
      saving.cancel(job)
      return null
    },
    'export.fetch': ({ job }) => saving.fetch(job),
    ...batches.handlers,
    ...labs.handlers,
  }

  return {
    async call(method, params, callOptions) {
      if (!isMethod(method)) throw new LoupeError('bad-request', `There is no method ${String(method)}.`)
      if (callOptions?.signal?.aborted) throw cancelled()
      try {
        return await handlers[method](parseParams(method, params), callOptions?.signal)
      } catch (error) {
        noteFailure(log, method, toWire(error))
        throw error
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    addFile,
    openFiles: (paths, openOptions) => opening.open(paths, openOptions),
    grantFolder: (directory) => saving.grant(directory),
    exportTo: (request) => saving.exportTo(request),
    async drawTo(request, file, signal) {
      const { bytes } = await runs.draw(request, signal)
      const { writeFileWhole } = await import('../export/sink.ts')
      await writeFileWhole(file, bytes)
    },
    async writeFile(file, bytes) {
      const { folderSink } = await import('../export/sink.ts')
      await folderSink(path.dirname(file)).write(path.basename(file), bytes)
    },
    openBatch,
    mergeBatches: (folders, directory) => mergeBatches(folders, directory, supervisor),
    get computePid() {
      return supervisor.pid
    },
    async close() {
      await Promise.all([batches.close(), labs.close(), supervisor.close()])
      room.remove()
      listeners.clear()
      log.write('stop')
    },
  }
}

/** The code, and of what should not happen the reason; a sentence about a picture names it, and stays out. */
function noteFailure(log: Log, where: Method | ApiEvent['type'], { code, message }: WireError): void {
  if (code === 'cancelled') return
  log.write('error', { in: where, code, ...(code === 'internal' ? { reason: message } : {}) })
}

function incapable(what: string): LoupeError {
  return new LoupeError('bad-request', `This host ${what}.`)
}

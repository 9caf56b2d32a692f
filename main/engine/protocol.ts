/** What the host process and the compute process say to each other. Both ends are ours and of one build: typed, not parsed. */

import type {
  DifferenceSummary,
  Histogram,
  ImageId,
  ImageInfo,
  Picture,
  PlannedStage,
  PreviewRequest,
  SaveKind,
  SavePart,
  StageSummary,
  TensorWindow,
  Versions,
  WindowRequest,
} from '../../shared/api.ts'
import type { BatchRecord, BatchState, SetSums } from '../../shared/batchState.ts'
import type { WireError } from '../../shared/errors.ts'
import type { Explanation, PathStep, Place, TermsRequest, Trace } from '../../shared/explain.ts'
import type { DrawnFigure, FigureOptions, FigureRequest } from '../../shared/figures.ts'
import type { LabError, LabName, LabOutline, LabResult, LabSummary, LabWindow } from '../../shared/lab.ts'
import type { Manifest } from '../../shared/manifest.ts'
import type { Pipeline } from '../../shared/pipeline.ts'
import type { Shape } from '../../shared/tensor.ts'
import type { EngineLimits } from './limits.ts'

/** Where an image's bytes are. Each request carries it, so that a compute process that was just started can serve any of them. */
export interface ImageSource {
  readonly info: ImageInfo
  readonly path: string
}

/** One image through one pipeline, with the stages planned for it. */
export interface RunSource {
  readonly image: ImageSource
  readonly pipeline: Pipeline
  readonly stages: readonly PlannedStage[]
}

export interface StageSource extends RunSource {
  readonly stage: number
}

export interface ExportTask extends SavePart {
  /** `folder`: a name to be used as it is; without it, one that nothing else has is made from the image's name. */
  readonly runs: readonly (RunSource & { readonly folder?: string })[]
  readonly save: readonly SaveKind[]
  readonly figure?: FigureOptions
  readonly destination: { readonly type: 'zip' | 'folder'; readonly path: string }
  /** Where to note what is made, for the host to take back if this process dies; left out where nothing is saved. */
  readonly journal?: string
}

export interface ExportOutcome {
  readonly files: readonly string[]
  readonly byteLength: number
  readonly manifests: readonly Manifest[]
}

/** One image of a batch: decoded, run, saved, added to the sums of its batch, and let go. */
export interface BatchTask {
  readonly batch: string
  readonly path: string
  /** Unique in the batch, `/` between folders. */
  readonly name: string
  readonly pipeline: Pipeline
  readonly save: readonly SaveKind[]
  readonly figure?: FigureOptions
  /** Bytes it may hold. */
  readonly memory: number
  /** For each stage the shape that is summed, or null. */
  readonly shapes: readonly (Shape | null)[]
  /** Where to save: `folder` below `root`, made in `work` first; null where nothing is saved. */
  readonly target: { readonly root: string; readonly folder: string; readonly work: string } | null
  /** Whether it is in the sums already: of an earlier batch, or of a process that has handed them over. */
  readonly counted: boolean
  /** Made again although it is there and whole. */
  readonly again: boolean
}

export interface BatchOutcome {
  readonly info: ImageInfo
  /** Null where it was there and counted. */
  readonly record: BatchRecord | null
  /** Mean of each channel of each stage. */
  readonly channelMeans: readonly Float64Array[]
  /** Whether files were written; else they were there and whole, or nothing is saved. */
  readonly saved: boolean
}

interface ComputeMethods {
  /** What decodes pictures there. */
  versions: { params: Record<string, never>; result: Versions }
  /** Reads, hashes and probes a file; `refused` are the ids of files that must not be opened. */
  probe: { params: { path: string; name: string; refused: readonly ImageId[] }; result: ImageInfo }
  thumbnail: { params: { image: ImageSource; size: number }; result: Picture }
  run: { params: RunSource & { previews?: PreviewRequest }; result: { milliseconds: number } }
  readStage: { params: StageSource & { window: WindowRequest; minus?: StageSource }; result: TensorWindow }
  difference: { params: StageSource & { minus: StageSource }; result: DifferenceSummary }
  explain: {
    params: StageSource & { place: Place; terms?: TermsRequest; photoRow?: number }
    result: Explanation
  }
  /** The path of an element as long as it is one element's: through maxima to their winners. */
  winners: { params: StageSource & { place: Place }; result: readonly PathStep[] }
  trace: { params: StageSource & { place: Place; to: number; limit: number }; result: Trace }
  readImage: { params: { image: ImageSource; window: WindowRequest }; result: TensorWindow }
  countImage: { params: { image: ImageSource }; result: Histogram }
  /** `iconHeight`: as a small PNG of at most so many pixels from top to bottom, whatever the format. */
  draw: { params: RunSource & FigureRequest & { readonly iconHeight?: number }; result: DrawnFigure }
  export: { params: ExportTask; result: ExportOutcome }
  batchImage: { params: BatchTask; result: BatchOutcome }
  /** Runs a cell of a session of the lab, which is made where it is not here; `lab-restarted` where it was `known`. */
  labRun: {
    params: {
      session: string
      known: boolean
      cell: string
      code: string
      images: readonly ImageSource[]
      run: RunSource | null
    }
    result: LabResult
  }
  labStop: { params: { session: string }; result: null }
  labClose: { params: { session: string }; result: null }
  labRead: { params: { session: string; value: string; window: WindowRequest }; result: LabWindow }
  labSummary: { params: { session: string; value: string }; result: LabSummary }
  labOutline: {
    params: {
      session: string
      known: boolean
      code: string
      /** Of what a run will bind. */
      image: readonly number[] | null
      stages: readonly (readonly [name: string, shape: readonly number[]])[]
    }
    result: readonly LabOutline[]
  }
  labCheck: { params: { code: string }; result: LabError | null }
  labNames: { params: Record<string, never>; result: readonly LabName[] }
  /** The sums of what was run here since they were last taken, and of which images they are. */
  batchSums: {
    params: { batch: string }
    result: { readonly names: readonly string[]; readonly sums: readonly (SetSums | null)[] }
  }
  /** SHA-256 of an image file. */
  batchHash: { params: { path: string; name: string }; result: string }
  /** What a batch has left; null where there is no such file, or none of this version. */
  loadBatch: { params: { file: string }; result: BatchState | null }
  /** Writes what a batch is resumed and merged from and, unless `stateOnly`, its table, sheets and statistics. */
  saveBatch: { params: { state: BatchState; directory: string; stateOnly: boolean }; result: readonly string[] }
}
export type ComputeMethod = keyof ComputeMethods
export type ComputeParams<M extends ComputeMethod> = ComputeMethods[M]['params']
export type ComputeResult<M extends ComputeMethod> = ComputeMethods[M]['result']

/** What a request tells before its answer. */
export type ComputeEvent =
  | { readonly type: 'progress'; readonly stage: number; readonly fraction: number }
  | { readonly type: 'stage'; readonly summary: StageSummary; readonly preview?: TensorWindow }
  /** A cell of the lab prints. */
  | { readonly type: 'printed'; readonly text: string }
  | { readonly type: 'file'; readonly done: number; readonly total: number; readonly file: string }

/** What a compute process goes by. */
export interface ComputeSettings {
  readonly limits: EngineLimits
  readonly cacheBytes: number
  /** Threads a codec may use; as many as there are cores if left out. */
  readonly threads?: number
  /** Under the transparent pixels of the original; white if left out. */
  readonly background?: string
}

export interface StartMessage extends ComputeSettings {
  readonly type: 'start'
}

export type ToCompute =
  | StartMessage
  /** From now on. */
  | ({ readonly type: 'configure' } & ComputeSettings)
  | { readonly type: 'request'; readonly id: number; readonly method: ComputeMethod; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'ping' }
  /** Give everything up, take back what is half written, and end. */
  | { readonly type: 'stop' }

export type FromCompute =
  | { readonly type: 'ready' }
  | { readonly type: 'pong' }
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly error: WireError }
  | { readonly type: 'event'; readonly id: number; readonly event: ComputeEvent }
  /** A codec is at work on these bytes: if the process dies now, they are the first to be suspected. */
  | { readonly type: 'decoding'; readonly id: number; readonly image: ImageId; readonly active: boolean }

/** The compute process's end of the line: Node's `process` or Electron's `parentPort`. */
export interface ComputePort {
  post(message: FromCompute): void
  onMessage(listener: (message: ToCompute) => void): void
}

/** The host's end of the line to one compute process. */
export interface ChildPort {
  readonly pid: number | undefined
  post(message: ToCompute): void
  onMessage(listener: (message: FromCompute) => void): void
  /** Called once, when the process is gone or could not be started; `reason` for a person. */
  onExit(listener: (reason: string) => void): void
  kill(): void
}

/** What a handler may do besides answering. */
export interface RequestContext {
  readonly signal: AbortSignal
  readonly emit: (event: ComputeEvent) => void
  /** Tells the host that a codec is at work on these bytes. */
  readonly decoding: (image: ImageId, active: boolean) => void
}

/**
 * The one contract between whoever shows and whoever computes: methods, events, ids.
 * Electron carries it over IPC, the web host over HTTP, the command line calls it in process.
 */

import type { BatchEvent, BatchMethods } from './batch.ts'
import type { WireError } from './errors.ts'
import type { Explanation, Place, ReceptiveField, Region, TermsRequest, Trace } from './explain.ts'
import type { DrawnFigure, FigureOptions, FigureRequest } from './figures.ts'
import type { LabEvent, LabMethods } from './lab.ts'
import type { LayerKind } from './layers/index.ts'
import type { Pipeline } from './pipeline.ts'
import type { SettingsChange, SettingsState } from './settings.ts'
import type { DType, Rect, Shape, Size, TensorData } from './tensor.ts'

/** SHA-256 of the file's bytes, in hex. */
export type ImageId = string
export type RunId = string
export type JobId = string

export interface ImageInfo {
  readonly id: ImageId
  /** File name without folders; never a path. */
  readonly name: string
  readonly format: string
  readonly byteLength: number
  /** Size with the EXIF orientation applied. */
  readonly width: number
  readonly height: number
  /** Channels of the decoded photo: 1 (grey) or 3. */
  readonly channels: 1 | 3
  /** What the samples in the file mean; a palette's colours are `rgb`. */
  readonly space: 'grey' | 'rgb' | 'cmyk' | 'other'
  /** Bits a sample in the file. */
  readonly depth: number
  /** EXIF orientation found and applied, 1 to 8. */
  readonly orientation: number
  readonly hasAlpha: boolean
  readonly hasProfile: boolean
  /** Frames or pages in the file; the first is shown. */
  readonly pages: number
}

/** A file or folder a person named to the host that could not be added. */
export interface Refusal {
  readonly id: string
  readonly name: string
  readonly error: WireError
}

export interface PlannedStage {
  readonly index: number
  readonly kind: LayerKind
  readonly title: string
  readonly shape: Shape
  readonly dtype: DType
  readonly parameters: number
  readonly bytes: number
}

/** The first layer that cannot work. */
export interface PlanProblem {
  readonly layer: number
  /** What the layer is called: `Max pool 7×7`. */
  readonly title: string
  /** `a 7×7 window does not fit a 4×4 input` */
  readonly reason: string
  /** The same with the layer named before it: `pool2d 3: a 7×7 window does not fit a 4×4 input` */
  readonly message: string
}

export interface Plan {
  /** The stages that can be made, up to the first problem. */
  readonly stages: readonly PlannedStage[]
  readonly parameters: number
  /** Bytes of all stage tensors together. */
  readonly bytes: number
  readonly problem: PlanProblem | null
}

export interface Histogram {
  /** The axis: the finite minimum and maximum of the stage. */
  readonly from: number
  readonly to: number
  readonly counts: readonly number[]
}

/** Statistics over the finite values of a tensor; zeros where there is none. */
export interface TensorStatistics {
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly std: number
  /** How many values are not a number, and how many infinite. */
  readonly nan: number
  readonly infinite: number
  readonly histogram: Histogram
  /** Finite [minimum, maximum] of each channel; one for a whole vector; empty above 4096 channels. */
  readonly channelRanges: readonly (readonly [number, number])[]
}

/** What one layer made of one image, in numbers. */
export interface StageSummary extends PlannedStage, TensorStatistics {
  readonly milliseconds: number
  /** Whether it came from the cache, in which case milliseconds are those of when it was computed. */
  readonly cached: boolean
  /** Empty where the channels have none, and above 4096 channels. */
  readonly channelNames: readonly string[]
  /** `light`: still a photo, since every layer so far only moved or rescaled light. */
  readonly picture: 'light' | 'map'
}

/** A stage of a run. */
export interface StageOfRun {
  readonly run: RunId
  readonly stage: number
}

/** One stage minus another of the same shape, element by element in float64: its shape and its statistics. */
export interface DifferenceSummary extends TensorStatistics {
  readonly shape: Shape
  /** What lies round all elements that are not 0 (not-a-number is not), and how many they are; null: all are. */
  readonly changed: Region | null
}

/** A rectangle of some channels, at most `maxSize` elements wide and high. */
export interface WindowRequest {
  /** All of the stage if left out. */
  readonly rect?: Rect
  /** [first, end) of the channels; all if left out. */
  readonly channels?: readonly [number, number]
  /** Largest width and height wanted; larger windows come as means over blocks. */
  readonly maxSize?: number
}

/** What of each stage a run is to bring along, so that nothing has to be read for a first look. */
export interface PreviewRequest {
  /** Largest width and height; larger stages come as means over blocks. */
  readonly maxSize: number
  /** First channels of a picture, at most. */
  readonly channels: number
  /** First values of a vector (1 × 1 × n), at most. */
  readonly values: number
}

export interface TensorWindow {
  readonly rect: Rect
  readonly channels: readonly [number, number]
  /** Each element of `data` is the mean of step × step elements (fewer at the right and bottom edge; rounded for uint8); 1: the elements themselves. */
  readonly step: number
  /** (height, width, channels) of `data`. */
  readonly shape: readonly [number, number, number]
  readonly data: TensorData
}

export interface Picture {
  readonly type: string
  readonly bytes: Uint8Array
}

/**
 * What can be saved. Of each stage: `png` or `svg` a picture, `npy` an array, `csv` its numbers as text; of a run: `npz` all
 * arrays in one file, `figure` or `figure-svg` the evolution figure, `script` programs that compute it again and compare it
 * with the arrays (which come with them), `manifest` everything needed to make it again.
 */
export const saveKinds = ['png', 'svg', 'npy', 'npz', 'csv', 'figure', 'figure-svg', 'script', 'manifest'] as const
export type SaveKind = (typeof saveKinds)[number]
/** Those that are drawn, so that it matters how. */
export const pictureKinds: readonly SaveKind[] = ['png', 'svg', 'figure', 'figure-svg']
/** What is saved where nobody says what. */
export const usualSaveKinds: readonly SaveKind[] = ['png', 'npy', 'figure', 'script', 'manifest']

/** What of each run is saved; all of it if nothing is said. */
export interface SavePart {
  /** Only this stage. */
  readonly stage?: number
  /** Only this channel of it. */
  readonly channel?: number
  /** Only these elements of it. */
  readonly rect?: Rect
}

export interface ExportRequest extends SavePart {
  readonly runs: readonly RunId[]
  readonly save: readonly SaveKind[]
  /** How pictures are drawn; `usualFigure` if left out. */
  readonly figure?: FigureOptions
  /** `zip`: made in the host's own room and fetched with `export.fetch`; a folder: one `host.chooseFolder` granted. */
  readonly destination: { readonly type: 'zip' } | { readonly type: 'folder'; readonly folder: string }
}

export interface ExportResult {
  readonly files: readonly string[]
  readonly byteLength: number
  /** What to call it: the zip's file name, or the folder's own name. */
  readonly name: string
}

/** One picture that was saved by itself. */
export interface SavedFigure {
  readonly job: JobId
  readonly result: ExportResult
}

export interface HostInfo {
  readonly host: 'electron' | 'web' | 'cli'
  readonly version: string
  readonly platform: string
  /** What this host can do beyond the contract; the renderer asks instead of guessing. */
  readonly capabilities: {
    readonly chooseFolder: boolean
    readonly revealFolder: boolean
    /** Whether it remembers files and folders by where they are, and can open them again. */
    readonly recent: boolean
    /** Whether it can start dragging a picture out of the window as a file. */
    readonly dragOut: boolean
  }
  readonly limits: { readonly pixels: number; readonly bytes: number }
}

export interface Sample {
  readonly id: string
  readonly title: string
  /** A small picture of it, to choose by. */
  readonly picture?: Picture
}

/** What this program is made of: itself, its runtime, what decodes pictures; each with its version. */
export type Versions = readonly { readonly name: string; readonly version: string }[]

/** A file or folder that was opened before; where it is stays with the host. */
export interface RecentItem {
  readonly id: string
  readonly name: string
  readonly kind: 'file' | 'folder'
}

/** Every method: its parameters and its answer. Each may reject with a coded error. */
export interface Methods extends BatchMethods, LabMethods {
  'host.info': { params: Record<string, never>; result: HostInfo }
  'host.chooseFolder': { params: Record<string, never>; result: { folder: string; name: string } | null }
  /**
   * Draws a picture as `figures.draw` does and starts dragging it out, while the person drags in the window. With `save`,
   * a folder of these kinds of files, of the picture's stage or of the whole run, is dragged in its place.
   */
  'host.dragOut': { params: { run: RunId; save?: readonly SaveKind[] } & FigureRequest; result: null }
  'host.revealExport': { params: { job: JobId }; result: null }
  'host.versions': { params: Record<string, never>; result: Versions }
  /** What helps to find a fault, as text: versions, settings, the last lines of the log. No picture, no names of any. */
  'host.diagnostics': { params: Record<string, never>; result: { text: string } }
  'settings.read': { params: Record<string, never>; result: SettingsState }
  /** Takes effect at once, in every window; `write-failed` where it cannot be kept, and then nothing has changed. */
  'settings.change': { params: SettingsChange; result: SettingsState }
  /** Newest first; empty where the host cannot open them again. */
  'recent.list': { params: Record<string, never>; result: readonly RecentItem[] }
  /** Opens it as the host's own menus do. `not-found` where it is gone; it is then no longer listed. */
  'recent.open': { params: { item: string }; result: null }
  'recent.clear': { params: Record<string, never>; result: null }
  'images.add': { params: { name: string; bytes: Uint8Array }; result: ImageInfo }
  'images.list': { params: Record<string, never>; result: readonly ImageInfo[] }
  'images.remove': { params: { images: readonly ImageId[] }; result: null }
  /** What the host was asked to open and could not; kept until it is forgotten. */
  'refusals.list': { params: Record<string, never>; result: readonly Refusal[] }
  'refusals.forget': { params: { refusals: readonly string[] }; result: null }
  /** A small encoded picture no larger than `size` on either side. */
  'images.thumbnail': { params: { image: ImageId; size: number }; result: Picture }
  /** Pixels of the decoded original (uint8, 1 or 3 channels). */
  'images.read': { params: { image: ImageId } & WindowRequest; result: TensorWindow }
  /** Of the bytes of the decoded original, all channels together: 64 bins of four values each. */
  'images.histogram': { params: { image: ImageId }; result: Histogram }
  'samples.list': { params: Record<string, never>; result: readonly Sample[] }
  'samples.add': { params: { sample: string }; result: ImageInfo }
  'pipelines.presets': { params: Record<string, never>; result: readonly Preset[] }
  /**
   * Shapes, parameters and memory before anything runs: for an image, or for a colour photo of `size`;
   * without either, for one of 512 × 512.
   */
  'pipeline.plan': { params: { pipeline: unknown; image?: ImageId; size?: Size }; result: Plan }
  /**
   * Answers at once; stages follow as events. Two runs of the same image and pipeline share the cache. `partial`: a
   * layer that cannot work ends the run above it, and is the plan's problem, instead of refusing all of it.
   * `previews`: each stage is announced with a window of it.
   */
  'runs.start': {
    params: { image: ImageId; pipeline: unknown; partial?: boolean; previews?: PreviewRequest }
    result: { run: RunId; plan: Plan; pipeline: Pipeline }
  }
  /** A run that was under way ends with `run.failed`, code `cancelled`. */
  'runs.cancel': { params: { run: RunId }; result: null }
  /** Forgets a run; its tensors go when the cache needs the room. */
  'runs.release': { params: { run: RunId }; result: null }
  /**
   * A stage that was announced; also after the run has failed, and if it has to be made again. With `minus`, this stage
   * minus that one in float64, and means of the differences; `shapes-differ`, naming both shapes, where they do.
   */
  'stages.read': { params: StageOfRun & { minus?: StageOfRun } & WindowRequest; result: TensorWindow }
  /** This stage minus that one in numbers; refused as `stages.read` is. Infinity minus infinity is not a number. */
  'stages.difference': { params: StageOfRun & { minus: StageOfRun }; result: DifferenceSummary }
  /**
   * How one element of an announced stage came about. `terms` says which terms of a long list to tell; `photoRow`, of a
   * resized input stage, tells the taps in this row of the photo alone, and `terms` is then of them.
   */
  explain: {
    params: { run: RunId; stage: number; terms?: TermsRequest; photoRow?: number } & Place
    result: Explanation
  }
  /** Which part of every earlier stage and of the photo an element depends on; `winners`, the path of its maxima too. */
  receptiveField: { params: { run: RunId; stage: number; winners?: boolean } & Place; result: ReceptiveField }
  /**
   * What the elements of the earlier stages, down to `to` (0 if left out), add to one of an announced stage: the
   * `limit` (100) largest of each.
   */
  trace: { params: { run: RunId; stage: number; to?: number; limit?: number } & Place; result: Trace }
  /** One picture of stages that were announced, as a file; the same that `export.start` would write. Throws as `explain`. */
  'figures.draw': { params: { run: RunId } & FigureRequest; result: DrawnFigure }
  /** Draws it into a folder that `host.chooseFolder` granted, under a name nothing there has; a job to show it by. */
  'figures.save': { params: { run: RunId; folder: string } & FigureRequest; result: SavedFigure }
  'export.start': { params: ExportRequest; result: { job: JobId } }
  'export.cancel': { params: { job: JobId }; result: null }
  /** The finished zip of a job. */
  'export.fetch': { params: { job: JobId }; result: Picture }
}

export interface Preset {
  readonly id: string
  readonly pipeline: Pipeline
}

export type Method = keyof Methods
export type Params<M extends Method> = Methods[M]['params']
export type Result<M extends Method> = Methods[M]['result']

export type RunEvent =
  | { readonly type: 'run.progress'; readonly run: RunId; readonly stage: number; readonly fraction: number }
  /** `preview`: as `runs.start` asked; left out where it did not, or where the way here had no room: then it is to be read. */
  | {
      readonly type: 'run.stage'
      readonly run: RunId
      readonly stage: StageSummary
      readonly preview?: TensorWindow
    }
  | { readonly type: 'run.done'; readonly run: RunId; readonly milliseconds: number }
  | { readonly type: 'run.failed'; readonly run: RunId; readonly error: WireError }

export type ExportEvent =
  | {
      readonly type: 'export.progress'
      readonly job: JobId
      readonly done: number
      readonly total: number
      readonly file: string
    }
  | { readonly type: 'export.done'; readonly job: JobId; readonly result: ExportResult }
  | { readonly type: 'export.failed'; readonly job: JobId; readonly error: WireError }

export type LibraryEvent =
  | { readonly type: 'images.added'; readonly image: ImageInfo }
  | { readonly type: 'engine.restarted'; readonly reason: string }

/** What a person chose in the host's own menus, for the window to do. */
export const hostCommands = ['save', 'batch', 'help', 'settings', 'about', 'diagnostics'] as const
export type HostCommand = (typeof hostCommands)[number]

export type HostEvent =
  | { readonly type: 'host.command'; readonly command: HostCommand }
  /** What the person chose in the host's own menus failed. */
  | { readonly type: 'host.failed'; readonly error: WireError }
  /** A file the person opened outside the window (menu, command line, double click), to be shown in it. */
  | { readonly type: 'host.opened'; readonly image: ImageInfo }
  /** Such a file or folder that could not be added; also in `refusals.list`. */
  | { readonly type: 'host.refused'; readonly refusal: Refusal }

export type PersonEvent =
  | { readonly type: 'settings.changed'; readonly state: SettingsState }
  | { readonly type: 'recent.changed'; readonly items: readonly RecentItem[] }

export type ApiEvent = BatchEvent | RunEvent | ExportEvent | LibraryEvent | HostEvent | PersonEvent | LabEvent

/** The door: what every host carries and every view calls. */
export interface Api {
  call<M extends Method>(method: M, params: Params<M>, options?: { readonly signal?: AbortSignal }): Promise<Result<M>>
  /** Every event from now on; returns how to stop. */
  subscribe(listener: (event: ApiEvent) => void): () => void
}

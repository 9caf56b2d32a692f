/** Many images through one pipeline, as the contract tells of them. */

import type { ImageId, PlannedStage, SaveKind, TensorWindow, WindowRequest } from './api.ts'
import type { WireError } from './errors.ts'
import type { FigureOptions } from './figures.ts'
import type { Pipeline } from './pipeline.ts'

export type BatchId = string

export interface BatchRequest {
  /** All of the gallery, in its order, if left out. */
  readonly images?: readonly ImageId[]
  readonly pipeline: unknown
  /** Of each image, besides its manifest. */
  readonly save: readonly SaveKind[]
  /** How pictures are drawn; `usualFigure` if left out. */
  readonly figure?: FigureOptions
  /** `none`: only the table and the statistics are made; a folder: one `host.chooseFolder` granted. */
  readonly destination: { readonly type: 'none' } | { readonly type: 'folder'; readonly folder: string }
}

export interface BatchStarted {
  readonly batch: BatchId
  readonly total: number
  readonly pipeline: Pipeline
  /** The stages of a colour photo of 512 × 512, or of one the pipeline works on; those of a given image may have other shapes. */
  readonly stages: readonly PlannedStage[]
}

export interface BatchProgress {
  /** `saving`: every image is done; the table and the statistics are being written. */
  readonly state: 'running' | 'paused' | 'saving' | 'finished' | 'cancelled'
  readonly total: number
  /** Finished well, those that were there already included. */
  readonly done: number
  /** Of those: whole from an earlier batch, and so not made again. */
  readonly skipped: number
  readonly failed: number
  /** Null where nothing can be said yet. */
  readonly secondsLeft: number | null
}

export interface BatchFailure {
  readonly name: string
  /** Null where the file could not be read. */
  readonly image: ImageId | null
  readonly error: WireError
}

/** A column of the table. `id`s: `name`, `width`, `height`, `class`, `p.<index of the class>`, `01-conv2d.mean`. */
export interface BatchColumn {
  readonly id: string
  readonly title: string
  /** The stage it is of; null for those of the image or of the classes. */
  readonly stage: number | null
  readonly type: 'text' | 'number'
}

export interface BatchRow {
  readonly image: ImageId
  /** In the order of the columns; null where there is no such number. */
  readonly cells: readonly (string | number | null)[]
}

/** A page of a table: images that are done, by name unless sorted otherwise. */
export interface BatchTable {
  readonly columns: readonly BatchColumn[]
  readonly rows: readonly BatchRow[]
  /** Rows there are altogether. */
  readonly total: number
  /** Names the lines there are, for other pages of the same. */
  readonly snapshot: string
}

/** Images that failed and were not tried again since, by name. */
export interface BatchFailures {
  readonly failures: readonly BatchFailure[]
  readonly total: number
}

/** Rows [first, first + limit). */
export interface PageRequest {
  readonly first: number
  readonly limit: number
}

export interface BatchTableRequest extends PageRequest {
  /** Cells that have no number come last either way. */
  readonly sort?: { readonly column: string; readonly descending: boolean }
  /** The lines of an earlier page, however many have come since; `bad-request` where one of them is no longer so. */
  readonly snapshot?: string
}

/** One element for each of the stage's, over the images: to be painted as a stage is. */
export interface SetPicture {
  readonly window: TensorWindow
  /** Finite range of the whole, for its scale; zeros where nothing is finite. */
  readonly min: number
  readonly max: number
}

export interface Exciting {
  readonly image: ImageId
  readonly name: string
  /** Mean of the channel over the image's finite elements. */
  readonly value: number
}

export interface SetStatistics {
  /** Images counted: those done whose stage has the shape it has of a colour photo. */
  readonly count: number
  /** Mean and standard deviation (of the population), element by element; null where the shape differs with the image. */
  readonly mean: SetPicture | null
  readonly std: SetPicture | null
  /** `light` where the mean is still a photo. */
  readonly picture: 'light' | 'map'
  /** For each channel the nine images with the largest and the smallest mean; empty above 256 channels. */
  readonly channels: readonly {
    readonly name: string
    readonly most: readonly Exciting[]
    readonly least: readonly Exciting[]
  }[]
}

export type BatchEvent =
  | { readonly type: 'batch.progress'; readonly batch: BatchId; readonly progress: BatchProgress }
  /** One image failed; the others go on. */
  | { readonly type: 'batch.imageFailed'; readonly batch: BatchId; readonly failure: BatchFailure }
  /** Nothing is left to do; those that failed can be tried again. */
  | { readonly type: 'batch.done'; readonly batch: BatchId; readonly progress: BatchProgress }
  /** All of it failed, or it was cancelled. */
  | { readonly type: 'batch.failed'; readonly batch: BatchId; readonly error: WireError }

/** The methods over many images, a part of the contract's. */
export interface BatchMethods {
  /** Answers at once; progress follows as events. `not-found` for an image or folder that is not there. */
  'batches.start': { params: BatchRequest; result: BatchStarted }
  /** Images in hand are finished, no other is begun. */
  'batches.pause': { params: { batch: BatchId }; result: null }
  'batches.resume': { params: { batch: BatchId }; result: null }
  /** One that was under way ends with `batch.failed`, code `cancelled`; what is done stays. */
  'batches.cancel': { params: { batch: BatchId }; result: null }
  /** Tries those that failed again, and goes on with what a cancelled or failed batch has left. */
  'batches.retry': { params: { batch: BatchId }; result: null }
  /** Forgets a batch, with its table; what it has saved stays. */
  'batches.release': { params: { batch: BatchId }; result: null }
  'batches.progress': { params: { batch: BatchId }; result: BatchProgress }
  'batches.failures': { params: { batch: BatchId } & PageRequest; result: BatchFailures }
  'batches.table': { params: { batch: BatchId } & BatchTableRequest; result: BatchTable }
  /** Of a stage over the images done so far; they come in by the dozen while the batch is under way. */
  'batches.statistics': { params: { batch: BatchId; stage: number } & WindowRequest; result: SetStatistics }
}

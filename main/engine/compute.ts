/**
 * What the compute process does. It remembers nothing but a cache: every request says which file and which layers,
 * so a stage that was evicted, or lost with an earlier process, is made again.
 */

import type { DifferenceSummary, ImageInfo, Picture, TensorWindow } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import type { Explanation, PathStep, Trace } from '../../shared/explain.ts'
import { byteHistogram } from '../../shared/histogram.ts'
import type { SpecOf } from '../../shared/layers/index.ts'
import type { Tensor } from '../../shared/tensor.ts'
import { StageCache } from '../pipeline/cache.ts'
import { summariseDifference } from '../pipeline/difference.ts'
import { explainElement } from '../pipeline/explain/explanation.ts'
import { winnersPath } from '../pipeline/explain/receptiveField.ts'
import { traceElement } from '../pipeline/explain/trace.ts'
import { needsPhoto, runStages, stageKeys, type CachedTensor, type RunRequest, type RunStep } from '../pipeline/run.ts'
import { windowSteps } from '../pipeline/window.ts'
import { batchImage, BatchSums } from './batchImage.ts'
import { loadBatch, saveBatch } from './batchFiles.ts'
import { inputOf, loadImages, watched } from './decoding.ts'
import { drawOne } from './drawing.ts'
import { drive, orCancelled } from './drive.ts'
import { exportRuns } from './exportRuns.ts'
import type { LabRoom } from './labRoom.ts'
import { OpenedPictures } from './openedPictures.ts'
import { crashedBefore } from './failures.ts'
import { readImageFile, readSource, sha256 } from './files.ts'
import type {
  ComputeMethod,
  ComputeParams,
  ComputeResult,
  ComputeSettings,
  ImageSource,
  RequestContext,
  RunSource,
  StageSource,
} from './protocol.ts'
import { Shared } from './shared.ts'

type Handlers = {
  readonly [M in ComputeMethod]: (params: ComputeParams<M>, context: RequestContext) => Promise<ComputeResult<M>>
}

/** Milliseconds between two progress events of a request. */
const progressInterval = 33

type Decoding = Pick<SpecOf<'input'>, 'profile' | 'background'>

export class Compute {
  #settings: ComputeSettings
  readonly #cache: StageCache<CachedTensor>
  readonly #photos = new Shared<Tensor<Uint8Array>>('finish')
  readonly #stages = new Shared<readonly Tensor[]>('stop')
  readonly #batchSums = new BatchSums()

  constructor(settings: ComputeSettings) {
    this.#settings = settings
    this.#cache = new StageCache(settings.cacheBytes)
  }

  /** From now on; what is under way ends as it began. */
  configure(settings: ComputeSettings): void {
    this.#settings = settings
    this.#cache.resize(settings.cacheBytes)
  }

  /** Loads the codecs ahead of the first picture. */
  async warm(): Promise<void> {
    const { useThreads } = await loadImages()
    const { threads } = this.#settings
    if (threads !== undefined) useThreads(threads)
  }

  readonly handlers: Handlers = {
    versions: async () => {
      const { pictureVersions } = await loadImages()
      return pictureVersions()
    },
    probe: (params, context) => this.#probe(params, context),
    thumbnail: (params, context) => this.#thumbnail(params, context),
    run: (params, context) => this.#run(params, context),
    readStage: (params, context) => this.#readStage(params, context),
    difference: (params, context) => this.#difference(params, context),
    explain: (params, context) => this.#explain(params, context),
    winners: (params, context) => this.#winners(params, context),
    trace: (params, context) => this.#trace(params, context),
    readImage: async ({ image, window }, context) =>
      drive(windowSteps(await this.#original(image, context), window), context.signal),
    countImage: async ({ image }, context) =>
      drive(byteHistogram((await this.#original(image, context)).data), context.signal),
    draw: (params, context) =>
      drawOne(params, context, {
        photo: () => this.#photo(params.image, inputOf(params), context),
        compute: (wanted, onStep) => this.#compute(params, context, wanted, onStep),
        explain: (element) => this.#explain({ ...params, ...element }, context),
      }),
    export: (params, context) =>
      exportRuns(params, context, {
        photo: (source) => this.#photo(source.image, inputOf(source), context),
        compute: (source, onStep) => this.#compute(source, context, {}, onStep),
      }),
    batchImage: (task, context) => batchImage(task, this.#settings.limits, this.#batchSums, context),
    batchSums: ({ batch }) => Promise.resolve(this.#batchSums.take(batch)),
    batchHash: async ({ path, name }) => sha256(await readImageFile(path, name, this.#settings.limits.bytes)),
    loadBatch: ({ file }) => loadBatch(file),
    saveBatch: (params, context) => saveBatch(params, context),
    labRun: async (params, context) =>
      (await this.#lab()).run(params, context, {
        photo: (image) => this.#original(image, context),
        open: (image) => this.#opened.open(image, context, this.#settings.limits),
        stages: (run) => this.#tensors(run, 0, run.stages.length - 1, context),
      }),
    labStop: async ({ session }) => {
      ;(await this.#lab()).interrupt(session)
      return null
    },
    labClose: async ({ session }) => {
      ;(await this.#lab()).close(session)
      return null
    },
    labRead: async (params, context) => (await this.#lab()).read(params, context),
    labSummary: async (params, context) => (await this.#lab()).summary(params, context),
    labOutline: async (params) => (await this.#lab()).outline(params),
    labCheck: async ({ code }) => (await this.#lab()).check(code),
    labNames: async () => {
      const { labNames } = await import('../lab/index.ts')
      return labNames()
    },
  }

  readonly #opened = new OpenedPictures()
  #labRoom: Promise<LabRoom> | undefined

  /** Loaded with the first that is asked of it: most processes, those of a batch among them, never have a lab. */
  #lab(): Promise<LabRoom> {
    this.#labRoom ??= import('./labRoom.ts').then(({ LabRoom }) => new LabRoom())
    return this.#labRoom
  }

  async #probe(params: ComputeParams<'probe'>, context: RequestContext): Promise<ImageInfo> {
    const { path, name, refused } = params
    const bytes = await readImageFile(path, name, this.#settings.limits.bytes)
    const id = sha256(bytes)
    if (refused.includes(id)) throw crashedBefore(name)
    const { probeImage } = await loadImages()
    const probe = await watched(id, context, () =>
      orCancelled(probeImage({ name, bytes }, this.#settings.limits), context.signal),
    )
    return { ...probe, id, name, byteLength: bytes.byteLength }
  }

  async #thumbnail({ image, size }: ComputeParams<'thumbnail'>, context: RequestContext): Promise<Picture> {
    const { id, name } = image.info
    const bytes = await readSource(image, this.#settings.limits.bytes)
    const { thumbnail } = await loadImages()
    return watched(id, context, () =>
      orCancelled(thumbnail({ name, bytes }, size, this.#settings.limits), context.signal),
    )
  }

  async #run(params: ComputeParams<'run'>, context: RequestContext): Promise<{ milliseconds: number }> {
    const { previews, ...source } = params
    const begin = performance.now()
    let reported = begin
    await this.#compute(source, context, previews ? { previews } : {}, (step) => {
      if (step.type === 'stage') {
        const { summary, preview } = step
        context.emit({ type: 'stage', summary, ...(preview ? { preview } : {}) })
      } else if (performance.now() - reported >= progressInterval) {
        reported = performance.now()
        context.emit(step)
      }
    })
    return { milliseconds: performance.now() - begin }
  }

  async #readStage(params: ComputeParams<'readStage'>, context: RequestContext): Promise<TensorWindow> {
    const { window, minus } = params
    const tensor = await this.#tensor(params, context)
    const taken = minus && (await this.#tensor(minus, context))
    return drive(windowSteps(tensor, window, taken), context.signal)
  }

  async #difference(params: ComputeParams<'difference'>, context: RequestContext): Promise<DifferenceSummary> {
    const tensor = await this.#tensor(params, context)
    return drive(summariseDifference(tensor, await this.#tensor(params.minus, context)), context.signal)
  }

  async #explain(params: ComputeParams<'explain'>, context: RequestContext): Promise<Explanation> {
    const { image, stage } = params
    const made = await this.#tensors(params, Math.max(0, stage - 1), stage, context)
    const input = stage === 0 ? await this.#photo(image, inputOf(params), context) : made[0]!
    return drive(explainElement({ ...params, output: made.at(-1)!, input }), context.signal)
  }

  async #winners(params: ComputeParams<'winners'>, context: RequestContext): Promise<readonly PathStep[]> {
    const { pipeline, stage, place } = params
    const tensors = await this.#tensors(params, 0, stage, context)
    return drive(winnersPath(pipeline, tensors, stage, place), context.signal)
  }

  async #trace(params: ComputeParams<'trace'>, context: RequestContext): Promise<Trace> {
    const { to, stage } = params
    const made = await this.#tensors(params, to, stage, context)
    const tensors = [...Array<undefined>(to), ...made]
    return drive(traceElement({ ...params, tensors }), context.signal)
  }

  async #tensor(source: StageSource, context: RequestContext): Promise<Tensor> {
    const [tensor] = await this.#tensors(source, source.stage, source.stage, context)
    return tensor!
  }

  /** The stages `first` to `last`, from the cache or made again; once for all who wait for the same. */
  async #tensors(source: RunSource, first: number, last: number, context: RequestContext): Promise<readonly Tensor[]> {
    const keys = this.#keys(source).slice(first, last + 1)
    const found = keys.flatMap((key) => this.#cache.get(key)?.tensor ?? [])
    if (found.length === keys.length) return found
    return this.#stages.get(keys.join(), context.signal, async (signal) => {
      const tensors: Tensor[] = []
      await this.#compute(source, { ...context, signal }, { first, last }, (step) => {
        if (step.type === 'stage') tensors.push(step.tensor)
      })
      if (tensors.length !== keys.length) throw new LoupeError('internal', `Stages ${first} to ${last} were not made.`)
      return tensors
    })
  }

  /** The photo as it is shown before any layer. */
  #original(image: ImageSource, context: RequestContext): Promise<Tensor<Uint8Array>> {
    const { background = '#ffffff' } = this.#settings
    return this.#photo(image, { profile: 'ignore', background }, context)
  }

  #keys({ image, pipeline }: RunSource): string[] {
    return stageKeys(photoKey(image.info, inputOf({ pipeline })), pipeline, sha256)
  }

  /** Computes the stages wanted, decoding the photo only if no stage to start from is there. */
  async #compute(
    source: RunSource,
    context: RequestContext,
    wanted: Pick<RunRequest, 'first' | 'last' | 'previews'>,
    onStep: (step: RunStep) => void,
  ): Promise<void> {
    const { image, pipeline, stages } = source
    const keys = this.#keys(source)
    const input = inputOf(source)
    const photo = needsPhoto(keys, this.#cache, wanted.first) ? await this.#photo(image, input, context) : null
    const held = photoKey(image.info, input)
    const pinned = photo !== null && this.#cache.pin(held)
    try {
      const run = { pipeline, stages, keys, photo, cache: this.#cache, now: () => performance.now(), ...wanted }
      await drive(runStages(run), context.signal, onStep)
    } finally {
      if (pinned) this.#cache.unpin(held)
    }
  }

  /** The decoded photo, from the cache or from its file. A cancelled decode goes on to its end, unheard. */
  #photo(source: ImageSource, input: Decoding, context: RequestContext): Promise<Tensor<Uint8Array>> {
    const key = photoKey(source.info, input)
    const found = this.#cache.get(key)?.tensor as Tensor<Uint8Array> | undefined
    if (found) return Promise.resolve(found)
    return this.#photos.get(key, context.signal, async () => {
      const { id, name } = source.info
      const { profile, background } = input
      const bytes = await readSource(source, this.#settings.limits.bytes)
      const { decodeImage } = await loadImages()
      const decode = () => decodeImage({ name, bytes }, { profile, background }, this.#settings.limits)
      const photo = await watched(id, context, decode)
      this.#cache.put(key, { tensor: photo, summary: null }, photo.data.byteLength)
      this.#cache.unpin(key)
      return photo
    })
  }
}

/** Options that make no difference to this photo make no difference to its key. */
function photoKey(info: ImageInfo, { profile, background }: Decoding): string {
  return JSON.stringify([info.id, info.hasProfile && profile, info.hasAlpha && background.toLowerCase()])
}

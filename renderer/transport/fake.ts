/** An `Api` with no engine behind it, for tests and for looking at the interface: made-up photos, true shapes, small delays. */

import type {
  Api,
  ApiEvent,
  HostInfo,
  ImageId,
  ImageInfo,
  JobId,
  Method,
  Methods,
  Params,
  Plan,
  Refusal,
  RecentItem,
  Result,
  RunId,
  StageOfRun,
  StageSummary,
} from '../../shared/api.ts'
import { LoupeError, toWire } from '../../shared/errors.ts'
import { byteHistogram } from '../../shared/histogram.ts'
import { definitionOf } from '../../shared/layers/index.ts'
import { parsePipeline, type Pipeline } from '../../shared/pipeline.ts'
import { presetsOn } from '../../shared/presets.ts'
import { finish } from '../../shared/steps.ts'
import { defaultSettings, type SettingsState } from '../../shared/settings.ts'
import { pictureShape, type Tensor } from '../../shared/tensor.ts'
import { fakeBatches } from './fakeBatches.ts'
import { fakeLab } from './fakeLab.ts'
import { fakePlan } from './fakePlan.ts'
import { emptyZip, fakeFigure, noCapabilities, saveFakeFigure } from './fakeFiles.ts'
import { fakeExplanation, fakeReceptiveField, fakeTrace } from './fakeExplain.ts'
import {
  encodeBitmap,
  measure,
  syntheticChanges,
  syntheticDifference,
  syntheticPhoto,
  syntheticStage,
  syntheticWindow,
} from './fakeTensors.ts'

export interface FakeOptions {
  /** Milliseconds each answer and each stage takes; 0 still answers later, never at once. */
  readonly delay?: number
  /** Made-up pictures already in the library. */
  readonly images?: number
  readonly refusals?: readonly Refusal[]
  readonly capabilities?: Partial<HostInfo['capabilities']>
  readonly settings?: Partial<SettingsState>
  readonly recent?: readonly RecentItem[]
}

export interface FakeApi extends Api {
  /** Every call made, oldest first. */
  readonly calls: readonly { readonly method: Method; readonly params: unknown }[]
  /** The next call of this method rejects with this error. */
  failNext(method: Method, error: LoupeError): void
  /** The next run fails when it reaches this stage. */
  failNextRunAt(stage: number, error: LoupeError): void
  /** Sends an event as the engine would. */
  emit(event: ApiEvent): void
}

interface FakeRun {
  readonly image: ImageId
  readonly plan: Plan
  readonly pipeline: Pipeline
  readonly tensors: Tensor[]
  cancelled: boolean
}

const sampleTitles = ['Hills at noon', 'Fence', 'Sunrise']

export function fakeApi(options: FakeOptions = {}): FakeApi {
  const delay = options.delay ?? 30
  const calls: { method: Method; params: unknown }[] = []
  const failures = new Map<Method, LoupeError[]>()
  const listeners = new Set<(event: ApiEvent) => void>()
  const images = new Map<ImageId, { info: ImageInfo; seed: number }>()
  const refusals = new Map((options.refusals ?? []).map((refusal) => [refusal.id, refusal]))
  const runs = new Map<RunId, FakeRun>()
  const jobs = new Map<JobId, { cancelled: boolean }>()
  let counter = 0
  let settings: SettingsState = {
    settings: defaultSettings,
    folder: null,
    pixelsGiven: null,
    problems: [],
    ...options.settings,
  }
  let recent = options.recent ?? []
  let runFailure: { stage: number; error: LoupeError } | null = null

  const emit = (event: ApiEvent) => {
    for (const listener of [...listeners]) listener(event)
  }

  function addImage(name: string, byteLength: number, seed: number): ImageInfo {
    const grey = name.includes('grey')
    const [width, height] = name.includes('large') ? [6000, 4000] : seed % 3 === 1 ? [300, 451] : [451, 300]
    const info: ImageInfo = {
      id: identity(name, byteLength),
      name,
      format: name.split('.').at(-1) ?? 'png',
      byteLength,
      width,
      height,
      channels: grey ? 1 : 3,
      depth: 8,
      space: grey ? 'grey' : 'rgb',
      orientation: 1,
      hasAlpha: false,
      hasProfile: false,
      pages: 1,
    }
    images.set(info.id, { info, seed })
    return info
  }

  function imageOf(id: ImageId) {
    const image = images.get(id)
    if (!image) throw new LoupeError('not-found', 'This picture is no longer in the gallery; add it again.')
    return image
  }

  function runOf(id: RunId): FakeRun {
    const run = runs.get(id)
    if (!run) throw new LoupeError('not-found', 'This run is no longer there; run the picture again.')
    return run
  }

  function tensorOf({ run, stage }: StageOfRun): Tensor {
    const tensor = runOf(run).tensors[stage]
    if (!tensor) throw new LoupeError('not-found', `Stage ${stage} has not been computed yet.`)
    return tensor
  }

  function stagesFor({ run, stage }: StageOfRun) {
    tensorOf({ run, stage })
    const { image, pipeline, tensors } = runOf(run)
    return { layers: pipeline.layers, tensors, photo: photoOf(image) }
  }

  const photos = new Map<ImageId, Tensor<Uint8Array>>()
  function photoOf(id: ImageId): Tensor<Uint8Array> {
    const { info, seed } = imageOf(id)
    const photo = photos.get(id) ?? syntheticPhoto(seed, info.height, info.width, info.channels)
    photos.set(id, photo)
    return photo
  }

  async function compute(id: RunId, { image, previews }: Params<'runs.start'>): Promise<void> {
    const run = runOf(id)
    const failure = runFailure
    runFailure = null
    let tensor: Tensor = photoOf(image)
    let names: readonly string[] = []
    for (const [index, spec] of run.pipeline.layers.entries()) {
      emit({ type: 'run.progress', run: id, stage: index, fraction: 0.5 })
      await pause(delay)
      if (run.cancelled) {
        emit({ type: 'run.failed', run: id, error: toWire(new LoupeError('cancelled', 'The run was cancelled.')) })
        return
      }
      if (failure?.stage === index) {
        emit({ type: 'run.failed', run: id, error: toWire(failure.error) })
        return
      }
      const planned = run.plan.stages[index]!
      tensor = syntheticStage(spec, tensor, index)
      const channels = tensor.shape.at(-1)
      // Layers that do not mix channels keep their names, as in the engine.
      names = definitionOf(spec).channelNames?.(tensor.shape, spec, names) ?? (names.length === channels ? names : [])
      run.tensors[index] = tensor
      const stage: StageSummary = {
        ...planned,
        ...measure(tensor),
        milliseconds: 0.07 + index * 0.31,
        cached: false,
        channelNames: names,
        picture: definitionOf(spec).picture,
      }
      const [height, width, depth] = pictureShape(tensor.shape)
      const end = previews && Math.min(depth, height * width > 1 ? previews.channels : previews.values)
      const preview = end && syntheticWindow(tensor, { channels: [0, end], maxSize: previews.maxSize })
      emit({ type: 'run.stage', run: id, stage, ...(preview ? { preview } : {}) })
    }
    emit({ type: 'run.done', run: id, milliseconds: 12.3 })
  }

  async function exportFiles(job: JobId, count: number): Promise<void> {
    const state = { cancelled: false }
    jobs.set(job, state)
    const files = Array.from({ length: count }, (_, i) => `photo/${String(i).padStart(2, '0')}.png`)
    for (const [done, file] of files.entries()) {
      emit({ type: 'export.progress', job, done, total: count, file })
      await pause(delay)
      if (state.cancelled) {
        const error = toWire(new LoupeError('cancelled', 'Saving was cancelled; nothing was written.'))
        emit({ type: 'export.failed', job, error })
        return
      }
    }
    emit({ type: 'export.done', job, result: { files, byteLength: 4096 * count, name: 'photo.zip' } })
  }

  const answers: { [M in Method]: (params: Params<M>) => Result<M> | Promise<Result<M>> } = {
    'host.info': () => ({
      host: 'web',
      version: '0.0.0',
      platform: 'test',
      capabilities: { ...noCapabilities, ...options.capabilities },
      limits: { pixels: 50e6, bytes: 256e6 },
    }),
    'host.chooseFolder': () => ({ folder: 'folder-1', name: 'Pictures' }),
    'host.revealExport': () => null,
    'host.dragOut': () => null,
    'host.versions': () => [
      { name: 'LayerLoupe', version: '0.0.0' },
      { name: 'libvips', version: '8.0.0' },
    ],
    'host.diagnostics': () => ({ text: 'LayerLoupe diagnostic report\nhost      fake\n' }),
    'settings.read': () => settings,
    'settings.change': ({ folder, ...change }) => {
      settings = {
        ...settings,
        settings: { ...settings.settings, ...change },
        ...(folder === undefined ? {} : { folder: folder === null ? null : { folder, name: 'Pictures' } }),
      }
      emit({ type: 'settings.changed', state: settings })
      return settings
    },
    'recent.list': () => recent,
    'recent.open': ({ item }) => {
      if (!recent.some(({ id }) => id === item)) throw new LoupeError('not-found', 'That file is no longer there.')
      return null
    },
    'recent.clear': () => {
      recent = []
      emit({ type: 'recent.changed', items: recent })
      return null
    },
    'images.add': ({ name, bytes }) => {
      if (/damaged|broken/.test(name)) {
        throw new LoupeError('image-damaged', `${name} is damaged: its data end too early. Try another copy.`, { name })
      }
      if (/\.(txt|pdf|json)$/.test(name)) {
        throw new LoupeError('image-unsupported', `${name} is not a picture LayerLoupe can read.`, { name })
      }
      return addImage(name, bytes.length, images.size)
    },
    'images.list': () => [...images.values()].map(({ info }) => info),
    'images.remove': ({ images: ids }) => {
      for (const id of ids) images.delete(id)
      return null
    },
    'refusals.list': () => [...refusals.values()],
    'refusals.forget': ({ refusals: ids }) => {
      for (const id of ids) refusals.delete(id)
      return null
    },
    'images.thumbnail': ({ image, size }) => {
      const { info, seed } = imageOf(image)
      const scale = size / Math.max(info.width, info.height)
      const [height, width] = [info.height, info.width].map((n) => Math.max(1, Math.round(n * scale)))
      return { type: 'image/bmp', bytes: encodeBitmap(syntheticPhoto(seed, height!, width!, info.channels)) }
    },
    'images.read': ({ image, ...request }) => syntheticWindow(photoOf(image), request),
    'images.histogram': ({ image }) => finish(byteHistogram(photoOf(image).data)),
    'samples.list': () => sampleTitles.map((title, i) => ({ id: `sample-${i}`, title })),
    'samples.add': ({ sample }) => addImage(`${sample}.png`, 20_000, Number(sample.at(-1)) + 5),
    ...fakeLab(emit),
    'pipelines.presets': () => presetsOn(settings.settings.background),
    'pipeline.plan': ({ pipeline, image }) => {
      const info = image === undefined ? undefined : imageOf(image).info
      return fakePlan(parsePipeline(pipeline), info ? [info.height, info.width, info.channels] : [512, 512, 3])
    },
    'runs.start': (params) => {
      const { image, pipeline, partial } = params
      const whole = parsePipeline(pipeline)
      const { info } = imageOf(image)
      const planned = fakePlan(whole, [info.height, info.width, info.channels])
      const made = planned.stages.length
      if (planned.problem && (!partial || made === 0)) throw new LoupeError('layer-impossible', planned.problem.message)
      const parsed = { ...whole, layers: whole.layers.slice(0, made) }
      const run = `run-${++counter}`
      runs.set(run, { image, plan: planned, pipeline: parsed, tensors: [], cancelled: false })
      void pause(0).then(() => compute(run, params))
      return { run, plan: planned, pipeline: parsed }
    },
    'runs.cancel': ({ run }) => {
      runOf(run).cancelled = true
      return null
    },
    'runs.release': ({ run }) => {
      runs.delete(run)
      return null
    },
    'stages.read': ({ run, stage, minus, ...request }) => {
      const tensor = tensorOf({ run, stage })
      return syntheticWindow(minus ? syntheticDifference(tensor, tensorOf(minus)) : tensor, request)
    },
    'stages.difference': ({ minus, ...stage }) => {
      const difference = syntheticDifference(tensorOf(stage), tensorOf(minus))
      return { ...measure(difference), changed: syntheticChanges(difference) }
    },
    explain: (params) => fakeExplanation(stagesFor(params), params),
    receptiveField: (params) => fakeReceptiveField(stagesFor(params), params),
    trace: (params) => fakeTrace(stagesFor(params), params),
    'figures.draw': fakeFigure,
    'figures.save': saveFakeFigure,
    'export.start': ({ runs: ids, save, stage }) => {
      const job = `job-${++counter}`
      const stages = stage === undefined ? runOf(ids[0]!).plan.stages.length : 1
      void pause(0).then(() => exportFiles(job, stages * save.length))
      return { job }
    },
    'export.cancel': ({ job }) => {
      const state = jobs.get(job)
      if (state) state.cancelled = true
      return null
    },
    'export.fetch': () => emptyZip,
    ...fakeBatches({
      images: () => Array.from(images.values(), ({ info }) => info),
      plan: (pipeline) => fakePlan(pipeline, [512, 512, 3]).stages,
      emit,
      pause: () => pause(delay),
    }),
  }

  for (let i = 0; i < (options.images ?? 0); i++) addImage(`landscape-${i}.jpg`, 24_902 + i * 1117, i)

  return {
    calls,
    failNext: (method, error) => failures.set(method, [...(failures.get(method) ?? []), error]),
    failNextRunAt: (stage, error) => (runFailure = { stage, error }),
    emit,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async call<M extends Method>(method: M, params: Params<M>, { signal }: { readonly signal?: AbortSignal } = {}) {
      calls.push({ method, params })
      await pause(delay / 3)
      if (signal?.aborted) throw new LoupeError('cancelled', 'The request was cancelled.')
      const failure = failures.get(method)?.shift()
      if (failure) throw failure
      return (answers[method] as (params: Params<M>) => Methods[M]['result'])(params)
    },
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** 64 hexadecimal digits from a name and a length: the form of an image id, not a hash to rely on. */
function identity(name: string, length: number): ImageId {
  let state = length >>> 0
  let text = ''
  while (text.length < 64) {
    for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619) >>> 0
    text += state.toString(16).padStart(8, '0')
  }
  return text
}

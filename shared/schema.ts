/** Run-time parsing of what crosses a border: the parameters of every method. */

import * as v from 'valibot'
import type { Method, Params } from './api.ts'
import { saveKinds } from './api.ts'
import { LoupeError } from './errors.ts'
import { termOrders } from './explain.ts'
import { figureFormats, figureOptionsSchema } from './figures.ts'
import { longestProgram, mostLabImages } from './lab.ts'
import { settingsChangeSchema } from './settings.ts'

const imageId = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/))
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const side = v.pipe(whole, v.minValue(1), v.maxValue(100_000))
const rect = v.strictObject({ left: whole, top: whole, width: whole, height: whole })
const window = {
  rect: v.exactOptional(rect),
  channels: v.exactOptional(v.tuple([whole, whole])),
  maxSize: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(16_384))),
}
const stage = { run: id, stage: whole }
const place = { row: whole, column: whole, channel: whole }
const element = { ...stage, ...place }
const region = { channel: v.exactOptional(whole), rect: v.exactOptional(rect) }
const part = { stage: v.exactOptional(whole), ...region }
const preview = v.strictObject({
  maxSize: v.pipe(whole, v.minValue(1), v.maxValue(512)),
  channels: v.pipe(whole, v.minValue(1), v.maxValue(16)),
  values: v.pipe(whole, v.minValue(1), v.maxValue(4096)),
})
const drawing = v.strictObject({
  run: id,
  subject: v.variant('type', [
    v.strictObject({ type: v.literal('stage'), stage: whole, ...region }),
    v.strictObject({ type: v.literal('evolution') }),
    v.strictObject({ type: v.literal('formula'), stage: whole, ...place }),
  ]),
  format: v.picklist(figureFormats),
  figure: v.exactOptional(figureOptionsSchema),
})
const kinds = v.pipe(
  v.array(v.picklist(saveKinds)),
  v.check((given) => new Set(given).size === given.length, 'each kind once'),
)
const save = v.pipe(kinds, v.minLength(1))
const none = v.strictObject({})
const batch = v.strictObject({ batch: id })
const labSession = v.strictObject({ session: id })
const code = v.pipe(v.string(), v.maxLength(longestProgram))
const surroundings = {
  code,
  images: v.pipe(v.array(imageId), v.maxLength(mostLabImages)),
  run: v.nullable(id),
}
const page = { first: whole, limit: v.pipe(whole, v.minValue(1), v.maxValue(1000)) }

const paramSchemas: { readonly [M in Method]: v.GenericSchema<unknown, Params<M>> } = {
  'host.info': none,
  'host.chooseFolder': none,
  'host.dragOut': v.strictObject({ ...drawing.entries, save: v.exactOptional(save) }),
  'host.revealExport': v.strictObject({ job: id }),
  'host.versions': none,
  'host.diagnostics': none,
  'settings.read': none,
  'settings.change': settingsChangeSchema,
  'recent.list': none,
  'recent.open': v.strictObject({ item: id }),
  'recent.clear': none,
  'images.add': v.strictObject({
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
    bytes: v.instance(Uint8Array),
  }),
  'images.list': none,
  'images.remove': v.strictObject({ images: v.pipe(v.array(imageId), v.maxLength(100_000)) }),
  'refusals.list': none,
  'refusals.forget': v.strictObject({ refusals: v.pipe(v.array(id), v.maxLength(100_000)) }),
  'images.thumbnail': v.strictObject({ image: imageId, size: v.pipe(whole, v.minValue(16), v.maxValue(1024)) }),
  'images.read': v.strictObject({ image: imageId, ...window }),
  'images.histogram': v.strictObject({ image: imageId }),
  'samples.list': none,
  'samples.add': v.strictObject({ sample: id }),
  'lab.open': none,
  'lab.close': labSession,
  'lab.run': v.strictObject({
    session: id,
    ...surroundings,
    cell: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
  }),
  'lab.stop': labSession,
  'lab.read': v.strictObject({ session: id, value: id, ...window }),
  'lab.summary': v.strictObject({ session: id, value: id }),
  'lab.outline': v.strictObject({ session: id, ...surroundings }),
  'lab.check': v.strictObject({ code }),
  'lab.names': none,
  'pipelines.presets': none,
  // The document itself is parsed by parsePipeline, which names the layer that is wrong.
  'pipeline.plan': v.strictObject({
    pipeline: v.unknown(),
    image: v.exactOptional(imageId),
    size: v.exactOptional(v.strictObject({ width: side, height: side })),
  }),
  'runs.start': v.strictObject({
    image: imageId,
    pipeline: v.unknown(),
    partial: v.exactOptional(v.boolean()),
    previews: v.exactOptional(preview),
  }),
  'runs.cancel': v.strictObject({ run: id }),
  'runs.release': v.strictObject({ run: id }),
  'stages.read': v.strictObject({ ...stage, minus: v.exactOptional(v.strictObject(stage)), ...window }),
  'stages.difference': v.strictObject({ ...stage, minus: v.strictObject(stage) }),
  explain: v.strictObject({
    ...element,
    terms: v.exactOptional(
      v.strictObject({
        order: v.exactOptional(v.picklist(termOrders)),
        first: v.exactOptional(whole),
        limit: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(4096))),
      }),
    ),
    photoRow: v.exactOptional(whole),
  }),
  receptiveField: v.strictObject({ ...element, winners: v.exactOptional(v.boolean()) }),
  trace: v.strictObject({
    ...element,
    to: v.exactOptional(whole),
    limit: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(4096))),
  }),
  'figures.draw': drawing,
  'figures.save': v.strictObject({ ...drawing.entries, folder: id }),
  'export.start': v.strictObject({
    runs: v.pipe(v.array(id), v.minLength(1), v.maxLength(10_000)),
    save,
    ...part,
    figure: v.exactOptional(figureOptionsSchema),
    destination: v.variant('type', [
      v.strictObject({ type: v.literal('zip') }),
      v.strictObject({ type: v.literal('folder'), folder: id }),
    ]),
  }),
  'export.cancel': v.strictObject({ job: id }),
  'export.fetch': v.strictObject({ job: id }),
  'batches.start': v.strictObject({
    images: v.exactOptional(v.pipe(v.array(imageId), v.minLength(1), v.maxLength(100_000))),
    pipeline: v.unknown(),
    save: kinds,
    figure: v.exactOptional(figureOptionsSchema),
    destination: v.variant('type', [
      v.strictObject({ type: v.literal('none') }),
      v.strictObject({ type: v.literal('folder'), folder: id }),
    ]),
  }),
  'batches.pause': batch,
  'batches.resume': batch,
  'batches.cancel': batch,
  'batches.retry': batch,
  'batches.release': batch,
  'batches.progress': batch,
  'batches.failures': v.strictObject({ batch: id, ...page }),
  'batches.table': v.strictObject({
    batch: id,
    ...page,
    sort: v.exactOptional(v.strictObject({ column: v.pipe(v.string(), v.maxLength(100)), descending: v.boolean() })),
    snapshot: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{1,15}\.\d{1,15}$/))),
  }),
  'batches.statistics': v.strictObject({ batch: id, stage: whole, ...window }),
}

export function isMethod(name: string): name is Method {
  return Object.hasOwn(paramSchemas, name)
}

/** Untrusted parameters of a method, checked; throws `bad-request` naming what is wrong. */
export function parseParams<M extends Method>(method: M, params: unknown): Params<M> {
  const result = v.safeParse(paramSchemas[method], params)
  if (result.success) return result.output
  const issue = result.issues[0]
  const at = v.getDotPath(issue)
  throw new LoupeError('bad-request', `${method} was called wrongly${at ? ` (${at})` : ''}: ${issue.message}`)
}

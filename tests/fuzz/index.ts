/**
 * `npm run fuzz`: changed pictures, changed pipelines and broken programs of the lab through the real engine, for some time. The answer must be a
 * result or a coded error: never a crash, a hang, or more memory than a picture of this size can need.
 */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { ApiEvent, ImageId } from '../../shared/api.ts'
import { errorCodes, toWire } from '../../shared/errors.ts'
import { parsePipelineText } from '../../shared/pipeline.ts'
import { presets } from '../../shared/presets.ts'
import { createEngine, type Engine } from '../../main/engine/index.ts'
import { broken, wellFormed } from '../support/labPrograms.ts'
import { documents, mutateDocument, mutateText } from './pipelines.ts'
import { mutatePicture, pictures, type PictureFile } from './pictures.ts'
import { Random } from './random.ts'

const { values } = parseArgs({
  options: {
    /** How long to go on. */
    seconds: { type: 'string', default: '120' },
    /** Chooses all cases; a random one if left out. */
    seed: { type: 'string' },
    /** Only this case of the seed, which a failure has named. */
    case: { type: 'string' },
    engine: { type: 'string' },
    failures: { type: 'string' },
    pictures: { type: 'string', multiple: true },
  },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const seconds = Number(values.seconds)
const only = values.case === undefined ? undefined : Number(values.case)
if (![seed, seconds, only ?? 0].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  throw new Error('--seconds, --seed and --case take whole numbers')
}
const failuresFolder = values.failures!

/** Seconds until what has not been answered hangs. */
const hangs = 20
/** Seconds a run may take before it is cancelled: it may well be a long one. */
const patience = 1.5
/** Megabytes a process may ever have held. */
const mostMegabytes = 1000
const mostFailures = 10

/** The codes that tell of a fault of ours. */
const faults = ['internal', 'image-crashed', 'image-timeout', 'engine-lost', 'unauthorized']

class Failure extends Error {}

async function withDeadline<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure(`${what} hangs: no answer within ${hangs} seconds`)), hangs * 1000)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The code of an error as it may be; a failure otherwise. */
function codeOf(what: string, error: unknown): string {
  if (error instanceof Failure) throw error
  const { code, message } = toWire(error)
  if (!errorCodes.includes(code) || faults.includes(code)) {
    const stack = error instanceof Error ? `\n${error.stack ?? ''}` : ''
    throw new Failure(`${what}: ${code}: ${message.slice(0, 500)}${stack.slice(0, 2000)}`)
  }
  if (message.length === 0 || message.length > 1500) {
    throw new Failure(`${what}: a message of ${message.length} characters: ${message.slice(0, 200)}…`)
  }
  return code
}

/** The code of what a step answered, `ok` where it had a result. */
async function answer<T>(what: string, step: () => Promise<T>): Promise<{ code: string; value?: T }> {
  try {
    return { code: 'ok', value: await withDeadline(what, step()) }
  } catch (error) {
    return { code: codeOf(what, error) }
  }
}

/** The most memory a process has held; undefined where the system does not tell. */
function peakMegabytes(pid: number | 'self'): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1000
  } catch {
    return undefined
  }
}

function watch(engine: Engine): { ended: (run: string) => Promise<string>; restarts: string[] } {
  const restarts: string[] = []
  const ends = new Map<string, (code: string) => void>()
  engine.subscribe((event: ApiEvent) => {
    if (event.type === 'engine.restarted') restarts.push(event.reason)
    else if (event.type === 'run.done') ends.get(event.run)?.('ok')
    else if (event.type === 'run.failed') {
      const { code, message } = event.error
      ends.get(event.run)?.(faults.includes(code) ? `${code}: ${message}` : code)
    }
  })
  return { restarts, ended: (run) => new Promise((resolve) => ends.set(run, resolve)) }
}

const engine = createEngine({
  version: 'fuzz',
  entry: values.engine!,
  limits: { memory: 256e6 },
  cacheBytes: 64e6,
})
const { restarts, ended } = watch(engine)

/** A run to its end, or to the end of patience. */
async function run(image: ImageId, pipeline: unknown): Promise<string> {
  const started = await answer('runs.start', () => engine.call('runs.start', { image, pipeline }))
  if (!started.value) return started.code
  const { run } = started.value
  const cancel = setTimeout(() => void engine.call('runs.cancel', { run }), patience * 1000)
  const code = await withDeadline('a run', ended(run))
  clearTimeout(cancel)
  if (code.includes(':')) throw new Failure(`a run: ${code}`)
  if (code === 'ok') {
    const last = started.value.plan.stages.length - 1
    await answer('stages.read', () => engine.call('stages.read', { run, stage: last, maxSize: 64 }))
  }
  await engine.call('runs.release', { run })
  return code
}

const pipelineOf = (id: string) => presets.find((preset) => preset.id === id)!.pipeline

async function playPicture({ name, bytes }: PictureFile, random: Random): Promise<string> {
  const added = await answer('images.add', () => engine.call('images.add', { name, bytes }))
  const image = added.value
  if (!image) return added.code
  if (known.has(image.id)) return 'unchanged'
  const codes: string[] = []
  for (const size of [16, 512]) {
    codes.push(
      (await answer('images.thumbnail', () => engine.call('images.thumbnail', { image: image.id, size }))).code,
    )
  }
  codes.push((await answer('images.read', () => engine.call('images.read', { image: image.id, maxSize: 64 }))).code)
  codes.push(await run(image.id, pipelineOf(random.pick(['walkthrough', 'edges', 'blur-and-pool']))))
  await engine.call('images.remove', { images: [image.id] })
  return codes.find((code) => code !== 'ok') ?? 'ok'
}

async function playPipeline(pipeline: unknown, photo: ImageId): Promise<string> {
  const plan = await answer('pipeline.plan', () => engine.call('pipeline.plan', { pipeline, image: photo }))
  if (!plan.value) return plan.code
  const code = await run(photo, pipeline)
  if ((plan.value.problem === null) !== !['layer-impossible', 'too-much-memory'].includes(code)) {
    throw new Failure(`the plan says ${plan.value.problem?.message ?? 'that it works'}, and the run ended with ${code}`)
  }
  return code
}

/** A cell to its end, or to the end of patience; what kind of error it ended with. */
async function playProgram(code: string, image: ImageId): Promise<string> {
  const stop = setTimeout(() => void engine.call('lab.stop', { session }), patience * 1000)
  const params = { session, cell: 'fuzz', code, images: [image], run: null }
  const ran = await answer('lab.run', () => engine.call('lab.run', params))
  clearTimeout(stop)
  return ran.value ? (ran.value.error?.kind ?? 'ok') : ran.code
}

const files = await pictures(values.pictures ?? [])
const original = files.find(({ name }) => name === 'made.png')!
const photo = await engine.call('images.add', original)
const { session } = await engine.call('lab.open', {})
/** Images that stay. */
const known = new Set([photo.id])

interface Case {
  readonly kind: 'picture' | 'pipeline' | 'program'
  readonly about: string
  /** What to look at, if it fails. */
  readonly file: PictureFile
  readonly play: () => Promise<string>
}

function makeCase(index: number): Case {
  const random = new Random(seed, index)
  const turn = Math.floor(index / 3)
  if (index % 3 === 2) {
    const code = random.chance(0.2) ? wellFormed(random, 6) : broken(random)
    const file = { name: 'program.py', bytes: new TextEncoder().encode(code) }
    return { kind: 'program', about: 'the lab', file, play: () => playProgram(code, photo.id) }
  }
  if (index % 3 === 0) {
    const from = files[turn % files.length]!
    const file = mutatePicture(from, files, random)
    return { kind: 'picture', about: from.name, file, play: () => playPicture(file, random) }
  }
  const { name, document } = documents[turn % documents.length]!
  const fileOf = (text: string) => ({ name: `${name}.pipeline.json`, bytes: new TextEncoder().encode(text) })
  if (random.chance(0.25)) {
    const text = mutateText(document, random)
    const play = async () => {
      const parsed = await answer('a pipeline file', async () => await Promise.resolve(parsePipelineText(text)))
      return parsed.value ? await playPipeline(parsed.value, photo.id) : parsed.code
    }
    return { kind: 'pipeline', about: name, file: fileOf(text), play }
  }
  const mutated = mutateDocument(document, random)
  const play = () => playPipeline(mutated, photo.id)
  return { kind: 'pipeline', about: name, file: fileOf(JSON.stringify(mutated)), play }
}

const tally = {
  picture: new Map<string, number>(),
  pipeline: new Map<string, number>(),
  program: new Map<string, number>(),
}
const peaks = { compute: 0, host: 0 }
let failures = 0

async function playCase(index: number): Promise<void> {
  const one = makeCase(index)
  const restartsBefore = restarts.length
  let failure: string | undefined
  let code = 'failed'
  try {
    code = await one.play()
  } catch (error) {
    failure = error instanceof Failure ? error.message : String(error instanceof Error ? error.stack : error)
  }
  if (restarts.length > restartsBefore) failure = `the engine was restarted: ${restarts.at(-1)!}\n${failure ?? ''}`
  const pid = engine.computePid
  const [compute, host] = [pid === undefined ? 0 : (peakMegabytes(pid) ?? 0), peakMegabytes('self') ?? 0]
  const grown = Math.max(compute, host)
  if (grown > mostMegabytes && grown > Math.max(peaks.compute, peaks.host)) {
    failure ??= `a process has held ${grown.toFixed(0)} MB`
  }
  peaks.compute = Math.max(peaks.compute, compute)
  peaks.host = Math.max(peaks.host, host)
  tally[one.kind].set(code, (tally[one.kind].get(code) ?? 0) + 1)
  if (failure === undefined) return
  failures++
  const file = path.join(failuresFolder, `${seed}-${index}-${one.file.name}`)
  mkdirSync(failuresFolder, { recursive: true })
  writeFileSync(file, one.file.bytes)
  say(`FAILED: case ${index} (from ${one.about}): ${failure}`)
  say(`  its file: ${file}\n  again: npm run fuzz -- --seed ${seed} --case ${index}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const counts = (codes: ReadonlyMap<string, number>) => {
  const total = [...codes.values()].reduce((sum, count) => sum + count, 0)
  const each = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`)
  return `${total} (${each.join(', ')})`
}

say(`Fuzzing with seed ${seed}: ${files.length} pictures, ${documents.length} pipelines, ${seconds} seconds`)
if (only === undefined) rmSync(failuresFolder, { recursive: true, force: true })
const end = performance.now() + seconds * 1000
try {
  if (only === undefined) {
    for (let index = 0; performance.now() < end && failures < mostFailures; index++) await playCase(index)
  } else {
    await playCase(only)
  }
} finally {
  await engine.close()
}
say(`pictures: ${counts(tally.picture)}`)
say(`pipelines: ${counts(tally.pipeline)}`)
say(`programs: ${counts(tally.program)}`)
say(
  peaks.compute === 0
    ? 'This system does not tell how much memory a process has held: it was not watched.'
    : `Most memory held: ${peaks.compute.toFixed(0)} MB by the compute process, ${peaks.host.toFixed(0)} MB by the host`,
)
say(failures === 0 ? 'No failure.' : `${failures} failures.`)
process.exitCode = failures === 0 ? 0 : 1

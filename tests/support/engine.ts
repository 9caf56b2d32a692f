/** A real engine with a real compute process, for tests. */

import path from 'node:path'
import type { ApiEvent, ImageId, RunId, StageSummary } from '../../shared/api.ts'
import { createEngine, type Engine, type EngineOptions } from '../../main/engine/index.ts'
import { engineEntry } from './engineEntry.ts'
import { fixturesDir } from './shared.ts'

export const photos = ['shapes.png', 'clouds.jpg', 'zoneplate.png'].map((name) =>
  path.join(fixturesDir, 'synthetic', name),
)

export interface TestEngine extends Engine {
  /** Every event so far. */
  readonly events: ApiEvent[]
  /** Resolves with the first event, past or to come, that the check accepts. */
  event<T extends ApiEvent>(accepts: (event: ApiEvent) => event is T): Promise<T>
  /** Starts a run and waits for its end; rejects with the wire error of a failed one. */
  run(image: ImageId, pipeline: unknown): Promise<{ run: RunId; stages: StageSummary[]; milliseconds: number }>
}

export async function testEngine(options: Partial<EngineOptions> = {}): Promise<TestEngine> {
  const engine = createEngine({ version: 'test', ...(options.spawn ? {} : { entry: await engineEntry() }), ...options })
  const events: ApiEvent[] = []
  const waiting = new Set<(event: ApiEvent) => void>()
  engine.subscribe((event) => {
    events.push(event)
    for (const check of waiting) check(event)
  })
  function event<T extends ApiEvent>(accepts: (event: ApiEvent) => event is T): Promise<T> {
    return new Promise((resolve) => {
      const check = (event: ApiEvent) => {
        if (!accepts(event)) return
        waiting.delete(check)
        resolve(event)
      }
      const past = events.find((event): event is T => accepts(event))
      if (past) resolve(past)
      else waiting.add(check)
    })
  }
  async function run(image: ImageId, pipeline: unknown) {
    const { run } = await engine.call('runs.start', { image, pipeline })
    const end = await event(endOf(run))
    if (end.type === 'run.failed') throw Object.assign(new Error(end.error.message), end.error)
    return { run, stages: stagesOf(events, run), milliseconds: end.milliseconds }
  }
  return {
    ...engine,
    events,
    event,
    run,
    get computePid() {
      return engine.computePid
    },
  }
}

type EndEvent = Extract<ApiEvent, { type: 'run.done' | 'run.failed' }>

/** Accepts the last event of a run. */
export function endOf(run: RunId): (event: ApiEvent) => event is EndEvent {
  return (event): event is EndEvent => (event.type === 'run.done' || event.type === 'run.failed') && event.run === run
}

/** The stages a run has announced. */
export function stagesOf(events: readonly ApiEvent[], run: RunId): StageSummary[] {
  return events.flatMap((event) => (event.type === 'run.stage' && event.run === run ? [event.stage] : []))
}

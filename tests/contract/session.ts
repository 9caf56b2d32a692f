/** A transport with one picture in it, everything it has told, and ways to wait for what it will tell. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import type { Api, ApiEvent, ExportEvent, ImageInfo, RunEvent, RunId } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { presets } from '../../shared/presets.ts'
import { fixturesDir } from '../support/shared.ts'
import type { Transport } from './transports.ts'

type JobEnd = Exclude<ExportEvent, { type: 'export.progress' }>

export const walkthrough = presets.find(({ id }) => id === 'walkthrough')!.pipeline

export function photo(name: string): Uint8Array {
  return new Uint8Array(readFileSync(path.join(fixturesDir, 'synthetic', name)))
}

/** The coded error a call rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<LoupeError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(LoupeError)
  return error as LoupeError
}

export interface Session {
  readonly api: Api
  readonly shapes: ImageInfo
  readonly events: readonly ApiEvent[]
  until<T>(find: () => T | undefined): Promise<T>
  ofRun(run: RunId): RunEvent[]
  endOf(run: RunId): Promise<RunEvent>
  endOfJob(job: string): Promise<JobEnd>
  /** Runs to the end, which must be a good one. */
  run(pipeline?: unknown, image?: ImageInfo): Promise<RunId>
  close(): Promise<void>
}

export async function openSession(transport: Transport): Promise<Session> {
  const opened = await transport.open()
  const { api } = opened
  const events: ApiEvent[] = []
  api.subscribe((event) => events.push(event))
  const shapes = await api.call('images.add', { name: 'shapes.png', bytes: photo('shapes.png') })

  async function until<T>(find: () => T | undefined): Promise<T> {
    await expect.poll(find, { timeout: 15_000, interval: 5 }).toBeDefined()
    return find()!
  }
  const ofRun = (run: RunId) => events.filter((event): event is RunEvent => 'run' in event && event.run === run)
  const endOf = async (run: RunId) =>
    await until(() => ofRun(run).find((event) => event.type === 'run.done' || event.type === 'run.failed'))
  return {
    api,
    shapes,
    events,
    until,
    ofRun,
    endOf,
    endOfJob: async (job) =>
      await until(() =>
        events.find(
          (event): event is JobEnd =>
            (event.type === 'export.done' || event.type === 'export.failed') && event.job === job,
        ),
      ),
    async run(pipeline = walkthrough, image = shapes) {
      const { run } = await api.call('runs.start', { image: image.id, pipeline })
      expect(await endOf(run)).toMatchObject({ type: 'run.done' })
      return run
    },
    close: async () => {
      await opened.close()
    },
  }
}

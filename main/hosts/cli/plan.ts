/** `plan`: the shapes a pipeline makes, before anything runs. */

import type { Plan, PlannedStage } from '../../../shared/api.ts'
import type { Pipeline } from '../../../shared/pipeline.ts'
import type { Engine } from '../../engine/index.ts'
import { exitCodes, type Console } from './console.ts'
import { formatBytes, formatCount, formatTable, stageColumns } from './table.ts'
import { parseSize, readPipeline, UsageError, whyNoFile } from './usage.ts'

export interface PlanOptions {
  readonly pipeline: string
  /** `640x480`, or a picture to take the size of. */
  readonly size?: string
  readonly json: boolean
}

export async function planCommand(options: PlanOptions, openEngine: () => Engine, console: Console): Promise<number> {
  const pipeline = await readPipeline(options.pipeline)
  const text = options.size ?? '512x512'
  const size = parseSize(text)
  if (!size) {
    const reason = await whyNoFile(text)
    if (reason)
      throw new UsageError(`--size ${text}: this is neither a size such as 640x480 nor a picture (${reason}).`)
  }
  const engine = openEngine()
  try {
    const photo = size ? undefined : await engine.addFile(text)
    const plan = await engine.call('pipeline.plan', photo ? { pipeline, image: photo.id } : { pipeline, size: size! })
    if (options.json) console.out(JSON.stringify(plan, null, 2))
    else console.out(describePlan(pipeline, plan, photo ?? size!))
    if (plan.problem) console.note(`layerloupe: ${plan.problem.message}`)
    return plan.problem ? exitCodes.failed : exitCodes.done
  } finally {
    await engine.close()
  }
}

function describePlan(
  pipeline: Pipeline,
  plan: Plan,
  photo: { readonly width: number; readonly height: number },
): string {
  const table = formatTable<PlannedStage>(
    [
      ...stageColumns,
      { title: 'Type', cell: ({ dtype }) => dtype },
      { title: 'Parameters', right: true, cell: ({ parameters }) => parameters.toLocaleString('en') },
      { title: 'Memory', right: true, cell: ({ bytes }) => formatBytes(bytes) },
    ],
    plan.stages,
    '  ',
  )
  const total = `${formatCount(plan.parameters, 'parameter')}, ${formatBytes(plan.bytes)} of memory`
  return `${pipeline.name}, for a photo of ${photo.width}×${photo.height} pixels\n${table}\n  ${total}. Shapes are height×width×channels.`
}

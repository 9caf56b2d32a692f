/** What is said when the compute process died or hung. */

import { LoupeError } from '../../shared/errors.ts'

/** This image's work, and no other, was in hand. */
export function crashed(name: string): LoupeError {
  return new LoupeError(
    'image-crashed',
    `The compute process stopped while it worked on ${name}. It has been started again; try once more, or use another copy of the picture.`,
    { name },
  )
}

export function crashedBefore(name: string): LoupeError {
  return new LoupeError(
    'image-crashed',
    `${name} has stopped the compute process twice and is not opened again; it may be damaged. Use another copy of the picture.`,
    { name },
  )
}

export function timedOut(name: string, seconds: number): LoupeError {
  return new LoupeError(
    'image-timeout',
    `${name} could not be decoded within ${seconds} seconds; it may be damaged. Save it again in another program, or make it smaller.`,
    { name, seconds },
  )
}

/** The work was lost with the process, through no fault of its own that is known. */
export function engineLost(what: string | null): LoupeError {
  return new LoupeError(
    'engine-lost',
    `The compute process stopped${what === null ? '' : ` during work on ${what}`} and has been started again; try once more.`,
    what === null ? {} : { name: what },
  )
}

/** A session of the lab was in a process that is gone, or was put aside for others. */
export function labGone(what = 'The lab has been started again'): LoupeError {
  return new LoupeError('lab-restarted', `${what}. Its variables are gone: run the cells again from the top.`)
}

export function cannotStart(reason: string): LoupeError {
  return new LoupeError(
    'engine-lost',
    `The compute process cannot be started (${reason}). Install LayerLoupe again, or report this message.`,
  )
}

export function engineClosed(): LoupeError {
  return new LoupeError('engine-lost', 'LayerLoupe is closing.')
}

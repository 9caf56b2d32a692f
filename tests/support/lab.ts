/** Running programs of the array lab in tests. */

import { readFileSync } from 'node:fs'
import { LabSession, type LabImages, type LabLimits, type LabOutcome, type LabPhoto } from '../../main/lab/index.ts'
import { convertPicture, resizePicture } from '../../main/pipeline/photo.ts'
import { finish, type Steps } from '../../shared/steps.ts'
import type { Tensor } from '../../shared/tensor.ts'

export interface LabCase {
  readonly name: string
  readonly code: string
  readonly printed: string
}

export function readCases(file: string): readonly LabCase[] {
  return JSON.parse(readFileSync(file, 'utf8')) as readonly LabCase[]
}

/** Pictures that programs find by name. */
function labImages(photos: ReadonlyMap<string, LabPhoto> = new Map()): LabImages {
  return {
    names: [...photos.keys()],
    open: (name) => {
      const photo = photos.get(name)
      return photo && { mode: photo.shape[2] === 1 ? 'L' : 'RGB', format: 'PNG', photo }
    },
    resize: resizePicture,
    convert: convertPicture,
  }
}

export interface LabOptions {
  readonly photos?: ReadonlyMap<string, LabPhoto>
  readonly limits?: Partial<LabLimits>
}

export function openLab(limits: Partial<LabLimits> = {}): LabSession {
  return new LabSession({ limits, now: () => performance.now() })
}

/** A cell under way; the first picture is `image`. */
export function startCell(
  session: LabSession,
  code: string,
  photos: LabOptions['photos'] = new Map(),
  stages?: ReadonlyMap<string, Tensor>,
): Steps<LabOutcome> {
  const [image] = photos.values()
  const bound = { ...(image && { image }), ...(stages && { stages }) }
  return session.run({ cell: '<lab>', code, images: labImages(photos), ...bound })
}

/** Runs a program to its end in a session of its own. */
export function runProgram(code: string, { photos = new Map(), limits = {} }: LabOptions = {}): LabOutcome {
  return finish(startCell(openLab(limits), code, photos))
}

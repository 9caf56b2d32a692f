/** The lessons of the array lab, in the order in which they build on each other. */

import { activation } from './activation.ts'
import { arithmetic } from './arithmetic.ts'
import { arrays } from './arrays.ts'
import { brighten } from './brighten.ts'
import { convolution } from './convolution.ts'
import { cropAndPad } from './cropAndPad.ts'
import { dense } from './dense.ts'
import { dtypes } from './dtypes.ts'
import { flipAndRotate } from './flipAndRotate.ts'
import { grey } from './grey.ts'
import { indexing } from './indexing.ts'
import { input } from './input.ts'
import { joining } from './joining.ts'
import type { LabLesson } from './lesson.ts'
import { network } from './network.ts'
import { normalise } from './normalise.ts'
import { photo } from './photo.ts'
import { pooling } from './pooling.ts'
import { resize } from './resize.ts'
import { searching } from './searching.ts'
import { shapes } from './shapes.ts'
import { softmax } from './softmax.ts'
import { views } from './views.ts'

export const labLessons: readonly LabLesson[] = [
  arrays,
  indexing,
  dtypes,
  views,
  shapes,
  arithmetic,
  joining,
  searching,
  photo,
  grey,
  normalise,
  resize,
  cropAndPad,
  flipAndRotate,
  brighten,
  input,
  convolution,
  pooling,
  activation,
  dense,
  softmax,
  network,
]

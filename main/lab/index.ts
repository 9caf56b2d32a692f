/** The array lab: NumPy on photos, in the part of Python that array code uses. */

export { LabSession, type LabOutcome } from './session.ts'
export { labNames } from './reference.ts'
export type { LabLimits } from './limits.ts'
export type { LabImages, LabPhoto } from './pictures.ts'

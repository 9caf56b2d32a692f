/**
 * A lesson of the array lab: what is told, what is run, and what the reader tries. The code runs on any photo (colour,
 * grey or with transparency, of any size); the first code part makes what the later ones need.
 */

/** Paragraphs, a blank line between them; `code` in backticks and **bold**, nothing else. */
export interface LabTextPart {
  readonly kind: 'text'
  readonly text: string
}

export interface LabCodePart {
  readonly kind: 'code'
  readonly code: string
}

export interface LabTaskPart {
  readonly kind: 'task'
  readonly text: string
  /** What the reader starts from: runs, and does not pass the check. */
  readonly code: string
  /** Run after the reader's cell: the message of its AssertionError is told to the reader; no error means right. */
  readonly check: string
  readonly hint: string
  /** Code in place of the reader's, which passes. */
  readonly solution: string
}

export type LabLessonPart = LabTextPart | LabCodePart | LabTaskPart

export interface LabLesson {
  readonly id: string
  readonly title: string
  /** One sentence for the list of lessons. */
  readonly summary: string
  readonly parts: readonly LabLessonPart[]
}

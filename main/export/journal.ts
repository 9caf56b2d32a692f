/**
 * What an unfinished export makes, noted on disk before each thing is made. An export takes back its own when it fails;
 * where its process is killed, whoever outlives it does so by these notes.
 */

import { closeSync, openSync, readFileSync, rmdirSync, rmSync, writeSync } from 'node:fs'
import { describeWriteError } from './writeError.ts'

/** A file or folder that is not there and is about to be. */
export interface Made {
  readonly type: 'file' | 'folder'
  readonly path: string
}
export type Note = (made: Made) => void

export const noNote: Note = () => undefined

export interface Journal {
  /** Returns when the note is with the system, so that it outlives this process. Throws `write-failed`. */
  readonly note: Note
  /** The export has ended, whole or taken back: there is nothing left to be told. */
  end(): void
}

/** Begins a journal in a new file. Throws `write-failed`. */
export function openJournal(file: string): Journal {
  const descriptor = written(() => openSync(file, 'wx', 0o600))
  return {
    note(made) {
      written(() => writeSync(descriptor, `${JSON.stringify(made)}\n`))
    },
    end() {
      closeSync(descriptor)
      rmSync(file, { force: true })
    },
  }
}

function written<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw describeWriteError(error, 'A note in the temporary folder')
  }
}

/**
 * Removes what the journal of a dead process tells of, and the journal; where there is none, its export had ended.
 * A folder somebody else has put something into stays. Never throws.
 */
export function takeBack(file: string): void {
  const made = readNotes(file)
  for (const { type, path } of made) if (type === 'file') quietly(() => rmSync(path, { force: true }))
  // Deepest first.
  const folders = made.filter(({ type }) => type === 'folder').sort((a, b) => b.path.length - a.path.length)
  for (const { path } of folders) quietly(() => rmdirSync(path))
  quietly(() => rmSync(file, { force: true }))
}

/** Whole lines alone: what a half one tells of was not begun. */
function readNotes(file: string): Made[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as Made)
  } catch {
    return []
  }
}

function quietly(step: () => void): void {
  try {
    step()
  } catch {
    // What cannot be removed (any more) stays; the failure of the export itself is what is told.
  }
}

/** The settings of a person, in a file of theirs. */

import path from 'node:path'
import { LoupeError } from '../../shared/errors.ts'
import { defaultDocument, parseSettings, settingsVersion, type SettingsDocument } from '../../shared/settings.ts'
import { readDocument, writeDocument, type DocumentKind } from './document.ts'

const kind: DocumentKind<SettingsDocument> = { what: 'The settings', parse: parseSettings, version: settingsVersion }

export interface SettingsStore {
  readonly current: SettingsDocument
  /** What was wrong with a file that was found, if anything. */
  readonly problem: string | null
  /** Changes some of them for good. Throws `write-failed`, and then nothing has changed. */
  change(change: Partial<SettingsDocument>): void
}

/** Opens the file `settings.json` of a folder; one that cannot be used is kept aside. */
export function openSettings(folder: string): SettingsStore {
  const file = path.join(folder, 'settings.json')
  const found = readDocument(file, kind)
  let current = found.value ?? defaultDocument
  let { problem } = found
  return {
    get current() {
      return current
    },
    get problem() {
      return problem
    },
    change(change) {
      // Another window or program may have changed others since; what it wrote and cannot be read is kept aside too.
      const now = readDocument(file, kind)
      problem = now.problem ?? problem
      const next = { ...(now.value ?? current), ...change }
      if (!now.writable) throw notKept('the file that is there cannot be read, and cannot be moved away')
      try {
        writeDocument(file, next)
      } catch (error) {
        throw notKept(`the system says ${(error as NodeJS.ErrnoException).code ?? 'nothing more'}`, error)
      }
      current = next
    },
  }
}

/** Settings that last as long as this program, for hosts that are given no folder. */
export function passingSettings(): SettingsStore {
  let current = defaultDocument
  return {
    get current() {
      return current
    },
    problem: null,
    change(change) {
      current = { ...current, ...change }
    },
  }
}

function notKept(reason: string, cause?: unknown): LoupeError {
  const message = `The settings could not be kept: ${reason}. Make room in the settings folder or allow writing to it, and try again.`
  return new LoupeError('write-failed', message, {}, { cause })
}

/**
 * What happened, in the system's place for logs: codes and numbers, no picture content, no names of pictures. It never
 * fails the program: a log that cannot be written is not written.
 */

import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { discreet } from './discreet.ts'

export type Facts = Readonly<Record<string, string | number | boolean>>

export interface Log {
  write(event: string, facts?: Facts): void
  /** The last lines, oldest first. */
  tail(lines: number): readonly string[]
}

export interface LogOptions {
  /** Bytes of one file; two are kept. */
  readonly bytes?: number
  readonly home?: string
}

/** Characters of one fact. */
const longest = 500

/** `layerloupe.log` in this folder, and before it `layerloupe.old.log`. */
export function openLog(folder: string, { bytes = 256 * 1024, home = homedir() }: LogOptions = {}): Log {
  const file = path.join(folder, 'layerloupe.log')
  const old = path.join(folder, 'layerloupe.old.log')
  return {
    write(event, facts = {}) {
      const told = Object.entries(facts).map(([name, fact]) => {
        const text = typeof fact === 'string' ? JSON.stringify(discreet(fact, home).slice(0, longest)) : String(fact)
        return ` ${name}=${text}`
      })
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        if (sizeOf(file) >= bytes) renameSync(file, old)
        appendFileSync(file, `${new Date().toISOString()} ${process.pid} ${event}${told.join('')}\n`, { mode: 0o600 })
      } catch {
        // A full disk or a folder that may not be written is told where it matters: by what the person wants to save.
      }
    },
    tail(lines) {
      const all = [old, file].flatMap((name) => linesOf(name))
      return all.slice(-lines)
    },
  }
}

/** For hosts that are given no place for one. */
export const noLog: Log = { write: () => undefined, tail: () => [] }

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** None where there is no such file, or it cannot be read. */
function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  } catch {
    return []
  }
}

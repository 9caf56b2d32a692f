/** What the app was started with. */

import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface CommandLine {
  /** Absolute paths. */
  readonly files: readonly string[]
  /** Largest picture accepted, in pixels. */
  readonly pixels: number | undefined
}

/** From a packaged app files follow the program; from a checkout they follow the app's folder. */
export function parseCommandLine(argv: readonly string[], cwd: string, isPackaged: boolean): CommandLine {
  const words = argv.slice(1)
  const options = words.filter((word) => word.startsWith('-'))
  const names = words.filter((word) => word !== '' && !word.startsWith('-')).slice(isPackaged ? 0 : 1)
  const given = options
    .map((word) => /^--max-pixels=([0-9]{1,15})$/.exec(word)?.[1])
    .find((digits) => digits !== undefined)
  return {
    files: names.map((name) => path.resolve(cwd, asPath(name))),
    pixels: given === undefined ? undefined : Number(given),
  }
}

/** Linux desktops hand over what is double-clicked as `file:` addresses; anything else is a name as it stands. */
function asPath(word: string): string {
  if (!/^file:\/\//i.test(word)) return word
  try {
    return fileURLToPath(word)
  } catch {
    return word // On another machine, or no address after all: it is told of as a file that is not there.
  }
}

/** Files another start of the app hands over; anything that is not a list of absolute paths is nothing. */
export function filesHandedOver(data: unknown): string[] {
  const files = typeof data === 'object' && data !== null && 'files' in data ? data.files : undefined
  return Array.isArray(files)
    ? files.filter((file): file is string => typeof file === 'string' && path.isAbsolute(file))
    : []
}

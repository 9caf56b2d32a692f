/** A folder that looks to electron-builder like an unpacked Electron runtime for Linux, and runs nothing. */

import { chmod, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Electron's own mark before its fuses, in any of its programs since version 12. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** Fuses in the order of the wire (version 1). */
export const fuses = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
  'wasmTrapHandlers',
] as const
type Fuses = Record<(typeof fuses)[number], boolean>

/** As Electron ships them. */
const shipped = '101100011'

export async function makeStandIn(folder: string): Promise<void> {
  const files: Record<string, string | Buffer> = {
    electron: Buffer.concat([
      Buffer.from(`not Electron: ${sentinel}`, 'latin1'),
      Buffer.from([1, shipped.length]),
      Buffer.from(`${shipped} the end`, 'latin1'),
    ]),
    'chrome-sandbox': 'not a sandbox',
    version: '45.4.1',
    LICENSE: 'a licence',
    'LICENSES.chromium.html': 'many licences',
    'locales/en-US.pak': 'words',
    'locales/de.pak': 'Wörter',
    'resources/default_app.asar': 'a starter app',
  }
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true })
    await writeFile(path.join(folder, name), content)
  }
  await chmod(path.join(folder, 'electron'), 0o755)
}

/** What the wire in a program says. */
export function readFuses(program: Buffer): Fuses {
  const at = program.indexOf(sentinel, 0, 'latin1') + sentinel.length
  if (at < sentinel.length || program[at] !== 1) throw new Error('no wire of version 1')
  if (program[at + 1] !== fuses.length) throw new Error('a wire of another length')
  const states = [...program.subarray(at + 2, at + 2 + fuses.length)].map((state) => state === '1'.charCodeAt(0))
  return Object.fromEntries(fuses.map((name, index) => [name, states[index]])) as Fuses
}

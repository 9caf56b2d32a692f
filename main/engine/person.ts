/** The contract's methods about the person and their machine: settings, versions, recent files, the diagnostic report. */

import { release, totalmem } from 'node:os'
import type { ApiEvent, HostInfo, Method, Params, RecentItem, Result, Versions } from '../../shared/api.ts'
import { LoupeError } from '../../shared/errors.ts'
import { windowSettings, type SettingsDocument, type SettingsState } from '../../shared/settings.ts'
import type { Log } from '../user/log.ts'
import type { SettingsStore } from '../user/settings.ts'
import type { Exports } from './exports.ts'
import { defaultEngineLimits, type EngineLimits } from './limits.ts'
import type { Supervisor } from './supervisor.ts'

/** Files and folders a host remembers by where they are. */
export interface Recent {
  list(): readonly RecentItem[]
  /** Rejects with `not-found` where it is gone. */
  open(item: string): Promise<void>
  clear(): void
}

export interface PersonParts {
  readonly version: string
  readonly host: HostInfo['host']
  readonly settings: SettingsStore
  readonly log: Log
  readonly recent: Recent | undefined
  /** What was wrong with other files of ours. */
  readonly problems: readonly string[]
  /** What the program was started with, which goes before the settings. */
  readonly given: Partial<EngineLimits>
  readonly supervisor: Pick<Supervisor, 'request'>
  readonly saving: Pick<Exports, 'grant' | 'directoryOf'>
  readonly emit: (event: ApiEvent) => void
  /** Called when the settings have changed. */
  readonly apply: () => void
}

type PersonMethod = Extract<Method, `settings.${string}` | `recent.${string}` | 'host.versions' | 'host.diagnostics'>
type PersonHandlers = {
  readonly [M in PersonMethod]: (params: Params<M>) => Result<M> | Promise<Result<M>>
}

/** Lines of the log in the report. */
const reportedLines = 60

/** What the settings say of the engine; what the program was started with goes before them. */
export function limitsFrom(settings: SettingsDocument, given: Partial<EngineLimits>): EngineLimits {
  const defaults = defaultEngineLimits()
  return { ...defaults, pixels: settings.pixels, memory: settings.memory ?? defaults.memory, ...given }
}

export function personHandlers(parts: PersonParts): PersonHandlers {
  const { settings, log, recent, saving, emit } = parts
  let granted: { readonly path: string; readonly folder: string; readonly name: string } | null = null

  function state(): SettingsState {
    const path = settings.current.folder
    if (path === null) granted = null
    else if (granted?.path !== path) granted = { path, ...saving.grant(path) }
    return {
      settings: windowSettings(settings.current),
      folder: granted && { folder: granted.folder, name: granted.name },
      pixelsGiven: parts.given.pixels ?? null,
      problems: [...(settings.problem === null ? [] : [settings.problem]), ...parts.problems],
    }
  }

  async function versions(): Promise<Versions> {
    const { node, electron, chrome } = process.versions as Partial<Record<string, string>>
    return [
      { name: 'LayerLoupe', version: parts.version },
      ...(electron === undefined ? [] : [{ name: 'Electron', version: electron }]),
      ...(chrome === undefined ? [] : [{ name: 'Chromium', version: chrome }]),
      { name: 'Node.js', version: node ?? 'unknown' },
      ...(await parts.supervisor.request('versions', {}, { image: null })),
    ]
  }

  async function report(): Promise<string> {
    const made = await versions().catch((error: unknown) => [{ name: 'The compute process', version: String(error) }])
    const { settings: set, folder, pixelsGiven, problems } = state()
    const lines = [
      'LayerLoupe diagnostic report',
      `made      ${new Date().toISOString()}`,
      `host      ${parts.host}`,
      `platform  ${process.platform} ${release()} ${process.arch}, ${Math.round(totalmem() / 1e6)} MB of memory`,
      '',
      'Versions',
      ...made.map(({ name, version }) => `  ${name} ${version}`),
      '',
      'Settings',
      ...Object.entries(set).map(([name, value]) => `  ${name} ${value === null ? 'automatic' : String(value)}`),
      `  folder ${folder === null ? 'none' : 'one is set'}`,
      ...(pixelsGiven === null ? [] : [`  --max-pixels ${pixelsGiven}`]),
      ...problems.map((problem) => `  ${problem}`),
      '',
      `Log (the last ${reportedLines} lines at most)`,
      ...log.tail(reportedLines).map((line) => `  ${line}`),
    ]
    return `${lines.join('\n')}\n`
  }

  return {
    'settings.read': () => state(),
    'settings.change'({ folder, ...change }) {
      settings.change({
        ...change,
        ...(folder === undefined ? {} : { folder: folder === null ? null : saving.directoryOf(folder) }),
      })
      parts.apply()
      const now = state()
      emit({ type: 'settings.changed', state: now })
      return now
    },
    'host.versions': versions,
    'host.diagnostics': async () => ({ text: await report() }),
    'recent.list': () => recent?.list() ?? [],
    'recent.open': async ({ item }) => {
      if (!recent) throw new LoupeError('bad-request', 'This host does not remember files; open it again yourself.')
      await recent.open(item)
      return null
    },
    'recent.clear': () => {
      recent?.clear()
      return null
    },
  }
}

/** Where each system keeps what a program keeps for a person. */

import { homedir } from 'node:os'
import path from 'node:path'

export interface Places {
  /** Settings and recent files. */
  readonly config: string
  readonly logs: string
}

/** The variable that names one folder for all of it: for tests, and for a copy carried on a stick. */
const override = 'LAYERLOUPE_DATA'

/** By the XDG specification on Linux and whatever else there is; as Apple and Microsoft say on theirs. */
export function userPlaces(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): Places {
  const system = platform === 'win32' ? path.win32 : path.posix
  const join = (...parts: string[]) => system.join(...parts)
  /** A relative path in such a variable is to be ignored, says the specification. */
  const from = (name: string, fallback: string) => {
    const value = env[name]
    return value !== undefined && system.isAbsolute(value) ? value : fallback
  }
  const given = env[override]
  if (given !== undefined && system.isAbsolute(given)) return { config: given, logs: join(given, 'logs') }
  if (platform === 'darwin') {
    return {
      config: join(home, 'Library/Application Support/LayerLoupe'),
      logs: join(home, 'Library/Logs/LayerLoupe'),
    }
  }
  if (platform === 'win32') {
    return {
      config: join(from('APPDATA', join(home, 'AppData/Roaming')), 'LayerLoupe'),
      logs: join(from('LOCALAPPDATA', join(home, 'AppData/Local')), 'LayerLoupe', 'Logs'),
    }
  }
  return {
    config: join(from('XDG_CONFIG_HOME', join(home, '.config')), 'layerloupe'),
    logs: join(from('XDG_STATE_HOME', join(home, '.local/state')), 'layerloupe', 'logs'),
  }
}

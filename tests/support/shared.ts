/** Where tests find data: the fixtures of the project, and the shared folder beside it where there is one. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const repoRoot = fileURLToPath(new URL('../..', import.meta.url))
export const fixturesDir = path.join(repoRoot, 'tests/fixtures')

const shared = process.env['LAYERLOUPE_SHARED'] ?? path.resolve(repoRoot, '../shared')
/** Photos and references too large or not free enough to copy; undefined in a lone clone. */
export const sharedDir: string | undefined = existsSync(shared) ? shared : undefined

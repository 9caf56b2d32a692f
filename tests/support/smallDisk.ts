/** A disk that is soon full, where this system lets us make one: Linux, for root. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

export interface SmallDisk {
  /** Its folder; an ordinary one where it could not be made. */
  readonly folder: string
  readonly mounted: boolean
  /** Why tests with it are skipped, to be put behind their name; empty where they are not. */
  readonly note: string
}

/** Of `size`, as `mount` has it (`600k`); gone after all tests of the file. */
export function smallDisk(size: string): SmallDisk {
  const folder = mkdtempSync(path.join(tmpdir(), 'small-disk-'))
  const mount = ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]
  const mounted = process.platform === 'linux' && spawnSync('/bin/mount', mount).status === 0
  afterAll(() => {
    if (mounted) spawnSync('/bin/umount', [folder])
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, mounted, note: mounted ? '' : ' (skipped: no small disk can be mounted here)' }
}

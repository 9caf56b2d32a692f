/** Builds what is out of date before the tests of the built program. */

import { setUp } from '../../build/setup.mjs'

export async function setup(): Promise<void> {
  await setUp({ build: true })
}

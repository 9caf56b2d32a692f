/** What is dragged out of the window as files: made in a room of our own first. */

import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Params } from '../../shared/api.ts'
import { cancelled } from './drive.ts'
import type { Exports } from './exports.ts'
import type { PrivateFolder } from './privateFolder.ts'
import type { Runs } from './runs.ts'

/** Pixels of the picture under the pointer, from its top to its bottom. */
const iconHeight = 96
/** Folders that are kept until the host ends: whoever took a file may read it late. */
const mostKept = 24

export class Dragging {
  readonly #room: PrivateFolder
  readonly #runs: Runs
  readonly #saving: Exports
  readonly #kept: string[] = []

  constructor(room: PrivateFolder, runs: Runs, saving: Exports) {
    this.#room = room
    this.#runs = runs
    this.#saving = saving
  }

  /** Makes what is wanted, and hands it to `begin` unless the person has let go of it meanwhile: then throws `cancelled`. */
  async drag(
    { save, ...request }: Params<'host.dragOut'>,
    begin: (file: string, icon: Uint8Array) => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const directory = this.#room.file(randomUUID())
    const icon = await this.#runs.drawIcon(request, iconHeight, signal)
    const file = save
      ? await this.#saving.keep({ ...request, save }, directory, signal)
      : await this.#draw(request, directory, signal)
    this.#kept.push(directory)
    for (const old of this.#kept.splice(0, this.#kept.length - mostKept)) {
      await rm(old, { recursive: true, force: true })
    }
    if (signal?.aborted) throw cancelled()
    await begin(file, icon)
  }

  async #draw(request: Params<'figures.draw'>, directory: string, signal: AbortSignal | undefined): Promise<string> {
    const { name, bytes } = await this.#runs.draw(request, signal)
    await mkdir(directory)
    const file = path.join(directory, name)
    await writeFile(file, bytes)
    return file
  }
}

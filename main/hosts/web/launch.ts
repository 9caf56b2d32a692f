/** Hands an address with its token to a browser without putting it on a command line, where every user could read it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { privatePrefix } from '../../engine/privateFolder.ts'

export interface LaunchFile {
  readonly file: string
  /** What to give to the browser: the file's own address. */
  readonly url: string
  remove(): Promise<void>
}

/**
 * A page only this user can read (0600 in a 0700 folder of its own) that leads to `address`.
 * Remove it once the address was opened.
 */
export async function launchFile(address: string, parent: string = tmpdir()): Promise<LaunchFile> {
  const folder = await mkdtemp(path.join(parent, privatePrefix()))
  const file = path.join(folder, 'open.html')
  const target = new URL(address).href.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${target}">
<title>LayerLoupe</title>
<p><a href="${target}" rel="noreferrer">Open LayerLoupe</a>
`
  const remove = async () => {
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await writeFile(file, page, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    await remove()
    throw error
  }
  return { file, url: pathToFileURL(file).href, remove }
}

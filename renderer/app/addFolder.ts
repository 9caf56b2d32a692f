/** Pictures of a folder a person has chosen. */

import { picturesOf } from '../gallery/droppedFiles.ts'
import type { AppState } from '../state/app.svelte.ts'

/** Adds the pictures of a folder, and says what was left out. */
export function addFolder(app: AppState, list: readonly File[]): void {
  const { pictures, other } = picturesOf(list)
  if (pictures.length > 0) app.gallery.addFiles(pictures)
  else app.notices.info('No pictures were found in that folder.', 'folder')
  if (pictures.length > 0 && other > 0) {
    app.notices.info(`${other === 1 ? 'One file was' : `${other} files were`} left out.`, 'folder')
  }
}

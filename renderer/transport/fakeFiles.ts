/** What a fake host can do with files: nothing of its own; figures that say how they were asked for, and zips with nothing in them. */

import type { HostInfo, Picture, SavedFigure } from '../../shared/api.ts'
import type { DrawnFigure, FigureRequest } from '../../shared/figures.ts'

export const noCapabilities: HostInfo['capabilities'] = {
  chooseFolder: false,
  revealFolder: false,
  recent: false,
  dragOut: false,
}

export const emptyZip: Picture = {
  type: 'application/zip',
  bytes: new Uint8Array([0x50, 0x4b, 5, 6, ...new Array<number>(18).fill(0)]),
}

export function fakeFigure({ subject, format, figure }: FigureRequest): DrawnFigure {
  return {
    type: format === 'png' ? 'image/png' : 'image/svg+xml',
    bytes: new TextEncoder().encode(JSON.stringify({ subject, figure })),
    name: `photo-${subject.type}.${format}`,
    width: 640,
    height: 480,
  }
}

export function saveFakeFigure(request: FigureRequest): SavedFigure {
  const { name, bytes } = fakeFigure(request)
  return { job: 'saved-figure', result: { files: [name], byteLength: bytes.byteLength, name } }
}

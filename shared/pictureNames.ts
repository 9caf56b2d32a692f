/** Which files are offered and taken as pictures, or as pipelines, by their name; what is in them is found out when they are opened. */

/** Offered in file dialogs. */
export const pictureExtensions = ['jpg', 'jpeg', 'jfif', 'png', 'webp', 'avif', 'gif', 'tif', 'tiff'] as const

/** Pictures too, in formats that are refused: out of a folder they are taken, so that they are listed with the reason. */
const refusedExtensions = ['svg', 'bmp', 'heic', 'heif', 'jxl', 'jp2', 'psd', 'exr'] as const

const pictureName = new RegExp(`\\.(${[...pictureExtensions, ...refusedExtensions].join('|')})$`, 'i')

export function isPictureName(name: string): boolean {
  return pictureName.test(name)
}

/** Any JSON file is tried as a pipeline: no picture is called so. */
export function isPipelineName(name: string): boolean {
  return /\.json$/i.test(name)
}

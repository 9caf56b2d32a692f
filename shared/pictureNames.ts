/** Which files are offered and taken as pictures, or as pipelines, by their name; what is in them is found out when they are opened. */

export const pictureExtensions = ['jpg', 'jpeg', 'jfif', 'png', 'webp', 'avif', 'gif', 'tif', 'tiff', 'svg'] as const

const pictureName = new RegExp(`\\.(${pictureExtensions.join('|')})$`, 'i')

export function isPictureName(name: string): boolean {
  return pictureName.test(name)
}

/** Any JSON file is tried as a pipeline: no picture is called so. */
export function isPipelineName(name: string): boolean {
  return /\.json$/i.test(name)
}

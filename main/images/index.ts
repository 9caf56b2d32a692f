/** The room of pictures: the only one that knows sharp. */

export { openAsPillow } from './asPillow.ts'
export { decodeImage, probeImage, type DecodeOptions, type ImageProbe } from './decode.ts'
export { encodePng, photoThumbnail, thumbnail, type PixelLayout } from './encode.ts'
export type { ImageFile, ImageFormat } from './format.ts'
export { pictureVersions, useThreads } from './sharp.ts'
export { defaultLimits, type ImageLimits } from './limits.ts'

/** The channels between the window's preload and this host, and nothing else listens. */

export const channels = {
  /** Window to host: (id, method, parameters); answered. */
  call: 'layerloupe:call',
  /** Window to host: (id, path), sent by the preload alone, which alone can know the path; answered. */
  addFile: 'layerloupe:add-file',
  /** Window to host: (id). */
  cancel: 'layerloupe:cancel',
  /** Host to window: (event). */
  event: 'layerloupe:event',
} as const

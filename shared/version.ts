/** Set by the build from package.json; a run from source, such as a test, has none. */
declare const __VERSION__: string | undefined

/** The program's version, as in manifests and `--version`. */
export const version = typeof __VERSION__ === 'undefined' ? '0.0.0-source' : __VERSION__

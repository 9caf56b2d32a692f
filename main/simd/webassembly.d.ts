/** What of WebAssembly is used here: all that run this have it, but only the declarations of browsers say so. */

declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module'
  }
  const Module: new (bytes: Uint8Array<ArrayBuffer>) => Module
  const Instance: new (module: Module) => { readonly exports: Readonly<Record<string, unknown>> }
  interface Memory {
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
}

declare function atob(text: string): string

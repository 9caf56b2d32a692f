import type { SaveTools } from './save.svelte.ts'

/** Hands a text to the person as a file. */
export function handOver(tools: SaveTools, name: string, type: string, text: string): void {
  const url = tools.createUrl({ type, bytes: new TextEncoder().encode(text) })
  tools.download(url, name)
  tools.revokeUrl(url)
}

/** A line on each thing the lab has. */

import { numpyDocs } from './numpy.ts'
import { pythonDocs } from './python.ts'

function entries(text: string, before: string): [name: string, doc: string][] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const at = line.indexOf(': ')
      return [before + line.slice(0, at), line.slice(at + 2)]
    })
}

const docs: ReadonlyMap<string, string> = new Map([...entries(numpyDocs, 'np.'), ...entries(pythonDocs, '')])

/** What something does, in a line; a method of an array is told as the function of its name. Empty for what is not here. */
export function docOf(name: string): string {
  return docs.get(name) ?? docs.get(name.replace(/^ndarray\./, 'np.')) ?? ''
}

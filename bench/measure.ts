/** Medians, ratios and tables for the benchmarks; every pair is measured in turns within one run. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Row {
  readonly what: string
  readonly ours: readonly number[]
  readonly theirs?: readonly number[] | undefined
  readonly goal: string
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Milliseconds of `repeats` calls, after one that does not count. */
export async function time(repeats: number, work: () => unknown): Promise<number[]> {
  await work()
  const times: number[] = []
  for (let i = 0; i < repeats; i++) {
    const begin = performance.now()
    await work()
    times.push(performance.now() - begin)
  }
  return times
}

const python = '/usr/bin/python3'

/** Whether Debian's Python is here with these modules. */
export function pythonHas(...modules: string[]): boolean {
  return spawnSync(python, ['-c', modules.map((name) => `import ${name}`).join('\n')]).status === 0
}

/** Path of a script in bench/python. */
export function pythonScript(name: string): string {
  return fileURLToPath(new URL(`../../bench/python/${name}`, import.meta.url))
}

/** Runs a script of ours in Python and returns what it prints, a number a line. */
export function pythonTimes(script: string, ...args: (string | number)[]): number[] {
  // As a person would start it: without what a process of ours may have been given.
  const env = { ...process.env, GLIBC_TUNABLES: undefined }
  const result = spawnSync(python, [pythonScript(script), ...args.map(String)], { encoding: 'utf8', env })
  if (result.status !== 0) throw new Error(`${script} failed: ${result.stderr}`)
  return result.stdout.trim().split('\n').map(Number)
}

/** Milliseconds of a whole process, from start to exit, as a person's shell would start it; throws if it fails. */
export function processTime(command: string, args: readonly string[]): number {
  const begin = performance.now()
  const result = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  const elapsed = performance.now() - begin
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${result.stderr}`)
  return elapsed
}

export interface Cost {
  readonly milliseconds: number
  /** Seconds of processor time in it and in all it has started; 0 where there is no POSIX shell to tell. */
  readonly cpu: number
}

/** What a whole process costs; throws if it fails. Its processor time depends less on what else the machine does. */
export function processCost(command: string, args: readonly string[]): Cost {
  if (process.platform === 'win32') return { milliseconds: processTime(command, args), cpu: 0 }
  const begin = performance.now()
  const script = '"$@" > /dev/null; status=$?; times; exit $status'
  const result = spawnSync('sh', ['-c', script, 'sh', command, ...args], { encoding: 'utf8' })
  const milliseconds = performance.now() - begin
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${result.stderr}`)
  // The second line is of what the shell has started: user and system time, as 1m2.34s.
  const times = [
    ...result.stdout
      .trim()
      .split('\n')
      .at(-1)!
      .matchAll(/(\d+)m([\d.]+)s/g),
  ]
  return {
    milliseconds,
    cpu: times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0),
  }
}

export function pythonCommand(): string {
  return python
}

/** Runs one of the benchmarks again in a process with this environment, on the same standard output. */
export function inProcess(name: string, env: NodeJS.ProcessEnv): void {
  const { status } = spawnSync(process.execPath, [process.argv[1]!, name], { stdio: 'inherit', env })
  if (status !== 0) throw new Error(`The benchmark ${name} ended with code ${status}.`)
}

/** A table on standard output: median of ours, of theirs, theirs / ours, and the goal. */
export function printTable(title: string, theirs: string, rows: readonly Row[]): void {
  const cells = rows.map(({ what, ours, theirs: other, goal }) => [
    what,
    format(median(ours)),
    other ? format(median(other)) : 'did not run',
    other ? `${(median(other) / median(ours)).toFixed(2)}×` : '',
    goal,
    `${ours.length}`,
  ])
  const header = ['what', 'LayerLoupe', theirs, 'ratio', 'goal', 'runs']
  const widths = header.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 || i === 4 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  process.stdout.write(`\n${title} (medians, milliseconds)\n${[header, ...cells].map(line).join('\n')}\n`)
}

function format(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(3) : milliseconds.toFixed(1)
}

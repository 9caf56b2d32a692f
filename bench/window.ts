/** The window in a real browser, over the host as it is shipped: its frames, its tasks, and the memory of every process. */

import { chromium, type Browser, type Page } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../../dist/main/cli.js', import.meta.url))

/** Names the browser; `build/bench.mjs` sets it. */
const browserVariable = 'LAYERLOUPE_BROWSER'

/** What the window's main thread did while something went on. */
export interface Frames {
  /** Milliseconds from one frame to the next, sorted. */
  readonly gaps: readonly number[]
  /** Milliseconds of the tasks over 50, as the browser counts them: by the clock, whatever else the machine did. */
  readonly longTasks: readonly number[]
  /** Milliseconds of processor time of the longest task: what it would be on a machine with nothing else to do. */
  readonly longestTask: number
  /** Share of the time that the main thread worked. */
  readonly busy: number
}

/** Highest resident memory of each process so far, in megabytes; undefined where this system does not tell. */
export type Memory = Readonly<Record<'host' | 'compute' | 'renderer', number | undefined>>

export interface BenchWindow {
  readonly page: Page
  /** Watches the main thread while `work` goes on. */
  frames(work: () => Promise<void>): Promise<Frames>
  /** The same drop onto an empty page of this browser: what of it is none of ours. */
  dropElsewhere(files: readonly string[], reading: 'nothing' | 'files'): Promise<Frames>
  memory(): Promise<Memory>
  close(): Promise<void>
}

export async function openBenchWindow(): Promise<BenchWindow> {
  const executablePath = process.env[browserVariable]
  const host = spawn(process.execPath, [command, 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [address] = (await once(createInterface({ input: host.stdout }), 'line')) as [string]
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    // Chromium refuses its sandbox to root; only our own pages are opened here.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(address)
  await page
    .getByRole('button', { name: /^Add the sample picture/ })
    .first()
    .waitFor()
  return {
    page,
    frames: (work) => watch(browser, page, work),
    dropElsewhere: (files, reading) => dropOnEmptyPage(browser, files, reading),
    memory: () => memoryOf(host, browser),
    async close() {
      await browser.close()
      host.kill('SIGINT')
      await once(host, 'exit')
    },
  }
}

/** Files of this machine dropped into the middle of the window, as the system's file manager hands them over. */
export async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const { width, height } = page.viewportSize()!
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data })
  }
  await session.detach()
}

async function dropOnEmptyPage(
  browser: Browser,
  files: readonly string[],
  reading: 'nothing' | 'files',
): Promise<Frames> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  try {
    // Any address on this machine will do: the page is given by the browser itself.
    await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }))
    await page.goto('http://127.0.0.1/')
    await page.evaluate((reads) => {
      for (const type of ['dragenter', 'dragover', 'drop']) {
        addEventListener(type, (event) => {
          event.preventDefault()
          const { items } = (event as DragEvent).dataTransfer!
          if (type === 'drop' && reads) Object.assign(window, { files: [...items].map((item) => item.getAsFile()) })
        })
      }
    }, reading === 'files')
    return await watch(browser, page, () => dropFiles(page, files))
  } finally {
    await page.close()
  }
}

interface Watched {
  gaps: number[]
  longTasks: number[]
  stop(): void
}

async function watch(browser: Browser, page: Page, work: () => Promise<void>): Promise<Frames> {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-toplevel'] })
  await page.evaluate(() => {
    const watched: Watched = { gaps: [], longTasks: [], stop: () => undefined }
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.longTasks.push(duration)
    })
    observer.observe({ type: 'longtask' })
    let before: number | null = null
    let next = requestAnimationFrame(function frame(now) {
      if (before !== null) watched.gaps.push(now - before)
      before = now
      next = requestAnimationFrame(frame)
    })
    watched.stop = () => {
      cancelAnimationFrame(next)
      for (const { duration } of observer.takeRecords()) watched.longTasks.push(duration)
      observer.disconnect()
    }
    Object.assign(window, { watched })
  })
  const begin = performance.now()
  await work()
  const elapsed = performance.now() - begin
  const { gaps, longTasks } = await page.evaluate(() => {
    const { watched } = window as unknown as { watched: Watched }
    watched.stop()
    return { gaps: watched.gaps, longTasks: watched.longTasks }
  })
  const tasks = mainTasks((await browser.stopTracing()).toString('utf8'))
  return {
    gaps: gaps.sort((a, b) => a - b),
    longTasks: longTasks.sort((a, b) => a - b),
    longestTask: tasks.reduce((most, task) => Math.max(most, task), 0),
    busy: tasks.reduce((sum, task) => sum + task, 0) / elapsed,
  }
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds of processor time. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** Milliseconds of processor time of each task of the page's main thread: the renderer's thread that did most. */
function mainTasks(trace: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: readonly TraceEvent[] }
  const threads = new Map<string, number[]>()
  for (const { name, ph, pid, tid, args } of traceEvents) {
    if (ph === 'M' && name === 'thread_name' && args?.name === 'CrRendererMain') threads.set(`${pid} ${tid}`, [])
  }
  for (const { name, ph, pid, tid, tdur } of traceEvents) {
    if (ph === 'X' && name.endsWith('RunTask')) threads.get(`${pid} ${tid}`)?.push((tdur ?? 0) / 1000)
  }
  const sum = (tasks: readonly number[]) => tasks.reduce((a, b) => a + b, 0)
  return [...threads.values()].sort((a, b) => sum(b) - sum(a))[0] ?? []
}

async function memoryOf(host: ChildProcess, browser: Browser): Promise<Memory> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const peaks = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => peakOf(id) ?? 0)
  const renderer = Math.max(0, ...peaks)
  const compute = host.pid === undefined ? undefined : childOf(host.pid)
  return {
    host: host.pid === undefined ? undefined : peakOf(host.pid),
    compute: compute === undefined ? undefined : peakOf(compute),
    renderer: renderer > 0 ? renderer : undefined,
  }
}

/** Linux tells the highest resident memory a process ever had. */
function peakOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s*([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6
  } catch {
    return undefined
  }
}

function childOf(parent: number): number | undefined {
  try {
    return readdirSync('/proc')
      .filter((name) => /^[0-9]+$/.test(name))
      .map(Number)
      .find((pid) => {
        try {
          return new RegExp(`^PPid:\\s*${parent}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'))
        } catch {
          return false
        }
      })
  } catch {
    return undefined
  }
}

/** One thing done in the window, and what its main thread had to do for it. */
export interface FrameRow {
  readonly what: string
  readonly frames: Frames
}

export function printFrames(title: string, rows: readonly FrameRow[]): void {
  const header = ['what', 'frames', 'median', '99 %', 'longest', 'over 50', 'long tasks', 'longest CPU', 'busy']
  const cells = rows.map(({ what, frames: { gaps, longTasks, longestTask, busy } }) => [
    what,
    `${gaps.length}`,
    (gaps[gaps.length >> 1] ?? 0).toFixed(1),
    (gaps[Math.floor(gaps.length * 0.99)] ?? 0).toFixed(1),
    (gaps.at(-1) ?? 0).toFixed(1),
    `${gaps.filter((gap) => gap > 50).length}`,
    longTasks.length === 0 ? '0' : `${longTasks.length}, ≤ ${longTasks.at(-1)!.toFixed(0)}`,
    longestTask.toFixed(1),
    `${(busy * 100).toFixed(0)} %`,
  ])
  printCells(`${title} (milliseconds from frame to frame; goal: none over 50)`, header, cells)
  process.stdout.write(
    'Long tasks are by the clock, which other processes share; longest CPU is the processor time of the longest task of ' +
      `the window's main thread.\nLoad of the machine: ${loadavg()[0]!.toFixed(1)}.\n`,
  )
}

export async function printMemory(window: BenchWindow): Promise<void> {
  const memory = Object.entries(await window.memory())
  printCells(
    'Highest resident memory',
    ['process', 'MB'],
    memory.map(([name, megabytes]) => [name, megabytes?.toFixed(0) ?? 'not told by this system']),
  )
}

export function printCells(title: string, header: readonly string[], cells: readonly (readonly string[])[]): void {
  const widths = header.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  process.stdout.write(`\n${title}\n${[header, ...cells].map(line).join('\n')}\n`)
}

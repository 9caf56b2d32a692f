/** A bar on the terminal for many pictures: on standard error, out of the way of whatever is printed. */

import { printable, type Console } from './console.ts'

export interface Progress {
  /** Pictures done so far, of the total, and what to say beside it, such as the name of the one in hand. */
  update(done: number, beside: string): void
  /** Prints without leaving bits of the bar behind. */
  print(write: () => void): void
  stop(): void
}

const none: Progress = { update: () => undefined, print: (write) => write(), stop: () => undefined }

/** A bar where somebody watches and there is more than one picture; nothing otherwise. */
export async function startProgress(total: number, console: Console): Promise<Progress> {
  if (!console.interactive || total < 2) return none
  const { default: cliProgress } = await import('cli-progress')
  const bar = new cliProgress.SingleBar({
    format: '  {bar} {value} of {total}  {beside}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
    fps: 20,
    gracefulExit: false,
  })
  bar.start(total, 0, { beside: '' })
  return {
    update: (done, beside) => bar.update(done, { beside: printable(beside) }),
    print(write) {
      process.stderr.write('\r\u001b[2K')
      write()
      bar.render()
    },
    stop: () => bar.stop(),
  }
}

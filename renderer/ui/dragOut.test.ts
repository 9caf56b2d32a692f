import { afterEach, expect, test, vi } from 'vitest'
import { hostDrag } from './dragOut.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A drag that begins, with what its host was told. */
function begin() {
  const window = new EventTarget()
  vi.stubGlobal('window', window)
  const event = new Event('dragstart', { cancelable: true }) as DragEvent
  let make: () => void = () => undefined
  const start = vi.fn<(held: AbortSignal) => Promise<void>>(() => new Promise((resolve) => (make = resolve)))
  hostDrag(event, start)
  const letGo = () => window.dispatchEvent(new Event('pointerup'))
  return { event, held: start.mock.calls[0]![0], make, letGo }
}

test('a drag is the host’s, and is given up where the button is up before its file is made', () => {
  const { event, held, letGo } = begin()
  expect([event.defaultPrevented, held.aborted]).toEqual([true, false])
  letGo()
  expect(held.aborted).toBe(true)
})

test('letting go of what is dragged does not give it up', async () => {
  const { held, make, letGo } = begin()
  make()
  await new Promise((resolve) => setTimeout(resolve))
  letGo()
  expect(held.aborted).toBe(false)
})

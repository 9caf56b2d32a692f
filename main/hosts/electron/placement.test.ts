import { expect, it } from 'vitest'
import { placeWindow, type Bounds } from './placement.ts'

const first: Bounds = { x: 0, y: 25, width: 1440, height: 875 }
const left: Bounds = { x: -1920, y: 0, width: 1920, height: 1080 }

it.each<[string, Bounds | undefined, readonly Bounds[], object]>([
  ['opened for the first time', undefined, [first, left], { width: 1280, height: 820 }],
  ['on a screen left of the first', { x: -1800, y: 90, width: 900, height: 700 }, [first, left], { x: -1800, y: 90 }],
  ['on a screen that is gone', { x: -1800, y: 90, width: 900, height: 700 }, [first], { width: 900, height: 700 }],
  [
    'on a screen that was larger',
    { x: 20, y: 40, width: 2500, height: 1400 },
    [first],
    { x: 20, y: 40, width: 1440, height: 875 },
  ],
  ['under a menu bar', { x: 20, y: 0, width: 900, height: 700 }, [first], { x: 20, y: 25 }],
  ['nearly off to the right, by its last bit', { x: 1400, y: 90, width: 900, height: 700 }, [first], { width: 900 }],
  ['with enough of its top edge to take hold of', { x: 1300, y: 90, width: 900, height: 700 }, [first], { x: 1300 }],
  ['below the screen', { x: 0, y: 880, width: 900, height: 700 }, [first], { width: 900, height: 700 }],
  ['where no screen is told', { x: 5, y: 5, width: 900, height: 700 }, [], { width: 900, height: 700 }],
  ['too small', { x: 5, y: 30, width: 10, height: 10 }, [first], { x: 5, y: 30, width: 640, height: 480 }],
])('a window %s is where it can be seen', (_what, saved, screens, place) => {
  const placed = placeWindow(saved, screens)
  expect(placed).toMatchObject(place)
  // Without a place the system puts it in the middle.
  if (!('x' in place)) expect([placed.x, placed.y]).toEqual([undefined, undefined])
})

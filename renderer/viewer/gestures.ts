/** Wheel, drag and pinch on a picture: the events of pointers turned into zooming, panning and pointing. */

import type { Tile } from '../state/arrangement.ts'
import type { ViewerState } from '../state/viewer.svelte.ts'
import type { BrushState } from '../state/brush.svelte.ts'
import { spotAt, type Point } from '../state/zoom.ts'

const wheelSpeed = 0.0016
/** Trackpads report pinches as wheel events with Ctrl held and small steps. */
const pinchSpeed = 0.012
const lineHeight = 16
/** A press that moves less than this (CSS pixels) is a click. */
const clickSlop = 4
/** Within this many milliseconds most people's second click of a double click has come. */
const doubleClick = 350

/**
 * An attachment for the element that shows `tile`. `onclick` acts on the element pointed at and gives how to undo that.
 * With an active brush a press paints instead, with Alt it picks, and the middle button pans.
 */
export function gestures(
  view: ViewerState,
  brush: BrushState | null,
  tile: Tile,
  onclick: () => (() => void) | null,
): (node: HTMLElement) => () => void {
  return (node) => {
    const pointers = new Map<number, Point>()
    /** Where it was pressed, as long as that may become a click. */
    let pressed: Point | null = null
    let undo: (() => void) | null = null
    let secondClick: ReturnType<typeof setTimeout> | undefined
    const waitForSecond = (milliseconds: number) => {
      clearTimeout(secondClick)
      view.betweenClicks = milliseconds > 0
      if (view.betweenClicks) secondClick = setTimeout(() => (view.betweenClicks = false), milliseconds)
    }
    /** Where a finger was put down with the brush: it paints once it moves or is lifted, and not if another one follows. */
    let touched: Point | null = null
    let painting = false
    const listening = new AbortController()
    const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) => {
      node.addEventListener(type, listener, { signal: listening.signal, passive: false })
    }

    const place = (event: MouseEvent): Point => {
      const box = node.getBoundingClientRect()
      return { x: event.clientX - box.left, y: event.clientY - box.top }
    }

    on('wheel', (event) => {
      event.preventDefault()
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? lineHeight : 1
      const at = place(event)
      if (event.shiftKey) view.pan(-(event.deltaX || event.deltaY) * lines, 0)
      else view.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? pinchSpeed : wheelSpeed)), at)
      view.point(tile, at)
    })
    const spot = (at: Point) => spotAt(view.view, at, view.plan!.grid.tile, view.plan!.picture, view.ratio)
    const begin = (at: Point) => {
      painting = true
      brush?.begin(tile, spot(at))
    }
    const end = () => {
      if (touched) begin(touched)
      touched = null
      if (painting) brush?.end()
      painting = false
    }

    on('pointerdown', (event) => {
      const at = place(event)
      if (event.button !== 0 && !(brush?.active && event.button === 1)) return
      view.point(tile, at)
      if (brush?.active && event.button === 0 && (event.altKey || brush.tool === 'pick')) {
        brush.pick()
        return
      }
      pointers.set(event.pointerId, at)
      const alone = pointers.size === 1 && event.button === 0
      if (alone && brush?.active) {
        node.setPointerCapture(event.pointerId)
        if (event.pointerType === 'touch') touched = at
        else begin(at)
        return
      }
      touched = null
      end()
      pressed = alone ? at : null
      node.setPointerCapture(event.pointerId)
      node.classList.add('dragging')
    })
    // The browser's own scrolling by the middle button.
    on('mousedown', (event) => {
      if (event.button === 1 && brush?.active) event.preventDefault()
    })
    on('pointermove', (event) => {
      const at = place(event)
      const before = pointers.get(event.pointerId)
      if (before) {
        if (pressed && Math.hypot(at.x - pressed.x, at.y - pressed.y) < clickSlop) return
        pressed = null
        pointers.set(event.pointerId, at)
        if (touched) begin(touched)
        touched = null
        if (painting) {
          brush?.move(spot(at))
          view.point(tile, at)
          return
        }
        const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1]
        if (other) pinch(before, at, other)
        else view.pan(at.x - before.x, at.y - before.y)
      }
      view.point(tile, at)
    })
    const release = (event: PointerEvent) => {
      pointers.delete(event.pointerId)
      if (event.type === 'pointercancel') touched = null
      end()
      if (pointers.size === 0) node.classList.remove('dragging')
      if (event.pointerType === 'touch') view.leave()
    }
    on('pointerup', release)
    on('click', (event) => {
      // The second click of a double click is none; one without a pointer is of a key or a program.
      if (!pressed || event.detail > 1) return
      pressed = null
      view.point(tile, place(event))
      if (view.divisible) waitForSecond(doubleClick)
      undo = onclick()
    })
    on('pointercancel', release)
    on('pointerleave', (event) => {
      if (!pointers.has(event.pointerId)) view.leave()
    })
    on('dblclick', () => {
      if (brush?.active) return
      undo?.()
      undo = null
      view.toggleSolo(tile)
      waitForSecond(0)
    })

    /** One finger moved from `before` to `at` while the other stayed: zoom and move so that both keep their elements. */
    function pinch(before: Point, at: Point, other: Point): void {
      const was = Math.hypot(before.x - other.x, before.y - other.y)
      const now = Math.hypot(at.x - other.x, at.y - other.y)
      view.pan((at.x - before.x) / 2, (at.y - before.y) / 2)
      if (was > 0 && now > 0) view.zoom(now / was, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 })
    }

    return () => {
      listening.abort()
      // A stroke in hand ends with the picture it is on.
      touched = null
      end()
      waitForSecond(0)
    }
  }
}

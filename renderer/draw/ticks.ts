/** Round numbers for an axis. */

/** The ends of the range, zero if inside, and round numbers between that keep clear of both (as shares of the range). */
export function axisTicks(from: number, to: number, most = 5, clearance = 0.09): readonly number[] {
  const span = to - from
  if (!(span > 0) || !Number.isFinite(span)) return span === 0 ? [from] : [from, to]
  const kept = from < 0 && to > 0 ? [from, 0, to] : [from, to]
  const rough = span / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!
  for (let i = Math.ceil(from / step); i * step <= to; i++) {
    const tick = i * step
    if (kept.every((other) => Math.abs(other - tick) > clearance * span)) kept.push(tick)
  }
  return kept.sort((a, b) => a - b)
}

/**
 * Where labels of height `gap` stand so that none covers another, each as near to its own place as that allows: between
 * `low` and `high`, in the order given. Where there is no room for all of them they go beyond `low`.
 */
export function spread(places: readonly number[], low: number, high: number, gap: number): readonly number[] {
  const order = [...places.keys()].sort((a, b) => places[a]! - places[b]!)
  const spots = places.map((place) => Math.max(low, place))
  order.forEach((label, i) => {
    if (i > 0) spots[label] = Math.max(spots[label]!, spots[order[i - 1]!]! + gap)
  })
  order.reverse().forEach((label, i) => {
    spots[label] = Math.min(spots[label]!, i > 0 ? spots[order[i - 1]!]! - gap : high)
  })
  return spots
}

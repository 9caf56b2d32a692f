/** Whether the person, or the system, wants nothing to move by itself. */
export function prefersStill(): boolean {
  return (
    document.documentElement.dataset['motion'] === 'reduced' || matchMedia('(prefers-reduced-motion: reduce)').matches
  )
}

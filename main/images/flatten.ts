/** Lays a colour under transparent pixels. */

/**
 * From pixels of `width` bytes, the last of them their opacity (not multiplied in), to their first `channels`:
 * (pixel · opacity + background · (255 − opacity)) / 255, rounded, as Pillow's `paste` with a mask does.
 * Under a grey picture the background is grey too: its BT.601 luma.
 */
export function flatten(pixels: Uint8Array, width: number, channels: 1 | 3, background: string): Uint8Array {
  const colour = parseColour(background)
  const under = channels === 1 ? [luma(colour)] : colour
  const flat = new Uint8Array((pixels.length / width) * channels)
  for (let channel = 0; channel < channels; channel++) {
    const below = under[channel]!
    for (let to = channel, from = 0; to < flat.length; to += channels, from += width) {
      const opacity = pixels[from + width - 1]!
      const sum = pixels[from + channel]! * opacity + below * (255 - opacity) + 128
      // Division by 255, exact for 16 bits.
      flat[to] = ((sum >> 8) + sum) >> 8
    }
  }
  return flat
}

function parseColour(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

function luma([red, green, blue]: [number, number, number]): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
}

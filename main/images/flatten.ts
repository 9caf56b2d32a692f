/** Lays a colour under transparent pixels. */

/**
 * From `channels` + 1 bytes a pixel (the last is its opacity, not multiplied in) to `channels`:
 * (pixel · opacity + background · (255 − opacity)) / 255, rounded, as Pillow's `paste` with a mask does.
 * Under a grey picture the background is grey too: its BT.601 luma.
 */
export function flatten(pixels: Uint8Array, channels: 1 | 3, background: string): Uint8Array {
  const colour = parseColour(background)
  const under = channels === 1 ? [luma(colour)] : colour
  const count = pixels.length / (channels + 1)
  const flat = new Uint8Array(count * channels)
  for (let channel = 0; channel < channels; channel++) {
    const below = under[channel]!
    let at = channel
    let opacityAt = channels
    for (let i = channel; i < flat.length; i += channels) {
      const opacity = pixels[opacityAt]!
      const twice = pixels[at]! * opacity + below * (255 - opacity) + 128
      // Division by 255, exact for 16 bits.
      flat[i] = ((twice >> 8) + twice) >> 8
      at += channels + 1
      opacityAt += channels + 1
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

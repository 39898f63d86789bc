// Offsets at the end of timestamps.

/** Bytes of Z, ±HH or ±HH:MM at the end of a text, after a time. */
export function offsetWidth(pointer: usize, length: u32): u32 {
  if (length < 17) return 0;
  if (load<u8>(pointer + length - 1) == 0x5a) return 1;
  for (let width: u32 = 3; width <= 6; width += 3) {
    const sign = load<u8>(pointer + length - width);
    if ((sign == 0x2b || sign == 0x2d) && (width == 3 || load<u8>(pointer + length - 3) == 0x3a)) return width;
  }
  return 0;
}

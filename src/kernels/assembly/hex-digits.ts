// Hexadecimal digits.

/** More than 15 of what is no digit. */
// @ts-ignore: decorator
@inline export function hexValue(byte: u8): u32 {
  if (u8(byte - 0x30) < 10) return byte - 0x30;
  const letter = u8((byte | 0x20) - 0x61);
  return letter < 6 ? 10 + letter : 255;
}

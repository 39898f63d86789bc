// Whether bytes are UTF-8; not exported from the module.

/** Is it UTF-8, without overlong forms and surrogates? */
export function isUtf8(pointer: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; ) {
    const first = <u32>load<u8>(pointer + i);
    if (first < 0x80) {
      i++;
      continue;
    }
    const bytes: u32 = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || i + bytes > length) return false;
    const second = <u32>load<u8>(pointer + i, 1);
    if (first == 0xe0 && second < 0xa0) return false;
    if (first == 0xed && second > 0x9f) return false;
    if (first == 0xf0 && second < 0x90) return false;
    if (first == 0xf4 && second > 0x8f) return false;
    for (let k: u32 = 1; k < bytes; k++) {
      if ((load<u8>(pointer + i + k) & 0xc0) != 0x80) return false;
    }
    i += bytes;
  }
  return true;
}

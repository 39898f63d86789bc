// What kernels share that read fields of text files as values.

// @ts-ignore: decorator
@inline export function isDigit(byte: u8): bool {
  return u8(byte - 0x30) <= 9;
}

// @ts-ignore: decorator
@inline export function decline(declined: usize, found: u32, row: u32): u32 {
  store<u32>(declined + (found << 2), row);
  return found + 1;
}

/** The field without the spaces around it: pointer and length. */

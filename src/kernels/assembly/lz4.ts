// LZ4's block format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md

/**
 * Decompresses `sourceLength` bytes to exactly `targetLength` bytes. Returns `targetLength`, or −1 if the data is
 * malformed or holds another number of bytes. Reads and writes up to 16 bytes past either end (padding).
 */
export function lz4Decompress(source: usize, sourceLength: u32, target: usize, targetLength: u32): i32 {
  let from = source;
  const sourceEnd = source + sourceLength;
  const targetEnd = target + targetLength;
  let to = target;
  while (from < sourceEnd) {
    const token = <u32>load<u8>(from++);
    let length = token >> 4;
    if (length == 15) {
      let byte: u32;
      do {
        if (from >= sourceEnd) return -1;
        byte = <u32>load<u8>(from++);
        length += byte;
        // More than can be written is refused before the sum can wrap.
        if (length > targetLength) return -1;
      } while (byte == 255);
    }
    if (length > <u32>(sourceEnd - from) || length > <u32>(targetEnd - to)) return -1;
    if (length <= 16) v128.store(to, v128.load(from));
    else memory.copy(to, from, length);
    from += length;
    to += length;
    // The last sequence has literals only.
    if (from == sourceEnd) break;

    if (<u32>(sourceEnd - from) < 2) return -1;
    const offset = <u32>load<u16>(from);
    from += 2;
    length = token & 15;
    if (length == 15) {
      let byte: u32;
      do {
        if (from >= sourceEnd) return -1;
        byte = <u32>load<u8>(from++);
        length += byte;
        if (length > targetLength) return -1;
      } while (byte == 255);
    }
    length += 4;
    // offset − 1 wraps for 0, which is refused by the same comparison.
    if (offset - 1 >= <u32>(to - target) || length > <u32>(targetEnd - to)) return -1;
    const end = to + length;
    let copied = to - offset;
    // A short period: each step doubles the distance until eight bytes can be copied at once.
    while (to < end && <u32>(to - copied) < 8) {
      store<u64>(to, load<u64>(copied));
      to += to - copied;
    }
    while (to < end) {
      store<u64>(to, load<u64>(copied));
      to += 8;
      copied += 8;
    }
    to = end;
  }
  return to == targetEnd ? <i32>targetLength : -1;
}

// Snappy's raw format: https://github.com/google/snappy/blob/main/format_description.txt

/**
 * Decompresses `sourceLength` bytes to exactly `targetLength` bytes. Returns `targetLength`, or −1 if the data is
 * malformed or holds another number of bytes. Reads and writes up to 16 bytes past either end (padding).
 */
export function snappyDecompress(source: usize, sourceLength: u32, target: usize, targetLength: u32): i32 {
  let from = source;
  const sourceEnd = source + sourceLength;
  const targetEnd = target + targetLength;
  let to = target;

  let claimed: u32 = 0;
  let shift: u32 = 0;
  for (;;) {
    if (from >= sourceEnd || shift > 28) return -1;
    const byte = <u32>load<u8>(from++);
    claimed |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
    shift += 7;
  }
  if (claimed != targetLength) return -1;

  while (from < sourceEnd) {
    const tag = <u32>load<u8>(from++);
    if ((tag & 3) == 0) {
      let length = (tag >> 2) + 1;
      if (length <= 16) {
        if (length > <u32>(sourceEnd - from) || length > <u32>(targetEnd - to)) return -1;
        v128.store(to, v128.load(from));
      } else {
        if (length > 60) {
          const lengthBytes = length - 60;
          if (lengthBytes > <u32>(sourceEnd - from)) return -1;
          const stored = load<u32>(from) & (<u32>0xffffffff >> ((4 - lengthBytes) << 3));
          from += lengthBytes;
          if (stored == 0xffffffff) return -1;
          length = stored + 1;
        }
        if (length > <u32>(sourceEnd - from) || length > <u32>(targetEnd - to)) return -1;
        if (length > 64) {
          memory.copy(to, from, length);
        } else {
          v128.store(to, v128.load(from));
          v128.store(to + 16, v128.load(from + 16));
          if (length > 32) {
            v128.store(to + 32, v128.load(from + 32));
            v128.store(to + 48, v128.load(from + 48));
          }
        }
      }
      from += length;
      to += length;
      continue;
    }

    let length: u32;
    let offset: u32;
    if ((tag & 3) == 1) {
      if (from >= sourceEnd) return -1;
      length = 4 + ((tag >> 2) & 7);
      offset = ((tag >> 5) << 8) | <u32>load<u8>(from);
      from += 1;
    } else if ((tag & 3) == 2) {
      if (<u32>(sourceEnd - from) < 2) return -1;
      length = (tag >> 2) + 1;
      offset = <u32>load<u16>(from);
      from += 2;
    } else {
      if (<u32>(sourceEnd - from) < 4) return -1;
      length = (tag >> 2) + 1;
      offset = load<u32>(from);
      from += 4;
    }
    // offset − 1 wraps for 0, which is refused by the same comparison.
    if (offset - 1 >= <u32>(to - target) || length > <u32>(targetEnd - to)) return -1;
    const end = to + length;
    let copied = to - offset;
    if (offset >= 16) {
      v128.store(to, v128.load(copied));
      if (length > 16) {
        v128.store(to + 16, v128.load(copied + 16));
        if (length > 32) {
          v128.store(to + 32, v128.load(copied + 32));
          v128.store(to + 48, v128.load(copied + 48));
        }
      }
    } else {
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
    }
    to = end;
  }
  return to == targetEnd ? <i32>targetLength : -1;
}

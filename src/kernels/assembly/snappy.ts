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

  // While both sides have room for the longest element, only offsets and long literals are checked.
  if (sourceLength > 80 && targetLength > 80) {
    const fastSourceEnd = sourceEnd - 72;
    const fastTargetEnd = targetEnd - 72;
    // The next tag is taken from the word already loaded: the chain from tag to tag is what bounds the speed.
    let tag = <u32>load<u8>(from);
    while (from < fastSourceEnd && to < fastTargetEnd) {
      let word = load<u64>(from);
      let kind = tag & 3;
      if (kind == 0) {
        let length = (tag >> 2) + 1;
        if (length <= 6) {
          store<u64>(to, word >> 8);
          tag = <u32>(word >> ((length + 1) << 3)) & 0xff;
          from += length + 1;
          to += length;
          kind = tag & 3;
        } else if (length <= 60) {
          v128.store(to, v128.load(from, 1));
          if (length > 16) {
            v128.store(to, v128.load(from, 17), 16);
            v128.store(to, v128.load(from, 33), 32);
            v128.store(to, v128.load(from, 49), 48);
          }
          from += length + 1;
          to += length;
          tag = <u32>load<u8>(from);
          continue;
        } else {
          const lengthBytes = length - 60;
          const stored = load<u32>(from, 1) & (<u32>0xffffffff >> ((4 - lengthBytes) << 3));
          from += lengthBytes + 1;
          if (stored >= <u32>(sourceEnd - from) || stored >= <u32>(targetEnd - to)) return -1;
          length = stored + 1;
          memory.copy(to, from, length);
          from += length;
          to += length;
          // The literal may have ended the data: nothing is read past the padding.
          tag = <u32>load<u8>(from);
          continue;
        }
        // Most short literals are followed by a copy, for which there is still room.
        if (kind == 0) continue;
        word = load<u64>(from);
      }
      let length: u32;
      let offset: u32;
      if (kind == 3) {
        length = (tag >> 2) + 1;
        offset = <u32>(word >> 8);
        tag = <u32>(word >> 40) & 0xff;
        from += 5;
      } else {
        // Both short forms without a branch, which could not be predicted.
        const two = kind - 1;
        const mask = 0 - two;
        const one = 4 + ((tag >> 2) & 7);
        length = one + (((tag >> 2) + 1 - one) & mask);
        const oneOffset = ((tag & 0xe0) << 3) | (<u32>(word >> 8) & 0xff);
        offset = oneOffset + (((<u32>(word >> 8) & 0xffff) - oneOffset) & mask);
        tag = <u32>(word >> ((kind + 1) << 3)) & 0xff;
        from += kind + 1;
      }
      if (offset - 1 >= <u32>(to - target)) return -1;
      const copied = to - offset;
      if (offset >= 16) {
        v128.store(to, v128.load(copied));
        if (length > 16) {
          v128.store(to, v128.load(copied, 16), 16);
          v128.store(to, v128.load(copied, 32), 32);
          v128.store(to, v128.load(copied, 48), 48);
        }
        to += length;
      } else if (offset >= 8) {
        store<u64>(to, load<u64>(copied));
        store<u64>(to, load<u64>(copied, 8), 8);
        if (length > 16) {
          let done: usize = 16;
          do {
            store<u64>(to + done, load<u64>(copied + done));
            store<u64>(to + done, load<u64>(copied + done, 8), 8);
            done += 16;
          } while (done < length);
        }
        to += length;
      } else {
        const end = to + length;
        let period = copied;
        while (to < end && <u32>(to - period) < 8) {
          store<u64>(to, load<u64>(period));
          to += to - period;
        }
        while (to < end) {
          store<u64>(to, load<u64>(period));
          to += 8;
          period += 8;
        }
        to = end;
      }
    }
  }

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

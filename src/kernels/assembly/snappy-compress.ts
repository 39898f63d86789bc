// Snappy compression (raw format, https://github.com/google/snappy/blob/main/format_description.txt): a greedy match
// finder over blocks of 64 KiB, after the reference implementation.
//
// The hash table (2 bytes a slot, offsets into the block) lies in memory the caller gives: SNAPPY_TABLE_BYTES.

const BLOCK_BYTES: u32 = 65536;
const MAX_TABLE_SLOTS: u32 = 16384;
/** The match finder stops this far from the end of a block, so that its 8-byte loads stay inside. */
const INPUT_MARGIN: u32 = 15;

// @ts-ignore: decorator
@inline
function hash(bytes: u32, shift: u32): u32 {
  return (bytes * 0x1e35a7bd) >>> shift;
}

/** Bytes that are equal at `left` and `right`, up to `end` (exclusive) of `right`. */
// @ts-ignore: decorator
@inline
function matchLength(left: usize, right: usize, end: usize): u32 {
  const start = right;
  while (right + 8 <= end) {
    const difference = load<u64>(left) ^ load<u64>(right);
    if (difference != 0) return <u32>(right - start) + (<u32>ctz(difference) >>> 3);
    left += 8;
    right += 8;
  }
  while (right < end && load<u8>(left) == load<u8>(right)) {
    left++;
    right++;
  }
  return <u32>(right - start);
}

function emitLiteral(target: usize, source: usize, length: u32): usize {
  const n = length - 1;
  if (n < 60) {
    store<u8>(target++, <u8>(n << 2));
    // Overshoots by up to 15 bytes: the capacity that the caller must give covers it.
    for (let done: u32 = 0; done < length; done += 16) v128.store(target + done, v128.load(source + done));
    return target + length;
  } else if (n < 256) {
    store<u8>(target, 60 << 2);
    store<u8>(target + 1, <u8>n);
    target += 2;
  } else {
    store<u8>(target, 61 << 2);
    store<u16>(target + 1, <u16>n);
    target += 3;
  }
  memory.copy(target, source, length);
  return target + length;
}

/** A copy of 4..64 bytes. */
// @ts-ignore: decorator
@inline
function emitCopyUpTo64(target: usize, offset: u32, length: u32): usize {
  if (length < 12 && offset < 2048) {
    store<u8>(target, <u8>(1 | ((length - 4) << 2) | ((offset >>> 8) << 5)));
    store<u8>(target + 1, <u8>offset);
    return target + 2;
  }
  store<u8>(target, <u8>(2 | ((length - 1) << 2)));
  store<u16>(target + 1, <u16>offset);
  return target + 3;
}

function emitCopy(target: usize, offset: u32, length: u32): usize {
  // Pieces of 64, leaving at least 4 bytes for the last one.
  while (length >= 68) {
    target = emitCopyUpTo64(target, offset, 64);
    length -= 64;
  }
  if (length > 64) {
    target = emitCopyUpTo64(target, offset, 60);
    length -= 60;
  }
  return emitCopyUpTo64(target, offset, length);
}

function compressBlock(base: usize, length: u32, target: usize, table: usize): usize {
  const end = base + length;
  let nextEmit = base;
  if (length >= INPUT_MARGIN) {
    let slots: u32 = 256;
    let shift: u32 = 24;
    while (slots < MAX_TABLE_SLOTS && slots < length) {
      slots <<= 1;
      shift--;
    }
    memory.fill(table, 0, slots << 1);
    const limit = end - INPUT_MARGIN;
    let input = base + 1;
    let done = false;
    while (!done && input <= limit) {
      // Look for four bytes seen before; the further without success, the larger the steps.
      let skip: u32 = 32;
      let candidate: usize = 0;
      for (;;) {
        const slot = table + (hash(load<u32>(input), shift) << 1);
        candidate = base + <usize>load<u16>(slot);
        store<u16>(slot, <u16>(input - base));
        if (load<u32>(input) == load<u32>(candidate)) break;
        const step = skip >>> 5;
        skip += step;
        input += step;
        if (input > limit) {
          done = true;
          break;
        }
      }
      if (done) break;
      if (input > nextEmit) target = emitLiteral(target, nextEmit, <u32>(input - nextEmit));
      do {
        const matched = 4 + matchLength(candidate + 4, input + 4, end);
        target = emitCopy(target, <u32>(input - candidate), matched);
        input += matched;
        nextEmit = input;
        if (input > limit) {
          done = true;
          break;
        }
        store<u16>(table + (hash(load<u32>(input - 1), shift) << 1), <u16>(input - 1 - base));
        const slot = table + (hash(load<u32>(input), shift) << 1);
        candidate = base + <usize>load<u16>(slot);
        store<u16>(slot, <u16>(input - base));
      } while (load<u32>(input) == load<u32>(candidate));
      input++;
    }
  }
  if (nextEmit < end) target = emitLiteral(target, nextEmit, <u32>(end - nextEmit));
  return target;
}

/** The most bytes that `length` bytes can become, overshoot of the last store included. */
export function snappyMaxCompressedLength(length: u32): u32 {
  return 48 + length + length / 6;
}

/**
 * Compresses `length` bytes into `target`; returns the compressed length, or -1 if `capacity` is less than
 * `snappyMaxCompressedLength(length)`. `table` is 32 KiB of scratch.
 */
export function snappyCompress(source: usize, length: u32, target: usize, capacity: u32, table: usize): i32 {
  if (capacity < snappyMaxCompressedLength(length)) return -1;
  let output = target;
  let rest = length;
  while (rest >= 0x80) {
    store<u8>(output++, <u8>(rest | 0x80));
    rest >>>= 7;
  }
  store<u8>(output++, <u8>rest);
  for (let start: u32 = 0; start < length; start += BLOCK_BYTES) {
    output = compressBlock(source + start, min(BLOCK_BYTES, length - start), output, table);
    if (length - start <= BLOCK_BYTES) break;
  }
  return <i32>(output - target);
}

// Parquet's RLE / bit-packing hybrid: dictionary codes, definition levels, booleans.
// https://github.com/apache/parquet-format/blob/master/Encodings.md#run-length-encoding--bit-packing-hybrid-rle--3
//
// The state of one stream, so that it is resumed at any value (`HYBRID_STATE_BYTES` = 32):
//
//   0  u32 position    address of the next run's header
//   4  u32 end         address after the stream
//   8  u32 bitWidth    0 to 32
//  12  u32 remaining   values left in the present run
//  16  u32 packed      1: bit-packed run, 0: repeated value
//  20  u32 value       the repeated value; packed: address of the run's first byte
//  24  u32 consumed    packed: values of the run already consumed
//  28  u32 -

/** Reads the next run's header; false if the stream is malformed or at its end. */
function nextRun(state: usize): bool {
  let position = <usize>load<u32>(state);
  const end = <usize>load<u32>(state, 4);
  const bitWidth = load<u32>(state, 8);
  let header: u32 = 0;
  let shift: u32 = 0;
  for (;;) {
    if (position >= end || shift > 28) return false;
    const byte = <u32>load<u8>(position++);
    header |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
    shift += 7;
  }
  const available = <u32>(end - position);
  if ((header & 1) != 0) {
    const groups = header >> 1;
    let byteLength = <u64>groups * bitWidth;
    let values = <u64>groups * 8;
    if (byteLength > <u64>available) {
      // Some writers cut the padding of the last group off.
      byteLength = available;
      values = (<u64>available * 8) / bitWidth;
    }
    if (values > 0xffffffff) return false;
    store<u32>(state, <u32>values, 12);
    store<u32>(state, 1, 16);
    store<u32>(state, <u32>position, 20);
    store<u32>(state, 0, 24);
    position += <usize>byteLength;
  } else {
    const valueBytes = (bitWidth + 7) >> 3;
    if (valueBytes > available) return false;
    let value: u32 = 0;
    for (let index: u32 = 0; index < valueBytes; index++) {
      value |= <u32>load<u8>(position + index) << (index << 3);
    }
    if (bitWidth < 32 && value >> bitWidth != 0) return false;
    store<u32>(state, header >> 1, 12);
    store<u32>(state, 0, 16);
    store<u32>(state, value, 20);
    position += valueBytes;
  }
  store<u32>(state, <u32>position);
  return true;
}

// @ts-ignore: decorator
@inline
function unpackOne(bits: usize, index: u32, bitWidth: u32, mask: u32): u32 {
  const bit = <u64>index * bitWidth;
  return <u32>(load<u64>(bits + <usize>(bit >> 3)) >> (bit & 7)) & mask;
}

// @ts-ignore: decorator
@inline
function byteLane(bit: u32): u32 {
  return (bit >> 3) * 0x01010101 + 0x03020100;
}

// @ts-ignore: decorator
@inline
function alignment(bit: u32): u32 {
  return 1 << (7 - (bit & 7));
}

// @ts-ignore: decorator
@inline
function lanes(a: u32, b: u32, c: u32, d: u32): v128 {
  let vector = i32x4.splat(a);
  vector = i32x4.replace_lane(vector, 1, b);
  vector = i32x4.replace_lane(vector, 2, c);
  return i32x4.replace_lane(vector, 3, d);
}

/** Unpacks `count` values from value number `first` on; returns their maximum. */
function unpack(bits: usize, first: u32, bitWidth: u32, count: u32, target: usize): u32 {
  const mask: u32 = bitWidth == 32 ? 0xffffffff : (<u32>1 << bitWidth) - 1;
  let maximum: u32 = 0;
  let index = first;
  let to = target;
  const end = first + count;
  const blocksFrom = min((first + 7) & ~7, end);
  for (; index < blocksFrom; index++, to += 4) {
    const value = unpackOne(bits, index, bitWidth, mask);
    maximum = max(maximum, value);
    store<u32>(to, value);
  }
  if (end - index >= 16 && bitWidth <= 25) {
    // Eight values take bitWidth bytes. Each half is spread over four lanes by a shuffle; lanes then differ by the
    // number of bits below their value, which a multiplication makes equal.
    const half = bitWidth << 2;
    const phase = half & 7;
    const w2 = bitWidth << 1;
    const w3 = w2 + bitWidth;
    const shuffle0 = lanes(byteLane(0), byteLane(bitWidth), byteLane(w2), byteLane(w3));
    const factor0 = lanes(alignment(0), alignment(bitWidth), alignment(w2), alignment(w3));
    const shuffle1 = lanes(
      byteLane(phase),
      byteLane(phase + bitWidth),
      byteLane(phase + w2),
      byteLane(phase + w3),
    );
    const factor1 = lanes(
      alignment(phase),
      alignment(phase + bitWidth),
      alignment(phase + w2),
      alignment(phase + w3),
    );
    const maskLanes = i32x4.splat(mask);
    let maxima = i32x4.splat(0);
    let from = bits + (<usize>(index >> 3)) * bitWidth;
    const secondHalf = <usize>(half >> 3);
    const blocksEnd = index + ((end - index) & ~7);
    // The test comes last because V8 would otherwise sink the vectors computed above into the loop: twice the time.
    do {
      const low = v128.and(
        i32x4.shr_u(i32x4.mul(i8x16.swizzle(v128.load(from), shuffle0), factor0), 7),
        maskLanes,
      );
      const high = v128.and(
        i32x4.shr_u(i32x4.mul(i8x16.swizzle(v128.load(from + secondHalf), shuffle1), factor1), 7),
        maskLanes,
      );
      v128.store(to, low);
      v128.store(to, high, 16);
      maxima = i32x4.max_u(maxima, i32x4.max_u(low, high));
      from += bitWidth;
      to += 32;
      index += 8;
    } while (index < blocksEnd);
    maximum = max(maximum, <u32>i32x4.extract_lane(maxima, 0));
    maximum = max(maximum, <u32>i32x4.extract_lane(maxima, 1));
    maximum = max(maximum, <u32>i32x4.extract_lane(maxima, 2));
    maximum = max(maximum, <u32>i32x4.extract_lane(maxima, 3));
  }
  for (; index < end; index++, to += 4) {
    const value = unpackOne(bits, index, bitWidth, mask);
    maximum = max(maximum, value);
    store<u32>(to, value);
  }
  return maximum;
}

/**
 * Decodes the next `count` values to u32. Returns 0; −1 if the stream ends or is malformed; −2 if a value is not below
 * `limit` (u32; 0 means no limit).
 */
export function hybridDecode(state: usize, count: u32, limit: u32, target: usize): i32 {
  const bitWidth = load<u32>(state, 8);
  let maximum: u32 = 0;
  let to = target;
  let left = count;
  while (left > 0) {
    let remaining = load<u32>(state, 12);
    if (remaining == 0) {
      if (!nextRun(state)) return -1;
      continue;
    }
    const taken = min(remaining, left);
    const value = load<u32>(state, 20);
    if (load<u32>(state, 16) != 0) {
      const consumed = load<u32>(state, 24);
      maximum = max(maximum, unpack(value, consumed, bitWidth, taken, to));
      store<u32>(state, consumed + taken, 24);
      to += <usize>taken << 2;
    } else {
      maximum = max(maximum, value);
      const end = to + (<usize>taken << 2);
      if (taken >= 4) {
        const vector = i32x4.splat(value);
        for (const blocksEnd = end - 16; to <= blocksEnd; to += 16) v128.store(to, vector);
      }
      for (; to < end; to += 4) store<u32>(to, value);
    }
    store<u32>(state, remaining - taken, 12);
    left -= taken;
  }
  return limit != 0 && maximum >= limit ? -2 : 0;
}

/**
 * Decodes, of the next `count` values, those that `selection` names: u32 each, ascending, one may come several times; `base`
 * is the number of the first value. The others are passed over unseen. Returns what `hybridDecode` does.
 */
export function hybridDecodeSelected(state: usize, count: u32, limit: u32, selection: usize, selectedCount: u32, base: u32, target: usize): i32 {
  const bitWidth = load<u32>(state, 8);
  const mask: u32 = bitWidth == 32 ? 0xffffffff : (<u32>1 << bitWidth) - 1;
  const end = selection + (<usize>selectedCount << 2);
  let maximum: u32 = 0;
  let from = selection;
  let to = target;
  let at: u32 = 0;
  while (at < count) {
    const remaining = load<u32>(state, 12);
    if (remaining == 0) {
      if (!nextRun(state)) return -1;
      continue;
    }
    const taken = min(remaining, count - at);
    const value = load<u32>(state, 20);
    const consumed = load<u32>(state, 24);
    const isPacked = load<u32>(state, 16) != 0;
    // Where a value lies among those of the run, modulo 2^32.
    const offset = consumed - at - base;
    const limitOfRun = base + at + taken;
    for (; from < end && load<u32>(from) < limitOfRun; from += 4, to += 4) {
      const selected = isPacked ? unpackOne(<usize>value, load<u32>(from) + offset, bitWidth, mask) : value;
      maximum = max(maximum, selected);
      store<u32>(to, selected);
    }
    if (isPacked) store<u32>(state, consumed + taken, 24);
    store<u32>(state, remaining - taken, 12);
    at += taken;
  }
  return limit != 0 && maximum >= limit ? -2 : 0;
}

/** Passes over the next `count` values. Returns 0, or −1 if the stream ends or is malformed. */
export function hybridSkip(state: usize, count: u32): i32 {
  let left = count;
  while (left > 0) {
    const remaining = load<u32>(state, 12);
    if (remaining == 0) {
      if (!nextRun(state)) return -1;
      continue;
    }
    const taken = min(remaining, left);
    store<u32>(state, load<u32>(state, 24) + taken, 24);
    store<u32>(state, remaining - taken, 12);
    left -= taken;
  }
  return 0;
}

/**
 * Expands `count` bits to bytes of 0 or 1; bit number `first` of `bits` is the first one. Returns how many are 1.
 * Writes up to 15 bytes past the end.
 */
export function expandBits(bits: usize, first: u32, count: u32, target: usize): u32 {
  let ones: u32 = 0;
  let index = first;
  let to = target;
  const end = first + count;
  const blocksFrom = min((first + 7) & ~7, end);
  for (; index < blocksFrom; index++, to++) {
    const bit = (<u32>load<u8>(bits + (index >> 3)) >> (index & 7)) & 1;
    ones += bit;
    store<u8>(to, <u8>bit);
  }
  if (end - index >= 16) {
    const spread = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const masks = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
    const one = i8x16.splat(1);
    const blocksEnd = index + ((end - index) & ~15);
    do {
      const pair = <u32>load<u16>(bits + (index >> 3));
      ones += popcnt(pair);
      const wide = i8x16.swizzle(i16x8.splat(<i16>pair), spread);
      v128.store(to, v128.and(i8x16.eq(v128.and(wide, masks), masks), one));
      index += 16;
      to += 16;
    } while (index < blocksEnd);
  }
  for (; index < end; index++, to++) {
    const bit = (<u32>load<u8>(bits + (index >> 3)) >> (index & 7)) & 1;
    ones += bit;
    store<u8>(to, <u8>bit);
  }
  return ones;
}

/** How many of `count` bits from bit number `first` on are 1. */
function countBits(bits: usize, first: u32, count: u32): u32 {
  let ones: u32 = 0;
  let index = first;
  const end = first + count;
  for (; index < end && (index & 7) != 0; index++) ones += (<u32>load<u8>(bits + (index >> 3)) >> (index & 7)) & 1;
  for (; end - index >= 64; index += 64) ones += <u32>popcnt(load<u64>(bits + (index >> 3)));
  for (; index < end; index++) ones += (<u32>load<u8>(bits + (index >> 3)) >> (index & 7)) & 1;
  return ones;
}

/**
 * Decodes `count` values of a stream of bit width 1 (definition levels of an optional column, booleans) to bytes of 0
 * or 1; `target` 0 only counts. Returns how many are 1, or −1 if the stream ends or is malformed.
 */
export function hybridDecodeBits(state: usize, count: u32, target: usize): i32 {
  let ones: u32 = 0;
  let to = target;
  let left = count;
  while (left > 0) {
    const remaining = load<u32>(state, 12);
    if (remaining == 0) {
      if (!nextRun(state)) return -1;
      continue;
    }
    const taken = min(remaining, left);
    const value = load<u32>(state, 20);
    if (load<u32>(state, 16) != 0) {
      const consumed = load<u32>(state, 24);
      ones += target != 0 ? expandBits(value, consumed, taken, to) : countBits(value, consumed, taken);
      store<u32>(state, consumed + taken, 24);
    } else {
      ones += value * taken;
      if (target != 0) memory.fill(to, <u8>value, taken);
    }
    store<u32>(state, remaining - taken, 12);
    to += taken;
    left -= taken;
  }
  return ones;
}

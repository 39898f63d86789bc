// Smallest and largest value of a dense array (count > 0), written next to each other at `target`.

/** Unsigned bytes: booleans. */
export function boundsOfBytes(source: usize, count: u32, target: usize): void {
  let low = load<u8>(source);
  let high = low;
  for (let i: u32 = 1; i < count; i++) {
    const value = load<u8>(source + i);
    low = min(low, value);
    high = max(high, value);
  }
  store<u8>(target, low);
  store<u8>(target, high, 1);
}

export function boundsOfI32(source: usize, count: u32, target: usize): void {
  let low = load<i32>(source);
  let high = low;
  let i: u32 = 0;
  if (count >= 4) {
    let lows = v128.load(source);
    let highs = lows;
    for (i = 4; i + 4 <= count; i += 4) {
      const values = v128.load(source + (i << 2));
      lows = i32x4.min_s(lows, values);
      highs = i32x4.max_s(highs, values);
    }
    low = min(
      min(i32x4.extract_lane(lows, 0), i32x4.extract_lane(lows, 1)),
      min(i32x4.extract_lane(lows, 2), i32x4.extract_lane(lows, 3)),
    );
    high = max(
      max(i32x4.extract_lane(highs, 0), i32x4.extract_lane(highs, 1)),
      max(i32x4.extract_lane(highs, 2), i32x4.extract_lane(highs, 3)),
    );
  }
  for (; i < count; i++) {
    const value = load<i32>(source + (i << 2));
    low = min(low, value);
    high = max(high, value);
  }
  store<i32>(target, low);
  store<i32>(target, high, 4);
}

export function boundsOfI64(source: usize, count: u32, target: usize): void {
  let low = load<i64>(source);
  let high = low;
  for (let i: u32 = 1; i < count; i++) {
    const value = load<i64>(source + (i << 3));
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  store<i64>(target, low);
  store<i64>(target, high, 8);
}

/** Returns 1, and writes nothing of use, if a NaN is among the values; otherwise 0. */
export function boundsOfF32(source: usize, count: u32, target: usize): u32 {
  let low = load<f32>(source);
  let high = low;
  let unordered: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const value = load<f32>(source + (i << 2));
    unordered |= <u32>(value != value);
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  store<f32>(target, low);
  store<f32>(target, high, 4);
  return unordered;
}

/** Returns 1, and writes nothing of use, if a NaN is among the values; otherwise 0. */
export function boundsOfF64(source: usize, count: u32, target: usize): u32 {
  let low = load<f64>(source);
  let high = low;
  let unordered: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const value = load<f64>(source + (i << 3));
    unordered |= <u32>(value != value);
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  store<f64>(target, low);
  store<f64>(target, high, 8);
  return unordered;
}

/** 128-bit two's complement, low half first. */
export function boundsOfI128(source: usize, count: u32, target: usize): void {
  let low = source;
  let high = source;
  for (let i: u32 = 1; i < count; i++) {
    const value = source + (i << 4);
    if (lessI128(value, low)) low = value;
    if (lessI128(high, value)) high = value;
  }
  v128.store(target, v128.load(low));
  v128.store(target, v128.load(high), 16);
}

// @ts-ignore: decorator
@inline
function lessI128(left: usize, right: usize): bool {
  const leftHigh = load<i64>(left, 8);
  const rightHigh = load<i64>(right, 8);
  return leftHigh < rightHigh || (leftHigh == rightHigh && load<u64>(left) < load<u64>(right));
}

/** 16 bytes compared as unsigned bytes: UUIDs. */
export function boundsOfBytes16(source: usize, count: u32, target: usize): void {
  let low = source;
  let high = source;
  for (let i: u32 = 1; i < count; i++) {
    const value = source + (i << 4);
    if (compareBytes(value, 16, low, 16) < 0) low = value;
    if (compareBytes(high, 16, value, 16) < 0) high = value;
  }
  v128.store(target, v128.load(low));
  v128.store(target, v128.load(high), 16);
}

/** memcmp over bytes as unsigned, the shorter one first when it is a prefix. */
function compareBytes(left: usize, leftLength: u32, right: usize, rightLength: u32): i32 {
  const common = min(leftLength, rightLength);
  let i: u32 = 0;
  for (; i + 8 <= common; i += 8) {
    const a = load<u64>(left + i);
    const b = load<u64>(right + i);
    if (a != b) return bswap(a) < bswap(b) ? -1 : 1;
  }
  for (; i < common; i++) {
    const a = load<u8>(left + i);
    const b = load<u8>(right + i);
    if (a != b) return a < b ? -1 : 1;
  }
  return leftLength < rightLength ? -1 : leftLength > rightLength ? 1 : 0;
}

/**
 * `count` strings as PLAIN bytes (u32 byteLength, bytes): writes the offsets of the smallest and the largest one from
 * `source`, two u32.
 */
export function boundsOfPlainStrings(source: usize, count: u32, target: usize): void {
  let low = source;
  let high = source;
  let next = source + 4 + load<u32>(source);
  for (let i: u32 = 1; i < count; i++) {
    const byteLength = load<u32>(next);
    if (compareBytes(next + 4, byteLength, low + 4, load<u32>(low)) < 0) low = next;
    else if (compareBytes(high + 4, load<u32>(high), next + 4, byteLength) < 0) high = next;
    next += 4 + byteLength;
  }
  store<u32>(target, <u32>(low - source));
  store<u32>(target, <u32>(high - source), 4);
}

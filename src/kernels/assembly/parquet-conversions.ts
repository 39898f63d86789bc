// Parquet's stored values to the values of our vectors, `count` at a time. Those that can fail return 0, or −1 for a
// value out of range.

export function convertI32ToI64(source: usize, count: u32, target: usize): void {
  for (let i: usize = 0; i < count; i++) store<i64>(target + (i << 3), <i64>load<i32>(source + (i << 2)));
}

export function convertU32ToI64(source: usize, count: u32, target: usize): void {
  for (let i: usize = 0; i < count; i++) store<u64>(target + (i << 3), <u64>load<u32>(source + (i << 2)));
}

export function convertI32ToI128(source: usize, count: u32, target: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const value = <i64>load<i32>(source + (i << 2));
    store<i64>(target + (i << 4), value);
    store<i64>(target + (i << 4), value >> 63, 8);
  }
}

export function convertI64ToI128(source: usize, count: u32, target: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const value = load<i64>(source + (i << 3));
    store<i64>(target + (i << 4), value);
    store<i64>(target + (i << 4), value >> 63, 8);
  }
}

export function convertU64ToI128(source: usize, count: u32, target: usize): void {
  for (let i: usize = 0; i < count; i++) {
    store<i64>(target + (i << 4), load<i64>(source + (i << 3)));
    store<i64>(target + (i << 4), 0, 8);
  }
}

export function convertI32MillisToMicros(source: usize, count: u32, target: usize): void {
  for (let i: usize = 0; i < count; i++) store<i64>(target + (i << 3), <i64>load<i32>(source + (i << 2)) * 1000);
}

export function convertMillisToMicros(source: usize, count: u32, target: usize): i32 {
  const limit: i64 = 9223372036854775;
  let failed = false;
  for (let i: usize = 0; i < count; i++) {
    const value = load<i64>(source + (i << 3));
    if (value > limit || value < -limit) failed = true;
    store<i64>(target + (i << 3), value * 1000);
  }
  return failed ? -1 : 0;
}

/** Rounds down, also before 1970. */
export function convertNanosToMicros(source: usize, count: u32, target: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const value = load<i64>(source + (i << 3));
    let micros = value / 1000;
    if (micros * 1000 > value) micros--;
    store<i64>(target + (i << 3), micros);
  }
}

/** INT96: i64 nanoseconds of the day, i32 Julian day. */
export function convertInt96ToMicros(source: usize, count: u32, target: usize): i32 {
  const day: i64 = 86400000000;
  let failed = false;
  for (let i: usize = 0; i < count; i++) {
    const from = source + i * 12;
    const nanos = load<i64>(from);
    let micros = nanos / 1000;
    if (micros * 1000 > nanos) micros--;
    let days = <i64>load<i32>(from, 8) - 2440588;
    if (micros < 0 || micros >= day) {
      // Whole days move over, so that only the days can be too many.
      let whole = micros / day;
      if (whole * day > micros) whole--;
      days += whole;
      micros -= whole * day;
    }
    // The first day that 64 bits hold begins before they do: days before 1970 are counted from their end.
    const value = days >= 0 ? days * day + micros : (days + 1) * day + (micros - day);
    if (days < -106751992 || days > 106751991 || value < 0 != days < 0) failed = true;
    store<i64>(target + (i << 3), value);
  }
  return failed ? -1 : 0;
}

// @ts-ignore: decorator
@inline
function bigEndianFails(source: usize, width: u32, target: usize, wide: bool): bool {
  // The first byte carries the sign; bytes before the last 16 (or 8) may only extend it.
  const sign: i64 = width > 0 ? <i64>load<i8>(source) >> 63 : 0;
  let low: i64 = sign;
  let high: i64 = sign;
  let failed = false;
  for (let index: u32 = 0; index < width; index++) {
    const out = high >> 56;
    if (out != sign) failed = true;
    high = (high << 8) | (low >>> 56);
    low = (low << 8) | <i64>load<u8>(source + index);
  }
  if (high >> 63 != sign) failed = true;
  store<i64>(target, low);
  if (wide) store<i64>(target, high, 8);
  else if (high != low >> 63) failed = true;
  return failed;
}

/** Two's complement, most significant byte first, `width` bytes each. */
export function convertBigEndianToI64(source: usize, width: u32, count: u32, target: usize): i32 {
  let failed = false;
  for (let i: usize = 0; i < count; i++) {
    if (bigEndianFails(source + i * width, width, target + (i << 3), false)) failed = true;
  }
  return failed ? -1 : 0;
}

export function convertBigEndianToI128(source: usize, width: u32, count: u32, target: usize): i32 {
  if (width == 16) {
    const reversed = i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    for (let i: usize = 0; i < count; i++) {
      v128.store(target + (i << 4), i8x16.swizzle(v128.load(source + (i << 4)), reversed));
    }
    return 0;
  }
  let failed = false;
  for (let i: usize = 0; i < count; i++) {
    if (bigEndianFails(source + i * width, width, target + (i << 4), true)) failed = true;
  }
  return failed ? -1 : 0;
}

/** As above for string views. */
export function convertViewsToI64(views: usize, count: u32, target: usize): i32 {
  let failed = false;
  for (let i: usize = 0; i < count; i++) {
    const view = views + (i << 4);
    if (bigEndianFails(load<u32>(view, 4), load<u32>(view), target + (i << 3), false)) failed = true;
  }
  return failed ? -1 : 0;
}

export function convertViewsToI128(views: usize, count: u32, target: usize): i32 {
  let failed = false;
  for (let i: usize = 0; i < count; i++) {
    const view = views + (i << 4);
    if (bigEndianFails(load<u32>(view, 4), load<u32>(view), target + (i << 4), true)) failed = true;
  }
  return failed ? -1 : 0;
}

/** Parquet's INTERVAL: u32 months, u32 days, u32 milliseconds. */
export function convertInterval(source: usize, count: u32, target: usize): i32 {
  let failed = false;
  for (let i: usize = 0; i < count; i++) {
    const from = source + i * 12;
    if ((load<i32>(from) | load<i32>(from, 4)) < 0) failed = true;
    store<u64>(target + (i << 4), load<u64>(from));
    store<i64>(target + (i << 4), <i64>load<u32>(from, 8) * 1000, 8);
  }
  return failed ? -1 : 0;
}

export function convertFloat16(source: usize, count: u32, target: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const half = <u32>load<u16>(source + (i << 1));
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    const fraction = half & 0x3ff;
    let bits: u32;
    if (exponent == 31) {
      bits = 0x7f800000 | (fraction << 13);
    } else if (exponent != 0) {
      bits = ((exponent + 112) << 23) | (fraction << 13);
    } else {
      bits = reinterpret<u32>(<f32>fraction * <f32>5.960464477539063e-8);
    }
    store<u32>(target + (i << 2), bits | sign);
  }
}

/** BYTE_STREAM_SPLIT: byte number b of value number i is at source[b × count + i]. */
export function joinByteStreams(source: usize, width: u32, count: u32, target: usize): void {
  for (let stream: u32 = 0; stream < width; stream++) {
    const from = source + <usize>stream * count;
    let to = target + stream;
    for (let i: usize = 0; i < count; i++, to += width) store<u8>(to, load<u8>(from + i));
  }
}

// Values made of random bits, for generated code.

/** A UUID of version 4 (RFC 9562) of 128 random bits, of which six are set. */
export function randomUuid(a: i32, b: i32, c: i32, d: i32): v128 {
  const bits = i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(a), 1, b), 2, c), 3, d);
  const versioned = i8x16.replace_lane(bits, 6, <i8>((i8x16.extract_lane_u(bits, 6) & 0x0f) | 0x40));
  return i8x16.replace_lane(versioned, 8, <i8>((i8x16.extract_lane_u(versioned, 8) & 0x3f) | 0x80));
}

/** From one number to another, which is no less, of 64 random bits: their remainder, whose bias is below 2^-32. */
export function randomBetween(from: i32, to: i32, high: i32, low: i32): i32 {
  const count = <u64>(<i64>to - <i64>from) + 1;
  return <i32>(<i64>from + <i64>(((<u64>(<u32>high) << 32) | <u64>(<u32>low)) % count));
}
